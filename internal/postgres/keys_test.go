package postgres_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// rotated gives the world a keyring with a newer key, which the database knows of, and a value of every sealed column under the old one.
func rotated(w *world) (old, next *seal.Keyring) {
	w.t.Helper()
	old = w.keys
	next = must(old.Rotated(rand.Reader, time.Now()))
	if err := w.store.RotateKey(context.Background(), w.sealing(old), next.Active().Header, false); err != nil {
		w.t.Fatal(err)
	}
	return old, next
}

func (w *world) sealing(keys *seal.Keyring) postgres.Caller {
	c := w.caller()
	c.SealingKey = keys.Active().Header
	return c
}

// fill puts n rows with sealed values into the business register.
func (w *world) fill(keys *seal.Keyring, n int) {
	w.t.Helper()
	for i := range n {
		code := unitCode(1000 + i)
		seal1 := must(keys.Seal([]byte("name "+code), seal.AAD{Table: "register_entry", Row: code, Column: "representative"}))
		seal2 := must(keys.Seal([]byte("document "+code), seal.AAD{Table: "register_entry", Row: code, Column: "document"}))
		w.exec(`INSERT INTO faren.register_entry (unit_code, name, name_key, representative_mask, representative_index, representative_sealed,
			document_type, document_mask, document_index, document_sealed, status, updated_at)
			VALUES ($1, $1, $1, '*', '\x00', $2, 'resident-id', '*', '\x00', $3, 'active', now())`, code, seal1, seal2)
	}
}

func (w *world) begin(keys *seal.Keyring) uuid.UUID {
	w.t.Helper()
	run, err := w.store.BeginResealing(context.Background(), w.sealing(keys))
	if err != nil {
		w.t.Fatal(err)
	}
	return run
}

// handedOut gives the values of two entries, four, in a run that seals them under the next key.
func (w *world) handedOut() (next *seal.Keyring, run uuid.UUID, values []postgres.SealedValue) {
	w.t.Helper()
	w.fill(w.keys, 2)
	_, next = rotated(w)
	run = w.begin(next)
	got, err := w.store.Reseal(context.Background(), w.sealing(next), run, postgres.Resealing{Limit: 10})
	if err != nil || len(got.Values) != 4 {
		w.t.Fatalf("%d values, %v", len(got.Values), err)
	}
	return next, run, got.Values
}

// again opens what was handed out and seals it anew.
func again(t testing.TB, keys *seal.Keyring, values []postgres.SealedValue) []postgres.SealedValue {
	t.Helper()
	done := make([]postgres.SealedValue, len(values))
	for i, v := range values {
		place := seal.AAD{Table: v.Bound, Row: v.Row, Column: v.Column}
		plain, err := keys.Open(v.Sealed, place)
		if err != nil {
			t.Fatalf("%s %s %s: %v", v.Table, v.Row, v.Column, err)
		}
		was := sha256.Sum256(v.Sealed)
		v.Was, v.Sealed = was[:], must(keys.Seal(plain, place))
		done[i] = v
	}
	return done
}

func TestValuesAreHandedOutOnceAndInBatches(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.fill(w.keys, 7)
	_, next := rotated(w)
	run := w.begin(next)
	seen := map[string]bool{}
	ask := postgres.Resealing{Limit: 3}
	calls := 0
	for {
		calls++
		got, err := w.store.Reseal(ctx, w.sealing(next), run, ask)
		if err != nil {
			t.Fatal(err)
		}
		if got.Resealed != len(ask.Values) || got.Changed != 0 || len(got.Values) > 6 {
			t.Fatalf("took %d of %d, %d changed; gave %d", got.Resealed, len(ask.Values), got.Changed, len(got.Values))
		}
		if string(got.After) == "null" {
			break
		}
		for _, v := range got.Values {
			if key := v.Table + v.Row + v.Column; seen[key] {
				t.Fatalf("%s twice", key)
			} else {
				seen[key] = true
			}
		}
		ask = postgres.Resealing{Limit: 3, After: got.After, Values: again(t, next, got.Values)}
	}
	if len(seen) != 14 || calls != 4 {
		t.Errorf("%d values in %d calls", len(seen), calls)
	}
	keys, err := w.store.SealingKeys(ctx)
	if err != nil || len(keys.Used) != 1 || keys.Used[next.Active().Header] != 14 {
		t.Errorf("used %v, %v", keys.Used, err)
	}
	if got := scan[int](w, `SELECT sum((details ->> 'resealed')::int) FROM faren.audit_event WHERE action = 'key.reencrypt' AND outcome = 'done'`); got != 14 {
		t.Errorf("the audit tells of %d values", got)
	}
	if kept := scan[int](w, `SELECT count(*) FROM faren.request WHERE function_name = 'reseal'`); kept != 0 {
		t.Errorf("%d answers with sealed values are kept", kept)
	}
}

func TestAValueThatChangedMeanwhileStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	next, run, old := w.handedOut()
	values := again(t, next, old)
	// One was written, another one is being written.
	newer := must(w.keys.Seal([]byte("newer"), seal.AAD{Table: "register_entry", Row: values[0].Row, Column: values[0].Column}))
	w.exec(`UPDATE faren.register_entry SET `+values[0].Column+`_sealed = $1 WHERE unit_code = $2`, newer, values[0].Row)
	tx := must(pgtest.Open(t, w.db.Super()).Begin())
	defer tx.Rollback()
	if _, err := tx.Exec(`SELECT FROM faren.register_entry WHERE unit_code = $1 FOR UPDATE`, values[2].Row); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	got, err := w.store.Reseal(ctx, w.sealing(next), run, postgres.Resealing{Values: values})
	if err != nil || got.Resealed != 1 || got.Changed != 3 || time.Since(start) > 5*time.Second {
		t.Fatalf("%+v, %v, after %v", got, err, time.Since(start))
	}
	if now := scan[[]byte](w, `SELECT `+values[0].Column+`_sealed FROM faren.register_entry WHERE unit_code = $1`, values[0].Row); !bytes.Equal(now, newer) {
		t.Error("what was written meanwhile is overwritten")
	}
	// The same again, as after a lost answer, is no harm.
	if got, err = w.store.Reseal(ctx, w.sealing(next), run, postgres.Resealing{Values: values[1:2]}); err != nil || got.Resealed != 1 || got.Changed != 0 {
		t.Errorf("a repeat: %+v, %v", got, err)
	}
}

// What is handed back can be nothing but the same value in the same place: the database checks what it can see, the seal the rest.
func TestResealingMovesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	next, run, old := w.handedOut()
	values := again(t, next, old)
	before := scan[string](w, `SELECT md5(string_agg(e::text, '' ORDER BY unit_code)) FROM faren.register_entry e`)
	longer := must(next.Seal([]byte("another, longer value of the same place"), seal.AAD{Table: "register_entry", Row: values[0].Row, Column: values[0].Column}))
	for name, change := range map[string]func(v *postgres.SealedValue) (refused bool){
		"another row":     func(v *postgres.SealedValue) bool { v.Row = values[2].Row; return false },
		"another old":     func(v *postgres.SealedValue) bool { v.Was = values[1].Was; return false },
		"another length":  func(v *postgres.SealedValue) bool { v.Sealed = longer; return false },
		"no old":          func(v *postgres.SealedValue) bool { v.Was = nil; return true },
		"the old key":     func(v *postgres.SealedValue) bool { v.Sealed = old[0].Sealed; return true },
		"another column":  func(v *postgres.SealedValue) bool { v.Column = "name"; return true },
		"another table":   func(v *postgres.SealedValue) bool { v.Table = "setting"; return true },
		"a column's name": func(v *postgres.SealedValue) bool { v.Column = `document_sealed = '', name`; return true },
	} {
		v := values[0]
		refused := change(&v)
		answer, err := w.store.Reseal(ctx, w.sealing(next), run, postgres.Resealing{Values: []postgres.SealedValue{v}})
		if (err != nil) != refused || answer.Resealed != 0 {
			t.Errorf("%s: %+v, %v", name, answer, err)
		}
	}
	// A value of another row passes the database when its old one is told, and then does not open there: that takes who has the key.
	if after := scan[string](w, `SELECT md5(string_agg(e::text, '' ORDER BY unit_code)) FROM faren.register_entry e`); after != before {
		t.Error("something was changed")
	}
	if _, err := next.Open(values[0].Sealed, seal.AAD{Table: "register_entry", Row: values[2].Row, Column: values[0].Column}); err == nil {
		t.Error("a value opens elsewhere")
	}
}

