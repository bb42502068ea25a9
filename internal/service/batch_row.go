package service

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/batch"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// batchChunk is a part of a file that is one call of the database. What it consists of depends on the file alone, so that a run that goes
// on makes the same ones.
type batchChunk struct {
	number int
	rows   []batch.Row
	end    batch.Position
	sealed []*postgres.BatchRow // by row; nil: refused by its form, or of a manual channel
	told   []account.BatchReport
	hash   string // of what its rows say, passwords apart
}

// A row with a clear password counts as hashCost others, so that a chunk takes about as long.
// chunkBytes bounds what its lines take.
const (
	chunkRows  = 500
	hashCost   = 5
	chunkBytes = 1 << 20
)

func rowCost(r batch.Row) int {
	if r.Registration.Password != "" {
		return hashCost
	}
	return 1
}

// prepare checks the form of a chunk's rows, derives their passwords and seals them, workers at once. When ctx ends it stops: the chunk
// is for whoever goes on with the run.
func (s *Service) prepare(ctx context.Context, b *backend, c *batchChunk, workers int, sandbox bool) error {
	c.sealed, c.told = make([]*postgres.BatchRow, len(c.rows)), make([]account.BatchReport, len(c.rows))
	failures := make([]error, len(c.rows))
	next := make(chan int, len(c.rows))
	for i := range c.rows {
		next <- i
	}
	close(next)
	var group sync.WaitGroup
	for range min(workers, len(c.rows)) {
		group.Go(func() {
			for i := range next {
				if failures[i] = ctx.Err(); failures[i] != nil {
					return
				}
				c.sealed[i], failures[i] = s.prepareRow(b.keys, c.rows[i], &c.told[i], sandbox)
				if c.sealed[i] != nil {
					c.sealed[i].RowNo = i + 1
				}
			}
		})
	}
	group.Wait()
	if err := errors.Join(failures...); err != nil {
		return err
	}
	// Keyed, since the numbers in it could be guessed from a plain hash.
	said := sha256.New()
	fmt.Fprintf(said, "sandbox %t ", sandbox) //nolint:errcheck // a hash takes everything
	for _, row := range c.rows {
		if err := say(said, row); err != nil {
			return err
		}
	}
	c.hash = hex.EncodeToString(b.keys.Index("arguments", hex.EncodeToString(said.Sum(nil))))
	return nil
}

// say adds what a row says, but for a clear password: nobody shall be able to try passwords against the hash.
func say(to io.Writer, row batch.Row) error {
	text := row.Raw
	if row.Registration.Password != "" {
		r := row.Registration
		r.Password = ""
		var err error
		if text, err = json.Marshal(r); err != nil {
			return fmt.Errorf("encode a row: %w", err)
		}
	}
	_, err := fmt.Fprintf(to, "%d %d ", row.Line, len(text))
	if err == nil {
		_, err = to.Write(text)
	}
	return err
}

// prepareRow gives a row as the database takes it. nil: it is refused, or goes another way.
func (s *Service) prepareRow(keys *seal.Keyring, row batch.Row, told *account.BatchReport, sandbox bool) (*postgres.BatchRow, error) {
	r := row.Registration
	told.Line, told.Key = row.Line, usernameDisplay(normalUsername(r.Username))
	if row.Refused != nil {
		s.tell(told, row.Refused)
		return nil, nil //nolint:nilerr // the report has it
	}
	if r.Channel.Manual() {
		if err := account.JoinFaults(checkRegistration(r, sandbox)); err != nil {
			s.tell(told, err)
		}
		return nil, nil
	}
	form, faults := r.CheckCertified(today(), !sandbox)
	if err := account.JoinFaults(append(faults, checkHash(r)...)); err != nil {
		s.tell(told, err)
		return nil, nil //nolint:nilerr // the report has it
	}
	made, err := s.sealUser(keys, form.User, form.BirthDate, account.PurposeRegister, sandbox)
	if err != nil {
		return nil, err
	}
	id, err := account.NewApplicationID()
	if err != nil {
		return nil, err
	}
	check, err := account.NewVerificationID()
	if err != nil {
		return nil, err
	}
	return &postgres.BatchRow{VerificationID: check.UUID(), NewApplication: newApplication(keys, id, form.Organization, form.Warnings), SealedAgent: made.Agent,
		SealedCredential: made.Credential, CodeProof: made.CodeProof, Advice: made.Advice}, nil
}

// faultsShown is how many faults of one row its message names; the details have all.
const faultsShown = 5

