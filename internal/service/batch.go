package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/batch"
	"github.com/farenctl/farenctl/internal/postgres"
)

// BatchOptions say how a batch of registrations runs. Workers derive passwords (0: DefaultBatchWorkers). State is the file of the run's
// journal (empty: none, and nothing to resume). Report and FailedOut are files for what became of each row, and for the rows that did not
// go in; a dry run writes neither. Open opens a document by the path that a row names. Progress is told how many rows this run has done, and how many
// bytes of the file are.
type BatchOptions struct {
	Format            string
	Sandbox, Resume   bool
	Workers           int
	State             string
	Report, FailedOut string
	Open              OpenFile
	Progress          func(rows, bytes int64)
	// Exposed is the name of a file that others can read: no password may stand in it. Empty: its owner only.
	Exposed string
}

// DefaultBatchWorkers is as many as the machine has cores, within what 128 MiB hold: one takes the memory of one password, 19 MiB.
func DefaultBatchWorkers() int { return min(runtime.NumCPU(), 4) }

// failuresShown is how many rows that did not go in a result has; the report has all.
const failuresShown = 20

// connections is how many chunks are sent at once, and window how many are in memory, which a slow one would otherwise fill with those
// that wait behind it.
const (
	connections = 2
	window      = 6
)

// RegisterBatch runs a file of registrations. Rows that do not go in are told (ROWS_REFUSED), and the others go in. When ctx ends, it
// finishes the chunks that are under way and gives INTERRUPTED; a run that was cut short, in whatever way, goes on with Resume where it
// was, with no row lost and none done twice. The result comes with every error.
func (s *Service) RegisterBatch(ctx context.Context, file io.Reader, o BatchOptions) (account.BatchResult, error) {
	none := account.BatchResult{Statuses: map[string]int64{}, Codes: map[string]int64{}, Failures: []account.BatchReport{}}
	rows, err := batch.NewReader(file, o.Format)
	if err != nil {
		return none, err
	}
	b, err := s.sealing(ctx)
	if err != nil {
		return none, err
	}
	if o.Workers < 1 {
		o.Workers = DefaultBatchWorkers()
	}
	r := &batchRun{s: s, b: b, o: o, rows: rows, result: none, began: time.Now(), mark: batch.Mark{Statuses: map[string]int64{}, Codes: map[string]int64{}},
		ahead: make(chan struct{}, window)}
	if err := r.open(ctx); err != nil {
		return none, errors.Join(err, r.close(r.untouched()))
	}
	err = r.run(ctx)
	s.settled, s.replayed = true, s.opts.IdempotencyKey != "" && err == nil && r.asked.Load() > 0 && r.asked.Load() == r.replayed.Load()
	// Before any row went in there is nothing to go on with.
	closeErr := r.close(err == nil || r.untouched() && (!r.attempted.Load() || isRefusal(err)))
	result := r.total()
	switch {
	case err != nil:
		return result, errors.Join(err, closeErr)
	case closeErr != nil:
		return result, closeErr
	case result.Failed > 0:
		return result, account.NewFault("ROWS_REFUSED", "count", result.Failed)
	}
	return result, nil
}

// batchRun is a run under way.
type batchRun struct {
	s         *Service
	b         *backend
	o         BatchOptions
	rows      *batch.Reader
	id        uuid.UUID
	journal   *batch.Journal // nil: none is kept
	mark      batch.Mark
	report    *output
	failedOut *output
	result    account.BatchResult
	began     time.Time
	before    int64 // rows that an earlier run did
	ahead     chan struct{}
	attempted atomic.Bool
	asked     atomic.Int64 // chunks of which the database was asked, and how many of them were answered as before
	replayed  atomic.Int64
	complete  bool // everything was read and handed on; settled before sent is closed
}

