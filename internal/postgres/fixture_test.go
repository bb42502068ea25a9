package postgres_test

import (
	"context"
	"encoding/json"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/postgres"
)

// A table of organizations that is new must be thought of where fixtures are taken away.
func TestEveryTableOfOrganizationsIsClearedOfFixtures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	text, err := fs.ReadFile(postgres.Files, "functions/fixture_delete.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range w.list(`SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
		WHERE c.relnamespace = 'faren'::regnamespace AND c.relkind = 'r' ORDER BY 1`) {
		deleted := regexp.MustCompile(`DELETE FROM faren\.` + table + ` `).Match(text)
		if deleted != (table != "audit_event") {
			t.Errorf("%s is deleted from: %t", table, deleted)
		}
	}
}

// Production takes no password that is cheap to guess, whatever client sends it.
func TestWeakPasswordsAreRefusedOnProduction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE faren.setting SET password_params = '{"scheme": "argon2id", "memory": 19456, "time": 2, "parallelism": 1, "key_len": 32}'`)
	for params, refused := range map[string]bool{
		`{"scheme": "argon2id", "memory": 19456, "time": 2, "parallelism": 1, "key_len": 32}`: false,
		`{"scheme": "argon2id", "memory": 65536, "time": 1, "parallelism": 4, "key_len": 32}`: false,
		`{"scheme": "argon2id", "memory": 9216, "time": 4, "parallelism": 1, "key_len": 32}`:  false,
		`{"scheme": "argon2id", "memory": 8192, "time": 2, "parallelism": 1, "key_len": 32}`:  true,
		`{"scheme": "argon2id"}`:                                        true,
		`{"scheme": "plain", "memory": 99999999, "time": 99}`:           true,
		`{"scheme": "pbkdf2-sm3", "iterations": 600000, "key_len": 32}`: false,
		`{"scheme": "pbkdf2-sm3", "iterations": 100000, "key_len": 32}`: true,
		`{}`: true,
	} {
		for environment, want := range map[string]bool{"production": refused, "staging": false} {
			var weak bool
			if err := w.super.QueryRow(`SELECT faren.is_weak(jsonb_populate_record(NULL::faren.caller, jsonb_build_object('environment', $1::text)), $2::jsonb)`,
				environment, params).Scan(&weak); err != nil {
				t.Fatal(err)
			}
			if weak != want {
				t.Errorf("%s on %s: weak %t", params, environment, weak)
			}
		}
	}

	// Through the function that a user is made with.
	ctx := context.Background()
	id := w.certify(w.register(1, someone(1)))
	user := w.user(someone(1))
	user.Sandbox = false
	user.Credential.Params = json.RawMessage(`{"scheme": "argon2id", "memory": 8192, "time": 2, "parallelism": 1, "key_len": 32}`)
	user.CodeProof = []byte("proof")
	w.exec(`INSERT INTO faren.sms_code (phone_index, code_id, purpose, salt, code_hash, created_at, expires_at)
		VALUES ($1, gen_random_uuid(), 'register', '\x00', sha256('\x00'::bytea || 'proof'::bytea), clock_timestamp(), clock_timestamp() + interval '1 hour')`, []byte(user.Agent.PhoneIndex))
	w.exec(`UPDATE faren.setting SET environment = 'production'`)
	_, err := w.store.CreateUser(ctx, w.caller(), id, user)
	wantCode(t, err, "PASSWORD_PARAMS_REFUSED")
	if n := scan[int](w, `SELECT count(*) FROM faren.credential`); n != 0 {
		t.Errorf("%d credentials", n)
	}
	user.Credential.Params = json.RawMessage(`{"scheme": "argon2id", "memory": 19456, "time": 2, "parallelism": 1, "key_len": 32}`)
	if _, err := w.store.CreateUser(ctx, w.caller(), id, user); err != nil {
		t.Errorf("a strong one: %v", err)
	}
}

// A run that lost its namespace to another ends nothing there.
func TestOnlyTheRunThatHasANamespaceFinishesInIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	one, two := uuid.New(), uuid.New()
	code := "91339912FX4QKENF7M"
	wanted := postgres.FixtureWanted{Namespace: "n", Run: one, Claim: true, Seconds: 60,
		Organizations: []postgres.FixtureOrganization{{Key: "a", Spec: "1", UnitCode: &code, Applications: []uuid.UUID{}, Codes: []uuid.UUID{}}}}
	if plan, err := w.store.OpenFixture(ctx, w.caller(), wanted); err != nil || plan.Changes != 1 || plan.BusyUntil != nil {
		t.Fatalf("the first run: %+v %v", plan, err)
	}
	wanted.Run = two
	if plan, err := w.store.OpenFixture(ctx, w.caller(), wanted); err != nil || plan.BusyUntil == nil {
		t.Errorf("a second run beside it: %+v %v", plan, err)
	}
	if plan, err := w.store.DeleteFixture(ctx, w.caller(), postgres.FixtureGone{Namespace: "n", Run: two}); err != nil || plan.BusyUntil == nil {
		t.Errorf("a deletion beside it: %+v %v", plan, err)
	}
	wanted.Force = true
	if plan, err := w.store.OpenFixture(ctx, w.caller(), wanted); err != nil || plan.Changes != 1 || *plan.Organizations[0].Why != "unfinished" {
		t.Errorf("a second run by force: %+v %v", plan, err)
	}
	_, err := w.store.FinishFixture(ctx, w.caller(), postgres.FixtureDone{Namespace: "n", Run: one, Key: "a", Made: []postgres.FixtureMade{}})
	wantCode(t, err, "FIXTURE_BUSY")
	if err := w.store.CloseFixture(ctx, w.caller(), "n", one); err != nil {
		t.Errorf("the first run's end: %v", err)
	}
	if _, err = w.store.FinishFixture(ctx, w.caller(), postgres.FixtureDone{Namespace: "n", Run: two, Key: "a", Made: []postgres.FixtureMade{}}); err != nil {
		t.Errorf("the second run's work: %v", err)
	}
	if err := w.store.CloseFixture(ctx, w.caller(), "n", two); err != nil {
		t.Error(err)
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.fixture WHERE claimed_by IS NULL`); n != 1 {
		t.Error("the namespace is still claimed")
	}
	if strings.Contains(scan[string](w, `SELECT string_agg(details::text, ' ') FROM faren.audit_event`), code) {
		t.Error("the audit has the unit code")
	}
}
