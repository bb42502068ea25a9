// Command gen writes the completion scripts of all shells into completions.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/farenctl/farenctl/internal/cli"
)

func main() {
	for shell, name := range map[string]string{"bash": "farenctl.bash", "zsh": "_farenctl", "fish": "farenctl.fish", "powershell": "farenctl.ps1"} {
		var script bytes.Buffer
		std := cli.Streams{In: bytes.NewReader(nil), Out: &script, Err: io.Discard, Getenv: func(string) string { return "" }}
		if status := cli.Main([]string{"completion", shell}, std); status != 0 {
			fail(fmt.Errorf("completion %s: exit status %d", shell, status))
		}
		if err := os.WriteFile(filepath.Join("..", "..", "completions", name), script.Bytes(), 0o644); err != nil {
			fail(err)
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
