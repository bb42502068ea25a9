package postgres_test

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/postgres"
)

// local is a plain connection of a login that is a member of every group role.
func (w *world) local() *sql.DB {
	w.t.Helper()
	return pgtest.Open(w.t, w.db.Local())
}

// inSession makes callers of a session, as plain SQL takes them.
func (w *world) inSession(holder func() postgres.Caller) func() string {
	return func() string {
		c := holder()
		return fmt.Sprintf(`{"request_id": %q, "index_check": %q, "session_org": %q, "session_token_hash": %q}`,
			c.RequestID, c.IndexCheck, c.SessionOrg.UUID(), hex.EncodeToString(c.SessionToken))
	}
}

// passReview gives the reviewer a passed face check for the application.
func (w *world) passReview(t testing.TB, id account.ApplicationID, reviewer func() postgres.Caller) {
	t.Helper()
	v, err := w.startCheck(id, account.PurposeReview, reviewer())
	if err != nil {
		t.Fatalf("start the reviewer's check: %v", err)
	}
	if _, err := w.store.CompleteVerification(context.Background(), w.caller(), v, account.Passed, nil); err != nil {
		t.Fatalf("complete the reviewer's check: %v", err)
	}
}

// advance moves the test clock on.
func (w *world) advance(by string) {
	w.t.Helper()
	w.exec(`UPDATE faren.setting SET clock_offset = clock_offset + $1::interval`, by)
}

// sameBut fails the test when a call changed a table other than its traces.
func (w *world) sameBut(before map[string]string, traces ...string) {
	w.t.Helper()
	skip := strings.Join(append(traces, "faren.request", "faren.audit_event"), " ") + " "
	for table, digest := range w.contents() {
		if !strings.Contains(skip, table+" ") && before[table] != digest {
			w.t.Errorf("the call changed %s", table)
		}
	}
}

func TestSignInWithoutTheRightDerivedPasswordOpensNoSession(t *testing.T) {
	t.Parallel()
	wrong := strings.Repeat("ab", 32)
	for name, change := range map[string]func(map[string]any){
		"missing":               func(a map[string]any) { delete(a, "derived") },
		"null":                  func(a map[string]any) { a["derived"] = nil },
		"empty":                 func(a map[string]any) { a["derived"] = "" },
		"wrong":                 func(a map[string]any) { a["derived"] = wrong },
		"cut short":             func(a map[string]any) { a["derived"] = fmt.Sprint(a["derived"])[:32] },
		"missing at no account": func(a map[string]any) { delete(a, "derived"); a["username_index"] = wrong },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.submitted(1, 1, someone(1))
			attempt := object(t, w.attempt(someone(1), true, []byte("token")))
			change(attempt)
			text, err := json.Marshal(attempt)
			if err != nil {
				t.Fatal(err)
			}
			db := w.local()
			for try := 1; try <= 5; try++ {
				want := "INVALID_CREDENTIALS"
				if try == 5 {
					want = "ACCOUNT_LOCKED" // the fifth failure locks, so each counted
				}
				var code sql.NullString
				if _, err := db.Exec(`SELECT api.open_attempt($1, CAST($2 AS jsonb) || '{"kind": "sign_in"}')`, w.callerJSON(), string(text)); err != nil {
					t.Fatal(err)
				}
				if err := db.QueryRow(`SELECT api.sign_in($1, $2) #>> '{refused,0,code}'`, w.callerJSON(), string(text)).Scan(&code); err != nil {
					t.Fatalf("try %d: %v", try, err)
				}
				if code.String != want {
					t.Errorf("try %d: %q, want %s", try, code.String, want)
				}
			}
			if n := scan[int](w, `SELECT count(*) FROM faren.session`); n != 0 {
				t.Errorf("%d sessions are open", n)
			}
		})
	}
}

