package cli_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/seal"
)

// ownKeyring gives the world a copy of the keyring, which it may change.
func (w *world) ownKeyring() string {
	w.t.Helper()
	text, err := os.ReadFile(w.database.Keyring)
	if err != nil {
		w.t.Fatal(err)
	}
	path := w.write("keyring.json", string(text))
	w.environment = append(w.environment, "FARENCTL_KEYRING="+path)
	return path
}

// opens opens every sealed value of the database with one keyring, and counts them.
func (w *world) opens(path string) int {
	w.t.Helper()
	keys, err := seal.Load(path)
	if err != nil {
		w.t.Fatal(err)
	}
	rows, err := w.super.Query(`SELECT p.table_name, p.row_key, p.bound, c FROM faren.sealed_places() p, unnest(p.columns) c`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	total := 0
	for rows.Next() {
		var table, key, bound, column string
		if err := rows.Scan(&table, &key, &bound, &column); err != nil {
			w.t.Fatal(err)
		}
		values, err := w.super.Query(fmt.Sprintf(`SELECT %s::text, %s_sealed FROM faren.%s WHERE %s_sealed IS NOT NULL`, key, column, table, column))
		if err != nil {
			w.t.Fatal(err)
		}
		for values.Next() {
			var row string
			var sealed []byte
			if err := values.Scan(&row, &sealed); err != nil {
				w.t.Fatal(err)
			}
			if _, err := keys.Open(sealed, seal.AAD{Table: bound, Row: row, Column: column}); err != nil {
				w.t.Errorf("%s %s of %s: %v", table, column, row, err)
			}
			total++
		}
		values.Close()
	}
	return total
}

func TestKilledReencryptionsLoseNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	keyring := w.ownKeyring()
	w.must("register", "batch", w.crowd("crowd.jsonl", 400, "password_hash"), "--sandbox", "-q")
	before := w.opens(keyring)
	w.must("key", "rotate", "-q")
	// Two at once, killed again and again, while the register is loaded anew with the new key.
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 4 {
				p := w.process("key", "reencrypt", "--batch", "2", "-q")
				if err := p.Start(); err != nil {
					t.Error(err)
					return
				}
				ended := make(chan struct{})
				go func() {
					_ = p.Wait()
					close(ended)
				}()
				select {
				case <-ended:
				case <-time.After(time.Duration(50+rand.IntN(150)) * time.Millisecond):
					_ = p.Process.Kill()
					<-ended
				}
			}
		})
	}
	sample, err := filepath.Abs(filepath.Join("..", "..", "testdata", "registry", "sample.csv"))
	if err != nil {
		t.Fatal(err)
	}
	w.must("registry", "import", sample, "-q")
	wg.Wait()
	if after := w.opens(keyring); after != before {
		t.Errorf("%d values, and %d before", after, before)
	}
	// Two that end: between them they do all of it, and what the one did is not the other's.
	results := make([]struct{ Resealed, Changed, Unreadable, Left int }, 2)
	left := w.count(`SELECT coalesce(sum(x.value::int), 0) FROM jsonb_each_text(faren.key_use()) x WHERE x.key LIKE '%6b31'`)
	for i := range results {
		wg.Go(func() {
			if err := json.Unmarshal([]byte(w.must("key", "reencrypt", "--batch", "11", "-o", "json", "-q=false")), &results[i]); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if results[0].Resealed+results[1].Resealed < left || min(results[0].Left, results[1].Left) != 0 || results[0].Unreadable+results[1].Unreadable != 0 {
		t.Errorf("%d were left; %+v", left, results)
	}
	w.must("key", "reencrypt", "-q")
	w.must("key", "retire", "k1", "-q")
	if after := w.opens(keyring); after != before {
		t.Errorf("%d values with the newest key, and %d before", after, before)
	}
}

// A rotation is killed at every point of it: afterwards either key is the newest of file and database, and the next rotation goes on.
func TestKilledRotationIsFinished(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	keyring := w.ownKeyring()
	newest := func() string {
		var header string
		if err := w.super.QueryRow(`SELECT coalesce(sealing_key, '') FROM faren.setting`).Scan(&header); err != nil {
			t.Fatal(err)
		}
		return header
	}
	load := func(path string) *seal.Keyring {
		keys, err := seal.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		return keys
	}
	// The database holds the call; what is killed then has staged its key, and the database may hear of it or not.
	for _, heard := range []bool{false, true} {
		tx, err := w.super.Begin()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(`SELECT FROM faren.setting FOR UPDATE`); err != nil {
			t.Fatal(err)
		}
		p := w.process("key", "rotate", "-q")
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		for w.count(`SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%api.rotate_key%' AND wait_event_type = 'Lock' AND datname = current_database()`) == 0 {
			time.Sleep(5 * time.Millisecond)
		}
		staged := load(keyring + ".next").Active().Header
		was := load(keyring).Active().Header
		if heard {
			_ = p.Process.Signal(os.Interrupt) // which does not keep the database from hearing of it below
		}
		_ = p.Process.Kill()
		_ = p.Wait()
		if heard {
			// As if the call had been committed, and its answer lost.
			if _, err := tx.Exec(`UPDATE faren.setting SET sealing_key = $1`, staged); err != nil {
				t.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		for w.count(`SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%api.rotate_key%' AND state <> 'idle' AND pid <> pg_backend_pid() AND datname = current_database()`) > 0 {
			time.Sleep(5 * time.Millisecond)
		}
		if load(keyring).Active().Header != was {
			t.Fatal("the file was changed before the database was done")
		}
		// The database may have heard of it even then: the server sees late that its client is gone.
		knows := newest() == staged
		if heard && !knows {
			t.Fatal("the database does not know of the staged key")
		}
		if r := w.run("key", "wrap", "--passphrase-file", w.write("passphrase", "correct horse battery\n")); r.code() != "KEY_ROTATION_UNFINISHED" {
			t.Errorf("another change of the file: %s", r.stderr)
		}
		id := strings.TrimSpace(w.must("key", "rotate", "-q"))
		keys := load(keyring)
		if keys.Active().Header != newest() || keys.Active().ID != id || knows != (keys.Active().Header == staged) {
			t.Errorf("after the next rotation: %s, newest %s, staged %s", keys, newest(), staged)
		}
		if _, err := os.Stat(keyring + ".next"); !os.IsNotExist(err) {
			t.Errorf("what was staged is still there: %v", err)
		}
	}
	w.must("key", "reencrypt", "-q")
	w.opens(keyring)
}

func TestAKeyringIsChangedByOneProcessAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	keyring := w.ownKeyring()
	file, err := seal.Lock(keyring)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range [][]string{{"key", "rotate"}, {"key", "retire", "k1"}, {"key", "unwrap"}} {
		if r := w.run(line...); r.code() != "KEYRING_IN_USE" || r.status != 75 {
			t.Errorf("%v: exit status %d, %s", line, r.status, r.stderr)
		}
	}
	// Whoever only reads it goes on.
	w.must("key", "list", "-q")
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	w.must("key", "rotate", "-q")
}
