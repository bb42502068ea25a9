package cli_test

import (
	"os"
	"syscall"
	"testing"
	"time"
)

func TestOneOfManyEndsAFaceCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	name, document, phone := person(0)
	application := w.must(append([]string{"register", "start", "-q", "--entity-type", "market-entity"}, organizationArgs(hangzhou)...)...)
	w.must("register", "user", application, "--username", "hz_staff", "--password-file", w.path("password"), "--agent-name", name,
		"--agent-document-number", document, "--phone", phone, "--sandbox", "-q")
	check := w.must("verify", "face", "start", "--purpose", "register", "--for", application, "-q")
	results := w.race(`SELECT FROM faren.application WHERE status = 'awaiting-identity' FOR UPDATE`, func(int) []string {
		return []string{"verify", "face", "simulate", check, "--outcome", "passed", "-q"}
	})
	expect(t, results, map[string]int{"0": 1, "5 VERIFICATION_ENDED": rivals - 1})
	if n := w.count(`SELECT count(*) FROM faren.sms WHERE kind = 'review-requested'`); n != 1 {
		t.Errorf("%d messages to the reviewer, want 1", n)
	}
	w.holds()
}

func TestOneOfManyTakesAUserNameWhoseHolderExpired(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	name, document, _ := person(rivals)
	held := w.must(append([]string{"register", "start", "-q", "--entity-type", "market-entity"}, organizationArgs(hangzhou)...)...)
	w.must("register", "user", held, "--username", "hz_wanted", "--password-file", w.path("password"), "--agent-name", name,
		"--agent-document-number", document, "--phone", "13933333333", "--sandbox", "-q")
	w.exec(`UPDATE faren.setting SET clock_offset = clock_offset + interval '31 minutes'`)
	results := w.race(`SELECT FROM faren.application WHERE status = 'awaiting-identity' FOR UPDATE`, func(i int) []string {
		return w.submission(i, "username=hz_wanted")
	})
	expect(t, results, map[string]int{"0": 1, "5 USERNAME_TAKEN": rivals - 1})
	if n := w.count(`SELECT count(*) FROM faren.audit_event WHERE action = 'application.expire'`); n != 1 {
		t.Errorf("the holder expired %d times, want once", n)
	}
	w.holds()
}

func TestWithdrawalAndDecisionsExcludeEachOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	application := w.must(w.submission(0, "")...)
	results := w.race(`SELECT FROM faren.application WHERE status = 'pending-review' FOR UPDATE`, func(i int) []string {
		if i%2 == 0 {
			return []string{"register", "withdraw", application, "-q"}
		}
		return []string{"review", "reject", application, "--reason", "资料不完整", "-q"}
	})
	// Of a decision the reviewers hear ALREADY_DECIDED, of a withdrawal WRONG_STATE; who withdraws hears WRONG_STATE always.
	want := map[string]int{"0": 1, "5 WRONG_STATE": rivals - 1}
	if w.count(`SELECT count(*) FROM faren.application WHERE status = 'rejected'`) == 1 {
		want = map[string]int{"0": 1, "5 WRONG_STATE": rivals / 2, "5 ALREADY_DECIDED": rivals/2 - 1}
	}
	expect(t, results, want)
	w.holds()
}

func TestInterruptedCommandEndsWith130(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]os.Signal{"interrupt": os.Interrupt, "terminate": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			application := w.must(w.submission(0, "")...)
			check := w.must("verify", "face", "start", "--purpose", "review", "--for", application, "-q")
			for what, command := range map[string]struct {
				args  []string
				begun func()
			}{
				// A signal that comes before the server has begun may leave a cancelled call to be carried out: wait until it blocks.
				"behind a lock":          {[]string{"register", "withdraw", application, "-o", "json"}, func() { w.blockedIn("withdraw_application") }},
				"waiting for a person":   {[]string{"verify", "face", "wait", check, "-o", "json"}, w.connected},
				"waiting for a decision": {[]string{"register", "wait", application, "-o", "json"}, w.connected},
			} {
				release := w.lock(`SELECT FROM faren.application WHERE status = 'pending-review' FOR UPDATE`)
				w.idle() // so that nobody else is taken for it
				p := w.process(command.args...)
				if err := p.Start(); err != nil {
					t.Fatal(err)
				}
				command.begun()
				if err := p.Process.Signal(signal); err != nil {
					t.Fatal(err)
				}
				r := w.ended(p, p.Wait())
				release()
				if r.status != 130 || r.stdout != "" {
					t.Errorf("%s: exit status %d, want 130 and nothing on stdout\n%s%s", what, r.status, r.stdout, r.stderr)
				}
			}
			if n := w.count(`SELECT count(*) FROM faren.application WHERE status = 'pending-review'`); n != 1 {
				t.Error("the interrupted withdrawal took place")
			}
		})
	}
}

func TestCommandThatIsKeptWaitingEndsWith75(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	application := w.must(w.submission(0, "")...)
	defer w.lock(`SELECT FROM faren.application WHERE status = 'pending-review' FOR UPDATE`)()
	r := w.run("register", "withdraw", application, "--timeout", "2s")
	if r.status != 75 || r.stdout != "" {
		t.Errorf("exit status %d, want 75 and nothing on stdout\n%s%s", r.status, r.stdout, r.stderr)
	}
}

// connected waits until a process of the operator is connected and has asked for something.
func (w *world) connected() {
	w.t.Helper()
	for limit := time.Now().Add(time.Minute); time.Now().Before(limit); time.Sleep(5 * time.Millisecond) {
		if w.count(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'faren_local' AND query LIKE '%api.%'`) > 0 {
			return
		}
	}
	w.t.Fatalf("no process connected to %s", w.database.Name)
}
