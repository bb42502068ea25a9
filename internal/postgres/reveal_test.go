package postgres_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/pgtest"
)

const (
	requestReveal = `SELECT api.request_reveal($1, $2)`
	reveal        = `SELECT api.reveal($1, $2)`
)

// looker is a login that reveals fields with plain SQL.
type looker struct {
	t    testing.TB
	w    *world
	conn *sql.Conn
}

func (w *world) looker(roles ...string) looker {
	return looker{t: w.t, w: w, conn: w.as(roles...)}
}

func (l looker) exec(statements ...string) {
	l.t.Helper()
	for _, statement := range statements {
		if _, err := l.conn.ExecContext(context.Background(), statement); err != nil {
			l.t.Fatalf("%s: %v", statement, err)
		}
	}
}

// caller is of a new request with a reason.
func (l looker) caller() string {
	return fmt.Sprintf(`{"request_id": %q, "index_check": %q, "reason": "a test"}`, uuid.New(), l.w.keys.IndexCheck())
}

// call runs a function and gives the code of its refusal; empty: it was done.
func (l looker) call(query, request string) string {
	l.t.Helper()
	return l.callAs(l.caller(), query, request)
}

func (l looker) callAs(caller, query, request string) string {
	l.t.Helper()
	answer := called(l.t, l.conn, query, caller, request)
	if len(answer.Refused) > 0 {
		return fmt.Sprint(answer.Refused[0]["code"])
	}
	if sealed, _ := answer.Result["sealed"].(string); query == reveal && sealed == "" {
		l.t.Errorf("%s gives nothing", query)
	}
	return ""
}

func (l looker) want(code, query, request string) {
	l.t.Helper()
	if got := l.call(query, request); got != code {
		l.t.Errorf("%s of %s: %q, want %q", query, request, got, code)
	}
}

func (w *world) reveals() int {
	return scan[int](w, `SELECT count(*) FROM faren.audit_event WHERE action = 'reveal' AND outcome = 'done'`)
}

// What is shown cannot lose its trace: within the transaction that asks, whose rollback would take the trace along, nothing is handed out.
func TestNothingIsRevealedInTheTransactionThatAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	phone := fmt.Sprintf(`{"kind": "application", "id": %q, "field": "phone"}`, w.awaiting(1, 1, someone(2)).UUID())
	for name, statements := range map[string]struct{ before, between []string }{
		"one transaction":                {before: []string{"BEGIN"}},
		"a savepoint around the request": {before: []string{"BEGIN", "SAVEPOINT a"}, between: []string{"RELEASE a"}},
		"a savepoint between":            {before: []string{"BEGIN"}, between: []string{"SAVEPOINT a"}},
		"a savepoint in a savepoint":     {before: []string{"BEGIN", "SAVEPOINT a", "SAVEPOINT b"}, between: []string{"RELEASE b", "SAVEPOINT c"}},
		"repeatable read":                {before: []string{"BEGIN ISOLATION LEVEL REPEATABLE READ"}},
		"serializable":                   {before: []string{"BEGIN ISOLATION LEVEL SERIALIZABLE"}},
	} {
		t.Run(name, func(t *testing.T) {
			l := w.looker("faren_reviewer")
			l.t = t
			l.exec(statements.before...)
			l.want("", requestReveal, phone)
			l.exec(statements.between...)
			l.want("REVEAL_NOT_GRANTED", reveal, phone)
			l.exec("ROLLBACK")
			// And what was rolled back is worth nothing later.
			l.want("REVEAL_NOT_GRANTED", reveal, phone)
		})
	}
	t.Run("one statement", func(t *testing.T) {
		l := w.looker("faren_reviewer")
		var asked, answer string
		if err := l.conn.QueryRowContext(context.Background(), `SELECT api.request_reveal($1, $3), api.reveal($2, $3)`, l.caller(), l.caller(), phone).Scan(&asked, &answer); err != nil {
			t.Fatal(err)
		}
		if got := scan[string](w, `SELECT $1::jsonb #>> '{refused,0,code}'`, answer); got != "REVEAL_NOT_GRANTED" {
			t.Errorf("it answers %s", answer)
		}
	})
	t.Run("a transaction that another has not committed", func(t *testing.T) {
		// The same login twice.
		dsn := w.db.Login(t, "faren_reviewer")
		a, b := looker{t: t, w: w, conn: connect(t, dsn)}, looker{t: t, w: w, conn: connect(t, dsn)}
		a.exec("BEGIN")
		a.want("", requestReveal, phone)
		b.want("REVEAL_NOT_GRANTED", reveal, phone)
		a.exec("COMMIT")
		b.want("", reveal, phone)
	})
	t.Run("without asking", func(t *testing.T) {
		l := w.looker("faren_reviewer")
		l.want("REVEAL_NOT_GRANTED", reveal, phone)
	})
	if got := w.reveals(); got != 2 {
		t.Errorf("%d reveals are on record, want 2: those that were committed", got)
	}
}

