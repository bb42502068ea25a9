package batch_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/batch"
)

// Whatever stands at the place of a journal: it is one of this run, or a refusal, and what is no journal stays as it is.
func FuzzJournal(f *testing.F) {
	f.Add([]byte(`{"version":2,"run":"00000000-0000-0000-0000-000000000000","format":"jsonl","sandbox":false,"database":"","login":""}` + "\n" + `{"chunk":1}` + "\n{"))
	f.Add([]byte(`{"version":`))
	f.Add([]byte("somebody's own text"))
	path := filepath.Join(f.TempDir(), "a.state")
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := batch.Open(path, batch.Run{Format: batch.JSONL}, true)
		var fault *account.Fault
		if err != nil {
			left, readErr := os.ReadFile(path)
			if !errors.As(err, &fault) || readErr != nil || len(left) > 0 && string(left) != string(text) {
				t.Fatalf("%v, and %q is left of %q, %v", err, left, text, readErr)
			}
			return
		}
		if err := j.Close(true); err != nil {
			t.Fatal(err)
		}
	})
}
