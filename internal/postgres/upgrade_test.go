package postgres_test

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/calendar"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/postgres"
)

// atVersion makes a database as the migrations up to last leave it, without functions, and with settings.
func atVersion(t *testing.T, last string) pgtest.Database {
	t.Helper()
	ctx := context.Background()
	db := pgtest.Empty(t)
	super := pgtest.Open(t, db.Super())
	read := func(name string) string {
		t.Helper()
		text, err := fs.ReadFile(postgres.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	run := func(statement string) {
		t.Helper()
		if _, err := super.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	run(read("bootstrap.sql"))
	names, err := fs.Glob(postgres.Files, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	older := fstest.MapFS{}
	for _, name := range names {
		if name <= "migrations/"+last {
			older[name[len("migrations/"):]] = &fstest.MapFile{Data: []byte(read(name))}
		}
	}
	owner := pgtest.Open(t, db.Super()+" options='-c role=faren_owner'")
	provider, err := goose.NewProvider(goose.DialectPostgres, owner, older, goose.WithTableName("faren.schema_version"),
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.Up(ctx); err != nil {
		t.Fatal(err)
	}
	// The view as it was, without what later migrations brought.
	run(`SET ROLE faren_owner;` + strings.Replace(read("views/10_status.sql"), " s.sealing_key,", "", 1) + `RESET ROLE;
		INSERT INTO faren.setting (environment, suite, index_check, password_params, server_secret, schema_version)
		VALUES ('test', 'aes', 'check', '{}', '\x00', 1)`)
	return db
}

// What the first schema kept as drafts is an application like any other afterwards, and goes on from where it was.
func TestDraftsOfTheFirstSchemaBecomeApplications(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := atVersion(t, "00001_main_road.sql")
	super := pgtest.Open(t, db.Super())
	open, ended := must(uuid.NewV7()), must(uuid.NewV7())
	for id, status := range map[uuid.UUID]string{open: "certified", ended: "withdrawn"} {
		if _, err := super.ExecContext(ctx, `INSERT INTO faren.draft (application_id, channel, status, name, name_key, unit_code, unit_code_type, entity_type,
				warnings, created_at, updated_at, expires_at)
			VALUES ($1, 'zhejiang', $2::text, '测试有限公司', '测试有限公司', '91330100799655058B', 'uscc', 'market-entity', '[]', now(), now(),
				CASE WHEN $2 = 'certified' THEN now() + interval '1 hour' END)`, id, status); err != nil {
			t.Fatal(err)
		}
	}
	if err := postgres.Migrate(ctx, postgres.Options{DSN: db.Super()}, calendar.Statutory(), nil); err != nil {
		t.Fatal(chain(err))
	}
	w := &world{t: t, db: db, super: super, store: openStore(t, db.Super(), time.Minute)}
	caller := postgres.Caller{RequestID: uuid.New(), IndexCheck: "check"}
	a, err := w.store.Application(ctx, account.ApplicationID(open))
	if err != nil || a.Status != account.Certified || a.Organization.ID != nil || *a.Organization.Name != "测试有限公司" || *a.Organization.EntityType != "market-entity" {
		t.Errorf("the open draft: %+v, %v", a, err)
	}
	if a, err = w.store.WithdrawApplication(ctx, caller, a.ID); err != nil || a.Status != account.Withdrawn {
		t.Errorf("withdrawn: %+v, %v", a, err)
	}
	if a, err = w.store.Application(ctx, account.ApplicationID(ended)); err != nil || a.Status != account.Withdrawn {
		t.Errorf("the withdrawn draft: %+v, %v", a, err)
	}
}
