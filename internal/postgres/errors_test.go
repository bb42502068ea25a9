package postgres_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/calendar"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/postgres"
)

// quiet fails the test when the error's whole chain tells a secret.
func quiet(t testing.TB, err error, secrets ...string) {
	t.Helper()
	text := chain(err)
	for _, secret := range secrets {
		if strings.Contains(text, secret) {
			t.Errorf("the error tells %q: %s", secret, text)
		}
	}
}

func TestUnreachableDatabaseIsUnavailable(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	db := pgtest.New(t)
	for name, dsn := range map[string]string{
		"a socket that is not there":  "host=" + dir + " user=somebody_named password=hunter22 dbname=topsecretdb",
		"a port that nobody hears":    fmt.Sprintf("postgres://somebody_named:hunter22@127.0.0.1:%d/topsecretdb", port),
		"a name that nobody has":      "postgres://somebody_named:hunter22@unknown.invalid/topsecretdb",
		"a database that is not here": strings.Replace(db.Super(), db.Name, "topsecretdb", 1),
		"a user who may not enter":    strings.Replace(db.Super(), "faren_super", "somebody_named", 1),
	} {
		t.Run(name+" is unavailable", func(t *testing.T) {
			t.Parallel()
			store := openStore(t, dsn, time.Minute)
			_, err := store.Check(context.Background())
			wantCode(t, err, "DATABASE_UNAVAILABLE")
			quiet(t, err, "hunter22", "topsecretdb", "somebody_named", dir, "unknown.invalid")
		})
	}
}

func TestMissingSchemaIsToldApart(t *testing.T) {
	t.Parallel()
	store := openStore(t, pgtest.Empty(t).Super(), time.Minute)
	_, err := store.CertifyOrganization(context.Background(), postgres.Caller{}, postgres.NewApplication{})
	wantCode(t, err, "SCHEMA_MISSING")
	_, err = store.RegisterStats(context.Background())
	wantCode(t, err, "SCHEMA_MISSING")
}

// held locks an application against the call that is made meanwhile, and gives what lets go of it.
func (w *world) held(id account.ApplicationID) (release func()) {
	w.t.Helper()
	tx, err := w.super.BeginTx(context.Background(), &sql.TxOptions{})
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := tx.Exec(`SELECT 1 FROM faren.application WHERE application_id = $1 FOR UPDATE`, id.UUID()); err != nil {
		w.t.Fatal(err)
	}
	return func() {
		w.t.Helper()
		if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
			w.t.Error(err)
		}
	}
}

const waiting = `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND usename = 'faren_local' AND wait_event_type = 'Lock')`

func TestKilledBackendIsRetriedUnderTheSameRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.certify(w.register(1, someone(1)))
	release := w.held(id)
	defer release()
	done := make(chan error)
	go func() {
		_, err := w.store.WithdrawApplication(context.Background(), w.caller(), id)
		done <- err
	}()
	w.await("the call to wait", waiting)
	w.exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'faren_local' AND wait_event_type = 'Lock'`)
	w.await("the second try", waiting)
	release()
	if err := <-done; err != nil {
		t.Fatalf("the call whose backend was killed: %s", chain(err))
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.audit_event WHERE action = 'application.withdraw'`); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
}

func TestBackendKilledAgainAndAgainIsGivenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.certify(w.register(1, someone(1)))
	release := w.held(id)
	defer release()
	done := make(chan error)
	go func() {
		_, err := w.store.WithdrawApplication(context.Background(), w.caller(), id)
		done <- err
	}()
	kills := 0
	for {
		select {
		case err := <-done:
			wantCode(t, err, "DATABASE_UNAVAILABLE")
			if kills < 5 {
				t.Errorf("gave up after %d kills", kills)
			}
			return
		case <-time.After(5 * time.Millisecond):
			kills += scan[int](w, `SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity
				WHERE datname = current_database() AND usename = 'faren_local' AND wait_event_type = 'Lock'`)
		}
	}
}

func TestLockedRowEndsWithTryAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.certify(w.register(1, someone(1)))
	defer w.held(id)()
	store := openStore(t, w.db.Local(), 400*time.Millisecond)
	before := w.contents()
	_, err := store.WithdrawApplication(context.Background(), w.caller(), id)
	wantCode(t, err, "TRY_AGAIN")
	if !strings.Contains(chain(err), "55P03") {
		t.Errorf("not the lock's time-out: %s", chain(err))
	}
	if after := w.contents(); after["faren.request"] != before["faren.request"] || after["faren.audit_event"] != before["faren.audit_event"] {
		t.Error("the call that gave up left a trace")
	}
}

func TestStatementPastItsTimeEndsWithTryAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`CREATE OR REPLACE VIEW api.register_entry AS SELECT unit_code, name, representative_mask, document_type, document_mask, status,
		registration_number, organization_code, updated_at FROM faren.register_entry, pg_sleep(60)`)
	w.register(1, someone(1))
	_, err := openStore(t, w.db.Super(), 200*time.Millisecond).RegisterStats(context.Background())
	wantCode(t, err, "TRY_AGAIN")
}

