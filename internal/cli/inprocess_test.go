package cli_test

import (
	"bytes"
	"strings"

	"github.com/farenctl/farenctl/internal/cli"
)

// inProcess runs the program in this process with an environment. std says what is not as usual: no input, no terminal.
func inProcess(env map[string]string, std cli.Streams, args ...string) result {
	var stdout, stderr bytes.Buffer
	if std.In == nil {
		std.In = strings.NewReader("")
	}
	std.Out, std.Err, std.Getenv = &stdout, &stderr, func(name string) string { return env[name] }
	status := cli.Main(args, std)
	return result{status, stdout.String(), stderr.String()}
}

// nowhere is inProcess with a database that is not there.
func nowhere(args ...string) result {
	return inProcess(map[string]string{"FARENCTL_DATABASE_URL": "postgres://u@127.0.0.1:1/d?sslmode=disable", "HOME": "/nonexistent"}, cli.Streams{}, args...)
}

// variables are the environment of the world's processes.
func (w *world) variables() map[string]string {
	env := map[string]string{}
	for _, v := range w.command().Env {
		name, value, _ := strings.Cut(v, "=")
		env[name] = value
	}
	return env
}
