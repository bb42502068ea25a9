package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// A part of a file ends when either is reached: so few parts are under way at once that memory is the same for every file.
const (
	partLines = 512
	partBytes = 128 << 10
)

// untouched is memory that is taken and never written to, so that it costs none. What an import keeps is so little that the garbage of its
// rows would be collected hundreds of times in a million: beside this, only a quarter as often.
const untouched = 12 << 20

// filePart is some lines of a register's file, one after the other, on their way through the workers.
type filePart struct {
	text  []byte
	lines []lineEnd
	end   error // of the file, behind these lines

	rows     *postgres.RegisterBatch
	rejected []account.RejectedRow
	err      error
	done     chan struct{} // closed when the three above are there
}

// lineEnd says which line of the file this is and where it ends in the text of its part.
type lineEnd struct {
	line int64
	end  int
}

// importRows reads the file to its end: as many workers as there are cores check and seal the lines, part by part, and what becomes of the
// parts is taken in the order of the file.
func importRows(ctx context.Context, keys *seal.Keyring, file *registerFile, result *account.ImportResult, staging *postgres.Staging) error {
	room := make([]byte, untouched)
	defer runtime.KeepAlive(room)
	ctx, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait() // nobody reads the file or tells progress once this returns
	defer stop()
	workers := runtime.GOMAXPROCS(0)
	spare := sync.Pool{New: func() any { return &filePart{rows: staging.Batch()} }}
	todo, ordered := make(chan *filePart, workers), make(chan *filePart, 2*workers)
	for range workers {
		running.Go(func() {
			for part := range todo {
				part.work(keys, file)
				close(part.done)
			}
		})
	}
	running.Go(func() {
		defer close(todo)
		defer close(ordered)
		for {
			part := spare.Get().(*filePart) //nolint:forcetypeassert // nothing else is put there
			file.fill(part)
			select {
			case ordered <- part:
			case <-ctx.Done():
				return
			}
			todo <- part // the workers take all they are given
			if part.end != nil {
				return
			}
		}
	})
	for part := range ordered {
		<-part.done
		if err := take(ctx, part, result, staging); err != nil {
			return err
		}
		spare.Put(part)
	}
	return ended(ctx)
}

func ended(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return account.NewFault("INTERRUPTED").WithCause(err)
	}
	return nil
}

// take adds a part that is ready to the import.
func take(ctx context.Context, part *filePart, result *account.ImportResult, staging *postgres.Staging) error {
	if err := ended(ctx); err != nil {
		return err
	}
	if part.err != nil {
		return part.err
	}
	result.Rows += int64(len(part.lines))
	result.Rejected = append(result.Rejected, part.rejected...)
	if len(result.Rejected) > maxRejected {
		return account.NewFault("FILE_INVALID", "format", "CSV", "problem", account.Say("too many bad rows", "错误的行过多"))
	}
	if err := staging.Add(part.rows); err != nil {
		return err
	}
	if part.end != nil && !errors.Is(part.end, io.EOF) {
		return account.NewFault("FILE_INVALID", "format", "CSV", "problem", account.Say("it cannot be read", "无法读取")).WithCause(part.end)
	}
	return nil
}

// fill reads the next lines into an empty or used part.
func (r *registerFile) fill(p *filePart) {
	*p = filePart{text: p.text[:0], lines: p.lines[:0], rows: p.rows, rejected: p.rejected[:0], done: make(chan struct{})}
	for len(p.lines) < partLines && len(p.text) < partBytes {
		text, err := r.text()
		if err != nil {
			p.end = err
			return
		}
		p.text = append(p.text, text...)
		p.lines = append(p.lines, lineEnd{r.line, len(p.text)})
	}
}

// work checks and seals the lines.
func (p *filePart) work(keys *seal.Keyring, file *registerFile) {
	day, text, from := today(), string(p.text), 0
	for _, l := range p.lines {
		row, faults := file.parse(text[from:l.end], day)
		from = l.end
		if len(faults) > 0 {
			p.rejected = append(p.rejected, rejected(l.line, faults[0]))
			continue
		}
		sealed, err := sealRegisterRow(keys, l.line, row)
		if err != nil {
			p.err = fmt.Errorf("seal a row: %w", err)
			return
		}
		p.rows.Append(&sealed)
	}
}