func TestRightSignInsAtOnceAfterAFailureAllSucceed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.submitted(1, 1, someone(1))
	_, err := w.store.SignIn(ctx, w.caller(), w.attempt(someone(1), false, []byte("t")))
	wantCode(t, err, "INVALID_CREDENTIALS")
	const many = 8
	tx, err := w.super.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(`SELECT FROM faren.sign_in_failure FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	errs := make(chan error, many)
	for i := range many {
		store := openStore(t, w.db.Local(), time.Minute)
		attempt := w.attempt(someone(1), true, fmt.Appendf(nil, "token %d", i))
		go func() {
			_, err := store.SignIn(ctx, w.caller(), attempt)
			errs <- err
		}()
	}
	w.await("all to stand behind the row", `SELECT count(*) = $1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`, many)
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	for range many {
		if err := <-errs; err != nil {
			t.Errorf("a right password: %s", chain(err))
		}
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.session`); n != many {
		t.Errorf("%d sessions, want %d", n, many)
	}
}

func TestIDOfAnotherApplicationIsRefused(t *testing.T) {
	t.Parallel()
	for name, taken := range map[string]func(*world) account.ApplicationID{
		"an application's": func(w *world) account.ApplicationID { return w.awaiting(1, 1, someone(2)) },
		"an account's":     func(w *world) account.ApplicationID { return w.submitted(1, 1, someone(1)).ID },
		"a draft's":        func(w *world) account.ApplicationID { return w.certify(w.register(1, someone(1))) },
		"a withdrawn draft's": func(w *world) account.ApplicationID {
			id := w.certify(w.register(1, someone(1)))
			if _, err := w.store.WithdrawApplication(context.Background(), w.caller(), id); err != nil {
				w.t.Fatal(err)
			}
			return id
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			application := newApplication(w.register(2, someone(1)))
			application.ApplicationID = taken(w).UUID()
			before := w.contents()
			_, err := w.store.CertifyOrganization(context.Background(), w.caller(), application)
			wantCode(t, err, "ID_TAKEN")
			w.sameBut(before)
		})
	}
}

func TestOrganizationThatWasRevokedGetsNoUser(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"revoked", "cancelled"} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			ctx := context.Background()
			revoke := func() { w.exec(`UPDATE faren.register_entry SET status = $1`, status) }
			certified := w.certify(w.register(1, someone(1)))
			// The legal representative would have an account right after the check.
			check, err := w.startCheck(w.awaiting(2, 3, someone(3)), account.PurposeRegister, w.caller())
			if err != nil {
				t.Fatal(err)
			}
			revoke()
			before := w.contents()
			_, err = w.store.CreateUser(ctx, w.caller(), certified, w.user(someone(2)))
			if f := wantCode(t, err, "ORGANIZATION_NOT_ACTIVE"); f.Details["status"] != status {
				t.Errorf("details: %v", f.Details)
			}
			w.sameBut(before)
			_, err = w.store.CompleteVerification(ctx, w.caller(), check, account.Passed, nil)
			wantCode(t, err, "ORGANIZATION_NOT_ACTIVE")
			for _, table := range []string{"account", "agent_claim", "phone_claim", "username_claim"} {
				if n := scan[int](w, `SELECT count(*) FROM faren.`+table); n != 0 {
					t.Errorf("%s has %d rows", table, n)
				}
			}
		})
	}
}

func TestRefusedSignInsLeaveNoIndexInTheAudit(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	ctx := context.Background()
	for _, c := range []struct {
		number int
		right  bool
		tries  int
	}{{1, false, 6}, {77, true, 6}, {2, true, 1}, {4, true, 1}} {
		for range c.tries {
			if _, err := v.store.SignIn(ctx, v.caller(), v.attempt(someone(c.number), c.right, []byte("t"))); err == nil {
				t.Fatalf("person %d signed in", c.number)
			}
		}
	}
	if n := scan[int](v.world, `SELECT count(DISTINCT code) FROM faren.audit_event WHERE action = 'session.sign_in' AND outcome = 'refused'`); n != 3 {
		t.Fatalf("%d kinds of refusal, want 3", n)
	}
	text := strings.Join(v.list(`SELECT e::text FROM faren.audit_event e`), "\n")
	for _, number := range []int{1, 2, 4, 77} {
		index := v.keys.Index("username", someone(number).username)
		if strings.Contains(text, hex.EncodeToString(index)[:8]) {
			t.Errorf("the audit holds the beginning of the index of person %d", number)
		}
	}
}

