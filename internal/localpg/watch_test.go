package localpg

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/lib/pq"
	"golang.org/x/sys/unix"
)

func watcherPID(t *testing.T, s *Server) int {
	t.Helper()
	return findProcess(t, func(args []string) bool {
		return len(args) > 1 && args[0] == watcherName && args[1] == s.dir
	})
}

func TestIdleStop(t *testing.T) {
	t.Parallel()
	t.Run("an unused server is stopped, and its watcher ends", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, 100*time.Millisecond)
		lease := acquire(t, s)
		pid := s.inspect().pid
		if err := lease.Close(); err != nil {
			t.Fatal(err)
		}
		await(t, "the server is gone", func() bool { return isGone(pid) })
		await(t, "the watcher is gone", func() bool { return !watchLockHeld(s) && watcherPID(t, s) == 0 })
	})

	t.Run("variables of the user's do not lead the watcher astray", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, 100*time.Millisecond)
		cmd := process(modeUse, s.dir, s.opts.Idle.String())
		cmd.Env = append(cmd.Env, "PGOPTIONS=-c nonsense=1")
		if out, err := cmd.CombinedOutput(); err == nil || !bytes.Contains(out, []byte("nonsense")) {
			t.Fatalf("the variable has no effect: %s, %v", out, err)
		}
		await(t, "the server is gone", func() bool { return s.inspect().phase == phaseDown })
	})

	t.Run("a psql keeps the server up", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, 50*time.Millisecond)
		lease := acquire(t, s)
		connector, err := pq.NewConnector(lease.DSN(RoleLocal, Database))
		if err != nil {
			t.Fatal(err)
		}
		db := sql.OpenDB(connector)
		defer db.Close()
		if err := db.PingContext(testContext(t)); err != nil {
			t.Fatal(err)
		}
		st := s.inspect()
		if err := lease.Close(); err != nil {
			t.Fatal(err)
		}
		// The watcher's questions are counted by the server's own statistics.
		asked := func() (n int) {
			if err := db.QueryRow(`SELECT sessions FROM pg_stat_database WHERE datname = 'postgres'`).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		before := asked()
		await(t, "the watcher asked several times", func() bool { return asked() >= before+3 })
		if got := s.inspect(); got.pid != st.pid || got.phase != phaseReady {
			t.Errorf("the server is %+v, want %+v", got, st)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		await(t, "the server is gone", func() bool { return isGone(st.pid) })
	})

	t.Run("no command ever fails across many stops", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, 60*time.Millisecond)
		const processes, stops = 3, 6
		seen := make(chan string)
		var cmds []*exec.Cmd
		var stdins []io.Closer
		var stderr [processes]bytes.Buffer
		var readers sync.WaitGroup
		for i := range processes {
			cmd := process(modeLoop, s.dir, s.opts.Idle.String())
			cmd.Stderr = &stderr[i]
			stdin, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			stdout, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			readers.Go(func() { lines(stdout, seen) })
			cmds, stdins = append(cmds, cmd), append(stdins, stdin)
		}
		go func() {
			readers.Wait()
			close(seen)
		}()
		servers := map[int]bool{}
		uses, stopping := 0, false
		deadline := time.Now().Add(40 * time.Second)
		for range seen {
			uses++
			if st := s.inspect(); st.phase == phaseReady {
				servers[st.pid] = true
			}
			if !stopping && (len(servers) > stops || time.Now().After(deadline)) {
				stopping = true
				for _, stdin := range stdins {
					if err := stdin.Close(); err != nil {
						t.Error(err)
					}
				}
			}
		}
		for i, cmd := range cmds {
			if err := cmd.Wait(); err != nil {
				t.Errorf("process %d failed: %v: %s", i, err, stderr[i].String())
			}
		}
		if len(servers) <= stops {
			t.Errorf("%d uses saw %d servers, want more than %d", uses, len(servers), stops)
		}
	})
}

func TestWatcher(t *testing.T) {
	t.Parallel()
	t.Run("a killed watcher is replaced by the next command", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, time.Hour)
		acquire(t, s)
		await(t, "the watcher runs", func() bool { return watcherPID(t, s) != 0 })
		first, server := watcherPID(t, s), s.inspect().pid
		if err := unix.Kill(first, unix.SIGKILL); err != nil {
			t.Fatal(err)
		}
		await(t, "the watcher is gone", func() bool { return !s.isWatched() })
		acquire(t, s)
		await(t, "another watcher runs", func() bool { pid := watcherPID(t, s); return pid != 0 && pid != first })
		if got := s.inspect().pid; got != server {
			t.Errorf("the server is %d, want still %d", got, server)
		}
	})

	t.Run("a second watcher ends at once", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, time.Hour)
		acquire(t, s)
		if err := s.Watch(testContext(t)); err != nil {
			t.Fatal(err)
		}
		if !s.isWatched() {
			t.Error("the first watcher is gone")
		}
	})

	t.Run("a watcher without a data directory ends at once and makes none", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, time.Hour)
		if err := s.Watch(testContext(t)); err != nil {
			t.Fatal(err)
		}
		if exists(s.dir) {
			t.Error("the data directory was made")
		}
	})

	t.Run("a cancelled watcher lets go of the lock and the server runs on", func(t *testing.T) {
		t.Parallel()
		opts := newServer(t, time.Hour).opts
		opts.WatchCommand = nil
		s := serverIn(t, opts)
		acquire(t, s)
		ctx, cancel := context.WithCancel(testContext(t))
		result := make(chan error, 1)
		go func() { result <- s.Watch(ctx) }()
		await(t, "the watcher has its lock", func() bool { return watchLockHeld(s) })
		cancel()
		if err := <-result; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
		if watchLockHeld(s) || s.inspect().phase != phaseReady {
			t.Errorf("lock held: %t, server: %+v", watchLockHeld(s), s.inspect())
		}
	})

	t.Run("a watcher that does not start is no failure of the command", func(t *testing.T) {
		t.Parallel()
		opts := newServer(t, time.Hour).opts
		opts.WatchExecutable = "/nonexistent/farenctl"
		s := serverIn(t, opts)
		acquire(t, s)
		if s.isWatched() {
			t.Error("somebody holds the watcher's lock")
		}
	})
}
