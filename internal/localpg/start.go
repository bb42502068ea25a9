package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// startTries bounds how often a server that ends while starting is repaired and
// started again.
const startTries = 3

// orphanGrace is how long backends of a killed server may take to end by themselves.
const orphanGrace = 300 * time.Millisecond

// ensure brings the server up, whatever state it is in, and its watcher too. The
// caller holds use.lock, so nobody stops it meanwhile. It fails with errSocketLost
// for a server that must be stopped first.
func (s *Server) ensure(ctx context.Context) (state, error) {
	if err := s.prepareDataDir(); err != nil {
		return state{}, err
	}
	lock, err := s.openLock(setupLock, os.O_CREATE)
	if err != nil {
		return state{}, err
	}
	defer lock.Close()
	if err := flock(ctx, lock, unix.LOCK_EX); err != nil {
		return state{}, fmt.Errorf("waiting for another process to start the private server: %w", err)
	}
	acct, err := serverAccount()
	if err != nil {
		return state{}, err
	}
	for try := 1; ; try++ {
		st, err := s.settle(ctx, acct)
		if err != nil {
			return state{}, err
		}
		switch st.phase {
		case phaseReady:
			s.ensureWatcher()
			return st, nil
		case phaseLost:
			return state{}, errSocketLost
		}
		exists, err := s.hasCluster()
		if err == nil && !exists {
			err = s.makeCluster(ctx, acct, lock)
		}
		if err != nil {
			return state{}, err
		}
		if err := s.launch(ctx, acct); err != nil && (try == startTries || !errors.Is(err, ErrStart)) {
			return state{}, err
		}
	}
}

// settle waits until the server is neither starting nor stopping. When it is down
// it clears what a killed one left.
func (s *Server) settle(ctx context.Context, acct account) (state, error) {
	var st state
	err := poll(ctx, func() (bool, error) {
		st = s.inspect()
		return st.phase != phaseStarting && st.phase != phaseStopping, nil
	})
	if err != nil {
		return state{}, fmt.Errorf("waiting for the private server: %w", err)
	}
	if st.phase != phaseDown {
		return st, nil
	}
	return st, s.clearRemains(ctx, acct)
}

// clearRemains ends the orphaned backends of a killed server, which hold its shared
// memory, and removes its lock files. PostgreSQL would refuse a lock file whose
// number belongs to some other living process; we know better. A postmaster that lives
// after all, started by hand under another name of the cluster, is left alone.
func (s *Server) clearRemains(ctx context.Context, acct account) error {
	if pf, ok := s.readPidFile(); ok && pf.pid != 0 {
		pids, err := s.processes(ctx, acct, s.cluster)
		if err != nil {
			return err
		}
		if slices.Contains(pids, pf.pid) {
			return fmt.Errorf("%w: a server that was started by hand runs on %s", ErrStart, s.cluster)
		}
	}
	if err := s.endProcesses(ctx, acct, s.cluster, orphanGrace); err != nil {
		return err
	}
	remains := []string{filepath.Join(s.cluster, "postmaster.pid")}
	if dir := s.knownSocketDir(); dir != "" {
		remains = append(remains, filepath.Join(dir, socketName), filepath.Join(dir, socketName+".lock"))
	}
	for _, path := range remains {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w: %w", ErrStart, err)
		}
	}
	return nil
}

// endProcesses makes sure that no PostgreSQL process works in a directory: after
// grace it asks for an immediate shutdown, a second later it kills. Committed data
// is in the write-ahead log by then.
func (s *Server) endProcesses(ctx context.Context, acct account, dir string, grace time.Duration) error {
	quitAt := time.Now().Add(grace)
	killAt := quitAt.Add(time.Second)
	asked := map[int]bool{}
	err := poll(ctx, func() (bool, error) {
		pids, err := s.processes(ctx, acct, dir)
		if err != nil {
			return false, err
		}
		now := time.Now()
		for _, pid := range pids {
			switch {
			case now.After(killAt):
				_ = unix.Kill(pid, unix.SIGKILL)
			case now.After(quitAt) && !asked[pid]:
				asked[pid] = true
				_ = unix.Kill(pid, unix.SIGQUIT)
			}
		}
		return len(pids) == 0, nil
	})
	if err != nil {
		return fmt.Errorf("ending the processes of a killed server: %w", err)
	}
	return nil
}

// detach runs "$@" in the background and prints its number. Its parent is then
// init, so that no process of ours has to outlive or reap it.
const detach = `exec 3>&1 >&2; { exec "$@" 3>&-; } & echo "$!" >&3`

// launch starts the server and waits until it is ready. It fails with ErrStart when
// the server ends instead.
func (s *Server) launch(ctx context.Context, acct account) error {
	bin, err := s.binDir()
	if err != nil {
		return err
	}
	if err := s.writeAccess(acct); err != nil {
		return err
	}
	socketDir, err := s.makeSocketDir(acct)
	if err != nil {
		return err
	}
	log, err := openLog(s.path("log", "server.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	before, err := log.Stat()
	if err != nil {
		return fmt.Errorf("server log: %w", err)
	}
	argv := append([]string{"/bin/sh", "-c", detach, "sh", filepath.Join(bin, "postgres")}, s.serverArgs(socketDir)...)
	out, err := s.run(ctx, acct, child{argv: argv, stderr: log})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrStart, err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(out))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrStart, err)
	}
	// Now already, so that a start we do not see the end of is watched too.
	s.ensureWatcher()
	ended := false
	err = poll(ctx, func() (bool, error) {
		ended = isGone(pid)
		st := s.inspect()
		return ended || st.pid == pid && st.phase == phaseReady, nil
	})
	if err != nil {
		return fmt.Errorf("waiting for the private server to start: %w", err)
	}
	if ended {
		return fmt.Errorf("%w: %s", ErrStart, tailSince(log.Name(), before.Size()))
	}
	return nil
}

// halt stops a server in fast mode: it rolls back what is open, writes a checkpoint
// and ends. The caller holds use.lock in exclusive mode.
func (s *Server) halt(ctx context.Context, pid int) error {
	if err := unix.Kill(pid, unix.SIGINT); err != nil && !errors.Is(err, unix.ESRCH) {
		return fmt.Errorf("stopping the private server: %w", err)
	}
	if err := poll(ctx, func() (bool, error) { return isGone(pid), nil }); err != nil {
		return fmt.Errorf("waiting for the private server to stop: %w", err)
	}
	return nil
}