func TestStrictPasswordAdviceGoesBeforeTheCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE faren.policy SET value = 'strict' WHERE name = 'password.advice'`)
	id := w.certify(w.register(1, someone(1)))
	w.requestCode(t, someone(2).phone)
	for _, code := range []string{"000000", "123456"} {
		u := w.user(someone(2))
		u.Sandbox, u.CodeProof, u.Advice = false, w.keys.CodeProof("register", someone(2).phone, code), []string{"phone"}
		before := w.contents()
		_, err := w.store.CreateUser(context.Background(), w.caller(), id, u)
		wantCode(t, err, "PASSWORD_WEAK")
		w.sameBut(before)
	}
	if n := scan[int](w, `SELECT attempts FROM faren.sms_code WHERE used_at IS NULL`); n != 0 {
		t.Errorf("%d tries of the code were counted", n)
	}
}

func TestSessionThatIsUsedOutlivesAShortIdleTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.exec(`UPDATE faren.policy SET value = '60' WHERE name = 'session.idle'`)
	w.submitted(1, 1, someone(1))
	holder := w.signIn(someone(1))
	for use := range 6 {
		w.advance("40 seconds")
		if _, err := w.store.CurrentSession(ctx, holder()); err != nil {
			t.Fatalf("use %d: %v", use, err)
		}
	}
	w.advance("61 seconds")
	_, err := w.store.CurrentSession(ctx, holder())
	wantCode(t, err, "SESSION_EXPIRED")
}

// Whatever is blank is no reason.
var blanks = map[string]string{"empty": "", "blank": "   ", "of tabs and lines": "\t\r\n", "of wide spaces": "\u3000\u3000"}

func TestDecisionOfUnknownKindIsRefused(t *testing.T) {
	t.Parallel()
	type fault struct {
		code   account.Code
		change func(*postgres.Decision)
	}
	cases := map[string]fault{
		"an unknown decision": {"VALUE_INVALID", func(d *postgres.Decision) { d.Decision = "postpone" }},
		"no decision":         {"VALUE_INVALID", func(d *postgres.Decision) { d.Decision = "" }},
		"an unknown channel":  {"VALUE_INVALID", func(d *postgres.Decision) { d.Channel = "pigeon" }},
		"no reason":           {"REASON_REQUIRED", func(d *postgres.Decision) { d.Reason = nil }},
	}
	for name, text := range blanks {
		cases["a reason "+name] = fault{"REASON_REQUIRED", func(d *postgres.Decision) { d.Reason = &text }}
	}
	v := newTown(t)
	v.passReview(t, v.pending.ID, v.reviewer)
	db, caller := v.local(), v.inSession(v.reviewer)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			d := decisionOf("reject")
			c.change(&d)
			text, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			ok, told := accepts(t, db, `SELECT api.decide_application($1, $2, $3)`, caller(), v.pending.ID.UUID(), string(text))
			if ok || !strings.Contains(told, `"code": "`+string(c.code)+`"`) {
				t.Errorf("got %s, want %s", told, c.code)
			}
		})
	}
}

func TestBlankReasonIsNoReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	id := w.awaiting(1, 1, someone(2))
	check, err := w.startCheck(id, account.PurposeRegister, w.caller())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.CompleteVerification(ctx, w.caller(), check, account.ManualReview, nil); err != nil {
		t.Fatal(err)
	}
	for name, reason := range blanks {
		t.Run(name, func(t *testing.T) {
			caller := func() postgres.Caller {
				c := w.caller()
				c.Reason = reason
				return c
			}
			_, _, err := w.store.Reveal(ctx, caller(), "application", id.UUID(), "phone")
			wantCode(t, err, "REASON_REQUIRED")
			_, err = w.store.ResolveVerification(ctx, caller(), check, account.Passed)
			wantCode(t, err, "REASON_REQUIRED")
		})
	}
}

func TestLookKeepsNoAnswer(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	ctx := context.Background()
	if _, err := v.store.CurrentSession(ctx, v.reviewer()); err != nil {
		t.Fatal(err)
	}
	if found, err := v.store.ReviewQueue(ctx, v.reviewer(), 10, nil); err != nil || len(found) != 1 {
		t.Fatalf("%d applications, %v", len(found), err)
	}
	if _, err := v.store.ReviewApplication(ctx, v.reviewer(), v.pending.ID); err != nil {
		t.Fatal(err)
	}
	if n := scan[int](v.world, `SELECT count(*) FROM faren.request WHERE function_name IN ('current_session', 'review_queue')`); n != 0 {
		t.Errorf("%d answers are kept", n)
	}
}

func TestWhatIsLongPastIsSweptByTheNext(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	index := func(domain, value string) []byte { return w.keys.Index(domain, value) }
	fail := func(p person) {
		t.Helper()
		if _, err := w.store.SignIn(ctx, w.caller(), w.attempt(p, false, []byte("t"))); err == nil {
			t.Fatal("signed in")
		}
	}
	old, recent, next := someone(1), someone(2), someone(3)
	fail(old)
	for range 5 {
		fail(someone(4)) // locked
	}
	w.requestCode(t, old.phone)
	w.advance("30 days")
	w.exec(`INSERT INTO faren.sms_code SELECT phone_index, $1, purpose, salt, code_hash, attempts, created_at, expires_at, used_at FROM faren.sms_code`, uuid.New())
	fail(recent)
	w.requestCode(t, recent.phone)
	w.advance("2 minutes")
	fail(next)
	w.requestCode(t, next.phone)
	for what, c := range map[string]struct{ query, domain, old, recent string }{
		"sign_in_failure": {`SELECT count(*) FROM faren.sign_in_failure WHERE username_index = $1`, "username", old.username, recent.username},
		"sms_code":        {`SELECT count(*) FROM faren.sms_code WHERE phone_index = $1`, "phone", old.phone, recent.phone},
		"sms_number":      {`SELECT count(*) FROM faren.sms_number WHERE phone_index = $1`, "phone", old.phone, recent.phone},
	} {
		if n := scan[int](w, c.query, index(c.domain, c.old)); n != 0 {
			t.Errorf("%s keeps %d rows of a month ago", what, n)
		}
		if n := scan[int](w, c.query, index(c.domain, c.recent)); n != 1 {
			t.Errorf("%s has %d rows of two minutes ago, want 1", what, n)
		}
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.sign_in_failure`); n != 2 {
		t.Errorf("%d rows of failures, want 2", n)
	}
}

