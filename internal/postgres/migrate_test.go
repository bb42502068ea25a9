package postgres_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/calendar"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/postgres"
)

func newSetup() *postgres.Setup {
	return &postgres.Setup{Environment: "test", Suite: "aes", IndexCheck: "check", PasswordParams: "{}"}
}

func state(t *testing.T, store *postgres.Store) postgres.MigrationStatus {
	t.Helper()
	s, err := store.MigrationStatus(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEmptyDatabaseIsMissingUntilItIsSetUp(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := pgtest.Empty(t)
	o := postgres.Options{DSN: db.Super()}
	store := openStore(t, db.Super(), time.Minute)
	if s := state(t, store); s.State != "missing" || s.Functions != "missing" || s.Schema != 0 || s.Program != postgres.ProgramVersion() {
		t.Errorf("status of an empty database: %+v", s)
	}
	_, err := store.Check(ctx)
	wantCode(t, err, "SCHEMA_MISSING")
	wantCode(t, postgres.Migrate(ctx, o, calendar.Statutory(), nil), "SCHEMA_MISSING")
	if err := postgres.Migrate(ctx, o, calendar.Statutory(), newSetup()); err != nil {
		t.Fatal(err)
	}
	if s := state(t, store); s.State != "current" || s.Functions != "current" || s.Schema != s.Program || s.Environment != "test" || s.Suite != "aes" {
		t.Errorf("status after the set-up: %+v", s)
	}
	status, err := store.Check(ctx)
	if err != nil || status.IndexCheck != "check" {
		t.Errorf("check after the set-up: %+v, %v", status, err)
	}
}

func TestSetUpIsRefusedOnAUsedDatabase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret := scan[[]byte](w, `SELECT server_secret FROM faren.setting`)
	wantCode(t, postgres.Migrate(context.Background(), postgres.Options{DSN: w.db.Super()}, calendar.Statutory(), newSetup()), "DATABASE_NOT_EMPTY")
	if after := scan[[]byte](w, `SELECT server_secret FROM faren.setting`); !slices.Equal(secret, after) {
		t.Error("the refused set-up changed the secret of the database")
	}
}

func TestMigratingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submitted(1, 1, someone(2))
	functions := w.list(signatures + `ORDER BY 1`)
	before := w.counts()
	for range 2 {
		if err := postgres.Migrate(context.Background(), postgres.Options{DSN: w.db.Super()}, calendar.Statutory(), nil); err != nil {
			t.Fatal(err)
		}
	}
	for table, n := range w.counts() {
		if n != before[table] {
			t.Errorf("%s has %d rows, had %d", table, n, before[table])
		}
	}
	if after := w.list(signatures + `ORDER BY 1`); !slices.Equal(functions, after) {
		t.Errorf("functions: %v, were %v", after, functions)
	}
	if s := state(t, w.store); s.State != "current" {
		t.Errorf("status: %+v", s)
	}
	w.submitted(2, 1, someone(3))
}

func TestOfEightAtOnceOneSetsUp(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	errs := make([]error, 8)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			errs[i] = postgres.Migrate(context.Background(), postgres.Options{DSN: db.Super()}, calendar.Statutory(), newSetup())
		})
	}
	all.Wait()
	done := 0
	for _, err := range errs {
		switch {
		case err == nil:
			done++
		case !account.HasCode(err, "DATABASE_NOT_EMPTY"):
			t.Errorf("one of eight: %s", chain(err))
		}
	}
	if done != 1 {
		t.Errorf("%d of eight set the database up", done)
	}
	if s := state(t, openStore(t, db.Super(), time.Minute)); s.State != "current" {
		t.Errorf("status: %+v", s)
	}
}

func TestEightMigrationsAtOnceAllSucceed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE faren.setting SET functions_hash = 'old'`)
	errs := make([]error, 8)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			errs[i] = postgres.Migrate(context.Background(), postgres.Options{DSN: w.db.Super()}, calendar.Statutory(), nil)
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			t.Errorf("one of eight: %s", chain(err))
		}
	}
}

func TestSchemaIsComparedWithTheProgram(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change           string
		code             account.Code
		state, functions string
		migrates         account.Code
	}{
		"other functions are older":     {`UPDATE faren.setting SET functions_hash = 'x'`, "SCHEMA_OLDER", "older", "other", ""},
		"a lower version is older":      {`UPDATE faren.setting SET schema_version = 0`, "SCHEMA_OLDER", "older", "current", ""},
		"a higher version is newer":     {`UPDATE faren.setting SET schema_version = 999`, "SCHEMA_NEWER", "newer", "current", "SCHEMA_NEWER"},
		"a missing view is missing":     {`DROP VIEW api.status`, "SCHEMA_MISSING", "missing", "missing", "SCHEMA_MISSING"},
		"a missing setting is missing":  {`DELETE FROM faren.setting`, "SCHEMA_MISSING", "missing", "missing", "SCHEMA_MISSING"},
		"an untouched one is current":   {`SELECT 1`, "", "current", "current", ""},
		"a dropped function is not met": {`DROP FUNCTION api.sign_out(jsonb)`, "", "current", "current", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.exec(c.change)
			_, err := w.store.Check(context.Background())
			if codeOf(err) != c.code || (err == nil) != (c.code == "") {
				t.Errorf("check: %v, want %q", err, c.code)
			}
			if s := state(t, w.store); s.State != c.state || s.Functions != c.functions {
				t.Errorf("status: %+v, want %s with functions %s", s, c.state, c.functions)
			}
			err = postgres.Migrate(context.Background(), postgres.Options{DSN: w.db.Super()}, calendar.Statutory(), nil)
			if codeOf(err) != c.migrates || (err == nil) != (c.migrates == "") {
				t.Errorf("migrate: %v, want %q", err, c.migrates)
			}
			if c.migrates == "" {
				if _, err := w.store.Check(context.Background()); err != nil {
					t.Errorf("check after the migration: %v", err)
				}
			}
		})
	}
}

// A set-up that was killed between tables and functions is finished by the next one.
func TestHalfASetUpIsFinished(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`DELETE FROM faren.setting; DROP SCHEMA api CASCADE`)
	if err := postgres.Migrate(context.Background(), postgres.Options{DSN: w.db.Super()}, calendar.Statutory(), newSetup()); err != nil {
		t.Fatalf("set up again: %s", chain(err))
	}
	if s := state(t, w.store); s.State != "current" {
		t.Errorf("status: %+v", s)
	}
}

func TestMigrationByAnOperatorIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE faren.setting SET functions_hash = 'x'`)
	err := postgres.Migrate(context.Background(), postgres.Options{DSN: w.db.Local()}, calendar.Statutory(), nil)
	wantCode(t, err, "FORBIDDEN")
}
