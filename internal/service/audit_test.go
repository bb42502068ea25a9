package service_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/audit"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/service"
)

// sealed is a database whose audit is sealed by an auditor.
type sealed struct {
	*bench
	auditor *service.Service
	dir     string
	key     string
}

func newSealed(t testing.TB) *sealed {
	t.Helper()
	b := newBench(t)
	s := &sealed{bench: b, dir: filepath.Join(t.TempDir(), "checkpoints"), key: filepath.Join(t.TempDir(), "key")}
	s.auditor = open(t, b.db, func(o *service.Options) { o.Config.DatabaseURL = b.db.Login(t, "faren_auditor") })
	if _, err := s.auditor.MakeAuditKey(audit.DefaultName, s.key); err != nil {
		t.Fatal(err)
	}
	return s
}

// events writes n events, as many transactions would.
func (s *sealed) events(n int) {
	s.t.Helper()
	s.exec(`INSERT INTO faren.audit_event (org_id, at, operator, action, subject_kind, subject_id, outcome, code, ticket, details)
		SELECT gen_random_uuid(), now() + g * interval '1 second', 'chen', 'application.user', 'application', gen_random_uuid(), 'refused', 'PHONE_IN_USE', 'T-' || g, jsonb_build_object('n', g)
		FROM generate_series(1, $1) g`, n)
}

func (s *sealed) seal() (account.AuditSeal, error) {
	return s.auditor.SealAudit(context.Background(), service.SealRequest{KeyFile: s.key, Dir: s.dir, Patience: 20 * time.Second})
}

func (s *sealed) mustSeal() account.AuditSeal {
	s.t.Helper()
	made, err := s.seal()
	if err != nil {
		s.t.Fatalf("seal: %v", err)
	}
	return made
}

func (s *sealed) verify(path string) (account.AuditCheck, error) {
	return s.auditor.VerifyAudit(context.Background(), service.VerifyRequest{Checkpoints: path, PublicKeyFile: s.key + ".pub"})
}

