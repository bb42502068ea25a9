package postgres_test

import (
	"context"
	"testing"

	"github.com/farenctl/farenctl/internal/calendar"
	"github.com/farenctl/farenctl/internal/postgres"
)

func TestMigrationRemovesFunctionsOfOlderVersions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	functions := func() int {
		return scan[int](w, `SELECT count(*) FROM pg_proc WHERE pronamespace IN ('api'::regnamespace, 'faren'::regnamespace)`)
	}
	before := functions()
	w.exec(`CREATE FUNCTION api.merge_register(caller jsonb, import uuid) RETURNS jsonb LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`)
	if err := postgres.Migrate(context.Background(), postgres.Options{DSN: w.db.Super()}, calendar.Statutory(), nil); err != nil {
		t.Fatal(err)
	}
	if after := functions(); after != before {
		t.Errorf("%d functions after the migration, %d before there was an old one", after, before)
	}
}
