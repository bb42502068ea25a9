package localpg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// rootDataDir is root's data directory unless FARENCTL_DATA_DIR names another.
const rootDataDir = "/var/lib/farenctl"

// DefaultDataDir gives the absolute path of the data directory of the user uid:
// FARENCTL_DATA_DIR, for root /var/lib/farenctl, else farenctl below XDG_DATA_HOME
// or ~/.local/share. As the XDG base directory specification asks, a relative
// XDG_DATA_HOME is ignored. Nothing is created.
func DefaultDataDir(getenv func(string) string, uid int) (string, error) {
	if dir := getenv("FARENCTL_DATA_DIR"); dir != "" {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return "", fmt.Errorf("data directory: %w", err)
		}
		return abs, nil
	}
	if uid == 0 {
		return rootDataDir, nil
	}
	if dir := getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "farenctl"), nil
	}
	if home := getenv("HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, ".local", "share", "farenctl"), nil
	}
	return "", errors.New("no data directory: neither FARENCTL_DATA_DIR, XDG_DATA_HOME nor HOME is set")
}

// prepareDataDir makes the data directory and its fixed subdirectories, or checks
// that the existing one is ours. It may run in several processes at once.
func (s *Server) prepareDataDir() error {
	acct, err := serverAccount()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(s.dir), 0o755); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	if err := os.Mkdir(s.dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("data directory: %w", err)
	}
	info, err := os.Stat(s.dir)
	if err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	if err := s.checkOwner(info, acct); err != nil {
		return err
	}
	if acct.dropped {
		if err := s.letPass(info, acct); err != nil {
			return err
		}
	}
	if err := makeDir(s.path("log"), -1, -1); err != nil {
		return err
	}
	return makeDir(s.path("run"), acct.uid, acct.gid)
}

// checkOwner refuses a data directory that another user owns or may write to: that
// user could put a cluster of their own in its place. Root also takes a directory
// made for postgres, and letPass then makes it root's.
func (s *Server) checkOwner(info fs.FileInfo, acct account) error {
	if !info.IsDir() {
		return fmt.Errorf("data directory %s is not a directory", s.dir)
	}
	uid := ownerOf(info)
	if uid != os.Geteuid() && !(acct.dropped && uid == acct.uid) {
		return fmt.Errorf("%w: %s belongs to user id %d", ErrNotOwner, s.dir, uid)
	}
	if info.Mode().Perm()&0o002 != 0 {
		return fmt.Errorf("%w: everybody may write to %s", ErrNotOwner, s.dir)
	}
	return nil
}

// letPass lets the account of root's server pass through the data directory, and
// no more: it may not replace what lies in it.
func (s *Server) letPass(info fs.FileInfo, acct account) error {
	if ownerOf(info) == acct.uid || !acct.canPass(info) {
		if err := os.Chown(s.dir, 0, acct.gid); err != nil {
			return fmt.Errorf("data directory: %w", err)
		}
		mode := info.Mode().Perm()&^0o020 | 0o010
		if err := os.Chmod(s.dir, mode); err != nil {
			return fmt.Errorf("data directory: %w", err)
		}
	}
	real, err := filepath.EvalSymlinks(s.dir)
	if err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	for dir := filepath.Dir(real); ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil {
			return fmt.Errorf("data directory: %w", err)
		}
		if !acct.canPass(info) {
			return fmt.Errorf("%w: %s is closed to it", ErrUnreachable, dir)
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}

// makeDir makes a directory of mode 0700, owned by uid and gid unless they are -1.
// Repeating it restores owner and mode.
func makeDir(path string, uid, gid int) error {
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("data directory: %w", err)
	}
	if err := os.Chmod(path, 0o700); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	if os.Geteuid() == 0 && uid >= 0 {
		if err := os.Lchown(path, uid, gid); err != nil {
			return fmt.Errorf("data directory: %w", err)
		}
	}
	return nil
}

// ownerOf gives the user id of a file's owner, or -1 where the system has none.
func ownerOf(info fs.FileInfo) int {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(st.Uid)
	}
	return -1
}
