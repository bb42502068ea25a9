package pgtest

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) { os.Exit(Run(m)) }

func TestDatabasesAreFreshAndApart(t *testing.T) {
	t.Parallel()
	a, b := Open(t, New(t).Super()), Open(t, New(t).Super())
	if _, err := a.Exec(`INSERT INTO faren.unit_code_claim VALUES ('x', gen_random_uuid())`); err != nil {
		t.Fatal(err)
	}
	var rows int
	if err := b.QueryRow(`SELECT count(*) FROM faren.unit_code_claim`).Scan(&rows); err != nil || rows != 0 {
		t.Fatalf("rows in the other database: %d, %v", rows, err)
	}
}

func TestEmptyHasNoSchema(t *testing.T) {
	t.Parallel()
	var schemas int
	err := Open(t, Empty(t).Super()).QueryRow(`SELECT count(*) FROM pg_namespace WHERE nspname IN ('faren', 'api')`).Scan(&schemas)
	if err != nil || schemas != 0 {
		t.Fatalf("schemas: %d, %v", schemas, err)
	}
}
