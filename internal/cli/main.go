package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/config"
	"github.com/farenctl/farenctl/internal/render"
)

// Streams is what a process has: its streams, its environment, and what is known of the terminal.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	InTTY    bool
	OutTTY   bool
	ErrTTY   bool
	Width    int // columns of the terminal on Out; 0: none
	Getenv   func(string) string
	// Environ lists the environment as name=value; nil: nobody looks for misspelt names.
	Environ func() []string
	UID     int
	// Executable is this program's path, for starting the watcher of the private server.
	Executable string
	// ReadPassword reads a line from the terminal without echo; nil when In is none.
	ReadPassword func() (string, error)
	// Hide keeps the terminal from showing what is typed, and Restore puts it back to how it was at the start; nil where ReadPassword is.
	Hide, Restore func()
}

// grace is how long a command may take to end after its time is up or it was interrupted. The driver can hang on a
// connection that died in the wrong moment; a process must not.
const grace = 3 * time.Second

// patience is grace for a command that is sending messages: one that was cut off would be unknown.
const patience = 25 * time.Second

// Main runs one command line and gives its exit status.
func Main(args []string, std Streams) int {
	// Taken, so that a reader which has seen enough (`farenctl … | head -1`) makes a write fail instead of killing the
	// process before it can end with its own status. A caught signal, unlike an ignored one, is not inherited.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	fresh := func() *App {
		app := newApp(std, config.Language(scan(args, "--lang", ""), std.Getenv))
		// Errors of parsing are told in the format that was asked for, too.
		app.guessFormat(scan(args, "--output", "-o"))
		return app
	}
	app := fresh()
	done := make(chan error, 1)
	go func() { done <- app.run(ctx, args) }()
	select {
	case err := <-done:
		return app.report(err)
	case <-app.expired(ctx):
	}
	select {
	case err := <-done:
		return app.report(err)
	case <-time.After(app.grace()):
		if !app.settled() {
			// It hangs before its settings are known, and may still write them.
			app = fresh()
		}
		if ctx.Err() != nil {
			return app.report(account.NewFault("INTERRUPTED"))
		}
		return app.report(account.NewFault("TIMED_OUT"))
	}
}

// run executes the command tree and turns a panic into an error without its values, which may be personal.
func (app *App) run(ctx context.Context, args []string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %T\n%s", p, debug.Stack())
		}
	}()
	defer func() { err = errors.Join(err, app.close()) }()
	root := newRootCmd(app)
	root.SetArgs(args)
	root.SetIn(app.std.In)
	root.SetOut(app.std.Out)
	root.SetErr(app.std.Err)
	if completing(args) {
		root.SetErr(io.Discard) // cobra's own account of a completion
		if err := app.prepareCompletion(root); err != nil {
			return err
		}
	}
	cmd, err := root.ExecuteContextC(ctx)
	return app.usage(err, cmd)
}

// scan finds a flag's value before anything is parsed: help and the errors of parsing need it.
func scan(args []string, long, short string) string {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if value, ok := strings.CutPrefix(arg, long+"="); ok {
			return value
		}
		if (arg == long || arg == short && short != "") && i+1 < len(args) {
			return args[i+1]
		}
		if value, ok := strings.CutPrefix(arg, short); ok && short != "" && !strings.HasPrefix(arg, "--") {
			return strings.TrimPrefix(value, "=")
		}
	}
	return ""
}

// report prints an error as the output format asks for and gives the exit status.
func (app *App) report(err error) int {
	if err == nil {
		return account.StatusDone
	}
	fault := app.fault(err)
	app.log(err)
	loc := app.location()
	object := errorObject{
		Code: string(fault.Code), Message: fault.Message(app.lang, loc), Hint: fault.Hint(app.lang, loc), Details: fault.Details,
		ExitStatus: fault.Status(), RequestID: app.requestID(),
	}
	if object.Details == nil {
		object.Details = map[string]any{}
	}
	if app.format.Structured() {
		printer, printErr := render.New(app.std.Err, render.Options{Format: app.format})
		if printErr == nil {
			printErr = printer.Print(context.Background(), render.Object[errorEnvelope]{Value: errorEnvelope{object}, ID: func(errorEnvelope) string { return object.Code }})
		}
		if printErr == nil {
			return fault.Status()
		}
	}
	app.reportText(fault, object, loc)
	return fault.Status()
}

func (app *App) reportText(fault *account.Fault, object errorObject, loc *time.Location) {
	var b strings.Builder
	fmt.Fprintf(&b, "farenctl: %s: %s\n", object.Code, object.Message)
	for i, f := range fault.All {
		if i > 0 || f.Code != fault.Code {
			fmt.Fprintf(&b, "  - %s: %s\n", f.Code, f.Message(app.lang, loc))
		}
	}
	if object.Hint != "" {
		fmt.Fprintf(&b, "%s%s\n", app.tr("hint: ", "提示："), object.Hint)
	}
	if id, ok := fault.Details["application_id"].(string); ok && !strings.Contains(b.String(), id) {
		fmt.Fprintf(&b, "%s%s\n", app.tr("application: ", "注册申请："), id)
	}
	io.WriteString(app.std.Err, render.Clean(b.String())) //nolint:errcheck // there is nowhere else to tell it
}

type errorEnvelope struct {
	Error errorObject `json:"error"`
}

type errorObject struct {
	Code       string         `json:"code"`
	Message    string         `json:"message"`
	Hint       string         `json:"hint"`
	Details    map[string]any `json:"details"`
	ExitStatus int            `json:"exit_status"`
	RequestID  *string        `json:"request_id"`
}

// fault finds the fault in an error. What has none is a bug, or something that nobody foresaw.
func (app *App) fault(err error) *account.Fault {
	var f *account.Fault
	if errors.As(err, &f) {
		return f
	}
	switch {
	case errors.Is(err, context.Canceled):
		return account.NewFault("INTERRUPTED")
	case errors.Is(err, context.DeadlineExceeded):
		return account.NewFault("TIMED_OUT")
	}
	return account.NewFault("INTERNAL").WithCause(err)
}
