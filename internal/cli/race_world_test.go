package cli_test

import (
	"bytes"
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/pgtest"
)

// rivals is how many processes run at once, and guessers how many where somebody guesses.
const (
	rivals   = 16
	guessers = 64
)

// gateVariable makes the program, run by this test binary, wait for the gate: file 3 is where it tells that it stands
// there, and file 4 ends when the gate opens.
const gateVariable = "FARENCTL_TEST_GATE"

func waitAtGate() {
	if os.Getenv(gateVariable) == "" {
		return
	}
	ready, gate := os.NewFile(3, "ready"), os.NewFile(4, "gate")
	_, _ = ready.Write([]byte{1})
	_ = ready.Close()
	_, _ = io.Copy(io.Discard, gate)
	_ = gate.Close()
}

// world is a database of its own and the program run on it as real processes.
type world struct {
	t        *testing.T
	database pgtest.Database
	super    *sql.DB
	dir      string
	self     string // this test binary
	rivals   int    // 0: as many as rivals
	// environment is what every command has beside the usual.
	environment []string
}

// result is how a process ended.
type result struct {
	status         int
	stdout, stderr string
}

// code is the first error code, or "" when there is none.
func (r result) code() string {
	rest, ok := strings.CutPrefix(r.stderr, "farenctl: ")
	if !ok {
		return ""
	}
	code, _, _ := strings.Cut(rest, ":")
	return code
}

// newWorld has the sample register, and hz_legal signed in with the session file session.json.
func newWorld(t *testing.T) *world {
	t.Helper()
	d := pgtest.New(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, database: d, super: pgtest.Open(t, d.Super()), dir: t.TempDir(), self: self}
	w.exec(noon)
	w.exec(guardedMoves())
	w.write("password", demoPassword+"\n")
	w.write("wrong", "Wrong-2026-pass\n")
	sample, err := filepath.Abs(filepath.Join("..", "..", "testdata", "registry", "sample.csv"))
	if err != nil {
		t.Fatal(err)
	}
	w.must("registry", "import", sample, "-q")
	w.must("register", "submit", "-f", w.document("legal.yaml"), "--sandbox", "-q")
	w.must("login", "hz_legal", "--password-file", w.path("password"), "-q")
	return w
}

func (w *world) path(name string) string { return filepath.Join(w.dir, name) }

func (w *world) write(name, text string) string {
	w.t.Helper()
	if err := os.WriteFile(w.path(name), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return w.path(name)
}

func (w *world) document(name string, changes ...string) string {
	w.t.Helper()
	text, err := registrationDocument(changes)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.write(name, string(text))
}

func (w *world) exec(statement string, args ...any) {
	w.t.Helper()
	if _, err := w.super.Exec(statement, args...); err != nil {
		w.t.Fatalf("%s: %v", statement, err)
	}
}

func (w *world) count(query string, args ...any) int {
	w.t.Helper()
	var n int
	if err := w.super.QueryRow(query, args...).Scan(&n); err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
	return n
}

func (w *world) command(args ...string) *exec.Cmd {
	cmd := exec.Command(w.self)
	cmd.Args = append([]string{"farenctl"}, args...)
	cmd.Dir = w.dir
	cmd.Env = []string{raceSetting, "PATH=" + os.Getenv("PATH"), "HOME=" + w.dir, "LC_ALL=C.UTF-8", "FARENCTL_DATABASE_URL=" + w.database.Local(),
		"FARENCTL_KEYRING=" + w.database.Keyring, "FARENCTL_SESSION_FILE=" + w.path("session.json")}
	cmd.Env = append(cmd.Env, w.environment...)
	return cmd
}

// process is a command and what it printed so far.
type process struct {
	*exec.Cmd
	out, told bytes.Buffer
}

func (w *world) process(args ...string) *process {
	p := &process{Cmd: w.command(args...)}
	p.Stdout, p.Stderr = &p.out, &p.told
	return p
}

// ended tells how a process ended; err is what waiting for it gave.
func (w *world) ended(p *process, err error) result {
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.t.Errorf("run the program: %v", err)
	}
	return result{p.ProcessState.ExitCode(), p.out.String(), p.told.String()}
}

// run runs one process to its end. Unlike must it may be used by any goroutine.
func (w *world) run(args ...string) result {
	p := w.process(args...)
	return w.ended(p, p.Run())
}

