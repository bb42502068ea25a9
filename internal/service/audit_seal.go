package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
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

// comparison is the merge of the leaves that were sealed with the events that are there.
type comparison struct {
	leaves *audit.LeafReader
	left   int64       // leaves that were sealed and not read yet
	want   *audit.Leaf // the next of them
	held   *heldEvent  // has the number of want, but is another event
	all    account.AuditDifferences
	first  *account.AuditDifference
}

type heldEvent struct{ at *time.Time }

func (c *comparison) next() error {
	c.want = nil
	if c.left == 0 {
		return nil
	}
	leaf, err := c.leaves.Next()
	if err != nil {
		return fmt.Errorf("read the leaves: %w", err)
	}
	c.want = &leaf
	c.left--
	return nil
}

func (c *comparison) tell(number int64, what string, at *time.Time, count *int64) {
	*count++
	if c.first == nil {
		c.first = &account.AuditDifference{EventID: &number, What: what, At: at}
	}
}

// settle says what became of the sealed event whose number another one has, once nothing else has it.
func (c *comparison) settle() error {
	if c.held == nil {
		return nil
	}
	c.tell(c.want.Event, account.EventEdited, c.held.at, &c.all.Edited)
	c.held = nil
	return c.next()
}

func (c *comparison) event(leaf audit.Leaf, at *time.Time) error {
	if c.held != nil && c.want.Event != leaf.Event {
		if err := c.settle(); err != nil {
			return err
		}
	}
	for c.want != nil && c.want.Event < leaf.Event {
		c.tell(c.want.Event, account.EventRemoved, nil, &c.all.Removed)
		if err := c.next(); err != nil {
			return err
		}
	}
	switch {
	case c.want == nil || c.want.Event != leaf.Event:
		c.tell(leaf.Event, account.EventInserted, at, &c.all.Inserted)
	case c.want.Digest == leaf.Digest:
		if c.held != nil { // of two with one number, this is the one that was sealed
			c.tell(leaf.Event, account.EventInserted, c.held.at, &c.all.Inserted)
			c.held = nil
		}
		return c.next()
	case c.held != nil:
		c.tell(leaf.Event, account.EventInserted, at, &c.all.Inserted)
	default:
		c.held = &heldEvent{at: at}
	}
	return nil
}

func (c *comparison) end() error {
	if err := c.settle(); err != nil {
		return err
	}
	for c.want != nil {
		c.tell(c.want.Event, account.EventRemoved, nil, &c.all.Removed)
		if err := c.next(); err != nil {
			return err
		}
	}
	return nil
}

// compare finds what became of the events of a checkpoint, whose leaves are what was sealed. nil: all are as they were.
func compare(ctx context.Context, store *postgres.Store, dir string, p audit.Checkpoint) (*account.AuditDifference, account.AuditDifferences, error) {
	leaves, err := audit.OpenLeaves(dir)
	if err != nil {
		return nil, account.AuditDifferences{}, unreadable(dir, err)
	}
	defer leaves.Close() //nolint:errcheck // only read
	c := &comparison{leaves: leaves, left: p.Size}
	if err := c.next(); err != nil {
		return nil, c.all, err
	}
	var encoder audit.Encoder
	err = eachRaw(ctx, store, p.Last, func(number int64, columns [][]byte) error {
		return c.event(encoder.Leaf(number, columns), rawTime(columns[2]))
	})
	if err == nil {
		err = c.end()
	}
	return c.first, c.all, err
}

// rawTime reads the time of an event; nil: it is none.
func rawTime(column []byte) *time.Time {
	at, err := time.Parse("2006-01-02 15:04:05.999999", string(column))
	if err != nil {
		return nil
	}
	return &at
}

// tellDifference says what is wrong with the events.
func tellDifference(d account.AuditDifference) account.Text {
	switch {
	case d.What == account.CheckpointsTwo:
		return account.Say("the checkpoints contradict each other behind event %d", "事件 %d 之后的检查点互相矛盾", d.After)
	case d.EventID == nil:
		return account.Say("behind event %d, up to %d, something was edited, removed or inserted", "事件 %d 之后至 %d 之间有事件被修改、删除或插入", d.After, d.UpTo)
	case d.What == account.EventEdited:
		return account.Say("event %d was edited", "事件 %d 被修改", *d.EventID)
	case d.What == account.EventRemoved:
		return account.Say("event %d was removed", "事件 %d 被删除", *d.EventID)
	}
	return account.Say("event %d was inserted", "事件 %d 系事后插入", *d.EventID)
}

// publicKey reads the file of a public key.
func publicKey(path string) (note.Verifier, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, account.NewFault("CONFIG_INVALID", "problem", account.Say("the public key %s cannot be read", "无法读取公钥 %s", path)).WithCause(err)
	}
	key, err := audit.Verifier(string(text))
	if err != nil {
		return nil, account.NewFault("AUDIT_KEY_INVALID", "file", path).WithCause(err)
	}
	return key, nil
}

// VerifyRequest says by which checkpoints, a directory or one file, and by whose public key the audit is verified.
type VerifyRequest struct {
	Checkpoints, PublicKeyFile string
	Evidence                   bool // check the proofs of checks as well
}

