package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/audit"
	"github.com/farenctl/farenctl/internal/config"
	"github.com/farenctl/farenctl/internal/postgres"
)

// MakeAuditKey makes a pair of keys for seals in new files: path, which only its owner can read, and path.pub.
func (s *Service) MakeAuditKey(name, path string) (account.AuditKey, error) {
	if err := s.noDryRun(); err != nil {
		return account.AuditKey{}, err
	}
	private, public, err := audit.GenerateKey(name)
	if errors.Is(err, audit.ErrKey) {
		return account.AuditKey{}, account.NewFault("USAGE", "problem", account.Say("--name has neither spaces nor +", "--name 不得含有空格和 +"))
	}
	if err != nil {
		return account.AuditKey{}, err
	}
	err = audit.WriteKeys(path, private, public)
	var taken *os.LinkError
	if errors.As(err, &taken) && errors.Is(err, os.ErrExist) {
		return account.AuditKey{}, account.NewFault("FILE_EXISTS", "file", taken.New)
	}
	if err != nil {
		return account.AuditKey{}, account.NewFault("FILE_UNWRITABLE", "file", path).WithCause(err)
	}
	return account.AuditKey{Name: name, File: path, PublicKeyFile: path + ".pub", PublicKey: public}, nil
}

// SealRequest says with which key the audit is sealed, and into which directory. Patience is how long to wait for transactions under way.
type SealRequest struct {
	KeyFile, Dir string
	Patience     time.Duration
}

// SealAudit signs a checkpoint over every event that is settled, once all that was sealed before is found as it was: AUDIT_SEAL_REFUSED tells that
// it is not, AUDIT_UNSETTLED that a transaction did not end within the patience. A dry run writes nothing.
func (s *Service) SealAudit(ctx context.Context, r SealRequest) (sealed account.AuditSeal, err error) {
	secret, err := config.ReadSecret(r.KeyFile)
	if err != nil {
		return sealed, err
	}
	signer, public, err := audit.Signer(string(secret))
	if err != nil {
		return sealed, account.NewFault("AUDIT_KEY_INVALID", "file", r.KeyFile).WithCause(err)
	}
	var dir *audit.Directory // nil in a dry run
	if !s.opts.DryRun {
		dir, err = audit.Lock(r.Dir)
		if errors.Is(err, audit.ErrBusy) {
			return sealed, account.NewFault("AUDIT_SEAL_RUNNING", "dir", r.Dir).WithCause(err)
		}
		if err != nil {
			return sealed, account.NewFault("FILE_UNWRITABLE", "file", r.Dir).WithCause(err)
		}
		defer dir.Unlock() //nolint:errcheck // the process's end unlocks as well
	}
	points, err := readCheckpoints(r.Dir, public)
	if err != nil && (dir != nil || !account.HasCode(err, "CHECKPOINT_NOT_FOUND")) {
		return sealed, err
	}
	b, err := s.backend(ctx)
	if err != nil {
		return sealed, err
	}
	upTo, err := settledUpTo(ctx, b.store, r.Patience)
	if err != nil {
		return sealed, err
	}
	var leaves *audit.LeafWriter
	var each func(audit.Leaf) error
	if dir != nil {
		var done func()
		if leaves, done, err = dir.Leaves(); err != nil {
			return sealed, account.NewFault("FILE_UNWRITABLE", "file", r.Dir).WithCause(err)
		}
		defer done()
		each = leaves.Add
	}
	found, err := replay(ctx, b.store, max(upTo, lastOf(points)), points, each)
	if err != nil {
		return sealed, err
	}
	if found.bad >= 0 || upTo < lastOf(points) {
		first, _, err := firstDifference(ctx, b.store, r.Dir, points, found.bad)
		if err != nil {
			return sealed, err
		}
		return sealed, account.NewFault("AUDIT_SEAL_REFUSED", "problem", tellDifference(first), "event_id", first.EventID, "what", first.What)
	}
	next := audit.Checkpoint{Number: 1, Origin: signer.Name(), Size: found.tree.Size(), Root: found.tree.Root(), At: time.Now().Truncate(time.Second), Last: upTo}
	sealed.New = next.Size
	if len(points) > 0 {
		before := points[len(points)-1]
		next.Number, next.Previous = before.Number+1, &audit.Earlier{Size: before.Size, Root: before.Root}
		sealed.New -= before.Size
	}
	if dir != nil {
		if next, err = dir.Put(next, leaves, signer); err != nil {
			return sealed, account.NewFault("FILE_UNWRITABLE", "file", r.Dir).WithCause(err)
		}
		sealed.File = &next.File
	}
	sealed.Checkpoint, sealed.Events, sealed.Last, sealed.Root, sealed.At, sealed.Key = next.Number, next.Size, next.Last, next.Root.String(), next.At.UTC(), next.Origin
	return sealed, nil
}