// must is run for what has to succeed; it gives stdout without its line end.
func (w *world) must(args ...string) string {
	w.t.Helper()
	r := w.run(args...)
	if r.status != 0 {
		w.t.Fatalf("farenctl %s: exit status %d\n%s", strings.Join(args, " "), r.status, r.stderr)
	}
	return strings.TrimSpace(r.stdout)
}

// each runs a preparing command for every rival, a few at a time, and gives what each printed.
func (w *world) each(args func(i int) []string) []string {
	w.t.Helper()
	out := make([]string, rivals)
	slots := make(chan struct{}, 4)
	var group sync.WaitGroup
	for i := range rivals {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			r := w.run(args(i)...)
			if r.status != 0 {
				w.t.Errorf("rival %d: exit status %d\n%s", i, r.status, r.stderr)
			}
			out[i] = strings.TrimSpace(r.stdout)
		})
	}
	group.Wait()
	if w.t.Failed() {
		w.t.FailNow()
	}
	return out
}

// race runs one process for each rival, all let go at once, and gives how they ended. While hold's locks are kept,
// the rivals pile up behind them: they are given up when all stand there, so that all are past every look before any
// writes. hold is a statement that takes locks; "": none.
func (w *world) race(hold string, args func(i int) []string) []result {
	w.t.Helper()
	return w.begin(hold, args)()
}

// size is how many processes run at once.
func (w *world) size() int { return cmp.Or(w.rivals, rivals) }

// begin is race up to the moment when the rivals run; the result waits for them, in whatever goroutine.
func (w *world) begin(hold string, args func(i int) []string) func() []result {
	w.t.Helper()
	readyOut, readyIn := pipe(w.t)
	gateOut, gateIn := pipe(w.t)
	var release func()
	if hold != "" {
		release = w.lock(hold)
	}
	processes := make([]*process, w.size())
	for i := range processes {
		p := w.process(args(i)...)
		p.Env = append(p.Env, gateVariable+"=1")
		p.ExtraFiles = []*os.File{readyIn, gateOut}
		if err := p.Start(); err != nil {
			w.t.Fatal(err)
		}
		processes[i] = p
	}
	if _, err := io.ReadFull(readyOut, make([]byte, w.size())); err != nil {
		w.t.Fatal(err)
	}
	if err := gateIn.Close(); err != nil {
		w.t.Fatal(err)
	}
	if release != nil {
		w.waiting(w.size())
		release()
	}
	return func() []result {
		results := make([]result, w.size())
		for i, p := range processes {
			results[i] = w.ended(p, p.Wait())
		}
		return results
	}
}

func pipe(t *testing.T) (out, in *os.File) {
	t.Helper()
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = out.Close()
		_ = in.Close()
	})
	return out, in
}

// lock takes locks in a transaction, which the result ends.
func (w *world) lock(statement string) func() {
	w.t.Helper()
	tx, err := w.super.Begin()
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := tx.Exec(statement); err != nil {
		w.t.Fatalf("%s: %v", statement, err)
	}
	return func() {
		if err := tx.Rollback(); err != nil {
			w.t.Fatal(err)
		}
	}
}

// waiting waits until n processes stand behind a lock.
func (w *world) waiting(n int) {
	w.t.Helper()
	limit := time.Now().Add(time.Minute)
	for {
		found := w.count(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
		if found >= n {
			return
		}
		if time.Now().After(limit) {
			w.t.Fatalf("%d processes wait behind the lock, want %d", found, n)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// tally counts how the rivals ended, as "0" or "status CODE".
func tally(results []result) map[string]int {
	out := map[string]int{}
	for _, r := range results {
		key := fmt.Sprint(r.status)
		if r.status != 0 {
			key += " " + r.code()
		}
		out[key]++
	}
	return out
}

// person gives the i-th made-up person: name, resident ID (GB 11643) and mobile.
func person(i int) (name, document, phone string) {
	surnames := []rune("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨")
	number := fmt.Sprintf("330106%04d0607%03d", 1960+i, 10+i)
	sum := 0
	for place, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(number[place]-'0') * weight
	}
	return string(surnames[i%len(surnames)]) + "示例", number + string("10X98765432"[sum%11]), fmt.Sprintf("139000000%02d", i)
}
