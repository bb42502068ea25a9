package postgres_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/lib/pq"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/postgres"
)

// patience is how long a test waits for what has to come.
const patience = 30 * time.Second

// awaited waits until a query counts something.
func (w *world) awaited(query string, args ...any) {
	w.t.Helper()
	for limit := time.Now().Add(patience); scan[int](w, query, args...) == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(limit) {
			w.t.Fatalf("waited in vain for %s", query)
		}
	}
}

// watchers is the query that counts who listens with its lock.
const watchers = `SELECT count(*) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.mode = 'ShareLock' AND l.granted
	AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`

func hinted(t *testing.T, hints <-chan struct{}) {
	t.Helper()
	select {
	case <-hints:
	case <-time.After(patience):
		t.Fatal("no hint")
	}
}

func TestWatchHintsAtWhatIsDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	id := w.awaiting(1, 1, someone(2))
	hints := w.store.Watch(ctx, id.UUID())
	w.awaited(watchers)
	hinted(t, hints) // at what was done before somebody listened
	check, err := w.startCheck(id, account.PurposeRegister, w.caller())
	if err != nil {
		t.Fatal(err)
	}
	// The check is another id; what it makes of the application is told of the application.
	hinted(t, hints)
	if _, err := w.store.CompleteVerification(ctx, w.caller(), check, account.Failed, nil); err != nil {
		t.Fatal(err)
	}
	hinted(t, hints)
	// The connection comes back when it is lost.
	w.exec(`SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.mode = 'ShareLock'
		AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
	hinted(t, hints)
	w.awaited(watchers)
	if _, err := w.store.WithdrawApplication(ctx, w.caller(), id); err != nil {
		t.Fatal(err)
	}
	hinted(t, hints)
	cancel()
	w.awaited(`SELECT CASE WHEN (` + watchers + `) = 0 THEN 1 ELSE 0 END`)
}

func TestNobodyIsToldWhereNobodyWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	told := make(chan *pq.Notification, 10)
	listener, err := pq.NewListenerConn(w.db.Super(), told)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if _, err := listener.Listen("faren_changed"); err != nil {
		t.Fatal(err)
	}
	unwatched, watched := w.awaiting(1, 1, someone(2)), w.awaiting(2, 2, someone(3))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	w.store.Watch(ctx, watched.UUID())
	w.awaited(watchers)
	for _, id := range []account.ApplicationID{unwatched, watched} {
		if _, err := w.store.WithdrawApplication(ctx, w.caller(), id); err != nil {
			t.Fatal(err)
		}
	}
	// Notifications come in the order of commits, so that the first one tells that there was none before.
	select {
	case n := <-told:
		if diff := cmp.Diff([]string{"faren_changed", watched.UUID().String()}, []string{n.Channel, n.Extra}); diff != "" {
			t.Errorf("notified (-want +got):\n%s", diff)
		}
	case <-time.After(patience):
		t.Fatal("nobody was notified")
	}
	if n := scan[int](w, `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock'
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`); n != 0 {
		t.Errorf("%d locks are left", n)
	}
}

func TestWatchEndsQuietlyWhereNothingAnswers(t *testing.T) {
	t.Parallel()
	store, err := postgres.Open(postgres.Options{DSN: "host=" + t.TempDir() + " dbname=none"})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	ctx, cancel := context.WithCancel(context.Background())
	hints := store.Watch(ctx, must(account.NewApplicationID()).UUID())
	cancel()
	select {
	case <-hints:
		t.Error("a hint from nowhere")
	default:
	}
}

// The listener of the driver reads addresses by itself: it must come to the same settings.
func TestListenerIsAsSafeAsTheStore(t *testing.T) {
	t.Parallel()
	for name, dsn := range map[string]string{
		"a URL over the network":        "postgres://chen@db.example/farenctl?sslrootcert=/etc/ca.pem",
		"a URL that says how":           "postgresql://chen:it%20is%27s@db.example:5433/farenctl?sslmode=require&connect_timeout=3",
		"a URL of loopback":             "postgres://chen@127.0.0.1/farenctl",
		"a URL of a socket":             "postgres:///farenctl?host=/run/postgresql",
		"keywords over the network":     "host=db.example dbname=farenctl user=chen",
		"keywords with a quoted value":  `host=db.example dbname='my data' user=chen sslmode='verify-ca'`,
		"keywords of a socket":          "host=/run/postgresql dbname=farenctl",
		"nothing, but for the variable": "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, err := postgres.Configure(postgres.Options{DSN: dsn})
			if err != nil {
				t.Fatal(err)
			}
			got, err := pq.NewConfig(postgres.ListenAddress(dsn, want))
			if err != nil {
				t.Fatal(err)
			}
			type settings struct {
				host, database, user, password, application string
				mode                                        pq.SSLMode
				port                                        uint16
				limit                                       time.Duration
			}
			of := func(c pq.Config) settings {
				return settings{c.Host, c.Database, c.User, c.Password, c.ApplicationName, c.SSLMode, c.Port, c.ConnectTimeout}
			}
			if of(got) != of(want) {
				t.Errorf("listens with %+v, want %+v", of(got), of(want))
			}
			if strings.Contains(string(got.SSLMode), "prefer") {
				t.Error("not encrypted for sure")
			}
		})
	}
}

func TestDatabaseAndProgramAgreeOnWhatIsFinal(t *testing.T) {
	t.Parallel()
	super := pgtest.Open(t, pgtest.New(t).Super())
	for _, status := range account.ApplicationStatuses() {
		var open bool
		if err := super.QueryRow(`SELECT faren.is_open($1)`, status).Scan(&open); err != nil {
			t.Fatal(err)
		}
		if final := (account.Application{Status: status}).Final(); final == open {
			t.Errorf("%s is open in the database (%t) and final in the program (%t)", status, open, final)
		}
	}
}
