package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/sys/unix"
)

// DefaultIdle is how long an unused server runs on when Options.Idle is 0.
const DefaultIdle = 10 * time.Minute

// Options tells where and how the private server runs.
type Options struct {
	// DataDir is the absolute path of the directory that holds everything.
	DataDir string
	// BinDir is the directory of initdb and postgres (FARENCTL_PG_BIN). When empty
	// they are looked for in PATH and then in /usr/lib/postgresql/*/bin, newest first;
	// an existing cluster prefers the packaged server of its own version.
	BinDir string
	// Idle is the disuse after which the watcher stops the server; 0 means
	// DefaultIdle, negative means never.
	Idle time.Duration
	// Settings are further PostgreSQL settings, by name. They take effect when the
	// server is next started. Those that keep the server private are refused.
	Settings map[string]string
	// WatchCommand is the argument list of the watcher, a program that calls Watch
	// with the same DataDir and Idle. It is started detached, with / as working
	// directory and without the PG… variables. Its element 0 is passed as it is. Empty:
	// the server has no watcher and runs until it is stopped.
	WatchCommand []string
	// WatchExecutable is the absolute path of the program to run as WatchCommand; empty:
	// element 0 of WatchCommand, which must then be absolute.
	WatchExecutable string
	// Getenv reads the environment (PATH, XDG_RUNTIME_DIR, LD_LIBRARY_PATH, and in the
	// watcher what it inherited); nil means os.Getenv.
	Getenv func(string) string
}

// Server is the private server of one data directory. Its methods may be called from
// several goroutines and processes at once.
type Server struct {
	opts    Options
	dir     string // the data directory
	cluster string
	getenv  func(string) string
}

// New checks the options. It touches nothing, so it is cheap and needs no PostgreSQL.
func New(opts Options) (*Server, error) {
	if !filepath.IsAbs(opts.DataDir) {
		return nil, fmt.Errorf("the data directory %q is not an absolute path", opts.DataDir)
	}
	if strings.ContainsFunc(opts.DataDir, unicode.IsControl) {
		// postmaster.pid, a file of lines, could not name it.
		return nil, fmt.Errorf("the data directory %q has a control character", opts.DataDir)
	}
	if opts.BinDir != "" && !filepath.IsAbs(opts.BinDir) {
		return nil, fmt.Errorf("the PostgreSQL directory %q is not an absolute path", opts.BinDir)
	}
	if err := checkSettings(opts.Settings); err != nil {
		return nil, err
	}
	if len(opts.WatchCommand) > 0 {
		if opts.WatchExecutable == "" {
			opts.WatchExecutable = opts.WatchCommand[0]
		}
		if !filepath.IsAbs(opts.WatchExecutable) {
			return nil, fmt.Errorf("the watcher %q is not an absolute path", opts.WatchExecutable)
		}
	}
	if opts.Idle == 0 {
		opts.Idle = DefaultIdle
	}
	if opts.Getenv == nil {
		opts.Getenv = os.Getenv
	}
	s := &Server{opts: opts, dir: filepath.Clean(opts.DataDir), getenv: opts.Getenv}
	s.cluster = s.path("cluster")
	return s, nil
}

// path gives the path of something below the data directory.
func (s *Server) path(elem ...string) string {
	return filepath.Join(append([]string{s.dir}, elem...)...)
}

