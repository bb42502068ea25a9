package cli_test

import (
	"encoding/json"
	"maps"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/sms/smstest"
)

// withGateway makes every later command of the world send through a gateway at an address.
func (w *world) withGateway(url string) {
	w.t.Helper()
	for name, value := range gatewayEnvironment(url, w.write("gateway-secret", smstest.Secret+"\n")) {
		w.environment = append(w.environment, name+"="+value)
	}
}

func (w *world) newGateway() *smstest.Gateway {
	w.t.Helper()
	g := smstest.New()
	w.t.Cleanup(g.Close)
	w.withGateway(g.URL)
	return g
}

// fill puts n messages to the legal representative into the outbox.
func (w *world) fill(n int) {
	w.t.Helper()
	w.exec(`INSERT INTO faren.sms (org_id, sms_id, kind, agent_id, to_mask, to_index, params, status, created_at, next_attempt_at)
		SELECT g.org_id, gen_random_uuid(), 'approved', g.agent_id, g.phone_mask, g.phone_index, '{"organization": "杭州示例科技有限公司"}', 'queued', clock_timestamp() + s.clock_offset, clock_timestamp() + s.clock_offset
		FROM faren.setting s, faren.agent g JOIN faren.account a ON a.org_id = g.org_id AND a.agent_id = g.agent_id, generate_series(1, $1)`, n)
}

// dispatchers is how many of them run at once.
const dispatchers = 12

// dispatch runs the dispatchers and adds up what they told.
func (w *world) dispatch() account.Dispatch {
	w.t.Helper()
	var sum account.Dispatch
	var mu sync.Mutex
	var group sync.WaitGroup
	for range dispatchers {
		group.Go(func() {
			r := w.run("sms", "dispatch", "-o", "json")
			var d account.Dispatch
			if err := json.Unmarshal([]byte(r.stdout), &d); err != nil || r.status != 0 {
				w.t.Errorf("dispatcher: exit status %d, %v\n%s", r.status, err, r.stderr)
			}
			mu.Lock()
			defer mu.Unlock()
			sum.Claimed += d.Claimed
			sum.Sent += d.Sent
			sum.Failed += d.Failed
			sum.Dead += d.Dead
			sum.Unknown += d.Unknown
		})
	}
	group.Wait()
	return sum
}

// deliveries counts how often the gateway got each message.
func deliveries(g *smstest.Gateway) map[string]int {
	counts := map[string]int{}
	for _, m := range g.Messages() {
		counts[m.ID]++
	}
	return counts
}

func TestManyDispatchersSendEveryMessageOnce(t *testing.T) {
	t.Parallel()
	const messages = 5000
	w := newWorld(t)
	g := w.newGateway()
	w.fill(messages)
	if got, want := w.dispatch(), (account.Dispatch{Claimed: messages, Sent: messages}); got != want {
		t.Errorf("dispatched %+v, want %+v", got, want)
	}
	counts := deliveries(g)
	for id, n := range counts {
		if n != 1 {
			t.Errorf("%s was sent %d times", id, n)
		}
	}
	if len(counts) != messages || g.Wrong() != 0 {
		t.Errorf("%d messages and %d bad requests, want %d and none", len(counts), g.Wrong(), messages)
	}
	if n := w.count(`SELECT count(*) FROM faren.sms WHERE status = 'sent' AND attempts = 1 AND reference IS NOT NULL`); n != messages {
		t.Errorf("%d messages are sent, want %d", n, messages)
	}
	w.holds()
}