// tamper changes the audit as only a superuser can.
func (s *sealed) tamper(statements ...string) {
	s.t.Helper()
	tx, err := s.super.Begin()
	if err != nil {
		s.t.Fatal(err)
	}
	for _, statement := range append([]string{`SET LOCAL session_replication_role = replica`}, statements...) {
		if _, err := tx.Exec(statement); err != nil {
			s.t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := tx.Commit(); err != nil {
		s.t.Fatal(err)
	}
}

func wantFault(t testing.TB, err error, code account.Code) *account.Fault {
	t.Helper()
	var f *account.Fault
	if !errors.As(err, &f) || f.Code != code {
		t.Fatalf("error %v, want %s", err, code)
	}
	return f
}

func TestSealedEventsAreProven(t *testing.T) {
	t.Parallel()
	s := newSealed(t)
	if made := s.mustSeal(); made.Events != 0 || made.Checkpoint != 1 || made.Last != 0 {
		t.Errorf("of an empty audit: %+v", made)
	}
	for round, n := range []int{1, 6, 0, 40} {
		if n > 0 {
			s.events(n)
		}
		made := s.mustSeal()
		if made.Checkpoint != round+2 || made.New != int64(n) {
			t.Errorf("round %d: %+v", round, made)
		}
	}
	s.events(3)
	found, err := s.verify(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	want := account.AuditCheck{Status: account.AuditIntact, Checkpoints: 5, Newest: 5, Events: 47, Last: 47, Unsealed: 3, Leaves: account.LeavesGood, Differences: &account.AuditDifferences{}}
	found.SealedAt = time.Time{}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("verified (-want +got):\n%s", diff)
	}
	// One checkpoint proves by itself, and without the leaves.
	if err := os.Remove(filepath.Join(s.dir, "leaves")); err != nil {
		t.Fatal(err)
	}
	found, err = s.verify(filepath.Join(s.dir, "000003.checkpoint"))
	if err != nil || found.Events != 7 || found.Unsealed != 43 || found.Leaves != account.LeavesMissing || found.Newest != 3 {
		t.Errorf("by one file: %+v, %v", found, err)
	}
	// The next seal makes them again.
	s.mustSeal()
	if found, err = s.verify(s.dir); err != nil || found.Leaves != account.LeavesGood || found.Unsealed != 0 {
		t.Errorf("sealed again: %+v, %v", found, err)
	}
}

func TestTheFirstChangedEventIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tamper  []string
		event   int64
		what    string
		all     account.AuditDifferences
		between [2]int64
	}{
		"a ticket is edited":      {[]string{`UPDATE faren.audit_event SET ticket = 'T-0' WHERE event_id = 17`}, 17, account.EventEdited, account.AuditDifferences{Edited: 1}, [2]int64{10, 20}},
		"a ticket becomes null":   {[]string{`UPDATE faren.audit_event SET ticket = NULL WHERE event_id = 1`}, 1, account.EventEdited, account.AuditDifferences{Edited: 1}, [2]int64{0, 10}},
		"a null becomes empty":    {[]string{`UPDATE faren.audit_event SET reason = '' WHERE event_id = 10`}, 10, account.EventEdited, account.AuditDifferences{Edited: 1}, [2]int64{0, 10}},
		"a time by a microsecond": {[]string{`UPDATE faren.audit_event SET recorded_at = recorded_at + interval '1 microsecond' WHERE event_id = 11`}, 11, account.EventEdited, account.AuditDifferences{Edited: 1}, [2]int64{10, 20}},
		"a detail is edited":      {[]string{`UPDATE faren.audit_event SET details = '{"n": 1.0}' WHERE event_id = 11`}, 11, account.EventEdited, account.AuditDifferences{Edited: 1}, [2]int64{10, 20}},
		"of another organization": {[]string{`UPDATE faren.audit_event SET org_id = gen_random_uuid() WHERE event_id = 20`}, 20, account.EventEdited, account.AuditDifferences{Edited: 1}, [2]int64{10, 20}},
		"several":                 {[]string{`UPDATE faren.audit_event SET operator = 'wu' WHERE event_id IN (9, 14, 15)`, `DELETE FROM faren.audit_event WHERE event_id = 12`}, 9, account.EventEdited, account.AuditDifferences{Edited: 3, Removed: 1}, [2]int64{0, 10}},
		"one is removed":          {[]string{`DELETE FROM faren.audit_event WHERE event_id = 13`}, 13, account.EventRemoved, account.AuditDifferences{Removed: 1}, [2]int64{10, 20}},
		"the last is removed":     {[]string{`DELETE FROM faren.audit_event WHERE event_id = 20`}, 20, account.EventRemoved, account.AuditDifferences{Removed: 1}, [2]int64{10, 20}},
		"an old backup":           {[]string{`DELETE FROM faren.audit_event WHERE event_id > 12`}, 13, account.EventRemoved, account.AuditDifferences{Removed: 8}, [2]int64{10, 20}},
		"all are gone":            {[]string{`TRUNCATE faren.audit_event`}, 1, account.EventRemoved, account.AuditDifferences{Removed: 20}, [2]int64{0, 10}},
		"rows change places": {[]string{`UPDATE faren.audit_event a SET org_id = b.org_id, at = b.at, recorded_at = b.recorded_at, subject_id = b.subject_id, ticket = b.ticket, details = b.details
			FROM faren.audit_event b WHERE (a.event_id, b.event_id) IN ((4, 18), (18, 4))`}, 4, account.EventEdited, account.AuditDifferences{Edited: 2}, [2]int64{0, 10}},
		"one is inserted in a gap": {[]string{`INSERT INTO faren.audit_event OVERRIDING SYSTEM VALUE SELECT e.org_id, 0, e.at, e.recorded_at, e.operator, e.session_id, e.action, e.subject_kind, e.subject_id,
			e.outcome, e.code, e.ticket, e.reason, e.request_id, e.details FROM faren.audit_event e WHERE event_id = 5`}, 0, account.EventInserted, account.AuditDifferences{Inserted: 1}, [2]int64{0, 10}},
		"one has a negative number": {[]string{`INSERT INTO faren.audit_event OVERRIDING SYSTEM VALUE SELECT e.org_id, -3, e.at, e.recorded_at, e.operator, e.session_id, e.action, e.subject_kind, e.subject_id,
			e.outcome, e.code, e.ticket, e.reason, e.request_id, e.details FROM faren.audit_event e WHERE event_id = 5`}, -3, account.EventInserted, account.AuditDifferences{Inserted: 1}, [2]int64{0, 10}},
		"one more of a number, before it": {[]string{`INSERT INTO faren.audit_event OVERRIDING SYSTEM VALUE SELECT '00000000-0000-0000-0000-000000000000', e.event_id, e.at, e.recorded_at, e.operator, e.session_id, e.action,
			e.subject_kind, e.subject_id, e.outcome, e.code, e.ticket, e.reason, e.request_id, e.details FROM faren.audit_event e WHERE event_id = 15`}, 15, account.EventInserted, account.AuditDifferences{Inserted: 1}, [2]int64{10, 20}},
		"one more of a number, behind it": {[]string{`INSERT INTO faren.audit_event OVERRIDING SYSTEM VALUE SELECT 'ffffffff-ffff-ffff-ffff-ffffffffffff', e.event_id, e.at, e.recorded_at, e.operator, e.session_id, e.action,
			e.subject_kind, e.subject_id, e.outcome, e.code, e.ticket, e.reason, e.request_id, e.details FROM faren.audit_event e WHERE event_id = 15`}, 15, account.EventInserted, account.AuditDifferences{Inserted: 1}, [2]int64{10, 20}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSealed(t)
			for range 2 {
				s.events(10)
				s.mustSeal()
			}
			s.events(5)
			s.tamper(c.tamper...)
			found, err := s.verify(s.dir)
			f := wantFault(t, err, "AUDIT_BROKEN")
			if f.Status() != account.StatusEndedOther || !strings.Contains(f.Message(account.English, time.UTC), fmt.Sprintf("event %d was %s", c.event, c.what)) {
				t.Errorf("told: %d, %s", f.Status(), f.Message(account.English, time.UTC))
			}
			if found.Status != account.AuditBroken || found.FirstBad == nil || found.FirstBad.EventID == nil || found.Differences == nil {
				t.Fatalf("found %+v", found)
			}
			got := *found.FirstBad
			if *got.EventID != c.event || got.What != c.what || (got.At == nil) != (c.what == account.EventRemoved) || [2]int64{got.After, got.UpTo} != c.between {
				t.Errorf("first bad: %d %s %v, behind %d up to %d", *got.EventID, got.What, got.At, got.After, got.UpTo)
			}
			if *found.Differences != c.all {
				t.Errorf("differences %+v, want %+v", *found.Differences, c.all)
			}
			// Nothing is sealed over it.
			before, err := os.ReadDir(s.dir)
			if err != nil {
				t.Fatal(err)
			}
			_, err = s.seal()
			if f := wantFault(t, err, "AUDIT_SEAL_REFUSED"); f.Status() != account.StatusRefused {
				t.Errorf("status %d", f.Status())
			}
			if after, err := os.ReadDir(s.dir); err != nil || len(after) != len(before) {
				t.Errorf("files %v, %v", after, err)
			}
			// Without the leaves, or with damaged ones, it is still found, and between which checkpoints.
			leaves := filepath.Join(s.dir, "leaves")
			content, err := os.ReadFile(leaves)
			if err != nil {
				t.Fatal(err)
			}
			for state, make := range map[string]func() error{
				account.LeavesMissing: func() error { return os.Remove(leaves) },
				account.LeavesDamaged: func() error { return os.WriteFile(leaves, append([]byte{1}, content[1:]...), 0o600) },
			} {
				if err := make(); err != nil {
					t.Fatal(err)
				}
				found, err := s.verify(s.dir)
				wantFault(t, err, "AUDIT_BROKEN")
				if got := found.FirstBad; found.Leaves != state || got.EventID != nil || [2]int64{got.After, got.UpTo} != c.between || found.Differences != nil {
					t.Errorf("leaves %s: %+v, %+v", state, found, got)
				}
			}
		})
	}
}

