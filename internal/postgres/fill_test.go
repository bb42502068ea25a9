package postgres_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/farenctl/farenctl/internal/postgres"
)

// imported imports organizations with these numbers, one a line.
func (w *world) imported(numbers ...int) (postgres.MergeResult, error) {
	return w.store.ImportRegister(context.Background(), func() (postgres.Caller, error) { return w.caller(), nil }, false, func(s *postgres.Staging) error {
		b := s.Batch()
		for i, n := range numbers {
			b.Append(&postgres.SealedRegisterRow{
				Line: int64(i + 2), UnitCode: unitCode(n), Name: fmt.Sprint("line ", i+2), NameKey: "n", RepresentativeMask: "*", RepresentativeIndex: []byte{1},
				RepresentativeSealed: []byte{2}, DocumentType: "resident-id", DocumentMask: "*", DocumentIndex: []byte{3}, DocumentSealed: []byte{4}, Status: "active",
			})
		}
		return s.Add(b)
	})
}

func TestFirstImportLeavesTheIndexesAsTheyWere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	indexes := func() []string {
		return w.list(`SELECT pg_get_indexdef(i.indexrelid) || coalesce(' ' || k.conname || ' ' || pg_get_constraintdef(k.oid), '') || i.indisvalid
			FROM pg_index i LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid WHERE i.indrelid = 'faren.register_entry'::regclass ORDER BY 1`)
	}
	before, files := indexes(), scan[string](w, `SELECT string_agg(indexrelid::text, ' ' ORDER BY indexrelid) FROM pg_index WHERE indrelid = 'faren.register_entry'::regclass`)
	if got, err := w.imported(1, 2, 3); err != nil || got.Added != 3 || got.Replaced != 0 {
		t.Errorf("the first import: %+v, %v", got, err)
	}
	if diff := cmp.Diff(before, indexes()); diff != "" {
		t.Errorf("indexes (-before +after):\n%s", diff)
	}
	built := scan[string](w, `SELECT string_agg(indexrelid::text, ' ' ORDER BY indexrelid) FROM pg_index WHERE indrelid = 'faren.register_entry'::regclass`)
	if built == files {
		t.Error("no index was built after the load")
	}
	if got, err := w.imported(3, 4); err != nil || got.Added != 1 || got.Replaced != 1 {
		t.Errorf("the second import: %+v, %v", got, err)
	}
	if now := scan[string](w, `SELECT string_agg(indexrelid::text, ' ' ORDER BY indexrelid) FROM pg_index WHERE indrelid = 'faren.register_entry'::regclass`); now != built {
		t.Error("the indexes of a register with entries were built again")
	}
}

func TestDoublesOfAFirstImportAreFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got, err := w.imported(1, 2, 1, 3, 1)
	if err != nil || got.Added != 3 || len(got.Doubles) != 2 || got.Doubles[0].Line != 2 || got.Doubles[0].Later != 4 || got.Doubles[1].Line != 4 || got.Doubles[1].Later != 6 {
		t.Errorf("%+v, %v", got, err)
	}
	if name := scan[string](w, `SELECT name FROM faren.register_entry WHERE unit_code = '`+unitCode(1)+`'`); name != "line 6" {
		t.Errorf("the last line did not win: %s", name)
	}
}

// Whoever looks at an empty register does not hold an import up.
func TestFirstImportDoesNotWaitForReaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reader := w.as("faren_support")
	for _, statement := range []string{`BEGIN`, `SELECT count(*) FROM api.register_entry`} {
		if _, err := reader.ExecContext(context.Background(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := w.imported(1, 2); err != nil || got.Added != 2 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestFirstImportsAtOnceAllArrive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all sync.WaitGroup
	for n := range 4 {
		all.Go(func() {
			if got, err := w.imported(10*n, 10*n+1, 10*n+2, 99); err != nil || got.Added+got.Replaced != 4 {
				t.Errorf("import %d: %+v, %v", n, got, err)
			}
		})
	}
	all.Wait()
	if n := scan[int](w, `SELECT count(*) FROM faren.register_entry`); n != 13 {
		t.Errorf("%d entries, want 13", n)
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.register_staging`); n != 0 {
		t.Errorf("%d staged rows are left", n)
	}
}
