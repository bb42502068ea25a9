package postgres_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/postgres"
)

func (w *world) reviewStats(q postgres.StatsQuery) account.ReviewStats {
	w.t.Helper()
	found, err := w.store.ReviewStats(context.Background(), q)
	if err != nil {
		w.t.Fatalf("statistics of reviews: %s", chain(err))
	}
	return found
}

// told writes statistics of reviews without what is zero.
func told(s account.ReviewStats) map[string]string {
	out := map[string]string{}
	for _, q := range s.Queue {
		out[q.Kind] = fmt.Sprint(q.Waiting, q.Ages)
		if q.DueToday != nil && q.Overdue != nil {
			out[q.Kind] += fmt.Sprint(" ", *q.DueToday, *q.Overdue)
		}
		if q.OldestAt != nil {
			out[q.Kind] += q.OldestAt.Format(" 2006-01-02T15:04Z07:00")
		}
	}
	for _, d := range s.Decisions {
		if d.Approved+d.Rejected+d.Mismatched > 0 {
			out[d.Kind+" "+d.Date] = fmt.Sprint(d.Approved, d.Rejected, d.Mismatched)
		}
	}
	for _, t := range s.Times {
		if t.MedianSeconds != nil && t.P90Seconds != nil {
			out[t.Kind+" took"] = fmt.Sprintf("%d %.0f %.0f", t.Decided, *t.MedianSeconds, *t.P90Seconds)
		}
	}
	return out
}

func TestAnEmptyDatabaseHasStatisticsOfZeros(t *testing.T) {
	t.Parallel()
	w := newOffice(t)
	s := w.reviewStats(postgres.StatsQuery{})
	if diff := cmp.Diff(map[string]string{"organization": "0 {0 0 0 0 0}", "comparison": "0 {0 0 0 0 0} 0 0"}, told(s)); diff != "" {
		t.Errorf("reviews (-want +got):\n%s", diff)
	}
	if s.Since != "2026-02-25" || s.Until != "2026-03-10" || len(s.Decisions) != 28 || s.Decisions[27].Date != "2026-03-10" || len(s.Times) != 2 {
		t.Errorf("%s to %s: %d rows, %v", s.Since, s.Until, len(s.Decisions), s.Times)
	}
	m, err := w.store.SMSStats(context.Background(), postgres.StatsQuery{Kinds: []string{"code", "approved"}})
	if err != nil {
		t.Fatal(chain(err))
	}
	if len(m.Kinds) != 2 || len(m.Days) != 28 || m.Attempts == nil || m.Answers == nil || m.Backlog != (account.SMSBacklog{}) {
		t.Errorf("messages: %+v", m)
	}
}

