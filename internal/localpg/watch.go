package localpg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/lib/pq"
	"golang.org/x/sys/unix"
)

// watchFDVariable tells a watcher which open file is its lock, already taken for it
// by the process that started it: so the server is never without a watcher between.
const watchFDVariable = "FARENCTL_WATCH_LOCK_FD"

// A watcher looks again after a quarter of Idle within these bounds.
const (
	watchMin = 5 * time.Millisecond
	watchMax = time.Second
)

// isWatched tells whether the server has the watcher it should have.
func (s *Server) isWatched() bool {
	if len(s.opts.WatchCommand) == 0 || s.opts.Idle < 0 {
		return true
	}
	f, err := s.openLock(watchLock, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	free, err := tryFlock(f, unix.LOCK_SH)
	return err == nil && !free
}

// ensureWatcher starts a watcher if the server should have one and has none. A
// failure is no failure of the command: the next one tries again, and what the
// watcher says is in its log.
func (s *Server) ensureWatcher() {
	if len(s.opts.WatchCommand) == 0 || s.opts.Idle < 0 {
		return
	}
	lock, err := s.openLock(watchLock, os.O_CREATE)
	if err != nil {
		return
	}
	defer lock.Close()
	// A busy lock is a watcher, or a command that looks for one this very moment and
	// will come here itself.
	if free, err := tryFlock(lock, unix.LOCK_EX); err != nil || !free {
		return
	}
	log, err := openLog(s.path("log", "watch.log"))
	if err != nil {
		return
	}
	defer log.Close()
	cmd := exec.Command(s.opts.WatchExecutable) //nolint:noctx // it outlives whoever starts it
	cmd.Args = s.opts.WatchCommand
	cmd.Dir = "/"
	for _, entry := range os.Environ() {
		// PG… variables would lead the watcher's own connection astray.
		if !strings.HasPrefix(entry, "PG") && !strings.HasPrefix(entry, watchFDVariable+"=") {
			cmd.Env = append(cmd.Env, entry)
		}
	}
	cmd.Env = append(cmd.Env, watchFDVariable+"=3")
	cmd.Stderr = log
	cmd.ExtraFiles = []*os.File{lock}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		_, _ = fmt.Fprintf(log, "the watcher does not start: %v\n", err)
		return
	}
	_ = cmd.Process.Release()
}

// Watch is the body of the watcher process: it stops the server after Options.Idle
// without a command or another client, and returns when the server is gone. It
// returns nil at once when there is another watcher or nothing to watch.
func (s *Server) Watch(ctx context.Context) error {
	if s.opts.Idle < 0 {
		return nil
	}
	lock, err := s.takeWatchLock()
	if err != nil || lock == nil {
		return err
	}
	// Whoever holds use.lock next must find this lock free, so it is closed first.
	defer lock.Close()
	use, err := s.openLock(useLock, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("private server: %w", err)
	}
	defer use.Close()
	w := watcher{Server: s, lock: lock, use: use}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		}
		wait, err := w.look(ctx)
		if err != nil {
			return fmt.Errorf("private server: %w", err)
		}
		if wait < 0 {
			return nil
		}
		timer.Reset(wait)
	}
}

// takeWatchLock gives the lock we inherited, or takes it; nil means another watcher
// has it.
func (s *Server) takeWatchLock() (*os.File, error) {
	if fd, err := strconv.Atoi(s.getenv(watchFDVariable)); err == nil && fd > 2 {
		if f := s.inheritedLock(fd); f != nil {
			return f, nil
		}
	}
	f, err := s.openLock(watchLock, os.O_CREATE)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("private server: %w", err)
	}
	if free, err := tryFlock(f, unix.LOCK_EX); err != nil || !free {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// inheritedLock gives the file fd if it is indeed watch.lock and the lock is ours.
func (s *Server) inheritedLock(fd int) *os.File {
	var held, found unix.Stat_t
	if unix.Fstat(fd, &held) != nil || unix.Lstat(s.path(watchLock), &found) != nil {
		return nil
	}
	if held.Dev != found.Dev || held.Ino != found.Ino || unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB) != nil {
		return nil
	}
	unix.CloseOnExec(fd)
	return os.NewFile(uintptr(fd), s.path(watchLock))
}

// watcher is what Watch keeps between two looks.
type watcher struct {
	*Server
	lock     *os.File
	use      *os.File
	lastBusy time.Time // when it last saw the server in use
}

// tick is the time between two looks.
func (w *watcher) tick() time.Duration {
	return min(max(w.opts.Idle/4, watchMin), watchMax)
}

// unused is how long nobody has used the server, as far as is known.
func (w *watcher) unused() (time.Duration, error) {
	info, err := w.use.Stat()
	if err != nil {
		return 0, err
	}
	last := info.ModTime()
	if w.lastBusy.After(last) {
		last = w.lastBusy
	}
	unused := time.Since(last)
	if unused < 0 {
		// The clock was set back: count from now.
		touch(w.use)
		unused = 0
	}
	return unused, nil
}

// look stops the server if it is time to. It returns how long to wait before the
// next look; negative means that the watcher's work is done.
func (w *watcher) look(ctx context.Context) (time.Duration, error) {
	if !w.isCurrent(w.use, useLock) {
		return -1, nil // the data directory was removed, and its server ends by itself
	}
	unused, err := w.unused()
	if err != nil {
		return 0, err
	}
	if w.inspect().phase != phaseDown && unused < w.opts.Idle {
		return min(w.opts.Idle-unused, w.tick()), nil
	}
	free, err := tryFlock(w.use, unix.LOCK_EX)
	if err != nil {
		return 0, err
	}
	if !free {
		w.lastBusy = time.Now()
		return w.tick(), nil
	}
	// From here on no command runs, and none starts before the lock is let go.
	done, err := w.stopIdle(ctx)
	wait := w.tick()
	if done || err != nil {
		wait, err = -1, errors.Join(err, w.lock.Close())
	}
	return wait, errors.Join(err, unix.Flock(int(w.use.Fd()), unix.LOCK_UN))
}

// stopIdle stops the server unless it was used meanwhile or has other clients. It
// reports whether the server is gone. The caller holds use.lock in exclusive mode.
func (w *watcher) stopIdle(ctx context.Context) (bool, error) {
	st := w.inspect()
	switch st.phase {
	case phaseDown:
		return true, nil
	case phaseStarting, phaseStopping:
		return false, nil
	}
	unused, err := w.unused()
	if err != nil || unused < w.opts.Idle {
		return false, err
	}
	if st.phase == phaseReady {
		busy, err := hasClients(ctx, st.socketDir)
		if err != nil || busy {
			// A server that refuses us, as with no connection left, is in use.
			w.lastBusy = time.Now()
			return false, ctx.Err()
		}
	}
	return true, w.halt(ctx, st.pid)
}

// hasClients tells whether somebody other than us is connected. It asks as the
// superuser, who sees everybody's connections.
func hasClients(ctx context.Context, socketDir string) (busy bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	connector, err := pq.NewConnector(keywordValue(socketDir, RoleSuper, "postgres"))
	if err != nil {
		return false, err
	}
	db := sql.OpenDB(connector)
	defer func() { err = errors.Join(err, db.Close()) }()
	err = db.QueryRowContext(ctx, `SELECT count(*) > 0 FROM pg_catalog.pg_stat_activity
		WHERE backend_type IN ('client backend', 'walsender') AND pid <> pg_catalog.pg_backend_pid()`).Scan(&busy)
	return busy, err
}
