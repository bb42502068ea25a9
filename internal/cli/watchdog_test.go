package cli_test

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/pgtest"
)

// patience is how long a process may outlive its limit or its signal: the grace, and a loaded machine.
const patience = 8 * time.Second

// deafServer takes connections and never answers. met is told of each.
func deafServer(t *testing.T) (dsn string, met <-chan struct{}) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	connected := make(chan struct{}, 100)
	go func() {
		var kept []net.Conn
		defer func() {
			for _, conn := range kept {
				_ = conn.Close()
			}
		}()
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			kept = append(kept, conn)
			connected <- struct{}{}
		}
	}()
	return "postgres://nobody@" + listener.Addr().String() + "/nothing?sslmode=disable", connected
}

// hanging is a process that hangs on a deaf server.
func hanging(t *testing.T, args ...string) *process {
	t.Helper()
	dsn, met := deafServer(t)
	w := &world{t: t, database: pgtest.New(t), dir: t.TempDir()}
	var err error
	if w.self, err = os.Executable(); err != nil {
		t.Fatal(err)
	}
	p := w.process(args...)
	p.Env = append(slices.DeleteFunc(p.Env, func(v string) bool {
		return strings.HasPrefix(v, "FARENCTL_DATABASE_URL=") || strings.HasPrefix(v, "FARENCTL_KEYRING=")
	}),
		"FARENCTL_DATABASE_URL="+dsn)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-met:
	case <-time.After(30 * time.Second):
		_ = p.Process.Kill()
		_ = p.Wait()
		t.Fatalf("the program did not connect: %s", p.told.String())
	}
	return p
}

// endsSoon gives the exit status of a process, which must end within patience.
func endsSoon(t *testing.T, p *process) int {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- p.Wait() }()
	select {
	case err := <-ended:
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
	case <-time.After(patience):
		_ = p.Process.Kill()
		<-ended
		t.Fatalf("it still ran after %s", patience)
	}
	if p.out.Len() != 0 || strings.Contains(p.told.String(), "DATA RACE") {
		t.Errorf("it wrote\n%s%s", p.out.String(), p.told.String())
	}
	return p.ProcessState.ExitCode()
}

func TestServerThatNeverAnswers(t *testing.T) {
	t.Parallel()
	check := "ver_00000000000000000000000001"
	for name, c := range map[string]struct {
		args   []string
		status []int
	}{
		"ends a list with 75":                {[]string{"register", "list", "--timeout", "1s"}, []int{75}},
		"ends a list in JSON with 75":        {[]string{"register", "list", "--timeout", "1s", "-o", "json"}, []int{75}},
		"ends a talkative list with 75":      {[]string{"register", "list", "--timeout", "1s", "--verbose"}, []int{75}},
		"ends a wait with its own status":    {[]string{"verify", "face", "wait", check, "--timeout", "1s"}, []int{8, 75}},
		"ends what needs a person's session": {[]string{"whoami", "--timeout", "1s"}, []int{75}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.args[0] == "whoami" {
				c.args = append(c.args, "--session-file", sessionOfNobody(t))
			}
			p := hanging(t, c.args...)
			if got := endsSoon(t, p); !slices.Contains(c.status, got) {
				t.Errorf("exit status %d, want one of %v\n%s", got, c.status, p.told.String())
			}
		})
	}
	for name, signal := range map[string]os.Signal{"interrupt": os.Interrupt, "terminate": syscall.SIGTERM} {
		for what, args := range map[string][]string{"a list": {"register", "list"}, "a wait": {"verify", "face", "wait", check}} {
			t.Run("lets "+name+" end "+what+" with 130", func(t *testing.T) {
				t.Parallel()
				p := hanging(t, args...)
				if err := p.Process.Signal(signal); err != nil {
					t.Fatal(err)
				}
				if got := endsSoon(t, p); got != 130 {
					t.Errorf("exit status %d, want 130\n%s", got, p.told.String())
				}
			})
		}
	}
}

