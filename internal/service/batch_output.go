package service

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/farenctl/farenctl/internal/account"
)

// output is a file of lines that a run writes; a nil one takes nothing.
type output struct {
	file    *os.File
	to      *bufio.Writer
	path    string
	written int64
	regular bool // not a pipe or device, which can neither be cut back nor made durable
}

// openOutput opens a new file, readable by its owner only, or goes on with one that a run wrote up to size.
func openOutput(path string, size int64, resumed bool) (*output, error) {
	if path == "" {
		return nil, nil
	}
	how := os.O_WRONLY | os.O_CREATE
	if !resumed {
		how |= os.O_TRUNC
	}
	file, err := os.OpenFile(path, how, 0o600)
	if err != nil {
		return nil, account.NewFault("FILE_UNWRITABLE", "file", path).WithCause(err)
	}
	o := &output{file: file, to: bufio.NewWriter(file), path: path, written: size}
	info, err := file.Stat()
	if o.regular = err == nil && info.Mode().IsRegular(); o.regular {
		err = file.Chmod(0o600) // of one that was there already
	}
	if resumed && err == nil {
		if !o.regular || info.Size() < size {
			return nil, errors.Join(account.NewFault("BATCH_FILE_CHANGED", "file", path), file.Close())
		}
		if err = file.Truncate(size); err == nil {
			_, err = file.Seek(size, io.SeekStart)
		}
	}
	if err != nil {
		return nil, errors.Join(account.NewFault("FILE_UNWRITABLE", "file", path).WithCause(err), file.Close())
	}
	return o, nil
}

func (o *output) line(text []byte) {
	if o == nil {
		return
	}
	// An error stays in the writer, and flush tells it.
	n, _ := o.to.Write(text)
	o.written += int64(n) + 1
	_ = o.to.WriteByte('\n')
}

func (o *output) object(v any) error {
	if o == nil {
		return nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode a report: %w", err)
	}
	o.line(text)
	return nil
}

func (o *output) flush() error {
	if o == nil {
		return nil
	}
	err := o.to.Flush()
	if err == nil && o.regular {
		err = o.file.Sync()
	}
	if err != nil {
		return account.NewFault("FILE_UNWRITABLE", "file", o.path).WithCause(err)
	}
	return nil
}

func (o *output) size() int64 {
	if o == nil {
		return 0
	}
	return o.written
}

func (o *output) close() error {
	if o == nil {
		return nil
	}
	return o.file.Close()
}
