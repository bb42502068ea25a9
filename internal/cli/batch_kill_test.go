package cli_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// someHash is an Argon2id hash of nothing, with parameters that are taken.
const someHash = "$argon2id$v=19$m=19456,t=2,p=1$MTIzNDU2Nzg5MDEyMzQ1Ng$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// crowd writes a batch of n made-up agents of the sample's first organization.
func (w *world) crowd(name string, n int, password string) string {
	w.t.Helper()
	var b strings.Builder
	for i := range n {
		document := fmt.Sprintf("330106%04d%02d%02d%03d", 1950+i/9000, 1+i/750%12, 1+i/30%25, i%1000)
		sum := 0
		for place, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
			sum += int(document[place]-'0') * weight
		}
		row := map[string]any{"channel": hangzhou.channel, "entity_type": "market-entity", "organization_name": hangzhou.name, "unit_code": hangzhou.code, "accept_terms": true,
			"legal_representative": map[string]any{"name": hangzhou.representative, "document_number": hangzhou.document},
			"username":             fmt.Sprintf("crowd_%06d", i), password: map[string]string{"password": demoPassword, "password_hash": someHash}[password],
			"agent": map[string]any{"name": "群众", "document_number": document + string("10X98765432"[sum%11]), "phone": fmt.Sprintf("139%08d", i)}}
		text, err := json.Marshal(row)
		if err != nil {
			w.t.Fatal(err)
		}
		b.Write(append(text, '\n'))
	}
	return w.write(name, b.String())
}

// reported reads a report and counts its rows; a line that stands twice, or out of order, is an error.
func (w *world) reported(path string) map[string]int {
	w.t.Helper()
	file, err := os.Open(path)
	if err != nil {
		w.t.Fatal(err)
	}
	defer file.Close()
	counts, line := map[string]int{}, 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var row struct {
			Line         int
			Status, Code string
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			w.t.Fatal(err)
		}
		if line++; row.Line != line {
			w.t.Fatalf("line %d stands where %d should", row.Line, line)
		}
		counts[row.Status+row.Code]++
	}
	return counts
}

func TestKilledBatchGoesOnWithNoneLostAndNoneDoubled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const rows = 2600
	file := w.crowd("crowd.jsonl", rows, "password_hash")
	line := []string{"register", "batch", file, "--sandbox", "--resume", "--report", w.path("report.jsonl"), "--failed-out", w.path("failed.jsonl"), "-q"}
	kills := 0
	for ; ; kills++ {
		p := w.process(line...)
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- p.Wait() }()
		// The moment is of no consequence to what is asserted; any will do.
		select {
		case err := <-ended:
			if r := w.ended(p, err); r.status != 0 {
				t.Fatalf("exit status %d\n%s", r.status, r.stderr)
			}
		case <-time.After(time.Duration(100+rand.IntN(1100)) * time.Millisecond):
			_ = p.Process.Kill()
			<-ended
			if kills < 12 {
				continue
			}
			w.must(line...)
		}
		break
	}
	t.Logf("killed %d times", kills)
	if n := w.count(`SELECT count(*) FROM faren.application WHERE username_display LIKE 'crowd_%'`); n != rows {
		t.Errorf("%d applications, want %d", n, rows)
	}
	if n := w.count(`SELECT count(*) FROM faren.audit_event WHERE action = 'application.batch' AND subject_kind = 'application'`); n != rows {
		t.Errorf("%d rows in the audit, want %d", n, rows)
	}
	if got := w.reported(w.path("report.jsonl")); got["pending-review"] != rows || len(got) != 1 {
		t.Errorf("the report: %v", got)
	}
	if text, err := os.ReadFile(w.path("failed.jsonl")); err != nil || len(text) > 0 {
		t.Errorf("failed rows: %q, %v", text, err)
	}
	if _, err := os.Stat(file + ".state"); !os.IsNotExist(err) {
		t.Errorf("the journal is still there: %v", err)
	}
	w.holds()
}

func TestInterruptedBatchFinishesItsChunksAndGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const rows = 200
	file := w.crowd("crowd.jsonl", rows, "password")
	line := []string{"register", "batch", file, "--sandbox", "--workers", "1", "--report", w.path("report.jsonl")}
	p := w.process(line...)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	for w.count(`SELECT count(*) FROM faren.application WHERE username_display LIKE 'crowd_%'`) == 0 {
		time.Sleep(5 * time.Millisecond)
	}
	if err := p.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	r := w.ended(p, p.Wait())
	done := w.count(`SELECT count(*) FROM faren.application WHERE username_display LIKE 'crowd_%'`)
	if r.status != 130 || done == rows || done == 0 || !strings.Contains(r.stderr, fmt.Sprintf("%d rows are done; go on with: the same command and --resume", done)) {
		t.Errorf("exit status %d with %d rows done:\n%s", r.status, done, r.stderr)
	}
	if got := w.reported(w.path("report.jsonl")); got["pending-review"] != done {
		t.Errorf("the report has %v, want %d", got, done)
	}
	// Not with another file, and not after a report that is not there any more.
	for path, spoiled := range map[string]string{file: strings.Repeat("{}\n", rows), w.path("report.jsonl"): "{}\n"} {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{spoiled, string(whole)} {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if text != spoiled {
				break
			}
			if r := w.run(append(line, "--resume")...); r.status != 5 || r.code() != "BATCH_FILE_CHANGED" {
				t.Errorf("with %s changed: exit status %d\n%s", path, r.status, r.stderr)
			}
		}
	}
	if out := w.must(append(line, "--resume", "--jq", `"\(.rows) \(.made) \(.resumed)"`)...); out != fmt.Sprintf("%d %d true", rows, rows) {
		t.Errorf("the end of the run: %s", out)
	}
	w.reported(w.path("report.jsonl"))
	w.holds()
}

// The memory of a run does not grow with its file.
func TestBatchOfAnySizeStaysWithinItsMemory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	peak := func(file string) int64 {
		p := w.process("register", "batch", file, "--sandbox", "--no-state", "-q")
		r := w.ended(p, p.Run())
		usage, ok := p.ProcessState.SysUsage().(*syscall.Rusage)
		if !ok || r.status != 0 && r.code() != "ROWS_REFUSED" {
			t.Fatalf("exit status %d\n%s", r.status, r.stderr)
		}
		return usage.Maxrss // KiB
	}
	small := peak(w.crowd("small.jsonl", 1500, "password_hash"))
	if big := peak(w.crowd("big.jsonl", 7500, "password_hash")); big > small+small/2 {
		t.Errorf("%d KiB for 7500 rows, %d for 1500", big, small)
	}
}
