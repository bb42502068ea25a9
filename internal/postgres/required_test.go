package postgres_test

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
)

// guarded is a call that succeeds as it stands, and what of its document it can do without.
type guarded struct {
	query    string // $1 is the caller, $2 the document, the rest are args
	args     []any
	document any
	optional []string
	caller   func() string
}

// object is what a value is as JSON.
func object(t testing.TB, v any) map[string]any {
	t.Helper()
	return plain(t, v).(map[string]any)
}

// plain is a value as JSON has it: a copy that shares nothing with it.
func plain(t testing.TB, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// keysOf are the keys of an object, and those of its members that have keys which count. What is in a list is named by its place.
func keysOf(document any) []string {
	var keys []string
	switch document := document.(type) {
	case map[string]any:
		keys = slices.Sorted(maps.Keys(document))
		for _, inner := range []string{"agent", "credential", "unit", "documents", "results"} {
			for _, key := range keysOf(document[inner]) {
				keys = append(keys, inner+"."+key)
			}
		}
	case []any:
		for place, item := range document {
			for _, key := range keysOf(item) {
				keys = append(keys, fmt.Sprintf("%d.%s", place, key))
			}
		}
	}
	return keys
}

// without is the document whose key is taken out, or set to null.
func without(t testing.TB, document any, key string, null bool) any {
	t.Helper()
	changed := plain(t, document)
	at, outer := changed, strings.Split(key, ".")
	for _, step := range outer[:len(outer)-1] {
		if list, ok := at.([]any); ok {
			at = list[must(strconv.Atoi(step))]
		} else {
			at = at.(map[string]any)[step]
		}
	}
	if last := outer[len(outer)-1]; null {
		at.(map[string]any)[last] = nil
	} else {
		delete(at.(map[string]any), last)
	}
	return changed
}

// accepts runs a call, takes it back, and tells whether it succeeded and what it said.
func accepts(t testing.TB, db *sql.DB, query string, args ...any) (bool, string) {
	t.Helper()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing is to stay
	var raw []byte
	if err := tx.QueryRow(query, args...).Scan(&raw); err != nil {
		return false, err.Error()
	}
	var answer struct {
		Refused []any `json:"refused"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return len(answer.Refused) == 0, string(raw)
}

// No function takes a document that lacks what the function needs: a comparison with null must never let anything through.
func TestCallWithoutWhatItNeedsNeverSucceeds(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(t *testing.T, w *world) guarded{
		"check_organization": func(_ *testing.T, w *world) guarded {
			return guarded{query: `SELECT api.check_organization($2) WHERE $1::text IS NOT NULL`, document: w.register(1, someone(1))}
		},
		"certify_organization": func(_ *testing.T, w *world) guarded {
			entity, application := "market-entity", newApplication(w.register(1, someone(1)))
			application.EntityType = &entity
			return guarded{query: `SELECT api.certify_organization($1, $2)`, document: application, optional: []string{"entity_type"}}
		},
		"create_user with an SMS code": func(t *testing.T, w *world) guarded {
			id := w.certify(w.register(1, someone(1)))
			w.requestCode(t, someone(2).phone)
			user, mask := w.user(someone(2)), "*"
			user.Sandbox, user.CodeProof = false, w.keys.CodeProof("register", someone(2).phone, "123456")
			user.Agent.EmailMask, user.Agent.EmailSealed, user.Agent.LandlineMask, user.Agent.LandlineSealed = &mask, []byte{1}, &mask, []byte{1}
			return guarded{query: `SELECT api.create_user($1, $3, $2)`, args: []any{id.UUID()}, document: user, optional: []string{"advice", "sandbox"}}
		},
		"create_user in the sandbox": func(_ *testing.T, w *world) guarded {
			user := w.user(someone(2))
			return guarded{query: `SELECT api.create_user($1, $3, $2)`, args: []any{w.certify(w.register(1, someone(1))).UUID()}, document: user,
				optional: []string{"advice", "code_proof", "agent.email_mask", "agent.email_sealed", "agent.landline_mask", "agent.landline_sealed"}}
		},
		"request_sms_code": func(_ *testing.T, w *world) guarded {
			return guarded{query: `SELECT api.request_sms_code($1, $2)`, document: map[string]any{"sms_id": uuid.New(), "code_id": uuid.New(),
				"purpose": "register", "phone_index": hex.EncodeToString(w.keys.Index("phone", someone(2).phone)), "phone_mask": "*",
				"phone_sealed": "01", "params_sealed": "01", "proof": hex.EncodeToString(w.keys.CodeProof("register", someone(2).phone, "123456"))}}
		},
		"start_verification for a registration": func(_ *testing.T, w *world) guarded {
			return guarded{query: `SELECT api.start_verification($1, $2)`, document: map[string]any{"verification_id": uuid.New(), "purpose": "register",
				"application_id": w.awaiting(1, 1, someone(2)).UUID(), "provider": "sandbox", "reference": "r", "qr_uri": "q"}}
		},
		"start_verification for a review": func(_ *testing.T, w *world) guarded {
			w.submitted(1, 1, someone(1))
			reviewer := w.signIn(someone(1))
			return guarded{query: `SELECT api.start_verification($1, $2)`, caller: w.inSession(reviewer), document: map[string]any{"verification_id": uuid.New(),
				"purpose": "review", "application_id": w.submitted(1, 1, someone(2)).ID.UUID(), "provider": "sandbox", "reference": "r", "qr_uri": "q"}}
		},
		"complete_verification with the person seen": func(t *testing.T, w *world) guarded {
			v, err := w.startCheck(w.awaiting(1, 1, someone(2)), account.PurposeRegister, w.caller())
			if err != nil {
				t.Fatal(err)
			}
			// The sandbox plays whoever is expected; every other provider has to say whom it saw.
			w.exec(`UPDATE faren.verification SET provider = 'oidc', secret_sealed = '\x01', poll_seconds = 5, next_poll_at = now()`)
			return guarded{query: `SELECT api.complete_verification($1, $3, 'passed', $2)`, args: []any{v.UUID()}, document: map[string]any{
				"name_index":    hex.EncodeToString(w.keys.Index("person-name", someone(2).name)),
				"document_type": "resident-id", "document_index": hex.EncodeToString(w.keys.Index("document-number", someone(2).document)),
				"evidence_sealed": "01", "evidence_hash": strings.Repeat("01", 32)}}
		},
		"decide_application to reject": func(_ *testing.T, w *world) guarded {
			w.submitted(1, 1, someone(1))
			reviewer := w.signIn(someone(1))
			return guarded{query: `SELECT api.decide_application($1, $3, $2)`, args: []any{w.submitted(1, 1, someone(2)).ID.UUID()},
				caller: w.inSession(reviewer), document: decisionOf("reject"), optional: []string{"channel", "verification_id", "params_sealed"}}
		},
		"decide_application to approve": func(t *testing.T, w *world) guarded {
			w.submitted(1, 1, someone(1))
			reviewer := w.signIn(someone(1))
			id := w.submitted(1, 1, someone(2)).ID
			w.passReview(t, id, reviewer)
			return guarded{query: `SELECT api.decide_application($1, $3, $2)`, args: []any{id.UUID()}, caller: w.inSession(reviewer),
				document: decisionOf("approve"), optional: []string{"channel", "reason", "verification_id", "params_sealed"}}
		},
		"sign_in": func(_ *testing.T, w *world) guarded {
			w.submitted(1, 1, someone(1))
			attempt := w.attempt(someone(1), true, []byte("token"))
			w.opens(map[string]any{"kind": "sign_in", "username_index": attempt.UsernameIndex, "derived": attempt.Derived})
			return guarded{query: `SELECT api.sign_in($1, $2)`, document: attempt}
		},
		"request_reveal of an application": func(_ *testing.T, w *world) guarded {
			return guarded{query: `SELECT api.request_reveal($1, $2)`, caller: w.because("a test"),
				document: map[string]any{"kind": "application", "id": w.awaiting(1, 1, someone(2)).UUID(), "field": "phone"}}
		},
		"request_reveal of a message": func(t *testing.T, w *world) guarded {
			w.requestCode(t, someone(2).phone)
			return guarded{query: `SELECT api.request_reveal($1, $2)`, caller: w.because("a test"),
				document: map[string]any{"kind": "sms", "id": scan[string](w, `SELECT sms_id FROM faren.sms`), "field": "text"}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.needsAll(t, prepare(t, w))
		})
	}
}

// needsAll fails the test where a call succeeds without something of its document that is not optional, or fails without what is.
func (w *world) needsAll(t *testing.T, call guarded) {
	t.Helper()
	if call.caller == nil {
		call.caller = w.callerJSON
	}
	db := w.local()
	run := func(document any) (bool, string) {
		t.Helper()
		text, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		return accepts(t, db, call.query, append([]any{call.caller(), string(text)}, call.args...)...)
	}
	whole := plain(t, call.document)
	if ok, told := run(whole); !ok {
		t.Fatalf("the whole document is not taken: %s", told)
	}
	for _, empty := range []any{map[string]any{}, []any{}, nil} {
		if ok, told := run(empty); ok {
			t.Errorf("the document %v is taken: %s", empty, told)
		}
	}
	for _, key := range keysOf(whole) {
		optional := slices.Contains(call.optional, key)
		for _, null := range []bool{false, true} {
			if ok, told := run(without(t, whole, key, null)); ok != optional {
				t.Errorf("%s, null %t: taken %t, want %t: %s", key, null, ok, optional, told)
			}
		}
	}
}

// A face check that says nothing of its outcome has not ended, let alone passed.
func TestFaceCheckWithoutAnOutcomeGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v, err := w.startCheck(w.awaiting(1, 1, someone(2)), account.PurposeRegister, w.caller())
	if err != nil {
		t.Fatal(err)
	}
	db := w.local()
	if ok, told := accepts(t, db, `SELECT api.complete_verification($1, $2, NULL, '{}')`, w.callerJSON(), v.UUID()); ok {
		t.Errorf("completed: %s", told)
	}
	w.exec(`UPDATE faren.verification SET status = 'manual-review', completed_at = now()`)
	if ok, told := accepts(t, db, `SELECT api.resolve_verification($1, $2, NULL)`, w.because("a test")(), v.UUID()); ok {
		t.Errorf("resolved: %s", told)
	}
}

// because makes callers with a reason.
func (w *world) because(reason string) func() string {
	return func() string {
		return fmt.Sprintf(`{"request_id": %q, "index_check": %q, "reason": %q}`, uuid.New(), w.keys.IndexCheck(), reason)
	}
}

// Of two face checks that passed, the first moved the application; the second has nothing to do any more.
func TestSecondFaceCheckOfAnApplicationDoesNotPass(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	id := w.awaiting(1, 1, someone(2))
	var checks []account.VerificationID
	for range 2 {
		v, err := w.startCheck(id, account.PurposeRegister, w.caller())
		if err != nil {
			t.Fatal(err)
		}
		checks = append(checks, v)
	}
	if _, err := w.store.CompleteVerification(ctx, w.caller(), checks[0], account.Passed, nil); err != nil {
		t.Fatal(err)
	}
	before := w.contents()
	_, err := w.store.CompleteVerification(ctx, w.caller(), checks[1], account.Passed, nil)
	if f := wantCode(t, err, "WRONG_STATE"); f.Details["status"] != account.PendingReview {
		t.Errorf("details: %v", f.Details)
	}
	w.sameBut(before, "faren.verification")
	if got, err := w.store.Verification(ctx, checks[1]); err != nil || got.Status == account.Passed || got.UsedAt != nil {
		t.Errorf("the second check: %+v, %v", got, err)
	}
	if got, err := w.store.Verification(ctx, checks[0]); err != nil || got.Status != account.Passed {
		t.Errorf("the first check: %+v, %v", got, err)
	}
}
