package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// Names of the lock files below the data directory.
const (
	useLock   = "use.lock"
	setupLock = "setup.lock"
	watchLock = "watch.lock"
)

// Waiting for another process looks again after pollMin, then ever more seldom,
// down to once every pollMax.
const (
	pollMin = time.Millisecond
	pollMax = 20 * time.Millisecond
)

// poll calls done until it reports true or fails, or ctx ends.
func poll(ctx context.Context, done func() (bool, error)) error {
	var timer *time.Timer
	for wait := pollMin; ; wait = min(wait*3/2, pollMax) {
		if ok, err := done(); ok || err != nil {
			return err
		}
		if timer == nil {
			timer = time.NewTimer(wait)
			defer timer.Stop()
		} else {
			timer.Reset(wait)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		}
	}
}

// tryFlock takes a lock if it is free; false means that another holder is in the way.
func tryFlock(f *os.File, how int) (bool, error) {
	for {
		err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, unix.EWOULDBLOCK):
			return false, nil
		case !errors.Is(err, unix.EINTR):
			return false, fmt.Errorf("lock %s: %w", f.Name(), err)
		}
	}
}

// flock takes a lock, waiting for other holders until ctx ends.
func flock(ctx context.Context, f *os.File, how int) error {
	return poll(ctx, func() (bool, error) { return tryFlock(f, how) })
}

// openLock opens a lock file. It never follows a link, and refuses a file of
// another user.
func (s *Server) openLock(name string, flags int) (*os.File, error) {
	f, err := os.OpenFile(s.path(name), os.O_RDWR|unix.O_NOFOLLOW|flags, 0o600)
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("%w: %s", ErrNotOwner, s.dir)
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && ownerOf(info) != os.Geteuid() {
		err = fmt.Errorf("%w: %s belongs to user id %d", ErrNotOwner, s.dir, ownerOf(info))
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// lockUse takes use.lock, making the data directory first where it is missing.
func (s *Server) lockUse(ctx context.Context, how int) (*os.File, error) {
	for {
		f, err := s.openLock(useLock, 0)
		if errors.Is(err, fs.ErrNotExist) {
			if err := s.prepareDataDir(); err != nil {
				return nil, err
			}
			f, err = s.openLock(useLock, os.O_CREATE)
		}
		if err != nil {
			return nil, err
		}
		if err := flock(ctx, f, how); err != nil {
			_ = f.Close()
			return nil, err
		}
		if s.isCurrent(f, useLock) {
			return f, nil
		}
		// The data directory was removed while we waited: this lock guards nothing.
		_ = f.Close()
	}
}

// isCurrent tells whether f is still the file of that name in the data directory.
func (s *Server) isCurrent(f *os.File, name string) bool {
	held, err := f.Stat()
	if err != nil {
		return false
	}
	found, err := os.Lstat(s.path(name))
	return err == nil && os.SameFile(held, found)
}

// touch sets the time of last use, which is the modification time of use.lock.
// A failure only makes the server stop sooner, so it is not reported.
func touch(f *os.File) {
	_, _ = f.WriteAt([]byte{'\n'}, 0)
}
