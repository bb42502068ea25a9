package seal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// The suffixes of files beside the keyring: what was staged, and what is about
// to replace it at once.
const (
	nextSuffix = ".next"
	tempSuffix = ".tmp"
)

// File is a keyring file that this process alone changes, from Lock to Close. A
// change is prepared beside the file by Stage, and takes its place by Commit:
// between them stands whatever must know of the change first. A process that
// is killed between them leaves what Staged finds.
type File struct {
	path string
	f    *os.File // holds the lock
}

// Lock takes the keyring file for a change. It fails as Load does before it
// reads, or with ErrInUse.
func Lock(path string) (*File, error) {
	for {
		f, err := openPrivate(path)
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			_ = f.Close() // nothing was written
			if errors.Is(err, syscall.EWOULDBLOCK) {
				return nil, fmt.Errorf("%w: %s", ErrInUse, path)
			}
			return nil, fmt.Errorf("lock keyring: %w", err)
		}
		locked, err := f.Stat()
		if err != nil {
			_ = f.Close() // nothing was written
			return nil, fmt.Errorf("lock keyring: %w", err)
		}
		// Whoever had the lock may have put another file into its place.
		if there, err := os.Lstat(path); err == nil && os.SameFile(locked, there) {
			return &File{path: path, f: f}, nil
		}
		_ = f.Close() // nothing was written
	}
}

// Close gives the lock back.
func (f *File) Close() error { return f.f.Close() }

// Load reads the locked keyring; passphrase is as for LoadWrapped.
func (f *File) Load(passphrase []byte) (*Keyring, error) { return LoadWrapped(f.path, passphrase) }

// Stage writes what the keyring is to become, synced to disk, in the place of
// what was staged before. With a passphrase it is wrapped. The new file has the
// old one's owner; it fails where this process can't give it that.
func (f *File) Stage(k *Keyring, passphrase []byte) error { return f.write(nextSuffix, k, passphrase) }

// Replace is Stage and Commit where nobody else has to know of the change
// first. It leaves what was staged.
func (f *File) Replace(k *Keyring, passphrase []byte) error {
	if err := f.write(tempSuffix, k, passphrase); err != nil {
		return err
	}
	return f.rename(tempSuffix)
}

// write makes a file beside the keyring.
func (f *File) write(suffix string, k *Keyring, passphrase []byte) error {
	encode := k.encode
	if len(passphrase) > 0 {
		encode = func() ([]byte, error) { return k.encodeWrapped(passphrase) }
	}
	data, err := encode()
	if err != nil {
		return err
	}
	if err := f.remove(suffix); err != nil {
		return err
	}
	next, err := os.OpenFile(f.path+suffix, os.O_WRONLY|os.O_CREATE|os.O_EXCL|syscall.O_NOFOLLOW|syscall.O_CLOEXEC, fileMode)
	if err != nil {
		return fmt.Errorf("write keyring: %w", err)
	}
	if err := f.sameOwner(next); err != nil {
		return errors.Join(fmt.Errorf("write keyring: %w", err), next.Close(), f.remove(suffix))
	}
	if err := writeSynced(next, data); err != nil {
		return errors.Join(fmt.Errorf("write keyring: %w", err), f.remove(suffix))
	}
	if err := syncDir(filepath.Dir(f.path)); err != nil {
		return fmt.Errorf("write keyring: %w", err)
	}
	return nil
}

// sameOwner gives a new file the owner of the keyring: who could read the old
// one can read the new one.
func (f *File) sameOwner(next *os.File) error {
	was, err := f.f.Stat()
	if err != nil {
		return err
	}
	is, err := next.Stat()
	if err != nil {
		return err
	}
	a, ok := was.Sys().(*syscall.Stat_t)
	b, isStat := is.Sys().(*syscall.Stat_t)
	if !ok || !isStat || a.Uid == b.Uid && a.Gid == b.Gid {
		return nil
	}
	return next.Chown(int(a.Uid), int(a.Gid))
}

// Staged reads what was staged; ErrMissing tells that nothing is.
func (f *File) Staged(passphrase []byte) (*Keyring, error) {
	return LoadWrapped(f.path+nextSuffix, passphrase)
}

// Commit puts what was staged into the keyring's place, whole and synced.
func (f *File) Commit() error { return f.rename(nextSuffix) }

func (f *File) rename(suffix string) error {
	if err := os.Rename(f.path+suffix, f.path); err != nil {
		return fmt.Errorf("replace keyring: %w", err)
	}
	if err := syncDir(filepath.Dir(f.path)); err != nil {
		return fmt.Errorf("replace keyring: %w", err)
	}
	return nil
}

// Discard removes what was staged, if anything.
func (f *File) Discard() error { return f.remove(nextSuffix) }

func (f *File) remove(suffix string) error {
	if err := os.Remove(f.path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove a copy of the keyring: %w", err)
	}
	return nil
}
