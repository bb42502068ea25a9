package batch

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/google/uuid"
	"golang.org/x/sys/unix"

	"github.com/farenctl/farenctl/internal/account"
)

// Run is what a run was begun with. Its ID makes the requests of its chunks known again.
type Run struct {
	Version   int       `json:"version"`
	ID        uuid.UUID `json:"run"`
	Format    string    `json:"format"`
	Sandbox   bool      `json:"sandbox"`
	Report    string    `json:"report,omitempty"`
	FailedOut string    `json:"failed_out,omitempty"`
	Database  string    `json:"database"` // where it runs, and as which login
	Login     string    `json:"login"`
}

// Mark is how far a run has come: everything before it is done and told.
type Mark struct {
	Chunk     int              `json:"chunk"` // the next one
	Offset    int64            `json:"offset"`
	Line      int64            `json:"line"`
	Sum       []byte           `json:"sum"`
	Report    int64            `json:"report_bytes"`
	FailedOut int64            `json:"failed_out_bytes"`
	Rows      int64            `json:"rows"`
	Statuses  map[string]int64 `json:"statuses"`
	Codes     map[string]int64 `json:"codes"`
}

// Position is where the file was read to.
func (m Mark) Position() Position {
	p := Position{Offset: m.Offset, Line: m.Line}
	copy(p.Sum[:], m.Sum)
	return p
}

// Journal is the file of a run that is under way. It is the lock of the run as well, and goes when the run has ended.
type Journal struct {
	file *os.File
	Run  Run
	Mark Mark
	New  bool // it was begun by this process
}

const version = 1

// journalHead is how every journal begins.
const journalHead = `{"version":`

// Open begins a run, or with resume goes on with the one that stands at path, if there is one. BATCH_UNFINISHED: one stands there, and
// resume was not asked for, or it was begun with other options. BATCH_IN_USE: it is under way.
func Open(path string, run Run, resume bool) (*Journal, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the journal: %w", err)
	}
	j := &Journal{file: file}
	if err := j.begin(path, run, resume); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return j, nil
}

func (j *Journal) begin(path string, run Run, resume bool) error {
	if err := unix.Flock(int(j.file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return account.NewFault("BATCH_IN_USE", "file", path).WithCause(err)
	}
	run.Version = version
	switch err := j.read(); {
	case errors.Is(err, io.EOF):
		// New, or killed before its first line was whole: nothing was sent yet. Anything else is not ours to overwrite.
		head := make([]byte, len(journalHead))
		n, err := j.file.ReadAt(head, 0)
		if err != nil && !errors.Is(err, io.EOF) || string(head[:n]) != journalHead[:n] {
			return account.NewFault("BATCH_UNFINISHED", "file", path)
		}
		j.New = true
		j.Run, j.Mark = run, Mark{Statuses: map[string]int64{}, Codes: map[string]int64{}}
		if err := j.file.Truncate(0); err != nil {
			return fmt.Errorf("begin the journal: %w", err)
		}
		return j.write(run)
	case err != nil:
		return account.NewFault("BATCH_UNFINISHED", "file", path).WithCause(err)
	}
	begun := j.Run
	run.ID = begun.ID
	if !resume || begun != run {
		return account.NewFault("BATCH_UNFINISHED", "file", path)
	}
	return nil
}

// read reads the run and its last whole mark.
func (j *Journal) read() error {
	lines := bufio.NewReader(j.file)
	// A file that is another one may be huge, and one line.
	if head, err := lines.Peek(len(journalHead)); err == nil && string(head) != journalHead {
		return errors.New("not a journal")
	}
	first, err := lines.ReadBytes('\n')
	if err != nil {
		return io.EOF
	}
	if err := json.Unmarshal(first, &j.Run); err != nil || j.Run.Version != version {
		return errors.Join(errors.New("not a journal of this version"), err)
	}
	j.Mark = Mark{Statuses: map[string]int64{}, Codes: map[string]int64{}}
	end := int64(len(first))
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			break // half a line is what a kill leaves
		}
		next := Mark{}
		if err := json.Unmarshal(line, &next); err != nil {
			return fmt.Errorf("read the journal: %w", err)
		}
		j.Mark = next
		end += int64(len(line))
	}
	return j.file.Truncate(end)
}

func (j *Journal) write(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode the journal: %w", err)
	}
	if _, err := j.file.Seek(0, io.SeekEnd); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	if _, err := j.file.Write(append(bytes.Clone(text), '\n')); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	if err := j.file.Sync(); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	return nil
}

// Advance notes that everything before m is done and told.
func (j *Journal) Advance(m Mark) error {
	j.Mark = m
	return j.write(m)
}

// Close gives the journal back; done removes it.
func (j *Journal) Close(done bool) error {
	var err error
	if done {
		err = os.Remove(j.file.Name())
	}
	return errors.Join(err, j.file.Close())
}
