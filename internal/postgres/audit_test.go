package postgres_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
)

func TestEveryChangeWritesItsAuditEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	steps := map[string]func() error{}
	order := []string{}
	step := func(action string, call func() error) { steps[action] = call; order = append(order, action) }
	var id account.ApplicationID
	var check account.VerificationID
	var reviewer func() postgres.Caller
	w.submitted(1, 1, someone(1))
	step("session.sign_in", func() error { reviewer = w.signIn(someone(1)); return nil })
	step("application.start", func() error { id = w.certify(w.register(1, someone(1))); return nil })
	step("sms.code", func() error { return w.code(someone(2).phone) })
	step("application.user", func() error {
		_, err := w.store.CreateUser(ctx, w.caller(), id, w.user(someone(2)))
		return err
	})
	step("verification.start", func() (err error) { check, err = w.startCheck(id, account.PurposeRegister, w.caller()); return err })
	step("verification.complete", func() error {
		_, err := w.store.CompleteVerification(ctx, w.caller(), check, account.ManualReview, nil)
		return err
	})
	step("verification.resolve", func() error {
		c := w.caller()
		c.Reason = "compared by hand"
		_, err := w.store.ResolveVerification(ctx, c, check, account.Passed)
		return err
	})
	step("application.reject", func() error {
		_, err := w.store.DecideApplication(ctx, reviewer(), id, decisionOf("reject"))
		return err
	})
	step("application.withdraw", func() error {
		_, err := w.store.WithdrawApplication(ctx, w.caller(), w.awaiting(1, 1, someone(3)))
		return err
	})
	step("application.approve", func() error { w.decide(reviewer, w.submitted(1, 1, someone(4)).ID, "approve"); return nil })
	step("reveal", func() error {
		c := w.caller()
		c.Reason, c.Ticket = "because", "T-1"
		_, _, err := w.store.Reveal(ctx, c, "application", id.UUID(), "phone")
		return err
	})
	step("register.import", func() error {
		_, err := w.store.ImportRegister(ctx, func() (postgres.Caller, error) { return w.caller(), nil }, false, func(*postgres.Staging) error { return nil })
		return err
	})
	step("session.revoke", func() error {
		w.signIn(someone(4))
		_, err := w.store.RevokeSession(ctx, w.caller(), account.SessionID(uuid.MustParse(scan[string](w, `SELECT session_id FROM faren.session ORDER BY created_at DESC LIMIT 1`))))
		return err
	})
	step("session.sign_out", func() error { _, err := w.store.SignOut(ctx, reviewer()); return err })
	for _, action := range order {
		if err := steps[action](); err != nil {
			t.Fatalf("%s: %s", action, chain(err))
		}
		last := scan[string](w, `SELECT action || ' ' || outcome FROM faren.audit_event ORDER BY event_id DESC LIMIT 1`)
		if last != action+" done" {
			t.Errorf("the newest event after %s is %q", action, last)
		}
	}
	// Every request but a mere look has an event that names it, with the login, and the ticket where there was one.
	for what, query := range map[string]string{
		"requests without an event": `SELECT function_name FROM faren.request r WHERE NOT EXISTS (SELECT FROM faren.audit_event e WHERE r.request_key = e.operator || '/' || e.request_id)`,
		"events without a request":  `SELECT action FROM faren.audit_event e WHERE NOT EXISTS (SELECT FROM faren.request r WHERE r.request_key = e.operator || '/' || e.request_id)`,
		"events of another login":   `SELECT action FROM faren.audit_event WHERE operator <> 'faren_local'`,
		"events without a subject":  `SELECT action FROM faren.audit_event WHERE subject_kind = '' OR subject_id = ''`,
		"decisions without session": `SELECT action FROM faren.audit_event WHERE action IN ('application.approve', 'application.reject', 'session.sign_out') AND session_id IS NULL`,
	} {
		if got := w.list(query); len(got) > 0 {
			t.Errorf("%s: %v", what, got)
		}
	}
	if got := scan[string](w, `SELECT ticket || ' ' || reason FROM faren.audit_event WHERE action = 'reveal'`); got != "T-1 because" {
		t.Errorf("ticket and reason: %q", got)
	}
}

func TestAuditHoldsNothingOfThePerson(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	_, err := v.store.SignIn(context.Background(), v.caller(), v.attempt(someone(5), false, []byte("t")))
	wantCode(t, err, "INVALID_CREDENTIALS")
	v.requestCode(t, someone(2).phone)
	text := strings.Join(v.list(`SELECT e::text FROM faren.audit_event e`), "\n")
	for n := range 9 {
		for _, secret := range []string{someone(n).name, someone(n).document, someone(n).phone, someone(n).username} {
			if strings.Contains(text, secret) {
				t.Errorf("the audit holds %q", secret)
			}
		}
	}
}

func TestAuditIsNeverChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.certify(w.register(1, someone(1)))
	before := w.contents()
	for _, role := range []string{"faren_owner", "faren_super"} {
		for _, statement := range []string{
			`UPDATE faren.audit_event SET code = 'X'`, `DELETE FROM faren.audit_event`, `TRUNCATE faren.audit_event`, `TRUNCATE faren.audit_event CASCADE`,
			`INSERT INTO faren.audit_event OVERRIDING SYSTEM VALUE SELECT * FROM faren.audit_event ON CONFLICT (org_id, event_id) DO UPDATE SET code = 'X'`,
			`MERGE INTO faren.audit_event e USING faren.audit_event x ON e.event_id = x.event_id WHEN MATCHED THEN DELETE`,
			`WITH gone AS (DELETE FROM faren.audit_event RETURNING 1) SELECT count(*) FROM gone`,
		} {
			err := w.inRole(role, statement)
			var pqErr *pq.Error
			if !errors.As(err, &pqErr) || pqErr.Code != "42501" {
				t.Errorf("%s as %s: %v, want it refused with 42501", statement, role, err)
			}
		}
	}
	if diff := cmp.Diff(before, w.contents()); diff != "" {
		t.Errorf("changed:\n%s", diff)
	}
}

func (w *world) inRole(role, statement string) error {
	w.t.Helper()
	tx, err := w.super.BeginTx(context.Background(), &sql.TxOptions{})
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := tx.Exec(`SET LOCAL ROLE ` + role); err != nil {
		w.t.Fatal(err)
	}
	if _, err := tx.Exec(statement); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
