package postgres_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/postgres"
)

// opens puts a guess on record, as the store does before each try.
func (w *world) opens(attempt map[string]any) {
	w.t.Helper()
	for key, value := range attempt {
		if bytes, ok := value.([]byte); ok {
			attempt[key] = postgres.Hex(bytes)
		}
	}
	text, err := json.Marshal(attempt)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.local().Exec(`SELECT api.open_attempt($1, $2)`, w.callerJSON(), string(text)); err != nil {
		w.t.Fatal(err)
	}
}

// guesser tries guesses of one kind with plain SQL, as whoever holds the role may.
type guesser struct {
	w       *world
	open    func(guess string) []any // query and arguments
	examine func(guess string) []any
}

// codes runs statements in one transaction, which is rolled back unless commit, and gives the code of each one's first refusal; "": none.
func (g guesser) codes(commit bool, statements ...[]any) []string {
	t, ctx := g.w.t, context.Background()
	t.Helper()
	tx, err := g.w.local().BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	var codes []string
	for _, s := range statements {
		query, _ := s[0].(string)
		var code *string
		if err := tx.QueryRowContext(ctx, `SELECT (`+query+`) #>> '{refused,0,code}'`, s[1:]...).Scan(&code); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		codes = append(codes, "")
		if code != nil {
			codes[len(codes)-1] = *code
		}
	}
	if commit {
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	return codes
}

// What is tried in a transaction that is rolled back is counted all the same, or is not examined: for a password and a code alike, of
// something that is there and of something that is not.
func TestGuessesAreCountedThoughTheirTransactionsAreRolledBack(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*world) (g guesser, right, wrong, over string){
		"a password": func(w *world) (guesser, string, string, string) {
			w.submitted(1, 1, someone(1))
			return w.passwords(someone(1)), "right", "INVALID_CREDENTIALS", "ACCOUNT_LOCKED"
		},
		"a password of nobody": func(w *world) (guesser, string, string, string) {
			return w.passwords(someone(9)), "none", "INVALID_CREDENTIALS", "ACCOUNT_LOCKED"
		},
		"a code": func(w *world) (guesser, string, string, string) {
			id := w.coded(w.t)
			call := func(guess string) string {
				code := guess
				if guess == "right" {
					code = "123456"
				}
				text, _ := json.Marshal(map[string]any{"kind": "recovery", "recovery_id": id.UUID(), "code_proof": postgres.Hex(w.keys.CodeProof("recover", id.String(), code))})
				return string(text)
			}
			return guesser{w, func(guess string) []any { return []any{`api.open_attempt($1, $2)`, w.callerJSON(), call(guess)} },
				func(guess string) []any {
					return []any{`api.prove_recovery($1, $3, $2)`, w.callerJSON(), call(guess), id.UUID()}
				}}, "right", "SMS_CODE_INVALID", "SMS_CODE_EXHAUSTED"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			g, right, wrong, over := prepare(w)
			want := func(what string, got []string, codes ...string) {
				t.Helper()
				if fmt.Sprint(got) != fmt.Sprint(codes) {
					t.Errorf("%s: %q, want %q", what, got, codes)
				}
			}
			// Not opened, opened in a transaction that was rolled back, or in this very one: nothing is told, also of the right one.
			want("not opened", g.codes(false, g.examine(right)), "ATTEMPT_NOT_OPENED")
			want("opened and examined at once", g.codes(false, g.open(right), g.examine(right)), "", "ATTEMPT_NOT_OPENED")
			g.codes(false, g.open(right))
			want("opened by a transaction that was rolled back", g.codes(false, g.examine(right)), "ATTEMPT_NOT_OPENED")
			// Another guess is not examined under the name of one that was opened.
			g.codes(true, g.open("guess 0"))
			want("another than was opened", g.codes(false, g.examine(right)), "ATTEMPT_NOT_OPENED")
			// As many as may fail are examined, however often; then none.
			for i := range 5 {
				guess := fmt.Sprint("guess ", i)
				g.codes(true, g.open(guess))
				for range 3 {
					want(guess, g.codes(false, g.examine(guess)), wrong)
				}
			}
			for i := range 3 {
				guess := fmt.Sprint("more ", i)
				g.codes(i%2 == 0, g.open(guess))
				if got := g.codes(false, g.examine(guess)); got[0] != over && got[0] != "ATTEMPT_NOT_OPENED" {
					t.Errorf("%s, after as many guesses as may fail: %q", guess, got)
				}
			}
			g.codes(true, g.open(right))
			want("the right one, once the guesses are used up", g.codes(true, g.examine(right)), over)
		})
	}
}

// passwords guesses a password: right is the right one.
func (w *world) passwords(p person) guesser {
	call := func(guess string) string {
		attempt := w.attempt(p, guess == "right", []byte(uuid.NewString()))
		if guess != "right" {
			attempt.Derived = fmt.Appendf(nil, "%-32s", guess)
		}
		document := object(w.t, attempt)
		document["kind"] = "sign_in"
		text, err := json.Marshal(document)
		if err != nil {
			w.t.Fatal(err)
		}
		return string(text)
	}
	return guesser{w, func(guess string) []any { return []any{`api.open_attempt($1, $2)`, w.callerJSON(), call(guess)} },
		func(guess string) []any { return []any{`api.sign_in($1, $2)`, w.callerJSON(), call(guess)} }}
}

// Guesses that nobody ended, of a client that was killed for example, do not keep the right password out, and are forgotten with it.
func TestRightPasswordEndsWhatWasOpened(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submitted(1, 1, someone(1))
	g := w.passwords(someone(1))
	for i := range 4 {
		g.codes(true, g.open(fmt.Sprint("killed ", i)))
	}
	g.codes(true, g.open("right"))
	if got := g.codes(true, g.examine("right")); got[0] != "" {
		t.Fatalf("the right password: %q", got)
	}
	for i := range 4 {
		g.codes(true, g.open(fmt.Sprint("killed again ", i)))
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.sign_in_failure WHERE locked_until IS NOT NULL`); n != 0 {
		t.Error("it is locked")
	}
	// The fifth is one too many, also of one client that never examines.
	g.codes(true, g.open("killed again 4"))
	g.codes(true, g.open("killed again 5"))
	if n := scan[int](w, `SELECT count(*) FROM faren.audit_event WHERE code = 'ACCOUNT_LOCKED' AND action = 'session.sign_in'`); n != 1 {
		t.Errorf("%d events of the lock", n)
	}
}
