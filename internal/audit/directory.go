package audit

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sys/unix"
)

// ErrBusy is that another process seals into the directory.
var ErrBusy = errors.New("another process seals here")

const (
	suffix     = ".checkpoint"
	leavesName = "leaves"
	lockName   = "lock"
	// checkpointMax is more than any checkpoint has: a proof holds some 60 hashes.
	checkpointMax = 16 << 10
)

// Files gives the checkpoint files of a directory, the oldest first.
func Files(dir string) ([]string, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, err //nolint:wrapcheck // it names the directory
	}
	found, err := filepath.Glob(filepath.Join(globbed(dir), "[0-9]*"+suffix))
	if err != nil {
		return nil, fmt.Errorf("look for checkpoints: %w", err)
	}
	slices.Sort(found)
	return found, nil
}

// globbed writes a directory so that nothing of its name is a pattern.
func globbed(dir string) string {
	var out []rune
	for _, r := range dir {
		if r == '*' || r == '?' || r == '[' || r == '\\' {
			out = append(out, '\\')
		}
		out = append(out, r)
	}
	return string(out)
}

// ReadFile reads one checkpoint's file.
func ReadFile(path string, key note.Verifier) (Checkpoint, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Checkpoint{}, err //nolint:wrapcheck // it names the file
	}
	if !info.Mode().IsRegular() || info.Size() > checkpointMax {
		return Checkpoint{}, fmt.Errorf("%w: not a file of its kind", ErrCheckpoint)
	}
	signed, err := os.ReadFile(path)
	if err != nil {
		return Checkpoint{}, err //nolint:wrapcheck // it names the file
	}
	c, err := Read(signed, key)
	c.File = path
	return c, err
}

// OpenLeaves opens the leaves beside checkpoints.
func OpenLeaves(dir string) (*LeafReader, error) {
	file, err := os.Open(filepath.Join(dir, leavesName))
	if err != nil {
		return nil, err //nolint:wrapcheck // it names the file
	}
	return &LeafReader{file: file, in: bufio.NewReaderSize(file, 1<<16)}, nil
}

// Directory is a directory of checkpoints that nobody else seals into.
type Directory struct {
	path string
	lock *os.File
}

// Lock makes the directory, if need be, and keeps others from sealing into it. ErrBusy: somebody does.
func Lock(path string) (*Directory, error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, err //nolint:wrapcheck // it names the directory
	}
	file, err := os.OpenFile(filepath.Join(path, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err //nolint:wrapcheck // it names the file
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil, errors.Join(ErrBusy, file.Close())
	}
	return &Directory{path: path, lock: file}, nil
}

// Unlock lets others seal.
func (d *Directory) Unlock() error { return d.lock.Close() }

// Leaves begins a new file of all leaves, which Put puts in the old one's place; done takes it away when it was not put.
func (d *Directory) Leaves() (w *LeafWriter, done func(), err error) {
	file, err := os.CreateTemp(d.path, "."+leavesName+".*")
	if err != nil {
		return nil, nil, err //nolint:wrapcheck // it names the file
	}
	return &LeafWriter{file: file, out: bufio.NewWriterSize(file, 1<<16)}, func() {
		_ = file.Close()
		_ = os.Remove(file.Name())
	}, nil
}

// Put proves that the checkpoint goes on from the one before, signs it, and puts leaves and checkpoint into the directory: the leaves first,
// of which a checkpoint needs no more than its own, so that whatever is cut short leaves a good directory behind.
func (d *Directory) Put(c Checkpoint, w *LeafWriter, key note.Signer) (Checkpoint, error) {
	if err := w.out.Flush(); err != nil {
		return c, fmt.Errorf("write the leaves: %w", err)
	}
	if c.Previous != nil && c.Previous.Size > 0 {
		var err error
		if c.Proof, err = tlog.ProveTree(c.Size, c.Previous.Size, hashes(w.file)); err != nil {
			return c, fmt.Errorf("prove the checkpoint: %w", err)
		}
		if err := tlog.CheckTree(c.Proof, c.Size, c.Root, c.Previous.Size, c.Previous.Root); err != nil {
			return c, fmt.Errorf("prove the checkpoint: %w", err)
		}
	}
	signed, err := c.Sign(key)
	if err != nil {
		return c, err
	}
	if err := errors.Join(w.file.Chmod(0o644), w.file.Sync(), os.Rename(w.file.Name(), filepath.Join(d.path, leavesName))); err != nil {
		return c, err
	}
	c.File = filepath.Join(d.path, fmt.Sprintf("%06d%s", c.Number, suffix))
	if err := writeNew(d.path, c.File, signed, 0o644); err != nil {
		return c, err
	}
	return c, nil
}

// writeNew makes a file that is there whole and synced, or not at all, and replaces none.
func writeNew(dir, path string, content []byte, mode fs.FileMode) (err error) {
	file, err := os.CreateTemp(dir, ".new.*")
	if err != nil {
		return err //nolint:wrapcheck // it names the file
	}
	defer os.Remove(file.Name()) //nolint:errcheck // a name more does no harm
	_, err = file.Write(content)
	if err := errors.Join(err, file.Chmod(mode), file.Sync(), file.Close()); err != nil {
		return err
	}
	// Unlike a rename, a link never replaces what is there.
	if err := os.Link(file.Name(), path); err != nil {
		return err //nolint:wrapcheck // it names the file
	}
	in, err := os.Open(dir)
	if err != nil {
		return err //nolint:wrapcheck // it names the directory
	}
	return errors.Join(in.Sync(), in.Close())
}

// WriteKeys puts a pair of keys into path, which only its owner can read, and path.pub.
func WriteKeys(path, private, public string) error {
	dir := filepath.Dir(path)
	if err := writeNew(dir, path, []byte(private+"\n"), 0o600); err != nil {
		return err
	}
	if err := writeNew(dir, path+".pub", []byte(public+"\n"), 0o644); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}
