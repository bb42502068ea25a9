package localpg

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lib/pq"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"
)

// The test binary plays other programs too: the watcher by its argument 0, and
// processes that use the server by this variable.
const (
	watcherName  = "localpg-watcher"
	modeVariable = "LOCALPG_TEST_MODE"
	modeUse      = "use"     // acquire, query, release, tell
	modeLoop     = "loop"    // the same again and again, until stdin ends
	modeConnect  = "connect" // connect with the connection string in argument 1
)

// self is the test binary; the link works where its directory is closed to others.
const self = "/proc/self/exe"

func TestMain(m *testing.M) {
	if os.Args[0] == watcherName {
		os.Exit(report(playWatcher(os.Args[1], os.Args[2])))
	}
	switch os.Getenv(modeVariable) {
	case modeUse:
		os.Exit(report(playUser(os.Args[1], os.Args[2], false)))
	case modeLoop:
		os.Exit(report(playUser(os.Args[1], os.Args[2], true)))
	case modeConnect:
		os.Exit(report(query(context.Background(), os.Args[1], `SELECT`)))
	}
	goleak.VerifyTestMain(m)
}

func report(err error) int {
	if err == nil {
		return 0
	}
	var refusal *pq.Error
	if errors.As(err, &refusal) {
		fmt.Fprintf(os.Stderr, "SQLSTATE %s: ", refusal.Code)
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

func playWatcher(dir, idle string) error {
	d, err := time.ParseDuration(idle)
	if err != nil {
		return err
	}
	s, err := New(testOptions(dir, d))
	if err != nil {
		return err
	}
	return s.Watch(context.Background())
}

func playUser(dir, idle string, again bool) error {
	d, err := time.ParseDuration(idle)
	if err != nil {
		return err
	}
	s, err := New(testOptions(dir, d))
	if err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(ended)
	}()
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
		err := useOnce(ctx, s)
		cancel()
		if err != nil {
			return err
		}
		fmt.Println("used")
		if !again {
			return nil
		}
		select {
		case <-ended:
			return nil
		case <-time.After(rand.N(500 * time.Millisecond)):
		}
	}
}

// useOnce does what a command does.
func useOnce(ctx context.Context, s *Server) error {
	lease, err := s.Acquire(ctx)
	if err != nil {
		return err
	}
	return errors.Join(query(ctx, lease.DSN(RoleLocal, Database), `SELECT`), lease.Close())
}

func query(ctx context.Context, dsn, text string, dest ...any) (err error) {
	connector, err := pq.NewConnector(dsn)
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer func() { err = errors.Join(err, db.Close()) }()
	if len(dest) == 0 {
		_, err = db.ExecContext(ctx, text)
		return err
	}
	return db.QueryRowContext(ctx, text).Scan(dest...)
}

// testOptions are fast settings with a watcher.
func testOptions(dir string, idle time.Duration) Options {
	return Options{
		DataDir: dir,
		Idle:    idle,
		Settings: map[string]string{
			"fsync": "off", "full_page_writes": "off", "shared_buffers": "16MB",
		},
		WatchCommand:    []string{watcherName, dir, idle.String()},
		WatchExecutable: self,
	}
}

// baseDir makes a short directory that the server's account can pass through.
func baseDir(t *testing.T) string {
	t.Helper()
	parent := "/dev/shm"
	if unix.Access(parent, unix.W_OK) != nil {
		parent = "/tmp"
	}
	dir, err := os.MkdirTemp(parent, "lpg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}

// newServer gives a server on a fresh data directory, and cleans up after it.
func newServer(t *testing.T, idle time.Duration) *Server {
	t.Helper()
	return serverIn(t, testOptions(filepath.Join(baseDir(t), "data"), idle))
}

func serverIn(t *testing.T, opts Options) *Server {
	t.Helper()
	s, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := s.Stop(ctx); err != nil {
			t.Errorf("stop at the end: %v", err)
		}
		if exists(s.dir) {
			acct, err := serverAccount()
			if err == nil {
				err = s.endProcesses(ctx, acct, s.cluster, 0)
			}
			if err != nil {
				t.Error(err)
			}
		}
		if dir := s.knownSocketDir(); dir != "" && dir != s.path("run") {
			if err := os.RemoveAll(dir); err != nil {
				t.Error(err)
			}
		}
		await(t, "the watchers end", func() bool { return !watchLockHeld(s) && watcherPID(t, s) == 0 })
	})
	return s
}

func watchLockHeld(s *Server) bool {
	f, err := os.Open(s.path(watchLock))
	if err != nil {
		return false
	}
	defer f.Close()
	free, err := tryFlock(f, unix.LOCK_EX)
	return err == nil && !free
}

// await waits for a condition, at most a generous time.
func await(t *testing.T, what string, cond func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := poll(ctx, func() (bool, error) { return cond(), nil }); err != nil {
		t.Fatalf("waiting until %s: %v", what, err)
	}
}

// testContext bounds one step of a test.
func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// acquire takes a lease that is closed, at the latest, before the server is stopped.
func acquire(t *testing.T, s *Server) *Lease {
	t.Helper()
	lease, err := s.Acquire(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lease.Close(); err != nil {
			t.Error(err)
		}
	})
	return lease
}

func mustQuery(t *testing.T, dsn, text string, dest ...any) {
	t.Helper()
	if err := query(testContext(t), dsn, text, dest...); err != nil {
		t.Fatal(err)
	}
}

// process runs the test binary in one of its modes.
func process(mode string, args ...string) *exec.Cmd {
	cmd := exec.Command(self)
	cmd.Args = append([]string{"localpg-test"}, args...)
	cmd.Env = append(os.Environ(), modeVariable+"="+mode)
	cmd.Dir = "/"
	return cmd
}

// as makes a command run as another user.
func as(cmd *exec.Cmd, uid, gid int) *exec.Cmd {
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	return cmd
}

// findProcess gives the number of a process by its arguments, or 0.
func findProcess(t *testing.T, match func(args []string) bool) int {
	t.Helper()
	paths, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil || !match(strings.Split(strings.TrimRight(string(content), "\x00"), "\x00")) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil {
			return pid
		}
	}
	return 0
}

// awaitOneServer waits until exactly one process looks like the server of a cluster. A
// backend looks so for the moment between its fork and its own title; a second server
// would stay.
func awaitOneServer(t *testing.T, s *Server) {
	t.Helper()
	await(t, "one server runs", func() bool {
		n := 0
		findProcess(t, func(args []string) bool {
			if filepath.Base(args[0]) == "postgres" && len(args) > 2 && args[1] == "-D" && args[2] == s.cluster {
				n++
			}
			return false
		})
		return n == 1
	})
}

// lines sends a process's lines of output to a channel and closes it at the end.
func lines(r io.Reader, to chan<- string) {
	scanner := bufio.NewScanner(r)
	for scanner.Scan() {
		to <- scanner.Text()
	}
}
