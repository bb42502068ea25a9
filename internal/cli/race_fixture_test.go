package cli_test

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
)

const fixtureAccounts = `organizations:
  - key: acme
    accounts:
      - {key: boss, role: legal-representative}
      - {key: clerk}
      - {key: waiting, state: pending-review}
  - key: sea
    channel: overseas
    accounts:
      - {key: sea-admin, role: administrator}
      - {key: sea-face, state: awaiting-identity}
`

// contents is the whole database but for the named tables.
func (w *world) contents(but ...string) string {
	w.t.Helper()
	var out string
	query := `SELECT string_agg(c.relname || ' ' || (xpath('/row/d/text()', query_to_xml(format(
		'SELECT count(*) || '' '' || md5(coalesce(string_agg(x::text, E''\n'' ORDER BY x::text), '''')) AS d FROM faren.%I x', c.relname), false, true, '')))[1]::text, E'\n' ORDER BY c.relname)
		FROM pg_class c WHERE c.relnamespace = 'faren'::regnamespace AND c.relkind = 'r' AND c.relname <> ALL (string_to_array($1, ' '))`
	if err := w.super.QueryRow(query, strings.Join(but, " ")).Scan(&out); err != nil {
		w.t.Fatal(err)
	}
	return out
}

func TestFixturesOfManyProcessesDoNotMeet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE faren.setting SET clock_offset = timestamptz '2026-03-10 12:00+08' - clock_timestamp()`)
	document := w.write("accounts.yaml", fixtureAccounts)
	before := w.contents("audit_event", "request")
	const namespaces = 4
	results := w.race("", func(i int) []string {
		return []string{"fixture", "apply", "-f", document, "--namespace", fmt.Sprint("ns-", i%namespaces), "-q"}
	})
	expect(t, results, map[string]int{"0": rivals})
	for i, r := range results {
		if r.stdout != results[i%namespaces].stdout {
			t.Errorf("rival %d got other accounts than its namespace has", i)
		}
	}
	if n := w.count(`SELECT count(*) FROM faren.audit_event WHERE action = 'fixture.make'`); n != 2*namespaces {
		t.Errorf("%d organizations were made, want %d", n, 2*namespaces)
	}
	w.holds()
	results = w.race("", func(i int) []string {
		return []string{"fixture", "delete", "--namespace", fmt.Sprint("ns-", i%namespaces), "-q"}
	})
	expect(t, results, map[string]int{"0": rivals})
	if after := w.contents("audit_event", "request"); after != before {
		t.Errorf("left behind:\n%s\nwas:\n%s", after, before)
	}
}

// What a killed process left is unfinished; its claim ends by itself, or is taken over.
func TestKilledApplyIsMadeUpFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE faren.setting SET clock_offset = timestamptz '2026-03-10 12:00+08' - clock_timestamp()`)
	document := w.write("accounts.yaml", fixtureAccounts)
	before := w.contents("audit_event", "request")
	release := w.lock(`LOCK TABLE faren.verification IN ACCESS EXCLUSIVE MODE`)
	p := w.process("fixture", "apply", "-f", document, "--namespace", "killed")
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	w.blockedIn("start_verification")
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.Wait()
	w.idle()
	release()
	if got := w.must("fixture", "diff", "-f", document, "--namespace", "killed", "--jq", `[.organizations[].why] | join(" ")`); got != "unfinished unfinished" {
		t.Errorf("a diff says %s", got)
	}
	if r := w.run("fixture", "apply", "-f", document, "--namespace", "killed", "--timeout", "5s"); r.status != 75 || r.code() != "FIXTURE_BUSY" {
		t.Errorf("beside the claim: %d %s", r.status, r.stderr)
	}
	if r := w.run("fixture", "delete", "--namespace", "killed", "--timeout", "5s"); r.status != 75 || r.code() != "FIXTURE_BUSY" {
		t.Errorf("deleting beside the claim: %d %s", r.status, r.stderr)
	}
	w.must("fixture", "apply", "-f", document, "--namespace", "killed", "--force")
	w.holds()
	// The same once the claim is over.
	w.exec(`UPDATE faren.fixture SET claimed_by = gen_random_uuid(), claimed_until = clock_timestamp() - interval '1 second'`)
	w.exec(`UPDATE faren.fixture_organization SET finished_at = NULL WHERE key = 'sea'`)
	if got := w.must("fixture", "apply", "-f", document, "--namespace", "killed", "--jq", ".changes"); got != "1" {
		t.Errorf("%s changes", got)
	}
	// A deletion takes over as well.
	w.exec(`UPDATE faren.fixture SET claimed_by = gen_random_uuid(), claimed_until = clock_timestamp() + interval '1 hour'`)
	w.must("fixture", "delete", "--namespace", "killed", "--force")
	if after := w.contents("audit_event", "request"); after != before {
		t.Errorf("left behind:\n%s\nwas:\n%s", after, before)
	}
}

// Whoever has waited for a namespace is told of that, also when the last look at it is not answered in time.
func TestALateLookAtABusyNamespaceTellsThatItIsBusy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	document := w.write("accounts.yaml", fixtureAccounts)
	w.must("fixture", "apply", "-f", document, "--namespace", "late", "-q")
	w.exec(`UPDATE faren.fixture SET claimed_by = gen_random_uuid(), claimed_until = clock_timestamp() + interval '1 hour'`)
	w.exec(`UPDATE faren.fixture_organization SET finished_at = NULL WHERE key = 'sea'`)
	const table = `LOCK TABLE faren.fixture IN ACCESS EXCLUSIVE MODE`
	release := w.lock(table)
	p := w.process("fixture", "apply", "-f", document, "--namespace", "late", "--timeout", "4s")
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	w.blockedIn("fixture_open")
	release() // its first look comes before our next lock
	w.awaits("more than half of the time limit is over", func() bool {
		return w.count(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'faren_local' AND clock_timestamp() - backend_start > interval '2.4 s'`) > 0
	})
	release = w.lock(table) // for less than half of the time limit, after which a lock is given up
	if r := w.ended(p, p.Wait()); r.status != 75 || r.code() != "FIXTURE_BUSY" {
		t.Errorf("%d %s", r.status, r.stderr)
	}
	release()
}

func TestInterruptedApplyTakesAwayWhatIsHalfMade(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]os.Signal{"interrupt": os.Interrupt, "terminate": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.exec(`UPDATE faren.setting SET clock_offset = timestamptz '2026-03-10 12:00+08' - clock_timestamp()`)
			document := w.write("accounts.yaml", fixtureAccounts)
			before := w.contents("audit_event", "request")
			release := w.lock(`LOCK TABLE faren.verification IN ACCESS EXCLUSIVE MODE`)
			p := w.process("fixture", "apply", "-f", document, "--namespace", "interrupted")
			if err := p.Start(); err != nil {
				t.Fatal(err)
			}
			w.blockedIn("start_verification")
			if err := p.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			release()
			if r := w.ended(p, p.Wait()); r.status != 130 || r.stdout != "" {
				t.Errorf("exit status %d\n%s%s", r.status, r.stdout, r.stderr)
			}
			w.idle()
			if after := w.contents("audit_event", "request"); after != before {
				t.Errorf("left behind:\n%s\nwas:\n%s", after, before)
			}
		})
	}
}
