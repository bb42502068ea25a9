package seal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

const (
	fileMode = 0o600
	dirMode  = 0o700
	// sharedBits are the permissions a keyring file must not give.
	sharedBits = 0o077
)

// Load reads a keyring file. It fails with ErrMissing; with ErrPermissions if
// the file is a symbolic link or open to its group or others; with
// ErrMalformed, ErrNewer or ErrWrapped; or with the operating system's error.
// Type and permissions are taken from the opened file, so they can't change
// before the read.
func Load(path string) (*Keyring, error) { return LoadWrapped(path, nil) }

// LoadWrapped is Load of a file that may be wrapped; passphrase opens it, or
// ErrPassphrase tells that it does not. A file that is not wrapped needs none.
func LoadWrapped(path string, passphrase []byte) (*Keyring, error) {
	f, err := openPrivate(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // nothing was written
	return read(f, path, passphrase)
}

// openPrivate opens a keyring file that is its owner's alone.
func openPrivate(path string) (*os.File, error) {
	// O_NONBLOCK: a named pipe in the place of the file must not hang us.
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: %s", ErrMissing, path)
	case errors.Is(err, syscall.ELOOP):
		return nil, fmt.Errorf("%w: %s is a symbolic link", ErrPermissions, path)
	case err != nil:
		return nil, fmt.Errorf("open keyring: %w", err)
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		err = fmt.Errorf("open keyring: %w", err)
	case !info.Mode().IsRegular():
		err = fmt.Errorf("%w: %s is not a regular file", ErrMalformed, path)
	case info.Mode().Perm()&sharedBits != 0:
		err = fmt.Errorf("%w: %s has mode %#o, want %#o", ErrPermissions, path, info.Mode().Perm(), fileMode)
	}
	if err != nil {
		_ = f.Close() // nothing was written
		return nil, err
	}
	return f, nil
}

// read reads what openPrivate opened.
func read(f io.Reader, path string, passphrase []byte) (*Keyring, error) {
	data, err := io.ReadAll(io.LimitReader(f, maxFileSize+1))
	if err != nil {
		return nil, fmt.Errorf("read keyring: %w", err)
	}
	if len(data) > maxFileSize {
		return nil, fmt.Errorf("%w: %s is larger than %d bytes", ErrMalformed, path, maxFileSize)
	}
	k, err := decodeFile(data, passphrase)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}

// Create writes the keyring to a new file of mode 0600, making missing
// directories with mode 0700. Whatever is at the path stays: then the error
// wraps ErrExists. The file appears complete and synced to disk or not at all,
// so of several processes that create it at once one wins and the others can
// load what it wrote. The file system must have hard links.
func (k *Keyring) Create(path string) (err error) {
	data, err := k.encode()
	if err != nil {
		return err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return fmt.Errorf("create keyring: %w", err)
	}
	// CreateTemp opens with O_EXCL and mode 0600.
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("create keyring: %w", err)
	}
	defer func() {
		if rmErr := os.Remove(f.Name()); rmErr != nil && err == nil {
			err = fmt.Errorf("remove the temporary copy of the keyring: %w", rmErr)
		}
	}()
	if err := writeSynced(f, data); err != nil {
		return fmt.Errorf("create keyring: %w", err)
	}
	// Unlike a rename, a link never replaces what is there.
	if err := os.Link(f.Name(), path); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%w: %s", ErrExists, path)
		}
		return fmt.Errorf("create keyring: %w", err)
	}
	if err := syncDir(dir); err != nil {
		return fmt.Errorf("create keyring: %w", err)
	}
	return nil
}

// writeSynced writes data, syncs and closes f.
func writeSynced(f *os.File, data []byte) error {
	_, err := f.Write(data)
	if err == nil {
		// An unusual umask may have taken the owner's own bits.
		err = f.Chmod(fileMode)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncDir makes a new name in dir survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
