package postgres_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/pgtest"
)

// A dry run passes steps whose code it leaves unexamined: whoever could commit one would pass them for good.
func TestNobodyCommitsADryRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.certify(w.register(1, someone(1)))
	c := w.caller()
	c.DryRun = true
	caller, user := encoded(t, c), w.user(someone(2))
	user.Sandbox, user.CodeProof = false, nil
	document := encoded(t, user)
	db := pgtest.Open(t, w.db.Local())
	ctx := context.Background()
	for name, tricks := range map[string][]string{
		"by itself":                   nil,
		"with constraints deferred":   {`SET CONSTRAINTS ALL DEFERRED`},
		"with constraints at once":    {`SET CONSTRAINTS ALL IMMEDIATE`},
		"after deleting its mark":     {`DELETE FROM faren.dry_run`},
		"with the trigger off":        {`ALTER TABLE faren.dry_run DISABLE TRIGGER ALL`},
		"as a replica":                {`SET session_replication_role = replica`},
		"as the owner":                {`SET ROLE faren_owner`, `DELETE FROM faren.dry_run`},
		"with a savepoint kept":       {`SAVEPOINT here`, `RELEASE SAVEPOINT here`},
		"prepared for another commit": {`PREPARE TRANSACTION 'dry'`},
	} {
		t.Run(name, func(t *testing.T) {
			before := w.contents()
			tx, err := db.BeginTx(ctx, &sql.TxOptions{})
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
			var answer string
			if err := tx.QueryRow(`SELECT api.create_user($1, $2, $3)::text`, caller, id.UUID(), document).Scan(&answer); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(answer, `"awaiting-identity"`) {
				t.Fatalf("the dry run itself was refused: %s", answer)
			}
			for _, trick := range tricks {
				if _, err := tx.Exec(trick); err != nil {
					return // refused, which ends the transaction
				}
			}
			if err := tx.Commit(); err == nil {
				t.Error("it was committed")
			}
			if diff := cmp.Diff(before, w.contents()); diff != "" {
				t.Errorf("it changed:\n%s", diff)
			}
		})
	}
}

func TestSecretsAreNotTriedOrHandedOutByADryRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submitted(1, 1, someone(1))
	ctx := context.Background()
	c := w.caller()
	c.DryRun, c.Reason = true, "test"
	tx, err := pgtest.Open(t, w.db.Local()).BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing is kept
	for _, call := range []string{
		`api.open_attempt($1, '{"kind": "sign_in"}')`, `api.sign_in($1, '{"username_index": "00", "derived": "00"}')`, `api.reveal($1, '{"kind": "sms"}')`, `api.read_document($1, gen_random_uuid(), 'licence')`,
		`api.request_reveal($1, '{"kind": "sms"}')`, `api.request_document($1, gen_random_uuid(), 'licence')`,
		`api.prove_recovery($1, gen_random_uuid(), '{"code_proof": "00"}')`, `api.sign_in_organization($1, '{}')`, `api.verification_evidence($1, gen_random_uuid())`,
	} {
		var answer string
		if err := tx.QueryRow(`SELECT (`+call+`)::text`, encoded(t, c)).Scan(&answer); err != nil {
			t.Fatalf("%s: %v", call, err)
		}
		if !strings.Contains(answer, "DRY_RUN_IMPOSSIBLE") {
			t.Errorf("%s: %s", call, answer)
		}
		c.RequestID = uuid.New()
	}
}

func TestKeyBelongsToOneCommandOfOneLogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	keyed := func(hash string, part int) (c account.ApplicationID, err error) {
		caller := w.caller()
		caller.IdempotencyKey, caller.CommandHash, caller.ArgumentsHash, caller.Part = "nightly", "certify", hash, part
		a, err := w.store.CertifyOrganization(ctx, caller, newApplication(w.facts(1, someone(1))))
		return a.ID, err
	}
	w.register(1, someone(1))
	first, err := keyed("a", 0)
	if err != nil {
		t.Fatal(err)
	}
	before := w.contents()
	if again, err := keyed("a", 0); err != nil || again != first {
		t.Errorf("the repeat: %v, %v, want %v", again, err, first)
	}
	if !w.store.Replayed() {
		t.Error("the repeat does not say that it is one")
	}
	_, err = keyed("b", 0)
	wantCode(t, err, "IDEMPOTENCY_KEY_REUSED")
	caller := w.caller()
	caller.IdempotencyKey, caller.CommandHash = "nightly", "another command"
	_, err = w.store.WithdrawApplication(ctx, caller, first)
	wantCode(t, err, "IDEMPOTENCY_KEY_REUSED")
	if diff := cmp.Diff(before, w.contents()); diff != "" {
		t.Errorf("repeats and refusals changed:\n%s", diff)
	}
	second, err := keyed("a", 1)
	if err != nil || second == first || w.store.Replayed() {
		t.Errorf("another part of the command: %v, %v", second, err)
	}
	// Another login's key of the same name is another key.
	text := fmt.Sprintf(`{"request_id": %q, "index_check": %q, "idempotency_key": "nightly", "arguments_hash": "c"}`, uuid.NewString(), w.keys.IndexCheck())
	if got := called(t, w.as("faren_registrar"), `SELECT api.withdraw_application($1, $2)`, text, first.UUID()); got.Result["status"] != "withdrawn" {
		t.Errorf("another login with the same key: %v", got)
	}
}

func TestKeyRepeatsARefusalAndSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.caller()
	c.IdempotencyKey = "once"
	for try := range 2 {
		c.RequestID = uuid.New()
		_, err := w.store.CertifyOrganization(context.Background(), c, newApplication(w.facts(1, someone(1))))
		if f := wantCode(t, err, "ORGANIZATION_NOT_FOUND"); (f.Details["replayed"] == true) != (try == 1) {
			t.Errorf("try %d: details %v", try, f.Details)
		}
		w.register(1, someone(1))
	}
}

// encoded is a value as a function takes it.
func encoded(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