func TestGrantIsForOneLoginRecordAndFieldOnceWithinAMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.awaiting(1, 1, someone(2)).UUID(), w.awaiting(1, 1, someone(3)).UUID()
	phone := fmt.Sprintf(`{"kind": "application", "id": %q, "field": "phone"}`, first)
	l, other := w.looker("faren_reviewer"), w.looker("faren_reviewer")
	l.want("", requestReveal, phone)
	other.want("REVEAL_NOT_GRANTED", reveal, phone)
	l.want("REVEAL_NOT_GRANTED", reveal, fmt.Sprintf(`{"kind": "application", "id": %q, "field": "name"}`, first))
	l.want("REVEAL_NOT_GRANTED", reveal, fmt.Sprintf(`{"kind": "application", "id": %q, "field": "phone"}`, second))
	l.want("REVEAL_NOT_GRANTED", reveal, fmt.Sprintf(`{"kind": "account", "id": %q, "field": "phone"}`, first))
	l.want("REVEAL_NOT_GRANTED", reveal, `{}`)

	// A use that is rolled back is none; its trace is the request's, and stays.
	l.exec("BEGIN")
	l.want("", reveal, phone)
	l.exec("ROLLBACK")
	caller := l.caller()
	if got := l.callAs(caller, reveal, phone); got != "" {
		t.Errorf("the use of a grant: %s", got)
	}
	if got := l.callAs(caller, reveal, phone); got != "" {
		t.Errorf("the same request, whose answer was lost: %s", got)
	}
	l.want("REVEAL_NOT_GRANTED", reveal, phone)
	if got := w.reveals(); got != 1 {
		t.Errorf("%d reveals are on record, want 1", got)
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.request WHERE function_name = 'reveal' AND result ? 'result'`); n != 0 {
		t.Errorf("%d answers of reveal are kept, from which it could be had again", n)
	}

	l.want("", requestReveal, phone)
	w.exec(`UPDATE faren.setting SET clock_offset = clock_offset + interval '61 seconds'`)
	l.want("REVEAL_NOT_GRANTED", reveal, phone)
}

func TestOneOfTwoUsesAGrant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	phone := fmt.Sprintf(`{"kind": "application", "id": %q, "field": "phone"}`, w.awaiting(1, 1, someone(2)).UUID())
	dsn := w.db.Login(t, "faren_reviewer")
	a, b := looker{t: t, w: w, conn: connect(t, dsn)}, looker{t: t, w: w, conn: connect(t, dsn)}
	a.want("", requestReveal, phone)
	a.exec("BEGIN")
	a.want("", reveal, phone)
	late := make(chan string)
	go func() { late <- b.call(reveal, phone) }()
	w.await("the second to wait", `SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
	a.exec("COMMIT")
	if got := <-late; got != "REVEAL_NOT_GRANTED" {
		t.Errorf("the second use: %q", got)
	}
	// Two grants are two looks, whoever is first.
	a.want("", requestReveal, phone)
	b.want("", requestReveal, phone)
	a.exec("BEGIN")
	a.want("", reveal, phone)
	b.want("", reveal, phone)
	a.exec("COMMIT")
}