// Numbers are taken in order and committed in any: what a transaction that was under way writes later is no insertion.
func TestATransactionUnderWayIsWaitedFor(t *testing.T) {
	t.Parallel()
	s := newSealed(t)
	s.events(4)
	first := s.mustSeal()
	late := begin(t, s.super)
	if _, err := late.Exec(`INSERT INTO faren.audit_event (org_id, at, operator, action, subject_kind, subject_id, outcome, details) VALUES (gen_random_uuid(), now(), 'late', 'late', 'x', '', 'done', '{}')`); err != nil {
		t.Fatal(err)
	}
	s.events(3) // with greater numbers, committed before
	short := service.SealRequest{KeyFile: s.key, Dir: s.dir, Patience: time.Millisecond}
	_, err := s.auditor.SealAudit(context.Background(), short)
	if f := wantFault(t, err, "AUDIT_UNSETTLED"); f.Details["count"] != 1 {
		t.Errorf("details %v", f.Details)
	}
	type outcome struct {
		made account.AuditSeal
		err  error
	}
	done := make(chan outcome, 1)
	began := scan[string](s.bench, `SELECT clock_timestamp()::text`)
	go func() {
		made, err := s.seal()
		done <- outcome{made, err}
	}()
	// It has looked, and looks again; meanwhile everybody may write, as long as they like.
	await(t, s.super, `SELECT count(*) >= 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT api.audit_settled%' AND query_start > '`+began+`'`)
	s.events(2)
	later := begin(t, s.super)
	if _, err := later.Exec(`INSERT INTO faren.audit_event (org_id, at, operator, action, subject_kind, subject_id, outcome, details) VALUES (gen_random_uuid(), now(), 'later', 'later', 'x', '', 'done', '{}')`); err != nil {
		t.Fatal(err)
	}
	select {
	case o := <-done:
		t.Fatalf("sealed while a transaction is under way: %+v, %v", o.made, o.err)
	default:
	}
	if err := late.Commit(); err != nil {
		t.Fatal(err)
	}
	o := <-done
	if o.err != nil {
		t.Fatal(o.err)
	}
	// 5 is the late one's; 6 to 8 were committed before it, 9 and 10 after the seal had begun.
	if o.made.New < 4 || o.made.Last < first.Last+4 || o.made.Last > first.Last+6 {
		t.Errorf("sealed: %+v", o.made)
	}
	if _, err := s.verify(s.dir); err != nil {
		t.Errorf("verify after the late commit: %v", err)
	}
	if err := later.Commit(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.verify(s.dir); err != nil {
		t.Errorf("verify after the later commit: %v", err)
	}
	// An attempt that came to nothing leaves a gap, which is none of anybody's business.
	gone := begin(t, s.super)
	if _, err := gone.Exec(`INSERT INTO faren.audit_event (org_id, at, operator, action, subject_kind, subject_id, outcome, details) VALUES (gen_random_uuid(), now(), 'gone', 'gone', 'x', '', 'done', '{}')`); err != nil {
		t.Fatal(err)
	}
	s.events(1)
	if err := gone.Rollback(); err != nil {
		t.Fatal(err)
	}
	s.mustSeal()
	if found, err := s.verify(s.dir); err != nil || found.Unsealed != 0 {
		t.Errorf("%+v, %v", found, err)
	}
}

func begin(t testing.TB, db *sql.DB) *sql.Tx {
	t.Helper()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback() })
	return tx
}