func lastOf(points []audit.Checkpoint) int64 {
	if len(points) == 0 {
		return 0
	}
	return points[len(points)-1].Last
}

// settledUpTo gives the newest event of which no earlier one can come any more: it waits until everybody who was writing when it was seen has ended.
func settledUpTo(ctx context.Context, store *postgres.Store, patience time.Duration) (int64, error) {
	began := time.Now()
	first, err := store.AuditSettled(ctx)
	if err != nil {
		return 0, err
	}
	if first.Standby {
		return 0, account.NewFault("CONFIG_INVALID", "problem", account.Say("the database is a standby, which does not see who writes: seal at the primary", "数据库为备库，无法判断写入是否完成：请在主库上封存"))
	}
	for writers := first.Writers; len(writers) > 0; {
		if time.Since(began) >= patience {
			return 0, account.NewFault("AUDIT_UNSETTLED", "count", len(writers))
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err() //nolint:wrapcheck // told as what ended the command
		case <-time.After(50 * time.Millisecond):
		}
		now, err := store.AuditSettled(ctx)
		if err != nil {
			return 0, err
		}
		// Who began since then takes greater numbers.
		writers = slices.DeleteFunc(writers, func(w string) bool { return !slices.Contains(now.Writers, w) })
	}
	return first.Newest, nil
}

// replayed is what reading the events up to a number gives: their tree, and the first of the checkpoints that it does not agree with, or -1.
type replayed struct {
	tree audit.Tree
	bad  int
}

// replay reads the events up to a number and compares their tree with every checkpoint on the way, until one differs. each, unless nil, is given
// their leaves.
func replay(ctx context.Context, store *postgres.Store, upTo int64, points []audit.Checkpoint, each func(audit.Leaf) error) (replayed, error) {
	found := replayed{bad: -1}
	next := 0
	pass := func(number int64) { // the checkpoints that end before an event
		for ; found.bad < 0 && next < len(points) && points[next].Last < number; next++ {
			if p := points[next]; found.tree.Size() != p.Size || found.tree.Root() != p.Root {
				found.bad = next
			}
		}
	}
	var encoder audit.Encoder
	err := eachRaw(ctx, store, upTo, func(number int64, columns [][]byte) error {
		if pass(number); found.bad >= 0 {
			return errEnough
		}
		leaf := encoder.Leaf(number, columns)
		found.tree.Add(leaf)
		if each != nil {
			return each(leaf)
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return found, err
	}
	pass(upTo + 1)
	return found, nil
}

// errEnough ends a reading early.
var errEnough = errors.New("enough was read")

// eachRaw reads every event up to a number, in their order.
func eachRaw(ctx context.Context, store *postgres.Store, upTo int64, each func(number int64, columns [][]byte) error) error {
	return eachRange(ctx, store, upTo, func(from, to int64) error { return store.RawEvents(ctx, from, to, each) })
}

// readCheckpoints reads the checkpoints of a directory, or the one of a file, in their order: CHECKPOINT_INVALID tells of one that key did not sign.
func readCheckpoints(path string, key note.Verifier) ([]audit.Checkpoint, error) {
	files := []string{path}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		files, err = audit.Files(path)
	}
	if err != nil {
		return nil, unreadable(path, err)
	}
	points := make([]audit.Checkpoint, 0, len(files))
	for _, file := range files {
		c, err := audit.ReadFile(file, key)
		if errors.Is(err, audit.ErrCheckpoint) {
			return nil, account.NewFault("CHECKPOINT_INVALID", "file", file, "key", key.Name()).WithCause(err)
		}
		if err != nil {
			return nil, unreadable(file, err)
		}
		points = append(points, c)
	}
	return points, nil
}

// unreadable tells that a checkpoint cannot be read.
func unreadable(path string, err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return account.NewFault("CHECKPOINT_NOT_FOUND", "file", path).WithCause(err)
	}
	return account.NewFault("CONFIG_INVALID", "problem", account.Say("%s cannot be read", "无法读取 %s", path)).WithCause(err)
}

