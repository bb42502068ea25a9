package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
)

// secretMax is far above what any secret needs, in bytes.
const secretMax = 4 << 10

// neededSecret marks the flags of a secret that [required] names when it is missing.
const neededSecret = "needed-secret"

// secretFlags are the ways in which a secret comes in: a file, standard input, or a prompt. There is no flag that takes
// the secret itself, since arguments can be read by every user of the machine.
type secretFlags struct {
	name, label string
	optional    bool // the command decides whether it is needed
	file        string
	stdin       bool
	argument    string
}

func (s *secretFlags) add(app *App, cmd *cobra.Command, name, label string) {
	s.name, s.label = name, label
	cmd.Flags().StringVar(&s.file, name+"-file", "", label+app.tr(": file that holds it", "：所在文件"))
	cmd.Flags().BoolVar(&s.stdin, name+"-stdin", false, label+app.tr(": read it from standard input", "：从标准输入读取"))
	takesFile(cmd, name+"-file")
	if !s.optional {
		_ = cmd.Flags().SetAnnotation(name+"-stdin", neededSecret, []string{name})
	}
	// Caught so that it can be refused with advice instead of an "unknown flag".
	cmd.Flags().StringVar(&s.argument, name, "", "")
	_ = cmd.Flags().MarkHidden(name)
}

// given tells whether the secret comes in otherwise than by a prompt.
func (s *secretFlags) given(cmd *cobra.Command) bool {
	return s.file != "" || s.stdin || cmd.Flags().Changed(s.name)
}

// read gives the secret without its line end. confirm asks twice when it is typed.
func (s *secretFlags) read(app *App, cmd *cobra.Command, confirm bool) (string, error) {
	switch {
	case cmd.Flags().Changed(s.name):
		return "", account.NewFault("SECRET_IN_ARGUMENT", "field", "--"+s.name)
	case s.file != "" && s.stdin:
		return "", account.NewFault("USAGE", "problem", fmt.Sprintf(app.tr("--%s-file and --%s-stdin exclude each other", "--%s-file 与 --%s-stdin 不能同时使用"), s.name, s.name), "command", cmd.CommandPath())
	case s.file != "":
		return app.readSecretFile(s.file)
	case s.stdin:
		return app.readSecret(app.std.In)
	case !app.interactive():
		return "", account.NewFault("USAGE", "problem", app.tr("missing flags: --", "缺少选项：--")+s.name+"-file", "command", cmd.CommandPath())
	}
	typed, err := app.ask(cmd.Context(), s.label)
	if err != nil || !confirm {
		return typed, err
	}
	again, err := app.ask(cmd.Context(), s.label+app.tr(" again", "（再次输入）"))
	if err == nil && again != typed {
		err = account.NewFault("USAGE", "problem", app.tr("the two entries differ", "两次输入不一致"), "command", cmd.CommandPath())
	}
	return typed, err
}

// ask asks for a secret, unseen.
func (app *App) ask(ctx context.Context, label string) (string, error) {
	// Hidden before the prompt is there: who types at once is not shown either.
	if app.std.Hide != nil {
		app.std.Hide()
		// Also when the read goes on, behind the back of who interrupted it.
		defer app.std.Restore()
	}
	fmt.Fprint(app.std.Err, label+app.tr(": ", "：")) //nolint:errcheck // a prompt that cannot be shown still reads
	typed, err := await(ctx, app.std.ReadPassword)
	fmt.Fprintln(app.std.Err) //nolint:errcheck // as above
	if err != nil {
		return "", unanswered(ctx, err)
	}
	app.inputs.typed(typed)
	return typed, nil
}

func (app *App) readSecretFile(path string) (string, error) {
	if path == "-" {
		path = "./-" // standard input has a flag of its own
	}
	file, err := app.open(path, true)
	if err != nil {
		return "", err
	}
	defer file.Close() //nolint:errcheck // only read
	if err := file.private(path); err != nil {
		return "", err
	}
	return app.readSecret(file.file)
}

func (app *App) readSecret(r io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(r, secretMax+1))
	if err != nil {
		return "", account.NewFault("FILE_INVALID", "format", "text", "problem", account.Say("it cannot be read", "无法读取")).WithCause(err)
	}
	if len(text) > secretMax {
		return "", account.NewFault("INPUT_TOO_LARGE", "limit", secretMax)
	}
	secret := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	app.inputs.typed(secret)
	return secret, nil
}

// fileFault tells why a file that the user named cannot be used.
func fileFault(path string, err error) error {
	problem := account.Say("it cannot be read", "无法读取")
	switch {
	case errors.Is(err, syscall.EISDIR):
		problem = account.Say("is a directory", "是目录")
	case errors.Is(err, fs.ErrNotExist):
		problem = account.Say("no such file", "文件不存在")
	case errors.Is(err, fs.ErrPermission):
		problem = account.Say("permission denied", "没有访问权限")
	}
	return account.NewFault("USAGE", "problem", account.Say("%s: %s", "%s：%s", path, problem)).WithCause(err)
}
