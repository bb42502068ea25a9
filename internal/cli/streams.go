package cli

import (
	"os"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// OSStreams gives the streams of this process, and keeps its memory from core files.
func OSStreams() Streams {
	withoutCore()
	in, out := int(os.Stdin.Fd()), int(os.Stdout.Fd())
	std := Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, InTTY: term.IsTerminal(in), OutTTY: term.IsTerminal(out),
		ErrTTY: term.IsTerminal(int(os.Stderr.Fd())), Getenv: os.Getenv, Environ: os.Environ, UID: os.Getuid(),
	}
	if width, _, err := term.GetSize(out); err == nil {
		std.Width = width
	}
	// Without its own path the program cannot start a watcher beside the private server, which then runs on.
	std.Executable, _ = os.Executable()
	if std.InTTY {
		std.ReadPassword = func() (string, error) {
			typed, err := term.ReadPassword(in)
			return string(typed), err
		}
		if state, err := term.GetState(in); err == nil {
			std.Restore = func() { _ = term.Restore(in, state) } // a terminal that is gone shows nothing
			std.Hide = func() { hide(in) }
		}
	}
	return std
}

// hide keeps a terminal from showing what is typed. One that cannot be told so shows it until the read begins.
func hide(terminal int) {
	state, err := unix.IoctlGetTermios(terminal, readTermios)
	if err != nil {
		return
	}
	state.Lflag &^= unix.ECHO
	_ = unix.IoctlSetTermios(terminal, writeTermios, state)
}