func TestSealedValuesAreHandedOutOnRecordOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.fill(w.keys, 1)
	old, next := rotated(w)
	run := w.begin(next)
	// Of an unknown run, of another login, in the transaction that begins it, with the older key, as another role.
	if _, err := w.store.Reseal(ctx, w.sealing(next), uuid.New(), postgres.Resealing{Limit: 1}); !account.HasCode(err, "REVEAL_NOT_GRANTED") {
		t.Errorf("an unknown run: %v", err)
	}
	other := openStore(t, w.db.Login(t, "faren_admin"), time.Minute)
	if _, err := other.Reseal(ctx, w.sealing(next), run, postgres.Resealing{Limit: 1}); !account.HasCode(err, "REVEAL_NOT_GRANTED") {
		t.Errorf("another login: %v", err)
	}
	for _, role := range []string{"faren_registrar", "faren_reviewer", "faren_support"} {
		as := openStore(t, w.db.Login(t, role), time.Minute)
		if _, err := as.Reseal(ctx, w.sealing(next), run, postgres.Resealing{Limit: 1}); !account.HasCode(err, "FORBIDDEN") {
			t.Errorf("%s: %v", role, err)
		}
	}
	if _, err := w.store.Reseal(ctx, w.sealing(old), run, postgres.Resealing{Limit: 1}); !account.HasCode(err, "KEYRING_OUTDATED") {
		t.Errorf("the old key: %v", err)
	}
	tx := must(pgtest.Open(t, w.db.Local()).Begin())
	defer tx.Rollback()
	c := fmt.Sprintf(`{"request_id": %q, "index_check": %q, "sealing_key": %q}`, uuid.New(), next.IndexCheck(), next.Active().Header)
	var begun struct {
		Result struct{ Run uuid.UUID }
	}
	var answer []byte
	if err := tx.QueryRow(`SELECT api.begin_resealing($1)`, c).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(answer, &begun); err != nil {
		t.Fatal(err)
	}
	c = fmt.Sprintf(`{"request_id": %q, "index_check": %q, "sealing_key": %q}`, uuid.New(), next.IndexCheck(), next.Active().Header)
	if err := tx.QueryRow(`SELECT api.reseal($1, $2, '{"limit": 1}')`, c, begun.Result.Run).Scan(&answer); err != nil || !bytes.Contains(answer, []byte("REVEAL_NOT_GRANTED")) {
		t.Errorf("in the transaction that begins it: %s, %v", answer, err)
	}
}

func TestLiveCodesAreNotHandedOutOnProduction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	if err := w.code("13900000001"); err != nil {
		t.Fatal(err)
	}
	_, next := rotated(w)
	w.exec(`UPDATE faren.sms SET params_sealed = $1`, append(must(hex.DecodeString(w.keys.Active().Header)), make([]byte, 40)...))
	for environment, want := range map[string]int{"test": 1, "production": 0} {
		w.exec(`UPDATE faren.setting SET environment = $1`, environment)
		got, err := w.store.Reseal(ctx, w.sealing(next), w.begin(next), postgres.Resealing{Limit: 10})
		found := 0
		for _, v := range got.Values {
			if v.Table == "sms" && v.Column == "params" {
				found++
			}
		}
		if err != nil || found != want {
			t.Errorf("%s: %d codes, %v", environment, found, err)
		}
	}
	w.exec(`UPDATE faren.sms SET expires_at = now() - interval '1 second'`)
	if got, err := w.store.Reseal(ctx, w.sealing(next), w.begin(next), postgres.Resealing{Limit: 10}); err != nil || len(got.Values) == 0 {
		t.Errorf("a code that is over: %d, %v", len(got.Values), err)
	}
}

func TestOfTwoRotationsOneWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	_, first := rotated(w)
	// Copies of one keyring that are rotated at once.
	var wg sync.WaitGroup
	var mu sync.Mutex
	won, outdated := 0, 0
	for range 6 {
		next := must(first.Rotated(rand.Reader, time.Now()))
		wg.Go(func() {
			store := openStore(t, w.db.Local(), time.Minute)
			err := store.RotateKey(ctx, w.sealing(first), next.Active().Header, false)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case account.HasCode(err, "KEYRING_OUTDATED"):
				outdated++
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won != 1 || outdated != 5 {
		t.Errorf("%d won, %d were told", won, outdated)
	}
}

func TestARetiredKeySealsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.fill(w.keys, 1)
	old, next := rotated(w)
	if err := w.store.RetireKey(ctx, w.sealing(next), old.Active().Header); !account.HasCode(err, "KEY_IN_USE") {
		t.Fatalf("a key in use: %v", err)
	}
	if err := w.store.RetireKey(ctx, w.sealing(next), next.Active().Header); !account.HasCode(err, "KEY_ACTIVE") {
		t.Fatalf("the newest key: %v", err)
	}
	if err := w.store.RetireKey(ctx, w.sealing(old), old.Active().Header); !account.HasCode(err, "KEYRING_OUTDATED") {
		t.Fatalf("with the old key: %v", err)
	}
	run := w.begin(next)
	got, err := w.store.Reseal(ctx, w.sealing(next), run, postgres.Resealing{Limit: 10})
	if err == nil {
		got, err = w.store.Reseal(ctx, w.sealing(next), run, postgres.Resealing{Values: again(t, next, got.Values)})
	}
	if err != nil || got.Resealed != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	// A call that is under way, and may still write under the old key, is waited for; what it wrote counts.
	tx := must(pgtest.Open(t, w.db.Super()).Begin())
	defer tx.Rollback()
	if _, err := tx.Exec(`SELECT FROM faren.setting`); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- w.store.RetireKey(ctx, w.sealing(next), old.Active().Header) }()
	for waits := false; !waits; {
		waits = scan[bool](w, `SELECT EXISTS (SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted AND relation = 'faren.setting'::regclass)`)
	}
	late := must(old.Seal([]byte("late"), seal.AAD{Table: "register_entry", Row: unitCode(1000), Column: "document"}))
	if _, err := tx.Exec(`UPDATE faren.register_entry SET document_sealed = $1`, late); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !account.HasCode(err, "KEY_IN_USE") {
		t.Fatalf("a value that came meanwhile: %v", err)
	}
	w.exec(`UPDATE faren.register_entry SET document_sealed = $1`, must(next.Seal([]byte("late"), seal.AAD{Table: "register_entry", Row: unitCode(1000), Column: "document"})))
	for range 2 { // twice is no error
		if err := w.store.RetireKey(ctx, w.sealing(next), old.Active().Header); err != nil {
			t.Fatal(err)
		}
	}
	// Whoever comes with it now is refused, and changes nothing.
	if _, err := w.store.SetPolicy(ctx, w.sealing(old), "sms.code_hourly", "7"); !account.HasCode(err, "KEYRING_OUTDATED") {
		t.Errorf("a call with the retired key: %v", err)
	}
	if _, err := w.store.SetPolicy(ctx, w.sealing(next), "sms.code_hourly", "7"); err != nil {
		t.Errorf("a call with the newest key: %v", err)
	}
	if err := w.store.RotateKey(ctx, w.sealing(next), old.Active().Header, true); err == nil {
		t.Error("a retired key becomes the newest")
	}
}

func TestHeadersThatAreNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, header := range []string{"", "zz", "0101", "0101aabbccdd056b31", "0101aabbccdd016b31"} {
		if err := w.store.RotateKey(context.Background(), w.sealing(w.keys), header, false); err == nil {
			t.Errorf("%q is taken for a key", header)
		}
	}
	if newest := scan[bool](w, `SELECT sealing_key IS NULL FROM faren.setting`); !newest {
		t.Error("one of them is the newest key")
	}
}