// connect is as, for a login that is there.
func connect(t testing.TB, dsn string) *sql.Conn {
	t.Helper()
	conn, err := pgtest.Open(t, dsn).Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestTicketAndQuotaAreDemandedOfEveryKindOfRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.submitted(1, 1, someone(1))
	w.requestCode(t, someone(3).phone)
	l := w.looker("faren_reviewer")
	w.exec(`UPDATE faren.policy SET value = '0' WHERE name = 'reveal.daily'`)
	for kind, request := range map[string]string{
		"application": fmt.Sprintf(`{"kind": "application", "id": %q, "field": "phone"}`, a.ID.UUID()),
		"account":     fmt.Sprintf(`{"kind": "account", "id": %q, "field": "phone"}`, a.AccountID.UUID()),
		"sms":         fmt.Sprintf(`{"kind": "sms", "id": %q, "field": "text"}`, scan[string](w, `SELECT sms_id FROM faren.sms WHERE kind = 'code'`)),
	} {
		w.exec(`UPDATE faren.policy SET value = 'required' WHERE name = 'reveal.ticket'`)
		l.want("REVEAL_TICKET_REQUIRED", requestReveal, request)
		w.exec(`UPDATE faren.policy SET value = 'optional' WHERE name = 'reveal.ticket'`)
		l.want("REVEAL_LIMIT", requestReveal, request)
		l.want("REVEAL_NOT_GRANTED", reveal, request)
		w.exec(`UPDATE faren.setting SET environment = 'production'`)
		if kind == "sms" {
			l.want("CODE_REVEAL_REFUSED", requestReveal, request)
		}
		w.exec(`UPDATE faren.setting SET environment = 'test'`)
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.reveal_day`); n != 0 {
		t.Errorf("what was refused is counted: %d rows", n)
	}
	for request, code := range map[string]string{
		`{"kind": "application", "id": "` + uuid.NewString() + `", "field": "phone"}`:         "APPLICATION_NOT_FOUND",
		`{"kind": "account", "id": "` + uuid.NewString() + `", "field": "phone"}`:             "ACCOUNT_NOT_FOUND",
		`{"kind": "sms", "id": "` + uuid.NewString() + `", "field": "text"}`:                  "SMS_NOT_FOUND",
		fmt.Sprintf(`{"kind": "account", "id": %q, "field": "password"}`, a.AccountID.UUID()): "FIELD_EMPTY",
	} {
		l.want(code, requestReveal, request)
	}
}

// The code's text is asked for before the environment becomes production, and read after it.
func TestCodeIsNotHandedOutOnProductionByAnEarlierGrant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.requestCode(t, someone(3).phone)
	text := fmt.Sprintf(`{"kind": "sms", "id": %q, "field": "text"}`, scan[string](w, `SELECT sms_id FROM faren.sms`))
	l := w.looker("faren_reviewer")
	l.want("", requestReveal, text)
	w.exec(`UPDATE faren.setting SET environment = 'production'`)
	l.want("CODE_REVEAL_REFUSED", reveal, text)
}

// A day is one of China: it begins at 16:00 UTC.
func TestQuotaIsOfADayInChina(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	phone := fmt.Sprintf(`{"kind": "application", "id": %q, "field": "phone"}`, w.awaiting(1, 1, someone(2)).UUID())
	w.exec(`UPDATE faren.policy SET value = '2' WHERE name = 'reveal.daily'`)
	at := func(time string) {
		w.exec(`UPDATE faren.setting SET clock_offset = $1::timestamptz - clock_timestamp()`, time)
	}
	l, other := w.looker("faren_reviewer"), w.looker("faren_admin")
	at("2026-03-10 15:58:00Z")
	l.want("", requestReveal, phone)
	l.want("", requestReveal, phone)
	l.want("REVEAL_LIMIT", requestReveal, phone)
	if got := scan[string](w, `SELECT result #>> '{refused,0,until}' FROM faren.request WHERE function_name = 'request_reveal' AND result ? 'refused'`); got != "2026-03-10T16:00:00+00:00" {
		t.Errorf("it ends at %s", got)
	}
	other.want("", requestReveal, phone)
	at("2026-03-10 16:00:01Z")
	l.want("", requestReveal, phone)
	l.want("", requestReveal, phone)
	l.want("REVEAL_LIMIT", requestReveal, phone)
	at("2026-03-14 16:00:01Z")
	l.want("", requestReveal, phone)
	if n := scan[int](w, `SELECT count(*) FROM faren.reveal_day WHERE day < '2026-03-15' AND shown = 2`); n != 0 {
		t.Errorf("%d days of long ago are kept", n)
	}
}

func TestRevealIsForReviewersOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, role := range []string{"faren_registrar", "faren_support", "faren_auditor", "faren_fixture"} {
		conn := w.as(role)
		denied(t, conn, `SELECT api.request_reveal('{}', '{}')`)
		denied(t, conn, `SELECT api.reveal('{}', '{}')`)
		denied(t, conn, `SELECT api.request_document('{}', gen_random_uuid(), 'licence')`)
	}
}

func TestDryRunGrantsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	phone := fmt.Sprintf(`{"kind": "application", "id": %q, "field": "phone"}`, w.awaiting(1, 1, someone(2)).UUID())
	l := w.looker("faren_reviewer")
	l.exec("BEGIN")
	caller := fmt.Sprintf(`{"request_id": %q, "index_check": %q, "reason": "a test", "dry_run": true}`, uuid.New(), w.keys.IndexCheck())
	if got := l.callAs(caller, requestReveal, phone); got != "DRY_RUN_IMPOSSIBLE" {
		t.Errorf("a dry run: %q", got)
	}
	if _, err := l.conn.ExecContext(context.Background(), "COMMIT"); err == nil {
		t.Error("a dry run was committed")
	}
	l.want("REVEAL_NOT_GRANTED", reveal, phone)
}

// Documents go by the same grants, but are not counted: who compares reads many.
func TestDocumentIsReadOnlyWhenTheRequestIsCommitted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE faren.policy SET value = '0' WHERE name = 'reveal.daily'`)
	id := w.compared(abroad(1), someone(4)).ID.UUID()
	l := w.looker("faren_reviewer")
	const request, read = `SELECT api.request_document($1, $3, $2)`, `SELECT answer FROM api.read_document($1, $3, $2)`
	call := func(query, wanted string) string {
		answer := called(t, l.conn, query, l.caller(), wanted, id)
		if len(answer.Refused) > 0 {
			return fmt.Sprint(answer.Refused[0]["code"])
		}
		return ""
	}
	want := func(code, query string) {
		t.Helper()
		if got := call(query, "licence"); got != code {
			t.Errorf("%s: %q, want %q", query, got, code)
		}
	}
	want("REVEAL_NOT_GRANTED", read)
	l.exec("BEGIN")
	want("", request)
	want("REVEAL_NOT_GRANTED", read)
	l.exec("ROLLBACK")
	want("REVEAL_NOT_GRANTED", read)
	want("", request)
	if got := call(read, "agent-document"); got != "REVEAL_NOT_GRANTED" {
		t.Errorf("another document: %q", got)
	}
	var content []byte
	if err := l.conn.QueryRowContext(context.Background(), `SELECT content FROM api.read_document($1, $2, 'licence')`, l.caller(), id).Scan(&content); err != nil || len(content) == 0 {
		t.Errorf("the document: %d bytes, %v", len(content), err)
	}
	want("REVEAL_NOT_GRANTED", read)
	if n := scan[int](w, `SELECT count(*) FROM faren.audit_event WHERE action = 'document.read' AND outcome = 'done'`); n != 1 {
		t.Errorf("%d readings are on record, want 1", n)
	}
}
