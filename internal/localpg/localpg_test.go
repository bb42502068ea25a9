package localpg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func checkError(t *testing.T, err, want error, words ...string) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got error %v, want %v", err, want)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("error %q does not tell %q", err, word)
		}
	}
}

func TestColdStart(t *testing.T) {
	t.Parallel()
	s := newServer(t, time.Hour)
	lease := acquire(t, s)
	local, super := lease.DSN(RoleLocal, Database), lease.DSN(RoleSuper, Database)

	for name, c := range map[string]struct{ dsn, query, want string }{
		"commands are no superuser":          {local, `SELECT current_user || ' ' || rolsuper FROM pg_roles WHERE rolname = current_user`, RoleLocal + " false"},
		"migrations are superuser":           {super, `SELECT current_user || ' ' || rolsuper FROM pg_roles WHERE rolname = current_user`, RoleSuper + " true"},
		"the superuser owns the database":    {local, `SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'farenctl'`, RoleSuper},
		"the encoding is UTF8":               {local, `SELECT pg_encoding_to_char(encoding) || ' ' || datcollate || ' ' || datctype FROM pg_database WHERE datname = 'farenctl'`, "UTF8 C C"},
		"pages have checksums":               {local, `SHOW data_checksums`, "on"},
		"nothing listens on the network":     {local, `SHOW listen_addresses`, ""},
		"the caller's settings are in force": {local, `SHOW fsync`, "off"},
		"times are UTC":                      {local, `SHOW timezone`, "UTC"},
	} {
		t.Run(name, func(t *testing.T) {
			var got string
			mustQuery(t, c.dsn, c.query, &got)
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}

	t.Run("directories and the server belong to the account, closed to others", func(t *testing.T) {
		acct, err := serverAccount()
		if err != nil {
			t.Fatal(err)
		}
		for dir, want := range map[string]struct {
			uid  int
			mode os.FileMode
		}{
			s.cluster:                  {acct.uid, 0o700},
			s.path("run"):              {acct.uid, 0o700},
			s.path("log"):              {os.Geteuid(), 0o700},
			procDir(s.inspect().pid):   {acct.uid, 0o555},
			s.path("run", socketName):  {acct.uid, 0o700},
			s.path(useLock):            {os.Geteuid(), 0o600},
			s.path("log/server.log"):   {os.Geteuid(), 0o600},
			s.path("log", "watch.log"): {os.Geteuid(), 0o600},
		} {
			info, err := os.Lstat(dir)
			if err != nil {
				t.Fatal(err)
			}
			if ownerOf(info) != want.uid || info.Mode().Perm() != want.mode {
				t.Errorf("%s: owner %d, mode %v; want %d, %v", dir, ownerOf(info), info.Mode().Perm(), want.uid, want.mode)
			}
		}
		info, err := os.Stat(s.dir)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o027 != 0 || ownerOf(info) != os.Geteuid() {
			t.Errorf("data directory: owner %d, mode %v", ownerOf(info), info.Mode().Perm())
		}
	})

	t.Run("the server has a session of its own", func(t *testing.T) {
		ours, err := unix.Getsid(0)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := unix.Getsid(s.inspect().pid)
		if err != nil || theirs == ours {
			t.Errorf("session %d, ours is %d: %v", theirs, ours, err)
		}
	})

	t.Run("a running server needs no program", func(t *testing.T) {
		opts := s.opts
		opts.BinDir = "/nonexistent"
		other, err := New(opts)
		if err != nil {
			t.Fatal(err)
		}
		if err := useOnce(testContext(t), other); err != nil {
			t.Error(err)
		}
	})

	t.Run("a role outside the map is refused", func(t *testing.T) {
		mustQuery(t, super, `CREATE ROLE stranger LOGIN`)
		err := query(testContext(t), lease.DSN("stranger", Database), `SELECT`)
		if err == nil || !strings.Contains(err.Error(), "eer authentication failed") {
			t.Errorf("got %v", err)
		}
	})

	t.Run("psql takes the URL", func(t *testing.T) {
		st, err := s.Status(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		bin, err := s.binDir()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(filepath.Join(bin, "psql"), "-XAtc", "SELECT current_user || ' ' || current_database()", st.DatabaseURL)
		cmd.Env = []string{"PGPORT=1", "PGUSER=nobody"}
		out, err := cmd.CombinedOutput()
		if want := "faren_local farenctl\n"; err != nil || string(out) != want {
			t.Errorf("got %q, %v; want %q", out, err, want)
		}
	})

	t.Run("the log keeps no text of a failed statement", func(t *testing.T) {
		if err := query(testContext(t), local, `SELECT 'made-up secret'::int`); err == nil {
			t.Fatal("the statement succeeded")
		}
		log, err := os.ReadFile(s.path("log", "server.log"))
		if err != nil || bytes.Contains(log, []byte("made-up secret")) {
			t.Errorf("log: %s: %v", log, err)
		}
	})
}

func TestEightColdProcesses(t *testing.T) {
	t.Parallel()
	t.Run("all connect to one server", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, time.Hour)
		type result struct {
			out []byte
			err error
		}
		results := make(chan result)
		const processes = 8
		for range processes {
			go func() {
				out, err := process(modeUse, s.dir, s.opts.Idle.String()).CombinedOutput()
				results <- result{out, err}
			}()
		}
		for range processes {
			if r := <-results; r.err != nil {
				t.Errorf("%v: %s", r.err, r.out)
			}
		}
		awaitOneServer(t, s)
		log, err := os.ReadFile(s.path("log", "server.log"))
		if err != nil || bytes.Count(log, []byte("database system is ready")) != 1 {
			t.Errorf("want exactly one start, log: %s: %v", log, err)
		}
	})
}

func TestStopAndStatus(t *testing.T) {
	t.Parallel()
	s := newServer(t, time.Hour)
	st, err := s.Status(testContext(t))
	if err != nil || st.Running || st.PID != 0 || st.DataDir != s.dir {
		t.Fatalf("status of nothing: %+v, %v", st, err)
	}
	if err := s.Stop(testContext(t)); err != nil {
		t.Fatalf("stop of nothing: %v", err)
	}
	if exists(s.dir) {
		t.Fatal("status or stop made the data directory")
	}

	started, err := s.Start(testContext(t))
	if err != nil || !started.Running || started.PID == 0 || started.SocketDir != s.path("run") {
		t.Fatalf("started: %+v, %v", started, err)
	}
	if got, err := s.Status(testContext(t)); err != nil || got != started {
		t.Errorf("status %+v, %v; want %+v", got, err, started)
	}

	lease := acquire(t, s)
	ctx, cancel := context.WithTimeout(testContext(t), 30*time.Millisecond)
	defer cancel()
	err = s.Stop(ctx)
	checkError(t, err, ErrInUse)
	checkError(t, err, context.DeadlineExceeded)
	mustQuery(t, lease.DSN(RoleLocal, Database), `SELECT`)

	stopped := make(chan error, 1)
	go func() { stopped <- s.Stop(testContext(t)) }()
	if err := lease.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	if got, err := s.Status(testContext(t)); err != nil || got.Running || got.PID != 0 || got.DatabaseURL != started.DatabaseURL {
		t.Errorf("stopped: %+v, %v", got, err)
	}
	if err := s.Stop(testContext(t)); err != nil {
		t.Errorf("stopped twice: %v", err)
	}
	if again, err := s.Start(testContext(t)); err != nil || again.PID == started.PID {
		t.Errorf("started again: %+v, %v", again, err)
	}
}

func TestDataDirPath(t *testing.T) {
	t.Parallel()
	t.Run("a path too long for a socket gets a short private socket directory", func(t *testing.T) {
		t.Parallel()
		opts := testOptions(filepath.Join(baseDir(t), strings.Repeat("long ", 25)+"end"), time.Hour)
		s := serverIn(t, opts)
		first, err := s.Start(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(first.SocketDir)
		if err != nil || info.Mode().Perm() != 0o700 || !fits(first.SocketDir) {
			t.Fatalf("socket directory %s: %v, %v", first.SocketDir, info, err)
		}
		if err := s.Stop(testContext(t)); err != nil {
			t.Fatal(err)
		}
		second, err := s.Start(testContext(t))
		if err != nil || second.SocketDir != first.SocketDir {
			t.Errorf("second start: %+v, %v; want the socket in %s", second, err, first.SocketDir)
		}
		// A cleaner of temporary files may take it away while the server runs.
		if err := os.RemoveAll(first.SocketDir); err != nil {
			t.Fatal(err)
		}
		if err := useOnce(testContext(t), s); err != nil {
			t.Fatal(err)
		}
		if st, err := s.Status(testContext(t)); err != nil || st.SocketDir == first.SocketDir {
			t.Errorf("after the loss: %+v, %v", st, err)
		}
	})

	t.Run("a path of odd characters works", func(t *testing.T) {
		t.Parallel()
		s := serverIn(t, testOptions(filepath.Join(baseDir(t), `a, 'b' "c" [d] \e& 数据`), time.Hour))
		st, err := s.Start(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		mustQuery(t, st.DatabaseURL, `SELECT`)
		mustQuery(t, acquire(t, s).DSN(RoleLocal, Database), `SELECT`)
	})

	t.Run("an existing directory is taken as it is", func(t *testing.T) {
		t.Parallel()
		dir := baseDir(t)
		if err := os.WriteFile(filepath.Join(dir, "keyring"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := useOnce(testContext(t), serverIn(t, testOptions(dir, time.Hour))); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(filepath.Join(dir, "keyring")); err != nil || ownerOf(info) != os.Geteuid() {
			t.Errorf("the keyring: %v, %v", info, err)
		}
	})
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	t.Run("a directory without PostgreSQL is told", func(t *testing.T) {
		t.Parallel()
		opts := newServer(t, time.Hour).opts
		opts.BinDir = "/nonexistent/bin"
		_, err := serverIn(t, opts).Acquire(testContext(t))
		checkError(t, err, ErrNoPostgres, "/nonexistent/bin")
	})

	t.Run("a directory that everybody may write to is refused", func(t *testing.T) {
		t.Parallel()
		dir := baseDir(t)
		if err := os.Chmod(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		_, err := serverIn(t, testOptions(dir, time.Hour)).Acquire(testContext(t))
		checkError(t, err, ErrNotOwner, dir)
	})

	t.Run("a context that ends while another process sets up is obeyed", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, time.Hour)
		if err := s.prepareDataDir(); err != nil {
			t.Fatal(err)
		}
		lock, err := s.openLock(setupLock, os.O_CREATE)
		if err != nil {
			t.Fatal(err)
		}
		defer lock.Close()
		if err := flock(testContext(t), lock, unix.LOCK_EX); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(testContext(t), 20*time.Millisecond)
		defer cancel()
		_, err = s.Acquire(ctx)
		checkError(t, err, context.DeadlineExceeded, "another process")
	})

	t.Run("a context that ends during initdb leaves nothing behind", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, time.Hour)
		ctx, cancel := context.WithCancel(testContext(t))
		result := make(chan error, 1)
		go func() {
			_, err := s.Acquire(ctx)
			result <- err
		}()
		await(t, "initdb is at work", func() bool { return len(drafts(t, s)) > 0 })
		cancel()
		checkError(t, <-result, context.Canceled)
		if left := drafts(t, s); len(left) != 0 || exists(s.cluster) {
			t.Errorf("left behind: %v, cluster: %t", left, exists(s.cluster))
		}
	})
}

func BenchmarkAcquire(b *testing.B) {
	dir, err := os.MkdirTemp("/dev/shm", "lpg")
	if err != nil {
		b.Fatal(err)
	}
	defer os.RemoveAll(dir)
	s, err := New(testOptions(filepath.Join(dir, "data"), time.Hour))
	if err != nil {
		b.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		b.Fatal(err)
	}
	if _, err := s.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := s.Stop(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}()
	for b.Loop() {
		lease, err := s.Acquire(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if err := lease.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