// open opens the journal and the files of the run, cut back to what the journal knows of.
func (r *batchRun) open(ctx context.Context) error {
	var err error
	if r.id, err = r.runID(ctx); err != nil {
		return err
	}
	if r.s.opts.DryRun {
		// Nothing to go on with; and what a run that is to go on has written stays as it is.
		if _, err := os.Stat(r.o.State); r.o.State != "" && err == nil {
			return account.NewFault("BATCH_UNFINISHED", "file", r.o.State)
		}
		return nil
	}
	if r.o.State != "" {
		run := batch.Run{ID: r.id, Format: r.o.Format, Sandbox: r.o.Sandbox, Report: r.o.Report, FailedOut: r.o.FailedOut}
		if run.Database, run.Login, err = r.b.store.Place(ctx); err != nil {
			return err
		}
		run.Database += " " + r.b.status.IndexCheck
		if r.journal, err = batch.Open(r.o.State, run, r.o.Resume); err != nil {
			var f *account.Fault
			if !errors.As(err, &f) {
				err = account.NewFault("FILE_UNWRITABLE", "file", r.o.State).WithCause(err)
			}
			return err
		}
		r.id, r.mark, r.before = r.journal.Run.ID, r.journal.Mark, r.journal.Mark.Rows
		if r.result.Resumed = r.mark.Chunk > 0; r.result.Resumed {
			if err := r.rows.Skip(r.mark.Position()); err != nil {
				return err
			}
		}
	}
	if r.report, err = openOutput(r.o.Report, r.mark.Report, r.result.Resumed); err != nil {
		return err
	}
	r.failedOut, err = openOutput(r.o.FailedOut, r.mark.FailedOut, r.result.Resumed)
	return err
}

// runID names the run: anew, or under an idempotency key always the same, so that a repeat is answered as the first run was. The key is
// claimed for this command first.
func (r *batchRun) runID(ctx context.Context) (uuid.UUID, error) {
	if key := r.s.opts.IdempotencyKey; key != "" {
		c, err := r.s.caller(r.b)
		if err == nil {
			_, err = postgres.KeepSelection(ctx, r.b.store, c, []string{})
		}
		return uuid.NewSHA1(uuid.NameSpaceOID, []byte("farenctl batch "+key)), err
	}
	id, err := uuid.NewRandom()
	if err != nil {
		return id, fmt.Errorf("make a run's id: %w", err)
	}
	return id, nil
}

// untouched tells that no earlier process sent anything of this run, and that nothing of it was settled.
func (r *batchRun) untouched() bool { return r.journal != nil && r.journal.New && r.mark.Chunk == 0 }

func (r *batchRun) close(done bool) error {
	err := errors.Join(r.report.close(), r.failedOut.close())
	if r.journal != nil {
		err = errors.Join(err, r.journal.Close(done && err == nil))
	}
	return err
}

// run reads, prepares and sends chunk by chunk, each stage at once with the others, and settles them in the order of the file.
func (r *batchRun) run(ctx context.Context) error {
	// reading ends with ctx; what was read is finished without it, unless something failed.
	reading, stop := context.WithCancel(ctx)
	defer stop()
	var failOnce sync.Once
	var failure error
	fail := func(err error) {
		failOnce.Do(func() { failure = err })
		stop()
	}
	prepared, sent := make(chan *batchChunk), make(chan *batchChunk, connections)
	go func() {
		defer close(prepared)
		if err := r.read(reading, prepared); err != nil {
			fail(err)
		}
	}()
	var senders sync.WaitGroup
	for range connections {
		senders.Go(func() {
			for c := range prepared {
				r.attempted.Store(true)
				asked, replayed, err := r.s.sendChunk(context.WithoutCancel(ctx), r.b, c, r.id, r.o)
				if err != nil {
					fail(r.named(err))
					continue
				}
				if asked {
					r.asked.Add(1)
				}
				if asked && replayed {
					r.replayed.Add(1)
				}
				sent <- c
			}
		})
	}
	go func() {
		senders.Wait()
		close(sent)
	}()
	// Chunks come in any order; a gap is a chunk that failed, and what is behind it is told when the run goes on.
	waiting := map[int]*batchChunk{}
	for c := range sent {
		waiting[c.number] = c
		for next := waiting[r.mark.Chunk]; next != nil; next = waiting[r.mark.Chunk] {
			delete(waiting, r.mark.Chunk)
			if err := r.settle(next); err != nil {
				fail(err)
				break
			}
			<-r.ahead
		}
	}
	if failure == nil && ctx.Err() != nil && !r.complete {
		return account.NewFault("INTERRUPTED")
	}
	return failure
}