// VerifyAudit tells whether the events are those that were sealed. AUDIT_BROKEN and EVIDENCE_BROKEN come with the result.
func (s *Service) VerifyAudit(ctx context.Context, r VerifyRequest) (found account.AuditCheck, err error) {
	key, err := publicKey(r.PublicKeyFile)
	if err != nil {
		return found, err
	}
	points, err := readCheckpoints(r.Checkpoints, key)
	if err != nil {
		return found, err
	}
	if len(points) == 0 {
		return found, account.NewFault("CHECKPOINT_NOT_FOUND", "file", r.Checkpoints)
	}
	dir := r.Checkpoints
	if points[0].File == r.Checkpoints {
		dir = filepath.Dir(dir)
	}
	newest := points[len(points)-1]
	found = account.AuditCheck{Status: account.AuditIntact, Checkpoints: len(points), Newest: newest.Number, SealedAt: newest.At.UTC(), Events: newest.Size, Last: newest.Last}
	b, err := s.backend(ctx)
	if err != nil {
		return found, err
	}
	if _, found.Leaves, err = goodLeaves(dir, points); err != nil {
		return found, err
	}
	if i := contradiction(points); i >= 0 {
		found.Status = account.AuditBroken
		found.FirstBad = &account.AuditDifference{What: account.CheckpointsTwo, After: points[i-1].Last, UpTo: points[i].Last}
		return found, broken(*found.FirstBad)
	}
	replayed, err := replay(ctx, b.store, newest.Last, points, nil)
	if err != nil {
		return found, err
	}
	if found.Unsealed, err = b.store.AuditCount(ctx, newest.Last); err != nil {
		return found, err
	}
	if replayed.bad >= 0 {
		first, all, err := firstDifference(ctx, b.store, dir, points, replayed.bad)
		if err != nil {
			return found, err
		}
		found.Status, found.FirstBad, found.Differences = account.AuditBroken, &first, all
		return found, broken(first)
	}
	if found.Leaves == account.LeavesGood {
		found.Differences = &account.AuditDifferences{}
	}
	if r.Evidence {
		if found.Evidence, err = s.checkEvidence(ctx, b); err != nil {
			return found, err
		}
		if found.Evidence.Bad > 0 {
			found.Status = account.AuditBroken
			return found, account.NewFault("EVIDENCE_BROKEN", "count", found.Evidence.Bad, "verification", found.Evidence.FirstBad.String())
		}
	}
	return found, nil
}

func broken(first account.AuditDifference) error {
	return account.NewFault("AUDIT_BROKEN", "problem", tellDifference(first), "event_id", first.EventID, "what", first.What)
}

// checkEvidence checks every proof again that was kept of a check. Each look is an event of its own. What this login, keyring or configuration
// does not allow is counted, with the first reason.
func (s *Service) checkEvidence(ctx context.Context, b *backend) (*account.EvidenceCheck, error) {
	out := &account.EvidenceCheck{}
	closed := map[string]account.Code{} // providers whose proofs cannot be checked
	var after *account.VerificationID
	for first := true; ; first = false {
		kept, all, err := b.store.Evidence(ctx, after, MaxPage)
		if err != nil {
			return nil, err
		}
		if first {
			out.All = all
		}
		for _, k := range kept {
			why, isClosed := closed[k.Provider]
			holds := false
			if !isClosed {
				holds, why, err = s.evidenceHolds(ctx, k)
				if err != nil {
					return nil, err
				}
			}
			switch {
			case why != "":
				if why != "KEYRING_MISMATCH" { // which is of one key of several
					closed[k.Provider] = why
				}
				out.NotChecked++
				if out.Why == nil {
					out.Why = &why
				}
			case holds:
				out.Good++
			default:
				out.Bad++
				if out.FirstBad == nil {
					id := k.ID
					out.FirstBad = &id
				}
			}
		}
		if len(kept) < MaxPage {
			return out, nil
		}
		after = &kept[len(kept)-1].ID
	}
}

// evidenceHolds tells whether a check's proof still proves it; of one that did not pass nothing is to be proven. why is the code for which it cannot
// be looked at.
func (s *Service) evidenceHolds(ctx context.Context, k postgres.KeptEvidence) (holds bool, why account.Code, err error) {
	if s.opts.DryRun {
		return false, "DRY_RUN_IMPOSSIBLE", nil // a look is an event
	}
	var valid bool
	if k.Provider == "certificate" {
		var e account.Evidence
		e, err = s.Evidence(ctx, k.ID)
		valid = e.SignatureValid && e.CertificateValid
	} else {
		var e account.FaceEvidence
		e, err = s.FaceEvidence(ctx, k.ID)
		valid = e.TokenValid && e.PersonMatches
	}
	var f *account.Fault
	switch {
	case err == nil:
		return valid || k.Status != account.Passed, "", nil
	case ctx.Err() != nil:
		return false, "", err
	case !errors.As(err, &f):
		return false, "", nil //nolint:nilerr // it does not open, or is none: it proves nothing
	}
	switch f.Code {
	case "FORBIDDEN", "KEYRING_MISSING", "KEYRING_MISMATCH", "KEYRING_INDEX_ONLY", "KEYRING_INVALID", "FILE_PERMISSIONS", "CERTIFICATES_NOT_CONFIGURED", "CONFIG_INVALID":
		return false, f.Code, nil
	}
	return false, "", err
}