func TestContextEndsTheCall(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code account.Code
		make func() (context.Context, context.CancelFunc)
	}{
		"a cancelled one is INTERRUPTED": {"INTERRUPTED", func() (context.Context, context.CancelFunc) { return context.WithCancel(context.Background()) }},
		"one past its deadline is TIMED_OUT": {"TIMED_OUT", func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(context.Background(), 300*time.Millisecond)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.certify(w.register(1, someone(1)))
			release := w.held(id)
			defer release()
			// The connection is there before the clock starts.
			if _, err := w.store.Check(context.Background()); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := c.make()
			defer cancel()
			done := make(chan error)
			go func() {
				_, err := w.store.WithdrawApplication(ctx, w.caller(), id)
				done <- err
			}()
			if c.code == "INTERRUPTED" {
				w.await("the call to wait", waiting)
				cancel()
			}
			wantCode(t, <-done, c.code)
			release()
			w.await("the call's end in the server", `SELECT NOT (`+waiting[len(`SELECT `):]+`)`)
			if a, err := w.store.Application(context.Background(), id); err != nil || a.Status != account.Certified {
				t.Errorf("the application is %s, %v", a.Status, err)
			}
		})
	}
}

func TestContextThatHasEndedStartsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := w.store.Check(ctx)
	wantCode(t, err, "INTERRUPTED")
	_, err = w.store.ImportRegister(ctx, func() (postgres.Caller, error) { return w.caller(), nil }, false, func(*postgres.Staging) error { return nil })
	wantCode(t, err, "INTERRUPTED")
	wantCode(t, postgres.Migrate(ctx, postgres.Options{DSN: w.db.Super()}, calendar.Statutory(), nil), "INTERRUPTED")
}

func TestRefusedRoleIsForbidden(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store, err := postgres.Open(postgres.Options{DSN: w.db.Local(), Role: "faren_auditor"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	if _, err := store.Check(context.Background()); err != nil {
		t.Errorf("the status: %v", err)
	}
	_, err = store.Applications(context.Background(), postgres.ApplicationFilter{Limit: 1})
	wantCode(t, err, "FORBIDDEN")
	_, err = store.CertifyOrganization(context.Background(), w.caller(), newApplication(w.facts(1, someone(1))))
	wantCode(t, err, "FORBIDDEN")
	_, err = store.ImportRegister(context.Background(), func() (postgres.Caller, error) { return w.caller(), nil }, false, func(s *postgres.Staging) error {
		b := s.Batch()
		b.Append(&postgres.SealedRegisterRow{})
		return s.Add(b)
	})
	wantCode(t, err, "FORBIDDEN")
}

// What a client's bug makes the server refuse quotes neither row nor argument.
func TestDriverErrorsAreScrubbed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	p := someone(2)
	id := w.certify(w.register(1, someone(1)))
	bad := w.user(p)
	bad.Agent.PhoneMask, bad.Agent.EmailMask = &p.phone, &p.phone // a mask without its sealed value
	_, err := w.store.CreateUser(ctx, w.caller(), id, bad)
	if err == nil || codeOf(err) != "" {
		t.Fatalf("a broken row: %v, want an error without a code", err)
	}
	if !strings.Contains(err.Error(), "23514") || !strings.Contains(err.Error(), "agent_email") {
		t.Errorf("SQLSTATE and constraint are not told: %v", err)
	}
	quiet(t, err, p.phone, p.document, w.db.Name)
	_, err = w.store.CompleteVerification(ctx, w.caller(), account.VerificationID{}, strings.Repeat("x", 40_000), nil)
	wantCode(t, err, "VERIFICATION_NOT_FOUND")
}

func TestServerWithoutTLSTellsHowItComesAbout(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = io.ReadFull(conn, make([]byte, 8)) // the request for TLS
			_, _ = conn.Write([]byte("N"))
			_ = conn.Close()
		}
	}()
	store, err := postgres.Open(postgres.Options{DSN: fmt.Sprintf("postgres://u@127.0.0.1:%d/d?sslmode=require", listener.Addr().(*net.TCPAddr).Port)})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	_, err = store.Check(t.Context())
	f := wantCode(t, err, "DATABASE_UNAVAILABLE")
	if got := f.Message(account.Chinese, time.UTC); !strings.Contains(got, "无法建立安全连接") {
		t.Errorf("got %q", got)
	}
	for lang, word := range map[account.Language]string{account.English: "switch TLS on at the server", account.Chinese: "请在服务器上启用 TLS"} {
		if got := f.Hint(lang, time.UTC); !strings.Contains(got, word) || !strings.Contains(got, "sslmode=verify-full") {
			t.Errorf("hint %q", got)
		}
	}
}

func TestEveryFunctionAndViewNamesItsRoles(t *testing.T) {
	t.Parallel()
	for signature, may := range functionMatrix {
		name, _, _ := strings.Cut(strings.TrimPrefix(signature, "api."), "(")
		if !strings.HasPrefix(signature, "api.") {
			continue
		}
		named := postgres.RolesOf(name)
		if len(named) == 0 {
			t.Errorf("%s names no role", signature)
		}
		for _, role := range named {
			if !slices.Contains(may, role) {
				t.Errorf("%s names %s, which may not", signature, role)
			}
		}
	}
	if got := postgres.RolesOf("register_entry"); !slices.Contains(got, "faren_support") {
		t.Errorf("a view names %q", got)
	}
}