// named makes of the refusal to answer other arguments what it means here.
func (r *batchRun) named(err error) error {
	if !errors.Is(err, postgres.ErrRequestReused) {
		return err
	}
	if r.s.opts.IdempotencyKey != "" {
		return account.NewFault("IDEMPOTENCY_KEY_REUSED").WithCause(err)
	}
	return account.NewFault("BATCH_FILE_CHANGED", "file", "FILE").WithCause(err)
}

func (r *batchRun) read(ctx context.Context, prepared chan<- *batchChunk) error {
	for number := r.mark.Chunk; ctx.Err() == nil; number++ {
		c := &batchChunk{number: number}
		ended := false
		select {
		case r.ahead <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		for cost, size := 0, 0; cost < chunkRows && size < chunkBytes; {
			row, err := r.rows.Next()
			if errors.Is(err, io.EOF) {
				ended = true
				break
			}
			if err != nil {
				return err
			}
			if row.Registration.Password != "" && r.o.Exposed != "" {
				return account.NewFault("FILE_PERMISSIONS", "file", r.o.Exposed)
			}
			c.rows = append(c.rows, row)
			cost += rowCost(row)
			size += len(row.Raw)
		}
		c.end = r.rows.Position()
		if len(c.rows) == 0 {
			r.complete = true
			return nil
		}
		if err := r.s.prepare(ctx, r.b, c, r.o.Workers, r.o.Sandbox); err != nil {
			if ctx.Err() != nil {
				return nil //nolint:nilerr // whoever ended it tells why
			}
			return err
		}
		select {
		case prepared <- c:
		case <-ctx.Done():
			return nil
		}
		if r.complete = ended; ended {
			return nil
		}
	}
	return nil
}

// settle tells what became of a chunk, in report and failed rows, and then notes in the journal that it is told.
func (r *batchRun) settle(c *batchChunk) error {
	m := r.mark
	m.Statuses, m.Codes = maps.Clone(m.Statuses), maps.Clone(m.Codes)
	for i, told := range c.told {
		m.Rows++
		if told.Code == "" {
			m.Statuses[told.Status]++
		} else {
			m.Codes[string(told.Code)]++
			if len(r.result.Failures) < failuresShown {
				r.result.Failures = append(r.result.Failures, told)
			}
			if again := r.rows.Again(c.rows[i]); again != nil {
				r.failedOut.line(again)
			}
		}
		if err := r.report.object(told); err != nil {
			return err
		}
	}
	if err := errors.Join(r.report.flush(), r.failedOut.flush()); err != nil {
		return err
	}
	m.Chunk, m.Offset, m.Line, m.Sum = c.number+1, c.end.Offset, c.end.Line, c.end.Sum[:]
	m.Report, m.FailedOut = r.report.size(), r.failedOut.size()
	r.mark = m
	if r.journal != nil {
		if err := r.journal.Advance(m); err != nil {
			return account.NewFault("FILE_UNWRITABLE", "file", r.o.State).WithCause(err)
		}
	}
	if r.o.Progress != nil {
		r.o.Progress(m.Rows-r.before, m.Offset)
	}
	return nil
}

func (r *batchRun) total() account.BatchResult {
	out := r.result
	out.Rows, out.Statuses, out.Codes = r.mark.Rows, r.mark.Statuses, r.mark.Codes
	for _, n := range out.Statuses {
		out.Made += n
	}
	out.Failed = out.Rows - out.Made
	out.Seconds = time.Since(r.began).Seconds()
	return out
}