// Nobody knows what a dispatcher did that was killed: what it had in hand is unknown, and never sent by another.
func TestWhatAKilledDispatcherHadIsUnknown(t *testing.T) {
	t.Parallel()
	const messages = 200
	w := newWorld(t)
	g := w.newGateway()
	w.fill(messages)
	stuck := make(chan struct{})
	g.Answer(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-stuck:
		case <-r.Context().Done():
		}
	})
	p := w.process("sms", "dispatch", "--watch", "-q")
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	w.awaits("the dispatcher's first requests", func() bool { return len(g.Messages()) == 8 })
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.Wait()
	close(stuck)
	g.Answer(nil)
	held := w.count(`SELECT count(*) FROM faren.sms WHERE status = 'sending'`)
	if held < 8 || held == messages {
		t.Fatalf("the dispatcher had %d messages", held)
	}
	w.must("sms", "dispatch", "-q")
	if n := w.count(`SELECT count(*) FROM faren.sms WHERE status = 'sent'`); n != messages-held {
		t.Errorf("the others sent %d messages, want %d", n, messages-held)
	}
	w.exec(`UPDATE faren.setting SET clock_offset = clock_offset + interval '3 minutes'`)
	if got := w.dispatch(); got != (account.Dispatch{Unknown: held}) {
		t.Errorf("after the claim ran out: %+v, want %d unknown", got, held)
	}
	if n := w.count(`SELECT count(*) FROM faren.sms WHERE status = 'unknown' AND last_code = 'claim-ran-out'`); n != held {
		t.Errorf("%d messages are unknown, want %d", n, held)
	}
	counts := deliveries(g)
	if most := slices.Max(slices.Collect(maps.Values(counts))); most != 1 || len(counts) != messages-held+8 {
		t.Errorf("%d messages arrived, one %d times; want %d, once each", len(counts), most, messages-held+8)
	}
}

// An interrupted dispatcher finishes what it is sending, gives the rest back, and ends well.
func TestInterruptedDispatcherLeavesNothingInHand(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]os.Signal{"interrupt": os.Interrupt, "terminate": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			g := w.newGateway()
			w.fill(100)
			going := make(chan struct{})
			g.Answer(func(w http.ResponseWriter, r *http.Request) {
				<-going
				smstest.Status(200, "")(w, r)
			})
			p := w.process("sms", "dispatch", "--watch", "-o", "json")
			if err := p.Start(); err != nil {
				t.Fatal(err)
			}
			w.awaits("the dispatcher's first requests", func() bool { return len(g.Messages()) == 8 })
			if err := p.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			// Longer than any other command may take to end.
			time.AfterFunc(3500*time.Millisecond, func() { close(going) })
			r := w.ended(p, p.Wait())
			var told account.Dispatch
			if err := json.Unmarshal([]byte(r.stdout), &told); err != nil || r.status != 0 || r.stderr != "" {
				t.Fatalf("exit status %d, %v\n%s%s", r.status, err, r.stdout, r.stderr)
			}
			if want := (account.Dispatch{Claimed: 8, Sent: 8}); told != want {
				t.Errorf("told %+v, want %+v", told, want)
			}
			if n := w.count(`SELECT count(*) FROM faren.sms WHERE status = 'queued' AND attempts = 0`); n != 92 || len(g.Messages()) != 8 {
				t.Errorf("%d messages wait and %d arrived, want 92 and 8", n, len(g.Messages()))
			}
		})
	}
}

// awaits waits until a condition holds.
func (w *world) awaits(what string, holds func() bool) {
	w.t.Helper()
	for limit := time.Now().Add(time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(limit) {
			w.t.Fatalf("waited too long for %s", what)
		}
	}
}

