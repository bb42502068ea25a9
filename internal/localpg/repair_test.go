package localpg

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// drafts lists unfinished clusters.
func drafts(t *testing.T, s *Server) []string {
	t.Helper()
	found, err := filepath.Glob(s.path(draftPattern))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestKilledSetup(t *testing.T) {
	t.Parallel()
	// halfway starts a process on a cold data directory and waits until its initdb is
	// at work.
	halfway := func(t *testing.T, s *Server) (cmd *exec.Cmd, initdb int) {
		t.Helper()
		cmd = process(modeUse, s.dir, s.opts.Idle.String())
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		await(t, "initdb is halfway", func() bool {
			for _, draft := range drafts(t, s) {
				if exists(filepath.Join(draft, "base", "1", "PG_VERSION")) {
					initdb = findProcess(t, func(args []string) bool {
						return filepath.Base(args[0]) == "initdb" && strings.Contains(strings.Join(args, " "), "-D "+draft+" ")
					})
				}
			}
			return initdb != 0
		})
		return cmd, initdb
	}
	check := func(t *testing.T, s *Server) {
		t.Helper()
		if err := useOnce(testContext(t), s); err != nil {
			t.Fatal(err)
		}
		if left := drafts(t, s); len(left) != 0 {
			t.Errorf("left behind: %v", left)
		}
	}

	t.Run("a killed initdb fails its command, and the next run starts afresh", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, time.Hour)
		cmd, initdb := halfway(t, s)
		if err := unix.Kill(initdb, unix.SIGKILL); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil {
			t.Error("the command whose initdb was killed succeeded")
		}
		if exists(s.cluster) {
			t.Error("half a cluster was put in place")
		}
		check(t, s)
	})

	t.Run("a command killed with its initdb is repaired by the next run", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, time.Hour)
		cmd, initdb := halfway(t, s)
		for _, pid := range []int{cmd.Process.Pid, initdb} {
			if err := unix.Kill(pid, unix.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Error("the killed command succeeded")
		}
		check(t, s)
	})

	t.Run("an initdb that outlives its killed command does not disturb the next run", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, time.Hour)
		cmd, _ := halfway(t, s)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil {
			t.Error("the killed command succeeded")
		}
		check(t, s)
	})

	t.Run("a server whose starter was killed is taken over with a watcher", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, 100*time.Millisecond)
		cmd := process(modeUse, s.dir, s.opts.Idle.String())
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		await(t, "the server is being started", func() bool { return exists(filepath.Join(s.cluster, "postmaster.pid")) })
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil {
			t.Error("the killed command succeeded")
		}
		check(t, s)
		await(t, "the server is stopped", func() bool { return s.inspect().phase == phaseDown })
	})
}

func TestKilledServer(t *testing.T) {
	t.Parallel()
	t.Run("a killed postmaster with a busy client is repaired and nothing is lost", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, time.Hour)
		lease := acquire(t, s)
		super := lease.DSN(RoleSuper, Database)
		mustQuery(t, super, `CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)`)

		busy := make(chan error, 1)
		go func() { busy <- query(testContext(t), super, `DO $$ BEGIN LOOP END LOOP; END $$`) }()
		await(t, "the client is busy", func() bool {
			var n int
			mustQuery(t, super, `SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO %' AND state = 'active'`, &n)
			return n == 1
		})
		pid := s.inspect().pid
		if err := unix.Kill(pid, unix.SIGKILL); err != nil {
			t.Fatal(err)
		}
		await(t, "the postmaster is gone", func() bool { return isGone(pid) })
		again := acquire(t, s)
		var n int
		mustQuery(t, again.DSN(RoleSuper, Database), `SELECT n FROM kept`, &n)
		if n != 42 {
			t.Errorf("got %d, want 42", n)
		}
		if err := <-busy; err == nil {
			t.Error("the client of the killed server did not notice")
		}
		awaitOneServer(t, s)
	})

	t.Run("a number in postmaster.pid that another program got is not believed", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, time.Hour)
		st, err := s.Start(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		pidPath := filepath.Join(s.cluster, "postmaster.pid")
		content, err := os.ReadFile(pidPath)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Stop(testContext(t)); err != nil {
			t.Fatal(err)
		}
		acct, err := serverAccount()
		if err != nil {
			t.Fatal(err)
		}
		other := exec.Command("sleep", "600")
		if acct.dropped {
			as(other, acct.uid, acct.gid)
		}
		if err := other.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := other.Process.Kill(); err != nil {
				t.Errorf("the other program was ended: %v", err)
			}
			_ = other.Wait()
		}()
		_, rest, _ := strings.Cut(string(content), "\n")
		forged := fmt.Sprintf("%d\n%s", other.Process.Pid, rest)
		for _, path := range []string{pidPath, filepath.Join(st.SocketDir, socketName+".lock")} {
			if err := os.WriteFile(path, []byte(forged), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chown(path, acct.uid, acct.gid); err != nil {
				t.Fatal(err)
			}
		}
		if err := useOnce(testContext(t), s); err != nil {
			t.Fatal(err)
		}
		if got := s.inspect().pid; got == other.Process.Pid {
			t.Errorf("the other program %d passes for the server", got)
		}
	})

	t.Run("an empty postmaster.pid is removed", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, time.Hour)
		if _, err := s.Start(testContext(t)); err != nil {
			t.Fatal(err)
		}
		if err := s.Stop(testContext(t)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(s.cluster, "postmaster.pid"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := useOnce(testContext(t), s); err != nil {
			t.Fatal(err)
		}
	})

	t.Run("a server whose socket was removed is started again", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, time.Hour)
		before, err := s.Start(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(before.SocketDir, socketName)); err != nil {
			t.Fatal(err)
		}
		if err := useOnce(testContext(t), s); err != nil {
			t.Fatal(err)
		}
		if got := s.inspect().pid; got == before.PID {
			t.Errorf("still the same server %d", got)
		}
	})

	t.Run("a data directory removed under its server is made again with one server", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, time.Hour)
		before, err := s.Start(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		// The server goes on writing files while they are removed, so one pass may not get them all.
		await(t, "the directory is removed", func() bool { return os.RemoveAll(s.dir) == nil })
		if err := useOnce(testContext(t), s); err != nil {
			t.Fatal(err)
		}
		if !isGone(before.PID) {
			t.Error("the old server still runs")
		}
		awaitOneServer(t, s)
	})

	t.Run("a server that is shutting down is awaited and started again", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, time.Hour)
		before, err := s.Start(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		if err := unix.Kill(before.PID, unix.SIGTERM); err != nil {
			t.Fatal(err)
		}
		await(t, "the server stops", func() bool { return s.inspect().phase != phaseReady })
		if err := useOnce(testContext(t), s); err != nil {
			t.Fatal(err)
		}
	})

	t.Run("a server that refuses its settings fails with its own words", func(t *testing.T) {
		t.Parallel()
		opts := newServer(t, time.Hour).opts
		if _, err := serverIn(t, opts).Start(testContext(t)); err != nil {
			t.Fatal(err)
		}
		good := serverIn(t, opts)
		if err := good.Stop(testContext(t)); err != nil {
			t.Fatal(err)
		}
		opts.Settings = map[string]string{"shared_buffers": "several"}
		_, err := serverIn(t, opts).Acquire(testContext(t))
		checkError(t, err, ErrStart, "shared_buffers")
		if err := useOnce(testContext(t), good); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}