// tell says in a row's report why it did not go in. What is no refusal is told as well, so that no row is lost in silence.
func (s *Service) tell(told *account.BatchReport, err error) {
	var f *account.Fault
	if !errors.As(err, &f) {
		f = account.NewFault("INTERNAL")
	}
	told.Code, told.Message, told.Hint, told.Details = f.Code, f.Message(s.lang, s.opts.Config.Location), f.Hint(s.lang, s.opts.Config.Location), f.Details
	if len(f.All) > 1 && f.Code == "INPUT_INVALID" {
		all := make([]string, len(f.All))
		for i, one := range f.All {
			all[i] = string(one.Code) + ": " + one.Message(s.lang, s.opts.Config.Location)
		}
		told.Message = strings.Join(all[:min(len(all), faultsShown)], s.lang.Pick("; ", "；"))
		if len(all) > faultsShown {
			told.Message += " …"
		}
	}
}

// sendChunk runs a prepared chunk: its rows of the channels that are certified in one call, those of the manual channels one by one.
// asked tells that the database was asked of any of it, replayed that all of that was done before.
func (s *Service) sendChunk(ctx context.Context, b *backend, c *batchChunk, run uuid.UUID, o BatchOptions) (asked, replayed bool, err error) {
	replayed = true
	var rows []postgres.BatchRow
	for _, sealed := range c.sealed {
		if sealed != nil {
			rows = append(rows, *sealed)
		}
	}
	if len(rows) > 0 {
		asked = true
		caller, err := s.caller(b)
		if err != nil {
			return asked, false, err
		}
		// The same for every try of this chunk, and of a run that goes on: a chunk that went in is answered again.
		caller.IdempotencyKey, caller.RequestID, caller.ArgumentsHash = "", uuid.NewSHA1(run, fmt.Appendf(nil, "chunk %d", c.number)), c.hash
		out, again, err := b.store.RegisterBatch(ctx, caller, rows, o.Sandbox)
		if err != nil {
			return asked, false, err
		}
		replayed = again
		if len(out) != len(rows) {
			return asked, false, fmt.Errorf("the database told of %d rows, not of %d", len(out), len(rows))
		}
		for i, done := range out {
			if done.RowNo != rows[i].RowNo || done.Refused == nil && done.Status == "" {
				return asked, false, fmt.Errorf("the database told of row %d where row %d was asked for", done.RowNo, rows[i].RowNo)
			}
			told := &c.told[done.RowNo-1]
			if done.Refused != nil {
				s.tell(told, done.Refused)
				continue
			}
			told.Status, told.ID, told.Account = done.Status, &done.ApplicationID, done.AccountID
		}
	}
	for i, row := range c.rows {
		if c.sealed[i] != nil || c.told[i].Code != "" {
			continue
		}
		again, err := s.sendManual(ctx, row, fmt.Sprintf("batch %s line %d", run, row.Line), &c.told[i], o)
		asked = true
		if err != nil {
			return asked, false, err
		}
		replayed = replayed && again
	}
	return asked, replayed, nil
}

// sendManual runs the steps of one row of a manual channel, under a key of its own, so that a run that goes on does none of them twice.
func (s *Service) sendManual(ctx context.Context, row batch.Row, key string, told *account.BatchReport, o BatchOptions) (replayed bool, err error) {
	said := sha256.New()
	fmt.Fprintf(said, "sandbox %t ", o.Sandbox) //nolint:errcheck // a hash takes everything
	if err := say(said, row); err != nil {
		return false, err
	}
	// A scan that cannot be opened is the row's own fault.
	var unopened error
	open := func(path string) (io.ReadCloser, error) {
		file, err := o.Open(path)
		unopened = errors.Join(unopened, err)
		return file, err
	}
	one := s.under(key, said.Sum(nil))
	a, err := one.SubmitRegistration(ctx, row.Registration, o.Sandbox, open)
	outcome := one.Outcome()
	s.leaveUnchecked(outcome.NotChecked...)
	switch {
	case err == nil:
		told.Status, told.ID, told.Account = a.Status, &a.ID, a.AccountID
	case unopened != nil || isRefusal(err):
		s.tell(told, err)
	default:
		return false, err
	}
	return outcome.Replayed, nil
}

// under is the same service for one command of its own key.
func (s *Service) under(key string, digest []byte) *Service {
	opts := s.opts
	opts.IdempotencyKey = key
	opts.Arguments = func() Arguments { return Arguments{Command: digest, All: digest} }
	return &Service{opts: opts, lang: s.lang, open: s.open, providers: s.providers}
}
