package cli_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/pgtest"
)

// TestServerThatCrashesInTheMiddleOfABatchLosesNothing kills a server of its own, as a power cut does, while a batch runs, starts it again, and goes on with the batch
// until that is through: each row that was acknowledged is there, and none twice.
func TestServerThatCrashesInTheMiddleOfABatchLosesNothing(t *testing.T) {
	t.Parallel()
	dir, err := pgtest.Dir()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.environment = []string{"FARENCTL_DATABASE_URL=", "FARENCTL_KEYRING=", "FARENCTL_DATA_DIR=" + filepath.Join(dir, "data"), "FARENCTL_SERVER_IDLE=20s", "FARENCTL_PG_BIN=" + os.Getenv("FARENCTL_PG_BIN")}
	t.Cleanup(func() {
		w.run("server", "stop")
		_ = os.RemoveAll(dir)
	})
	sample, err := filepath.Abs(filepath.Join("..", "..", "testdata", "registry", "sample.csv"))
	if err != nil {
		t.Fatal(err)
	}
	w.must("registry", "import", sample, "-q")
	w.must("register", "submit", "-f", w.path("legal.yaml"), "--sandbox", "-q")
	address := strings.Replace(w.must("server", "start", "--jq", ".database_url"), "faren_local", "faren_super", 1)
	made := func() int {
		t.Helper()
		db, err := sql.Open("postgres", address)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close() //nolint:errcheck // only read
		var n int
		if err := db.QueryRow(`SELECT count(*) FROM faren.application WHERE username_display LIKE 'crowd%'`).Scan(&n); err != nil {
			return -1 // it is down
		}
		return n
	}
	const rows, crashes = 2000, 1
	file := w.crowd("crowd.jsonl", rows, "password_hash")
	line := []string{"register", "batch", file, "--sandbox", "--resume", "--report", w.path("report.jsonl"), "-q"}
	crashed := 0
	for run := 0; ; run++ {
		p := w.process(line...)
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		before := made()
		if crashed < crashes {
			for made() <= before && p.ProcessState == nil && made() < rows/2 {
				time.Sleep(time.Millisecond) // it is on its way once there are more
			}
			pid, err := strconv.Atoi(w.must("server", "status", "--jq", ".pid"))
			if err != nil {
				t.Fatal(err)
			}
			if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil {
				t.Fatal(err)
			}
			crashed++
			for syscall.Kill(pid, 0) == nil {
				time.Sleep(time.Millisecond) // until the process is gone
			}
			w.must("server", "start", "-q")
		}
		r := w.ended(p, p.Wait())
		if r.status == 0 {
			break
		}
		if (r.status != 69 && r.status != 75) || run > 10 {
			t.Fatalf("run %d: exit status %d\n%s", run, r.status, r.stderr)
		}
	}
	if counts := w.reported(w.path("report.jsonl")); counts["pending-review"] != rows || len(counts) != 1 {
		t.Errorf("the report: %v", counts)
	}
	if n := made(); n != rows {
		t.Errorf("%d applications, want %d", n, rows)
	}
}