// await waits until a query gives true.
func await(t testing.TB, db *sql.DB, query string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		var yes bool
		if err := db.QueryRow(query).Scan(&yes); err != nil {
			t.Fatal(err)
		}
		if yes {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("never true: %s", query)
		}
	}
}

// While everybody writes, every seal proves, whatever is committed around it.
func TestSealsAmongWritersAreProven(t *testing.T) {
	t.Parallel()
	s := newSealed(t)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 4)
	for range cap(ended) {
		db := pgtest.Open(t, s.db.Super())
		go func() {
			for ctx.Err() == nil {
				_, err := db.Exec(`INSERT INTO faren.audit_event (org_id, at, operator, action, subject_kind, subject_id, outcome, details)
					SELECT gen_random_uuid(), now(), 'busy', 'busy', 'x', '', 'done', '{}' FROM generate_series(1, 20), pg_sleep(0.001)`)
				if err != nil {
					ended <- err
					return
				}
			}
			ended <- nil
		}()
	}
	var last account.AuditSeal
	for range 6 {
		made := s.mustSeal()
		if made.Events < last.Events {
			t.Errorf("%d events after %d", made.Events, last.Events)
		}
		last = made
		if _, err := s.verify(s.dir); err != nil {
			t.Errorf("verify: %v", err)
		}
	}
	stop()
	for range cap(ended) {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	s.mustSeal()
	if found, err := s.verify(s.dir); err != nil || found.Unsealed != 0 || found.Events != scan[int64](s.bench, `SELECT count(*) FROM faren.audit_event`) {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestCheckpointsAreTheAuditors(t *testing.T) {
	t.Parallel()
	s := newSealed(t)
	s.events(3)
	s.mustSeal()
	s.events(3)
	made := s.mustSeal()
	other := filepath.Join(t.TempDir(), "other")
	if _, err := s.auditor.MakeAuditKey(audit.DefaultName, other); err != nil {
		t.Fatal(err)
	}
	_, err := s.auditor.VerifyAudit(context.Background(), service.VerifyRequest{Checkpoints: s.dir, PublicKeyFile: other + ".pub"})
	if f := wantFault(t, err, "CHECKPOINT_INVALID"); f.Status() != account.StatusInput {
		t.Errorf("status %d", f.Status())
	}
	_, err = s.auditor.SealAudit(context.Background(), service.SealRequest{KeyFile: other, Dir: s.dir})
	wantFault(t, err, "CHECKPOINT_INVALID")
	_, err = s.auditor.SealAudit(context.Background(), service.SealRequest{KeyFile: s.key + ".pub", Dir: s.dir})
	wantFault(t, err, "FILE_PERMISSIONS")
	_, err = s.auditor.VerifyAudit(context.Background(), service.VerifyRequest{Checkpoints: s.dir, PublicKeyFile: s.key})
	wantFault(t, err, "AUDIT_KEY_INVALID")
	_, err = s.verify(t.TempDir())
	wantFault(t, err, "CHECKPOINT_NOT_FOUND")
	_, err = s.verify(filepath.Join(t.TempDir(), "none"))
	wantFault(t, err, "CHECKPOINT_NOT_FOUND")
	// A checkpoint that was changed.
	file := *made.File
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), "last-event 6", "last-event 5", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = s.verify(s.dir)
	wantFault(t, err, "CHECKPOINT_INVALID")
	// One that says otherwise, of the same key: another audit's.
	twin := newSealed(t)
	twin.key = s.key
	for range 2 {
		twin.events(3)
		made = twin.mustSeal()
	}
	text, err = os.ReadFile(*made.File)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := s.verify(s.dir)
	wantFault(t, err, "AUDIT_BROKEN")
	if found.FirstBad == nil || found.FirstBad.What != account.CheckpointsTwo || found.FirstBad.After != 3 {
		t.Errorf("found %+v", found.FirstBad)
	}
}

func TestOthersNeitherReadNorSeal(t *testing.T) {
	t.Parallel()
	s := newSealed(t)
	s.events(1)
	s.mustSeal()
	for _, role := range []string{"faren_registrar", "faren_reviewer", "faren_fixture"} {
		o := open(t, s.db, func(o *service.Options) { o.Config.DatabaseURL = s.db.Login(t, role) })
		ctx := context.Background()
		_, err := o.AuditEvents(ctx, service.AuditQuery{}, service.Paging{})
		wantFault(t, err, "FORBIDDEN")
		wantFault(t, o.ExportAudit(ctx, service.AuditQuery{}, func(account.AuditEvent) error { return nil }), "FORBIDDEN")
		_, err = o.SealAudit(ctx, service.SealRequest{KeyFile: s.key, Dir: s.dir})
		wantFault(t, err, "FORBIDDEN")
		_, err = o.VerifyAudit(ctx, service.VerifyRequest{Checkpoints: s.dir, PublicKeyFile: s.key + ".pub"})
		wantFault(t, err, "FORBIDDEN")
	}
}

func TestADryRunOfASealWritesNothing(t *testing.T) {
	t.Parallel()
	s := newSealed(t)
	s.events(2)
	dry := open(t, s.db, func(o *service.Options) { o.DryRun, o.Config.DatabaseURL = true, s.db.Login(t, "faren_auditor") })
	made, err := dry.SealAudit(context.Background(), service.SealRequest{KeyFile: s.key, Dir: s.dir})
	if err != nil || made.Events != 2 || made.File != nil {
		t.Errorf("%+v, %v", made, err)
	}
	if _, err := os.Stat(s.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the directory: %v", err)
	}
	_, err = dry.MakeAuditKey("name", filepath.Join(t.TempDir(), "key"))
	wantFault(t, err, "DRY_RUN_IMPOSSIBLE")
}

func TestTheAuditIsFilteredMaskedAndPaged(t *testing.T) {
	t.Parallel()
	s := newSealed(t)
	ctx := context.Background()
	s.registered(1)
	a := s.submitted(1, 1)
	_, err := s.SubmitRegistration(ctx, registration(1, 1), true, nil)
	wantFault(t, err, "AGENT_ALREADY_REGISTERED")
	s.exec(`INSERT INTO faren.audit_event (org_id, at, operator, action, subject_kind, subject_id, outcome, ticket, reason, details)
		VALUES (gen_random_uuid(), '2020-01-01', 'wu', 'policy.set', 'policy', 'sms.backoff', 'done', 'T-9', 'asked for by 13912345678, Li.Lei@mail.example', '{"to": "13912345678"}')`)
	list := func(q service.AuditQuery) []account.AuditEvent {
		t.Helper()
		found, err := s.auditor.AuditEvents(ctx, q, service.Paging{Limit: service.MaxPage})
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		return found.Items
	}
	all := list(service.AuditQuery{})
	if !slices.IsSortedFunc(all, func(x, y account.AuditEvent) int { return int(y.ID - x.ID) }) || int64(len(all)) != scan[int64](s.bench, `SELECT count(*) FROM faren.audit_event`) {
		t.Errorf("%d events, not all or not the newest first", len(all))
	}
	old := time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC)
	request := ""
	for _, e := range all {
		if e.Subject.ID == a.ID.String() && e.RequestID != nil {
			request = e.RequestID.String()
		}
	}
	for name, c := range map[string]struct {
		query service.AuditQuery
		keep  func(account.AuditEvent) bool
	}{
		"action":       {service.AuditQuery{Action: "application.user"}, func(e account.AuditEvent) bool { return e.Action == "application.user" }},
		"kind":         {service.AuditQuery{Action: "application.*"}, func(e account.AuditEvent) bool { return strings.HasPrefix(e.Action, "application.") }},
		"operator":     {service.AuditQuery{Operator: "wu"}, func(e account.AuditEvent) bool { return e.Operator == "wu" }},
		"outcome":      {service.AuditQuery{Outcome: "refused"}, func(e account.AuditEvent) bool { return e.Outcome == "refused" }},
		"code":         {service.AuditQuery{Code: "agent_already_registered"}, func(e account.AuditEvent) bool { return e.Code != nil && *e.Code == "AGENT_ALREADY_REGISTERED" }},
		"ticket":       {service.AuditQuery{Ticket: "T-9"}, func(e account.AuditEvent) bool { return e.Ticket != nil && *e.Ticket == "T-9" }},
		"subject":      {service.AuditQuery{Subject: a.ID.String()}, func(e account.AuditEvent) bool { return e.Subject.ID == a.ID.String() }},
		"word":         {service.AuditQuery{Subject: "sms.backoff"}, func(e account.AuditEvent) bool { return e.Subject.ID == "sms.backoff" }},
		"organization": {service.AuditQuery{Subject: a.Organization.ID.String()}, func(e account.AuditEvent) bool { return e.Organization != nil && *e.Organization == *a.Organization.ID }},
		"request":      {service.AuditQuery{RequestID: request}, func(e account.AuditEvent) bool { return e.RequestID != nil && e.RequestID.String() == request }},
		"until":        {service.AuditQuery{Until: &old}, func(e account.AuditEvent) bool { return e.At.Before(old) }},
		"since":        {service.AuditQuery{Since: &old}, func(e account.AuditEvent) bool { return !e.At.Before(old) }},
	} {
		var want []account.AuditEvent
		for _, e := range all {
			if c.keep(e) {
				want = append(want, e)
			}
		}
		if len(want) == 0 || len(want) == len(all) {
			t.Errorf("%s: %d of %d events tell nothing", name, len(want), len(all))
		}
		if diff := cmp.Diff(want, list(c.query)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		var exported []account.AuditEvent
		if err := s.auditor.ExportAudit(ctx, c.query, func(e account.AuditEvent) error { exported = append(exported, e); return nil }); err != nil {
			t.Fatal(err)
		}
		slices.Reverse(exported)
		if diff := cmp.Diff(want, exported); diff != "" {
			t.Errorf("export, %s (-want +got):\n%s", name, diff)
		}
	}
	masked := list(service.AuditQuery{Operator: "wu"})[0]
	if *masked.Reason != "asked for by 139****5678, Li.***@mail.example" || masked.Details["to"] != "139****5678" {
		t.Errorf("masked: %q, %v", *masked.Reason, masked.Details)
	}
	var paged []account.AuditEvent
	for token := ""; ; {
		found, err := s.auditor.AuditEvents(ctx, service.AuditQuery{}, service.Paging{Limit: 3, Token: token})
		if err != nil {
			t.Fatal(err)
		}
		paged = append(paged, found.Items...)
		if token = found.NextToken; token == "" {
			break
		}
	}
	if diff := cmp.Diff(all, paged); diff != "" {
		t.Errorf("pages (-whole +pages):\n%s", diff)
	}
	for _, q := range []service.AuditQuery{{Session: "app_1"}, {RequestID: "1"}, {Since: &old, Until: &old}} {
		_, err := s.auditor.AuditEvents(ctx, q, service.Paging{})
		wantFault(t, err, "USAGE")
	}
	_, err = s.auditor.AuditEvents(ctx, service.AuditQuery{}, service.Paging{Token: "x"})
	wantFault(t, err, "USAGE")
	stop := errors.New("enough")
	if err := s.auditor.ExportAudit(ctx, service.AuditQuery{}, func(account.AuditEvent) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("an export whose reader has enough: %v", err)
	}
}

func TestProofsOfChecksAreCheckedAgain(t *testing.T) {
	t.Parallel()
	s := newSealed(t)
	s.events(1)
	s.mustSeal()
	// A proof that is none any more, of a check that passed.
	s.registered(1)
	a := s.submitted(1, 1)
	s.exec(`ALTER TABLE faren.verification DROP CONSTRAINT verification_poll`)
	s.exec(`UPDATE faren.verification SET provider = 'oidc', evidence_sealed = '\x00' WHERE application_id = $1`, a.ID.UUID())
	verify := func(change func(*service.Options)) (account.AuditCheck, error) {
		t.Helper()
		return open(t, s.db, change).VerifyAudit(context.Background(), service.VerifyRequest{Checkpoints: s.dir, PublicKeyFile: s.key + ".pub", Evidence: true})
	}
	unchecked := func(why account.Code, change func(*service.Options)) {
		t.Helper()
		found, err := verify(change)
		if err != nil {
			t.Fatalf("%s: %v", why, err)
		}
		if e := found.Evidence; e.All != 1 || e.NotChecked != 1 || e.Why == nil || *e.Why != why || e.Good+e.Bad != 0 {
			t.Errorf("%s: %+v", why, e)
		}
	}
	unchecked("FORBIDDEN", func(o *service.Options) { o.Config.DatabaseURL = s.db.Login(t, "faren_auditor") })
	unchecked("KEYRING_MISSING", func(o *service.Options) { o.Config.KeyringFile = filepath.Join(t.TempDir(), "none") })
	unchecked("DRY_RUN_IMPOSSIBLE", func(o *service.Options) { o.DryRun = true })
	found, err := verify(func(o *service.Options) { o.Config.DatabaseURL = s.db.Login(t, "faren_auditor", "faren_reviewer") })
	if f := wantFault(t, err, "EVIDENCE_BROKEN"); f.Status() != account.StatusEndedOther {
		t.Errorf("status %d", f.Status())
	}
	if e := found.Evidence; found.Status != account.AuditBroken || e.Bad != 1 || e.FirstBad == nil || e.NotChecked != 0 {
		t.Errorf("found %+v", e)
	}
	// Each look is an event.
	if n := scan[int](s.bench, `SELECT count(*) FROM faren.audit_event WHERE action = 'verification.evidence' AND outcome = 'done'`); n != 1 {
		t.Errorf("%d looks are on record", n)
	}
}

func TestDoctorTellsTheAgeOfTheSeal(t *testing.T) {
	t.Parallel()
	s := newSealed(t)
	s.events(3)
	look := func(status, told string) {
		t.Helper()
		found := examine(t, open(t, s.db, func(o *service.Options) {
			healthy(o)
			o.Config.AuditCheckpoints, o.Config.AuditPublicKey = s.dir, s.key+".pub"
		}), nil)
		expect(t, found, "audit", status, told)
	}
	look(service.CheckFailed, "CHECKPOINT_NOT_FOUND")
	if err := os.Mkdir(s.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	look(service.CheckWarning, "never sealed")
	found := examine(t, open(t, s.db, func(o *service.Options) { healthy(o); o.Config.AuditCheckpoints = s.dir }), nil)
	expect(t, found, "audit", service.CheckWarning, "audit.public_key")
	made := s.mustSeal()
	look(service.CheckOK, "sealed up to event 3, ")
	// As old as the policy, and older, by what the checkpoint says.
	s.signed(*made.File, made, -23*time.Hour)
	look(service.CheckOK, "sealed up to event 3, 23h")
	s.signed(*made.File, made, -25*time.Hour)
	look(service.CheckWarning, "farenctl audit seal")
	s.exec(`UPDATE faren.policy SET value = '172800' WHERE name = 'audit.seal_interval'`)
	look(service.CheckOK, "sealed up to event 3, 1d 1h")
	s.signed(*made.File, made, time.Hour)
	look(service.CheckWarning, "a time to come")
	s.signed(*made.File, made, -time.Hour)
	s.tamper(`DELETE FROM faren.audit_event WHERE event_id = 2`)
	look(service.CheckFailed, "2 of 3 are there")
	text, err := os.ReadFile(*made.File)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(*made.File, []byte(strings.Replace(string(text), "last-event 3", "last-event 2", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	look(service.CheckFailed, "CHECKPOINT_INVALID")
}

// signed writes a checkpoint again, as of another time.
func (s *sealed) signed(file string, made account.AuditSeal, ago time.Duration) {
	s.t.Helper()
	private, err := os.ReadFile(s.key)
	if err != nil {
		s.t.Fatal(err)
	}
	signer, public, err := audit.Signer(string(private))
	if err != nil {
		s.t.Fatal(err)
	}
	c, err := audit.ReadFile(file, public)
	if err != nil {
		s.t.Fatal(err)
	}
	c.At = made.At.Add(ago)
	text, err := c.Sign(signer)
	if err == nil {
		err = os.WriteFile(file, text, 0o600)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestRetentionIsAYearAtLeast(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	p, err := b.Policy(ctx, "audit.retention")
	if err != nil || *p.Minimum != 365*24*60*60 {
		t.Fatalf("%+v, %v", p, err)
	}
	_, err = b.SetPolicy(ctx, "audit.retention", "8759h")
	wantFault(t, err, "POLICY_VALUE_INVALID")
	if _, err := b.SetPolicy(ctx, "audit.retention", "8760h"); err != nil {
		t.Errorf("a year: %v", err)
	}
}
