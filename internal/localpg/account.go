package localpg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// systemUser is the user that root's server runs as.
const systemUser = "postgres"

// account is the operating system user that the server runs as.
type account struct {
	uid, gid int
	dropped  bool     // we are root, and children must be made this user
	peers    []string // operating system users that may connect
}

// serverAccount finds the account: postgres for root, else the user itself.
func serverAccount() (account, error) {
	if os.Geteuid() != 0 {
		me, err := user.LookupId(strconv.Itoa(os.Geteuid()))
		if err != nil {
			return account{}, fmt.Errorf("%w: %w", ErrSetup, err)
		}
		return account{uid: os.Geteuid(), gid: os.Getegid(), peers: []string{me.Username}}, nil
	}
	u, err := user.Lookup(systemUser)
	if err != nil {
		return account{}, fmt.Errorf("%w: root needs the system user %s: %w", ErrNoPostgres, systemUser, err)
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return account{}, fmt.Errorf("%w: user id of %s: %w", ErrNoPostgres, systemUser, err)
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return account{}, fmt.Errorf("%w: group id of %s: %w", ErrNoPostgres, systemUser, err)
	}
	return account{uid: uid, gid: gid, dropped: true, peers: []string{"root", u.Username}}, nil
}

// canPass tells whether the mode bits of a directory let the account pass through.
func (a account) canPass(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return false
	}
	switch {
	case int(st.Uid) == a.uid:
		return st.Mode&0o100 != 0
	case int(st.Gid) == a.gid:
		return st.Mode&0o010 != 0
	default:
		return st.Mode&0o001 != 0
	}
}

// attr makes a child the account, in a session of its own: a Ctrl-C or hang-up of
// the starter's terminal must not reach it.
func (a account) attr() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: true}
	if a.dropped {
		attr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return attr
}

// childEnv is the whole environment of the server's programs. No locale, PG… or
// other variable of the user must colour a cluster that outlives the command.
func (s *Server) childEnv() []string {
	env := []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C", "TZ=UTC"}
	if lib := s.getenv("LD_LIBRARY_PATH"); lib != "" {
		env = append(env, "LD_LIBRARY_PATH="+lib)
	}
	return env
}

// child describes one program to run as the account.
type child struct {
	argv   []string
	stdin  string
	stderr *os.File   // nil: the last lines become part of the error
	keep   []*os.File // open files to inherit
}

// run runs a program as the account to its end and returns its standard output.
// When ctx ends, the program and what it started are killed.
func (s *Server) run(ctx context.Context, acct account, c child) (string, error) {
	cmd := exec.CommandContext(ctx, c.argv[0], c.argv[1:]...)
	cmd.Env = s.childEnv()
	cmd.Dir = "/"
	cmd.SysProcAttr = acct.attr()
	cmd.ExtraFiles = c.keep
	cmd.Cancel = func() error { return unix.Kill(-cmd.Process.Pid, unix.SIGKILL) }
	cmd.WaitDelay = 2 * time.Second
	if c.stdin != "" {
		cmd.Stdin = strings.NewReader(c.stdin)
	}
	var stdout, stderr strings.Builder
	cmd.Stdout = &stdout
	if c.stderr != nil {
		cmd.Stderr = c.stderr
	} else {
		cmd.Stderr = io.Writer(&stderr)
	}
	err := cmd.Run()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err == nil {
		return stdout.String(), nil
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() < 0 && cmd.Process != nil {
		// Killed from outside: what it had started may not outlive it.
		_ = unix.Kill(-cmd.Process.Pid, unix.SIGKILL)
	}
	if tail := lastLines(stderr.String()); tail != "" {
		return "", fmt.Errorf("%w: %s", err, tail)
	}
	return "", err
}
