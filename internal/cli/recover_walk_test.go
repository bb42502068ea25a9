package cli_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/cli"
)

// terminal plays a person who answers prompts: each answer is made when its prompt has been shown.
type terminal struct {
	told, out bytes.Buffer
	answers   []func() string
	pending   []byte
}

// next is the next answer; io.EOF when there is none.
func (p *terminal) next() (string, error) {
	if len(p.answers) == 0 {
		return "", io.EOF
	}
	answer := p.answers[0]()
	p.answers = p.answers[1:]
	return answer, nil
}

func (p *terminal) Read(b []byte) (int, error) {
	if len(p.pending) == 0 {
		answer, err := p.next()
		if err != nil {
			return 0, err
		}
		p.pending = []byte(answer + "\n")
	}
	n := copy(b, p.pending)
	p.pending = p.pending[n:]
	return n, nil
}

// walk runs `farenctl recover` on a terminal.
func (w *world) walk(p *terminal) int { return w.onTerminal(p, "recover", "-o", "json") }

// onTerminal runs the program in this process as on a terminal.
func (w *world) onTerminal(p *terminal, args ...string) int {
	w.t.Helper()
	env := w.variables()
	return cli.Main(args, cli.Streams{In: p, Out: &p.out, Err: &p.told, InTTY: true, ErrTTY: true,
		Getenv: func(name string) string { return env[name] }, UID: os.Getuid(), ReadPassword: p.next})
}

func says(text string) func() string { return func() string { return text } }

func TestRecoveryOnATerminalLeadsThroughTheSteps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// Called while the program runs, so that it must not end the test.
	code := func() string {
		sms := strings.TrimSpace(w.run("sms", "list", "--kind", "code", "--limit", "1", "-q").stdout)
		return strings.TrimSpace(w.run("sms", "show", sms, "--reveal", "text", "--reason", "test", "--jq", `.text | capture("(?<d>[0-9]{6})").d`).stdout)
	}
	p := &terminal{answers: []func() string{says("letter"), says("phone"), says("137-0000-0001"), says("91330106MA0000015K"), says("sms"),
		says("12345"), code, says("weak"), says("weak"), says("Fresh-2026-pass"), says("Another-2026-pass"), says("Fresh-2026-pass"), says("Fresh-2026-pass")}}
	if status := w.walk(p); status != 0 {
		t.Fatalf("exit status %d\n%s", status, p.told.String())
	}
	var result struct{ Status, Username string }
	if err := json.Unmarshal(p.out.Bytes(), &result); err != nil || result.Status != "reset" || result.Username != "hz_legal" {
		t.Errorf("%v: %s", err, p.out.String())
	}
	told := p.told.String()
	for _, want := range []string{"user name: hz_legal", "the SMS code is wrong", "the password is too weak", "the two entries differ",
		"farenctl recover start --by phone --phone … --unit-code …", "farenctl recover reset rec_"} {
		if !strings.Contains(told, want) {
			t.Errorf("not told: %s\n%s", want, told)
		}
	}
	if strings.Contains(told+p.out.String(), "2026-pass") || strings.Contains(told+p.out.String(), "13700000001") {
		t.Errorf("what was typed is repeated:\n%s", told)
	}
	w.write("fresh", "Fresh-2026-pass\n")
	w.must("login", "hz_legal", "--password-file", w.path("fresh"), "-q")
}

func TestRecoveryOnATerminalByFaceKeepsThePassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := &terminal{}
	passed := make(chan struct{})
	go func() {
		defer close(passed)
		for limit := time.Now().Add(time.Minute); time.Now().Before(limit); time.Sleep(20 * time.Millisecond) {
			if w.count(`SELECT count(*) FROM faren.verification WHERE purpose = 'recover'`) == 0 {
				continue
			}
			var id string
			if err := w.super.QueryRow(`SELECT reference FROM faren.verification WHERE purpose = 'recover'`).Scan(&id); err == nil {
				w.run("verify", "face", "simulate", id, "--outcome", "passed")
				return
			}
		}
	}()
	p.answers = []func() string{says("username"), says("HZ_legal"), says("face"), says("")}
	status := w.walk(p)
	<-passed
	if status != 0 || !regexp.MustCompile(`"status": "proven"`).Match(p.out.Bytes()) {
		t.Errorf("exit status %d\n%s\n%s", status, p.out.String(), p.told.String())
	}
	w.must("login", "hz_legal", "--password-file", w.path("password"), "-q")
}

func TestRecoveryOnATerminalEndsWithItsInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := &terminal{answers: []func() string{says("phone")}}
	if status := w.walk(p); status != 130 || p.out.Len() != 0 {
		t.Errorf("exit status %d, want 130 and no result\n%s", status, p.out.String())
	}
	if n := w.count(`SELECT count(*) FROM faren.recovery`); n != 0 {
		t.Errorf("%d recoveries were begun", n)
	}
}