// Every decision counts, also the one that an application which was submitted again has lost.
func TestDecisionsAreCountedOnTheirDay(t *testing.T) {
	t.Parallel()
	w := newOffice(t)
	ctx := context.Background()
	again := w.compared(site(1), someone(2)).ID
	w.exec(`UPDATE faren.application SET submitted_at = submitted_at - interval '1 hour'`)
	w.settle(again, "reject")
	pgtest.On(t, w.super, "2026-03-10 23:59")
	if _, err := w.store.Resubmit(ctx, w.caller(), again, resubmission()); err != nil {
		t.Fatal(chain(err))
	}
	// Past midnight in China, on the same day in UTC.
	pgtest.On(t, w.super, "2026-03-11 00:02")
	w.settle(again, "approve")
	w.submitted(7, 1, someone(1))
	reviewer := w.signIn(someone(1))
	w.decide(reviewer, w.submitted(7, 1, someone(4)).ID, "reject")
	w.decide(reviewer, w.submitted(7, 1, someone(5)).ID, "approve")
	waiting := w.submitted(7, 1, someone(6)).ID
	w.exec(`UPDATE faren.application SET submitted_at = submitted_at - interval '25 hours' WHERE application_id = $1`, waiting.UUID())
	w.compared(site(2), someone(8))
	w.compared(abroad(3), someone(9))
	w.exec(`UPDATE faren.application SET due_at = submitted_at - interval '1 minute' WHERE status = 'pending-comparison' AND channel = 'overseas'`)

	all := map[string]string{
		"organization": "1 {0 0 0 1 0} 2026-03-09T15:02Z", "comparison": "2 {2 0 0 0 0} 0 1 2026-03-10T16:02Z",
		"comparison 2026-03-10": "0 0 1", "comparison 2026-03-11": "1 0 0", "organization 2026-03-11": "1 1 0",
		"comparison took": "2 1890 3258", "organization took": "2 0 0",
	}
	if diff := cmp.Diff(all, told(w.reviewStats(postgres.StatsQuery{}))); diff != "" {
		t.Errorf("all (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"comparison": all["comparison"], "comparison 2026-03-10": "0 0 1", "comparison took": "1 3600 3600"},
		told(w.reviewStats(postgres.StatsQuery{Kind: "comparison", Until: "2026-03-10"}))); diff != "" {
		t.Errorf("comparisons until the day before (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"organization": all["organization"], "comparison": "0 {0 0 0 0 0} 0 0", "organization 2026-03-11": "1 1 0", "organization took": "2 0 0"},
		told(w.reviewStats(postgres.StatsQuery{UnitCode: unitCode(7)}))); diff != "" {
		t.Errorf("one organization (-want +got):\n%s", diff)
	}
	// A project's organization is provisional until it is decided.
	if got := told(w.reviewStats(postgres.StatsQuery{UnitCode: site(2).code}))["comparison"]; got != "1 {1 0 0 0 0} 0 0 2026-03-10T16:02Z" {
		t.Errorf("one project: %s", got)
	}
	if got := told(w.reviewStats(postgres.StatsQuery{UnitCode: unitCode(99)})); len(got) != 2 {
		t.Errorf("an organization that is not there: %v", got)
	}
	pgtest.On(t, w.super, "2026-03-12 09:00")
	if got := told(w.reviewStats(postgres.StatsQuery{Kind: "comparison"}))["comparison"]; got != "2 {0 0 0 2 0} 1 1 2026-03-10T16:02Z" {
		t.Errorf("on the day of the deadline: %s", got)
	}

	// An event of before does not tell its submission: that of a decision which the application still has is known.
	w.exec(`ALTER TABLE faren.audit_event DISABLE TRIGGER audit_event_guard`)
	w.exec(`UPDATE faren.audit_event SET details = details - 'submitted_at'`)
	old := told(w.reviewStats(postgres.StatsQuery{Until: "2026-03-11"}))
	if old["comparison took"] != "2 180 180" || old["organization took"] != "2 0 0" {
		t.Errorf("without the submission in the event: %v", old)
	}
}

func TestPeriodsAreBounded(t *testing.T) {
	t.Parallel()
	w := newOffice(t)
	for name, q := range map[string]postgres.StatsQuery{
		"ends before it begins":   {Since: "2026-03-10", Until: "2026-03-09"},
		"begins after today":      {Since: "2026-03-11"},
		"is longer than a year":   {Since: "2025-03-09", Until: "2026-03-10"},
		"is of the last century":  {Since: "1926-03-09"},
		"is longer than anything": {Since: "0001-01-01", Until: "9999-12-31"},
	} {
		_, err := w.store.ReviewStats(context.Background(), q)
		if f := wantCode(t, err, "PERIOD_INVALID"); f.Details["since"] != q.Since {
			t.Errorf("%s: %v", name, f.Details)
		}
		_, err = w.store.SMSStats(context.Background(), q)
		wantCode(t, err, "PERIOD_INVALID")
	}
	if got := w.reviewStats(postgres.StatsQuery{Since: "2025-03-10", Until: "2026-03-10", Kind: "organization"}); len(got.Decisions) != 366 {
		t.Errorf("a year has %d days", len(got.Decisions))
	}
}

func TestMessagesAreCountedByWhatBecameOfThem(t *testing.T) {
	t.Parallel()
	w := newOffice(t)
	w.codes(t, 6)
	var n int
	set := func(change string) {
		n++
		w.exec(`UPDATE faren.sms SET `+change+` WHERE sms_id = (SELECT sms_id FROM faren.sms ORDER BY sms_id LIMIT 1 OFFSET $1)`, n-1)
	}
	claimed := `claim_id = gen_random_uuid(), claimed_by = 'x', next_attempt_at = NULL, `
	set(`next_attempt_at = next_attempt_at - interval '10 minutes'`)
	set(`status = 'sent', sent_at = created_at, attempts = 1, ` + claimed + `created_at = created_at - interval '13 hours'`)
	set(`status = 'dead', attempts = 3, last_code = 'NUMBER_BLOCKED', next_attempt_at = NULL`)
	set(`status = 'sending', attempts = 1, ` + claimed + `claimed_until = created_at - interval '1 second', last_code = 'http-504'`)
	set(`status = 'sending', attempts = 1, ` + claimed + `claimed_until = created_at + interval '1 hour'`)
	set(`next_attempt_at = next_attempt_at + interval '1 hour', attempts = 1, last_code = 'http-504'`)
	s, err := w.store.SMSStats(context.Background(), postgres.StatsQuery{Since: "2026-03-09", Kinds: []string{"code", "approved"}})
	if err != nil {
		t.Fatal(chain(err))
	}
	if b := s.Backlog; b.Due != 1 || b.Later != 1 || b.Sending != 1 || b.AgeSeconds < 600 || b.AgeSeconds > 900 || b.OldestDueAt == nil || s.At.Sub(*b.OldestDueAt).Seconds() < 600 {
		t.Errorf("backlog: %+v", b)
	}
	s.Backlog = account.SMSBacklog{}
	want := account.SMSStats{At: s.At, Since: "2026-03-09", Until: "2026-03-10",
		Kinds: []account.SMSKind{{Kind: "code", Queued: 2, Sending: 1, Sent: 1, Dead: 1, Unknown: 1}, {Kind: "approved"}},
		Days: []account.SMSDay{{Date: "2026-03-09", Kind: "code", Sent: 1}, {Date: "2026-03-09", Kind: "approved"},
			{Date: "2026-03-10", Kind: "code", Dead: 1, Unknown: 1, Waiting: 3}, {Date: "2026-03-10", Kind: "approved"}},
		Attempts: []account.SMSAttempts{{Attempts: 0, Messages: 1}, {Attempts: 1, Messages: 4}, {Attempts: 3, Messages: 1}},
		Answers:  []account.SMSAnswer{{Code: "http-504", Messages: 2}, {Code: "NUMBER_BLOCKED", Messages: 1}},
	}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// On tables of many years, most of which nobody asks for, statistics go by indexes.
func TestStatisticsReadNoTableFromEndToEnd(t *testing.T) {
	t.Parallel()
	w := newOffice(t)
	ctx := context.Background()
	w.submitted(1, 1, someone(1))
	w.decide(w.signIn(someone(1)), w.submitted(1, 1, someone(2)).ID, "reject")
	w.submitted(1, 1, someone(3))
	w.compared(site(2), someone(4))
	conn, err := w.super.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // of a test
	for _, statement := range []string{
		`SET session_replication_role = replica`, // the copies refer to nothing
		`INSERT INTO faren.application SELECT (jsonb_populate_record(a, jsonb_build_object('application_id', gen_random_uuid(), 'org_id', gen_random_uuid()))).*
			FROM faren.application a, generate_series(1, 8000) WHERE a.status = 'rejected'`,
		`INSERT INTO faren.sms SELECT (jsonb_populate_record(NULL::faren.sms, to_jsonb(m) || jsonb_build_object('sms_id', gen_random_uuid(), 'created_at', m.created_at - i * interval '1 hour',
				'status', 'dead', 'next_attempt_at', NULL))).*
			FROM (SELECT * FROM faren.sms ORDER BY sms_id LIMIT 1) m, generate_series(1, 8000) i`,
		`INSERT INTO faren.audit_event (org_id, at, operator, action, subject_kind, subject_id, outcome, details)
			SELECT e.org_id, e.at - i * interval '1 hour', e.operator, CASE WHEN i % 10 = 0 THEN e.action ELSE 'application.start' END, e.subject_kind, e.subject_id, e.outcome, e.details
			FROM (SELECT * FROM faren.audit_event WHERE action = 'application.reject') e, generate_series(1, 8000) i`,
		`ANALYZE`, `BEGIN`,
	} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	read := func() string {
		var told string
		if err := conn.QueryRowContext(ctx, `SELECT string_agg(relname || ' ' || seq_scan, ', ' ORDER BY relname) FROM pg_stat_xact_user_tables
			WHERE schemaname = 'faren' AND relname IN ('application', 'audit_event', 'sms')`).Scan(&told); err != nil {
			t.Fatal(err)
		}
		return told
	}
	before := read()
	for _, call := range []string{`api.review_stats('{}')`, `api.review_stats('{"unit_code": "` + unitCode(1) + `"}')`, `api.sms_stats('{"kinds": ["code"]}')`} {
		if _, err := conn.ExecContext(ctx, `SELECT `+call); err != nil {
			t.Fatal(err)
		}
		if after := read(); after != before {
			t.Errorf("%s reads from end to end: %s, before %s", call, after, before)
		}
	}
	// That a look from end to end is seen at all.
	if _, err := conn.ExecContext(ctx, `SELECT count(*) FROM faren.application WHERE decision_reason LIKE '%x%'`); err != nil || read() == before {
		t.Errorf("a look from end to end is not seen: %v", err)
	}
}