// A certificate proves itself at once or not at all: nobody leaves it to staff, and no sign-in passes without its evidence.
func TestACertificateIsNotLeftToStaff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	v := w.opened(t, w.signing(1, someone(4)))
	for name, c := range map[string]struct {
		outcome string
		seen    *postgres.SeenPerson
	}{
		"left to staff":      {account.ManualReview, &postgres.SeenPerson{UnitCode: unitCode(1), Evidence: []byte{1}}},
		"without evidence":   {account.Passed, &postgres.SeenPerson{UnitCode: unitCode(1)}},
		"without anything":   {account.Passed, nil},
		"without an outcome": {"", &postgres.SeenPerson{UnitCode: unitCode(1), Evidence: []byte{1}}},
	} {
		_, err := w.store.CompleteVerification(ctx, w.caller(), v, c.outcome, c.seen)
		if codeOf(err) != "VALUE_INVALID" {
			t.Errorf("%s: %s, want VALUE_INVALID", name, chain(err))
		}
	}
	attempt := postgres.OrganizationAttempt{VerificationID: v.UUID(), SessionID: uuid.New(), TokenHash: make([]byte, 32)}
	_, err := w.store.SignInOrganization(ctx, w.caller(), attempt)
	wantCode(t, err, "SIGN_IN_NOT_PROVEN")
	// Why one failed is a word of a list; there is no room for anything else.
	if _, err := w.store.CompleteVerification(ctx, w.caller(), v, account.Failed, &postgres.SeenPerson{Cause: "王建国 330106198001010013"}); err != nil {
		t.Fatal(chain(err))
	}
	if got := scan[string](w, `SELECT failure FROM faren.verification`); got != "face-check" {
		t.Errorf("failure %q", got)
	}
}