// sessionOfNobody is a session file that is well formed.
func sessionOfNobody(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "session.json")
	text := `{"organization":"org_00000000000000000000000001","session":"ses_00000000000000000000000001","token":"` + strings.Repeat("x", 43) + `"}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// leftOpen are the applications of a submission that was cut, as the database has them.
func (w *world) leftOpen() int {
	w.t.Helper()
	return w.count(`SELECT count(*) FROM faren.application WHERE status IN ('certified', 'awaiting-identity', 'pending-review')`)
}

func TestSubmissionThatIsCut(t *testing.T) {
	t.Parallel()
	const lock = `LOCK TABLE faren.agent_claim IN SHARE MODE`

	t.Run("leaves nothing open or names what it left", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		args := append(w.submission(0, ""), "--timeout", "2s", "-o", "json")
		args = slices.DeleteFunc(args, func(arg string) bool { return arg == "-q" })
		release := w.lock(lock)
		r := w.run(args...)
		release()
		if r.status != 75 || r.stdout != "" {
			t.Errorf("exit status %d, want 75 and nothing on stdout\n%s%s", r.status, r.stdout, r.stderr)
		}
		w.idle()
		if w.leftOpen() == 0 {
			return
		}
		var told struct {
			Error struct {
				Details struct {
					ApplicationID string `json:"application_id"`
				} `json:"details"`
			} `json:"error"`
		}
		if err := json.Unmarshal([]byte(r.stderr), &told); err != nil {
			t.Fatalf("%s: %v", r.stderr, err)
		}
		if !strings.HasPrefix(told.Error.Details.ApplicationID, "app_") {
			t.Fatalf("an application is left open and not named:\n%s", r.stderr)
		}
		w.must("register", "withdraw", told.Error.Details.ApplicationID, "-q")
		if n := w.leftOpen(); n != 0 {
			t.Errorf("%d applications are open after the named one was withdrawn", n)
		}
		w.holds()
	})

	t.Run("is withdrawn when the lock goes in time", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		release := w.lock(lock)
		p := w.process(append(w.submission(0, ""), "--timeout", "2s")...)
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		w.blockedIn("withdraw_application")
		release()
		r := w.ended(p, p.Wait())
		if r.status != 75 {
			t.Errorf("exit status %d, want 75\n%s", r.status, r.stderr)
		}
		w.idle()
		if n := w.leftOpen(); n != 0 {
			t.Errorf("%d applications are left open\n%s", n, r.stderr)
		}
		w.holds()
	})

	t.Run("is withdrawn when it was interrupted", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		release := w.lock(lock)
		p := w.process(w.submission(0, "")...)
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		w.blockedIn("complete_verification")
		if err := p.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		w.blockedIn("withdraw_application")
		release()
		r := w.ended(p, p.Wait())
		if r.status != 130 {
			t.Errorf("exit status %d, want 130\n%s", r.status, r.stderr)
		}
		w.idle()
		if n := w.leftOpen(); n != 0 {
			t.Errorf("%d applications are left open\n%s", n, r.stderr)
		}
		w.holds()
	})
}

// blockedIn waits until a process stands behind a lock in a function.
func (w *world) blockedIn(function string) {
	w.t.Helper()
	for limit := time.Now().Add(time.Minute); time.Now().Before(limit); time.Sleep(5 * time.Millisecond) {
		if w.count(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1`, "%"+function+"%") > 0 {
			return
		}
	}
	w.t.Fatalf("nobody waits in %s", function)
}

// idle waits until nobody but the test is connected.
func (w *world) idle() {
	w.t.Helper()
	for limit := time.Now().Add(time.Minute); time.Now().Before(limit); time.Sleep(5 * time.Millisecond) {
		if w.count(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'faren_local'`) == 0 {
			return
		}
	}
	w.t.Fatal("somebody is still connected")
}

// unread runs the program with a stdout that nobody reads, as behind `| head -1` when that has seen enough.
func (w *world) unread(args ...string) (status int, killed bool, told string) {
	w.t.Helper()
	out, in := pipe(w.t)
	if err := out.Close(); err != nil {
		w.t.Fatal(err)
	}
	cmd := w.command(args...)
	cmd.Stdout = in
	stderr, err := cmd.StderrPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	text, err := io.ReadAll(stderr)
	if err != nil {
		w.t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		w.t.Fatal(err)
	}
	state, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	return cmd.ProcessState.ExitCode(), ok && state.Signaled() && state.Signal() == syscall.SIGPIPE, string(text)
}

func TestOutputThatNobodyReads(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, args := range map[string][]string{
		"of a list ends quietly":           {"register", "list"},
		"of a list in JSON ends quietly":   {"register", "list", "-o", "json"},
		"of an application ends quietly":   {"register", "show", "hz_legal"},
		"of a jq program ends quietly":     {"register", "list", "--jq", ".items[].id"},
		"of help ends quietly":             {"--help"},
		"of an explanation ends quietly":   {"explain"},
		"of a change that is done is done": {"verify", "sms", "--phone", "13900000077", "--purpose", "register"},
	} {
		t.Run(name, func(t *testing.T) {
			status, killed, told := w.unread(args...)
			if status != 0 && !killed || told != "" {
				t.Errorf("exit status %d (killed by SIGPIPE: %t)\n%s", status, killed, told)
			}
		})
	}
	if n := w.count(`SELECT count(*) FROM faren.sms WHERE kind = 'code'`); n != 1 {
		t.Errorf("%d codes were sent, want 1", n)
	}
	t.Run("of an import with refused rows keeps its status", func(t *testing.T) {
		t.Parallel()
		bad := w.write("bad.csv", "unit_code,name,legal_representative,document_type,document_number,status\none,two\n")
		if status, killed, told := w.unread("registry", "import", bad, "-o", "json"); status != 7 || killed {
			t.Errorf("exit status %d (killed by SIGPIPE: %t), want 7\n%s", status, killed, told)
		}
	})
}
