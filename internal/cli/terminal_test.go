package cli_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// pseudoTerminal is the program on a terminal of the kernel's, and whoever types there.
type pseudoTerminal struct {
	t      *testing.T
	master *os.File
	slave  *os.File // kept open, so that its settings can be looked at when the program has ended
	cmd    *exec.Cmd
	out    strings.Builder // stdout, which is no terminal
	mu     sync.Mutex
	screen strings.Builder
	seen   int // how much of the screen was awaited before
	ended  chan error
}

func (w *world) onPseudoTerminal(args ...string) *pseudoTerminal {
	w.t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = master.Close() })
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		w.t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		w.t.Fatal(err)
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = slave.Close() })
	p := &pseudoTerminal{t: w.t, master: master, slave: slave, cmd: w.command(args...), ended: make(chan error, 1)}
	p.cmd.Stdin, p.cmd.Stderr, p.cmd.Stdout = slave, slave, &p.out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := p.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	go func() { p.ended <- p.cmd.Wait() }()
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := master.Read(buffer)
			p.mu.Lock()
			p.screen.Write(buffer[:n])
			p.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return p
}

// shown is the whole screen so far.
func (p *pseudoTerminal) shown() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.screen.String()
}

// until waits until the screen shows a text behind what was awaited before.
func (p *pseudoTerminal) until(text string) {
	p.t.Helper()
	for limit := time.Now().Add(time.Minute); ; time.Sleep(2 * time.Millisecond) {
		screen := p.shown()
		if i := strings.Index(screen[p.seen:], text); i >= 0 {
			p.seen += i + len(text)
			return
		}
		if time.Now().After(limit) {
			p.t.Fatalf("%q is not shown:\n%s", text, screen)
		}
	}
}

// answers types each answer when its prompt is shown: prompt, answer, prompt, answer, …
func (p *pseudoTerminal) answers(play ...string) {
	p.t.Helper()
	for i := 0; i+1 < len(play); i += 2 {
		p.until(play[i])
		p.keys(play[i+1] + "\n")
	}
}

func (p *pseudoTerminal) keys(text string) {
	p.t.Helper()
	if _, err := io.WriteString(p.master, text); err != nil {
		p.t.Fatal(err)
	}
}

// status is how the program ended, which it has to.
func (p *pseudoTerminal) status() int {
	p.t.Helper()
	select {
	case <-p.ended:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(time.Minute):
		_ = p.cmd.Process.Kill()
		p.t.Fatalf("the program does not end:\n%s", p.shown())
		return -1
	}
}

// silent waits until the terminal does not show what is typed.
func (p *pseudoTerminal) silent() {
	p.t.Helper()
	for limit := time.Now().Add(time.Minute); p.echoes(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(limit) {
			p.t.Fatalf("what is typed is shown:\n%s", p.shown())
		}
	}
}

// echoes tells whether the terminal shows what is typed.
func (p *pseudoTerminal) echoes() bool {
	p.t.Helper()
	settings, err := unix.IoctlGetTermios(int(p.slave.Fd()), unix.TCGETS)
	if err != nil {
		p.t.Fatal(err)
	}
	return settings.Lflag&unix.ECHO != 0
}