// Acquire makes sure that the server runs, and keeps it from being stopped until the
// lease is closed or the process dies. Of a running server it looks at a few files
// only. Otherwise it makes the cluster, waits for a start or stop that is under way,
// repairs and starts, all within ctx. Errors: ErrNoPostgres, ErrNotOwner,
// ErrUnreachable, ErrSetup, ErrStart, or that of ctx.
func (s *Server) Acquire(ctx context.Context) (*Lease, error) {
	for try := 1; ; try++ {
		use, err := s.lockUse(ctx, unix.LOCK_SH)
		if err != nil {
			return nil, fmt.Errorf("private server: %w", err)
		}
		st := s.inspect()
		if st.phase != phaseReady || !s.isWatched() {
			st, err = s.ensure(ctx)
		}
		if err == nil {
			touch(use)
			return &Lease{use: use, socketDir: st.socketDir}, nil
		}
		_ = use.Close()
		if !errors.Is(err, errSocketLost) || try == startTries {
			return nil, fmt.Errorf("private server: %w", err)
		}
		// Nobody can reach this server, but commands may still be connected to it.
		if err := s.stopWhen(ctx, phaseLost); err != nil {
			return nil, fmt.Errorf("private server: %w", err)
		}
	}
}

// Lease is the right to use the server.
type Lease struct {
	socketDir string
	closing   sync.Once
	use       *os.File
	err       error
}

// Close ends the lease and notes the time of last use. Repeating it does nothing.
func (l *Lease) Close() error {
	l.closing.Do(func() {
		touch(l.use)
		l.err = l.use.Close()
	})
	return l.err
}

// DSN is the connection string, in keywords and values, of a database (Database, or
// another one) for RoleLocal or RoleSuper.
func (l *Lease) DSN(role, database string) string {
	return keywordValue(l.socketDir, role, database)
}

// Status tells how the server is.
type Status struct {
	Running     bool   // it takes connections
	PID         int    // of the postmaster; 0 when there is none
	DataDir     string // absolute path
	SocketDir   string // absolute path; "" while it is not known
	DatabaseURL string // of Database for RoleLocal, fit for lib/pq and psql; "" while SocketDir is not known
}

// Status looks at the server and changes nothing, not even the time of last use.
func (s *Server) Status(ctx context.Context) (Status, error) {
	if err := ctx.Err(); err != nil {
		return Status{}, err
	}
	if err := s.checkMine(); err != nil {
		return Status{}, fmt.Errorf("private server: %w", err)
	}
	st := s.inspect()
	if st.socketDir == "" {
		st.socketDir = s.knownSocketDir()
	}
	return Status{
		Running:     st.phase == phaseReady,
		PID:         st.pid,
		DataDir:     s.dir,
		SocketDir:   st.socketDir,
		DatabaseURL: databaseURL(st.socketDir, RoleLocal, Database),
	}, nil
}

// checkMine fails with ErrNotOwner for the data directory of somebody else. One that
// is not there yet is fine.
func (s *Server) checkMine() error {
	f, err := s.openLock(useLock, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// Start brings the server up as Acquire does, and leaves it running.
func (s *Server) Start(ctx context.Context) (Status, error) {
	lease, err := s.Acquire(ctx)
	if err != nil {
		return Status{}, err
	}
	st, err := s.Status(ctx)
	return st, errors.Join(err, lease.Close())
}

// Stop waits for the commands that use the server, then stops it; other clients, such
// as a psql, are disconnected. When ctx ends before the commands do, the error is
// ErrInUse and the server runs on. Stopping a stopped server does nothing.
func (s *Server) Stop(ctx context.Context) error {
	if err := s.stopWhen(ctx, phaseStarting, phaseReady, phaseLost); err != nil {
		return fmt.Errorf("private server: %w", err)
	}
	return nil
}

// stopWhen stops the server if it is in one of the given phases once nobody uses it,
// and waits for one that is stopping already.
func (s *Server) stopWhen(ctx context.Context, phases ...phase) error {
	use, err := s.openLock(useLock, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer use.Close()
	if err := flock(ctx, use, unix.LOCK_EX); err != nil {
		return fmt.Errorf("%w: %w", ErrInUse, err)
	}
	st := s.inspect()
	for _, p := range phases {
		if st.phase == p {
			return s.halt(ctx, st.pid)
		}
	}
	if st.phase == phaseStopping {
		return poll(ctx, func() (bool, error) { return isGone(st.pid), nil })
	}
	return nil
}
