package postgres_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
)

func TestRepeatGivesTheSameAnswerWithOneEffect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	application := newApplication(w.register(1, someone(1)))
	c := w.caller()
	first, err := w.store.CertifyOrganization(ctx, c, application)
	if err != nil {
		t.Fatal(err)
	}
	before := w.contents()
	second, err := w.store.CertifyOrganization(ctx, c, application)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("the repeat's answer (-first +second):\n%s", diff)
	}
	if diff := cmp.Diff(before, w.contents()); diff != "" {
		t.Errorf("the repeat changed:\n%s", diff)
	}
}

func TestRepeatOfARefusalIsTheSameRefusal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	c := w.caller()
	application := newApplication(w.facts(1, someone(1)))
	_, err := w.store.CertifyOrganization(ctx, c, application)
	wantCode(t, err, "ORGANIZATION_NOT_FOUND")
	w.register(1, someone(1))
	before := w.contents()
	_, err = w.store.CertifyOrganization(ctx, c, application)
	wantCode(t, err, "ORGANIZATION_NOT_FOUND")
	if diff := cmp.Diff(before, w.contents()); diff != "" {
		t.Errorf("the repeat changed:\n%s", diff)
	}
	c.RequestID = uuid.New()
	if _, err := w.store.CertifyOrganization(ctx, c, application); err != nil {
		t.Errorf("another request: %v", err)
	}
}

func TestSixteenRepeatsAtOnceHaveOneEffect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	id := w.awaiting(1, 1, someone(2))
	check, err := w.startCheck(id, account.PurposeRegister, w.caller())
	if err != nil {
		t.Fatal(err)
	}
	c := w.caller()
	type answer struct {
		out account.VerificationOutcome
		err error
	}
	answers := make(chan answer, 16)
	for range 16 {
		store := openStore(t, w.db.Local(), time.Minute)
		go func() {
			out, err := store.CompleteVerification(ctx, c, check, account.Passed, nil)
			answers <- answer{out, err}
		}()
	}
	first := <-answers
	if first.err != nil {
		t.Fatal(first.err)
	}
	for range 15 {
		if diff := cmp.Diff(first, <-answers, cmp.AllowUnexported(answer{})); diff != "" {
			t.Errorf("another answer:\n%s", diff)
		}
	}
	for what, n := range map[string]int{
		"audit events": scan[int](w, `SELECT count(*) FROM faren.audit_event WHERE action = 'verification.complete'`),
		"requests":     scan[int](w, `SELECT count(*) FROM faren.request WHERE function_name = 'complete_verification'`),
		"claims":       scan[int](w, `SELECT count(*) FROM faren.agent_claim`),
	} {
		if n != 1 {
			t.Errorf("%d %s, want 1", n, what)
		}
	}
}

func TestRequestIDBelongsToOneCallOfOneLogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	c := w.caller()
	a, err := w.store.CertifyOrganization(ctx, c, newApplication(w.register(1, someone(1))))
	if err != nil {
		t.Fatal(err)
	}
	before := w.contents()
	_, err = w.store.WithdrawApplication(ctx, c, a.ID)
	wantCode(t, err, "TRY_AGAIN")
	other := c
	other.ArgumentsHash = "other arguments"
	_, err = w.store.CertifyOrganization(ctx, other, newApplication(w.facts(1, someone(1))))
	wantCode(t, err, "TRY_AGAIN")
	if diff := cmp.Diff(before, w.contents()); diff != "" {
		t.Errorf("the refused calls changed:\n%s", diff)
	}
	// Another login with the same id neither meets nor sees the first one's answer.
	text := fmt.Sprintf(`{"request_id": %q, "index_check": %q}`, c.RequestID, w.keys.IndexCheck())
	got := called(t, w.as("faren_registrar"), `SELECT api.withdraw_application($1, $2)`, text, a.ID.UUID())
	if got.Result["status"] != "withdrawn" {
		t.Errorf("another login with the same id: %v", got)
	}
}

func TestSignInIsNotRepeated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submitted(1, 1, someone(1))
	c, attempt := w.caller(), w.attempt(someone(1), true, []byte("token"))
	if _, err := w.store.SignIn(context.Background(), c, attempt); err != nil {
		t.Fatal(err)
	}
	_, err := w.store.SignIn(context.Background(), c, attempt)
	wantCode(t, err, "TRY_AGAIN")
	if n := scan[int](w, `SELECT count(*) FROM faren.session`); n != 1 {
		t.Errorf("%d sessions", n)
	}
}

func TestOldRequestsAreSweptTenAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`INSERT INTO faren.request (request_key, operator, function_name, arguments_hash, result, created_at)
		SELECT 'x/' || i, 'x', 'f', '', '{}', clock_timestamp() - CASE WHEN i <= 15 THEN interval '8 days' ELSE interval '6 days' END
		FROM generate_series(1, 20) i`)
	f := w.register(1, someone(1))
	left := func() int { return scan[int](w, `SELECT count(*) FROM faren.request WHERE operator = 'x'`) }
	for _, want := range []int{10, 5, 5} {
		w.certify(f)
		if n := left(); n != want {
			t.Errorf("%d old requests are left, want %d", n, want)
		}
	}
	w.exec(`UPDATE faren.policy SET value = '86400' WHERE name = 'request.retention'`)
	w.certify(f)
	if n := left(); n != 0 {
		t.Errorf("%d requests are left after a shorter retention", n)
	}
}

// The test clock moves what the rules see, and the times that are written.
func TestClockOfTheRulesIsTheDatabases(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.certify(w.register(1, someone(1)))
	w.exec(`UPDATE faren.setting SET clock_offset = interval '25 hours'`)
	if a, err := w.store.Application(context.Background(), id); err != nil || a.Status != account.Expired {
		t.Errorf("a day later: %s, %v", a.Status, err)
	}
	_, err := w.store.CreateUser(context.Background(), w.caller(), id, w.user(someone(2)))
	if f := wantCode(t, err, "WRONG_STATE"); f.Details["status"] != account.Expired {
		t.Errorf("details: %v", f.Details)
	}
	if !scan[bool](w, `SELECT bool_and(at > clock_timestamp() + interval '24 hours' AND recorded_at < clock_timestamp()) FROM faren.audit_event WHERE action <> 'application.start'`) {
		t.Error("the audit does not have both clocks")
	}
}