// contradiction finds the first checkpoint that does not go on from the one before it, or -1. One that is not there any more is no contradiction:
// the next one proves its events as well.
func contradiction(points []audit.Checkpoint) int {
	for i := 1; i < len(points); i++ {
		before, c := points[i-1], points[i]
		if c.Number <= before.Number || c.Number == before.Number+1 && !c.Follows(before) || c.Size < before.Size || c.Last < before.Last {
			return i
		}
	}
	return -1
}

// goodLeaves tells up to which checkpoint the leaves beside it are what was sealed, -1 for none, and what they are good for.
func goodLeaves(dir string, points []audit.Checkpoint) (int, string, error) {
	leaves, err := audit.OpenLeaves(dir)
	if errors.Is(err, os.ErrNotExist) {
		return -1, account.LeavesMissing, nil
	}
	if err != nil {
		return -1, "", unreadable(dir, err)
	}
	defer leaves.Close() //nolint:errcheck // only read
	good := -1
	var tree audit.Tree
	for i, p := range points {
		for tree.Size() < p.Size {
			leaf, err := leaves.Next()
			if errors.Is(err, io.EOF) {
				return good, account.LeavesDamaged, nil
			}
			if err != nil {
				return good, "", fmt.Errorf("read the leaves: %w", err)
			}
			tree.Add(leaf)
		}
		if tree.Root() == p.Root {
			good = i
		}
	}
	if good < len(points)-1 {
		return good, account.LeavesDamaged, nil
	}
	return good, account.LeavesGood, nil
}

// firstDifference finds the first event that is not as it was sealed, by the leaves, as far as they are what was sealed. bad is the first
// checkpoint that the events do not agree with. Without leaves, or where they do not tell, the difference is between two checkpoints.
func firstDifference(ctx context.Context, store *postgres.Store, dir string, points []audit.Checkpoint, bad int) (account.AuditDifference, *account.AuditDifferences, error) {
	between := func(d account.AuditDifference) account.AuditDifference {
		for _, p := range points {
			if d.EventID != nil && p.Last >= *d.EventID {
				d.UpTo = p.Last
				break
			}
			d.After = p.Last
		}
		return d
	}
	good, _, err := goodLeaves(dir, points)
	if err != nil {
		return account.AuditDifference{}, nil, err
	}
	if good >= 0 && (bad < 0 || good >= bad) {
		first, all, err := compare(ctx, store, dir, points[good])
		if err != nil {
			return account.AuditDifference{}, nil, err
		}
		if first != nil {
			return between(*first), &all, nil
		}
	}
	bad = max(bad, 0)
	d := account.AuditDifference{What: account.EventUnknown, UpTo: points[bad].Last}
	if bad > 0 {
		d.After = points[bad-1].Last
	}
	return d, nil, nil
}