// A gateway that is down, or takes connections and is never heard of again, fails no registration and keeps it two seconds at most.
func TestRegistrationSucceedsWithoutTheGateway(t *testing.T) {
	t.Parallel()
	deaf, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := "http://" + deaf.Addr().String()
	if err := deaf.Close(); err != nil {
		t.Fatal(err)
	}
	silent := smstest.New()
	t.Cleanup(silent.Close)
	silent.Answer(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	w := newWorld(t)
	took := func(i int) time.Duration {
		t.Helper()
		start := time.Now()
		if r := w.run(w.submission(i, "")...); r.status != 0 || r.stderr != "" {
			t.Fatalf("exit status %d\n%s", r.status, r.stderr)
		}
		return time.Since(start)
	}
	plain := took(0)
	for i, c := range []struct{ what, url, status, code string }{
		{"nothing listens", gone, "queued", "unreachable"}, {"nobody answers", silent.URL, "unknown", "timeout"},
	} {
		w.environment = nil
		w.withGateway(c.url)
		// The machine may be busy with other tests; two seconds are the rule, the rest is for that.
		if longer := took(i+1) - plain; longer > 4*time.Second {
			t.Errorf("%s: the registration took %s longer", c.what, longer)
		}
		var status, code string
		if err := w.super.QueryRow(`SELECT status, last_code FROM faren.sms WHERE attempts = 1 AND last_code = $1`, c.code).Scan(&status, &code); err != nil || status != c.status {
			t.Errorf("%s: %q %q, %v; want %q", c.what, status, code, err, c.status)
		}
	}
	if n := w.count(`SELECT count(*) FROM faren.application WHERE status = 'pending-review'`); n != 3 {
		t.Errorf("%d applications wait for review, want 3", n)
	}
	w.holds()
}

// Every message of a change is sent right after it, by the process that asked for it.
func TestEveryChangeSendsItsOwnMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := w.newGateway()
	application := w.must(w.submission(0, "")...)
	w.must("review", "reject", application, "--reason", "资料不完整", "-q")
	w.must("verify", "sms", "--phone", "13700000009", "--purpose", "register", "-q")
	recovery := w.must("recover", "start", "--by", "username", "--username", "hz_legal", "-q")
	w.must("verify", "sms", "--for", recovery, "-q")
	var kinds []string
	for _, m := range g.Messages() {
		kinds = append(kinds, m.Kind)
	}
	if diff := cmp.Diff([]string{"review-requested", "rejected", "code", "code"}, kinds); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
	if n := w.count(`SELECT count(*) FROM faren.sms WHERE status <> 'sent' AND request_id IS NOT NULL`); n != 0 {
		t.Errorf("%d messages are left", n)
	}
	// What was sent stands in no audit event, in no answer that is kept, and on no argument list.
	for _, m := range g.Messages() {
		for _, secret := range []string{m.To, m.Params["code"]} {
			if secret == "" {
				continue
			}
			for _, table := range []string{"faren.audit_event", "faren.request", "faren.sms"} {
				if n := w.count(`SELECT count(*) FROM `+table+` x WHERE position($1 in x::text) > 0 AND length($1) > 6`, secret); n != 0 {
					t.Errorf("%s is in %s", secret, table)
				}
			}
		}
	}
}

// Whether there is an account to send a code to shows in nothing, the time that it takes among it.
func TestRecoveryCodeTakesTheSameTimeForNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := w.newGateway()
	times := map[string]time.Duration{}
	told := map[string]string{}
	for _, username := range []string{"hz_legal", "hz_nobody"} {
		recovery := w.must("recover", "start", "--by", "username", "--username", username, "-q")
		start := time.Now()
		r := w.run("verify", "sms", "--for", recovery, "-v", "--jq", ".to")
		times[username] = time.Since(start)
		if r.status != 0 {
			t.Fatalf("exit status %d\n%s", r.status, r.stderr)
		}
		var steps []string
		for line := range strings.Lines(r.stderr) {
			if _, after, found := strings.Cut(line, "what="); found {
				steps = append(steps, strings.Fields(after)[0])
			}
		}
		told[username] = r.stdout + strings.Join(steps, " ")
	}
	if told["hz_legal"] != told["hz_nobody"] || !strings.Contains(told["hz_legal"], "send_messages") {
		t.Errorf("told %q", told)
	}
	for username, d := range times {
		if d < 2*time.Second {
			t.Errorf("%s: took %s only", username, d)
		}
	}
	if n := len(g.Messages()); n != 1 {
		t.Errorf("%d messages, want one", n)
	}
}
