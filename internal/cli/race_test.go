package cli_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// expect compares how the rivals ended, and tells what those said that nobody expected.
func expect(t *testing.T, results []result, want map[string]int) {
	t.Helper()
	if diff := cmp.Diff(want, tally(results)); diff != "" {
		t.Errorf("how the processes ended (-want +got):\n%s", diff)
		for i, r := range results {
			t.Logf("rival %d: %d %s", i, r.status, strings.TrimSpace(r.stderr))
		}
	}
}

// invariants are what must hold of the claims whatever happened, each as a query that counts what breaks it.
var invariants = map[string]string{
	"a user name is claimed by its live holder": `
		SELECT count(*) FROM faren.username_claim k
		LEFT JOIN faren.application a ON a.org_id = k.org_id AND a.application_id = k.application_id
		LEFT JOIN faren.account c ON c.org_id = k.org_id AND c.account_id = k.account_id
		WHERE coalesce(a.status, c.status) NOT IN ('awaiting-identity', 'pending-review', 'pending-comparison', 'mismatched', 'active', 'pending', 'disabled', 'deactivated') OR (a.status IS NULL AND c.status IS NULL)`,
	"a phone is claimed by what is submitted": `
		SELECT count(*) FROM faren.phone_claim k
		LEFT JOIN faren.application a ON a.org_id = k.org_id AND a.application_id = k.application_id
		LEFT JOIN faren.account c ON c.org_id = k.org_id AND c.account_id = k.account_id
		WHERE coalesce(a.status, c.status) NOT IN ('pending-review', 'pending-comparison', 'active', 'pending', 'disabled') OR (a.status IS NULL AND c.status IS NULL)`,
	"an agent is claimed by what is submitted": `
		SELECT count(*) FROM faren.agent_claim k
		LEFT JOIN faren.application a ON a.org_id = k.org_id AND a.application_id = k.application_id
		LEFT JOIN faren.account c ON c.org_id = k.org_id AND c.account_id = k.account_id
		WHERE coalesce(a.status, c.status) NOT IN ('pending-review', 'pending-comparison', 'active', 'pending', 'disabled') OR (a.status IS NULL AND c.status IS NULL)`,
	"what waits for a decision holds its phone, agent and user name": `
		SELECT count(*) FROM faren.application a JOIN faren.agent g ON g.org_id = a.org_id AND g.agent_id = a.agent_id
		WHERE a.status IN ('pending-review', 'pending-comparison') AND NOT (
			EXISTS (SELECT FROM faren.phone_claim k WHERE k.org_id = a.org_id AND k.phone_index = g.phone_index AND k.application_id = a.application_id)
			AND EXISTS (SELECT FROM faren.agent_claim k WHERE k.org_id = a.org_id AND k.document_index = g.document_index AND k.application_id = a.application_id)
			AND EXISTS (SELECT FROM faren.username_claim k WHERE k.username_index = a.username_index AND k.application_id = a.application_id))`,
	"an account holds its phone, agent and user name": `
		SELECT count(*) FROM faren.account c
		JOIN faren.agent g ON g.org_id = c.org_id AND g.agent_id = c.agent_id
		JOIN faren.credential d ON d.org_id = c.org_id AND d.credential_id = c.credential_id
		WHERE NOT ((c.status = 'deactivated') <> EXISTS (SELECT FROM faren.phone_claim k WHERE k.org_id = c.org_id AND k.phone_index = g.phone_index AND k.account_id = c.account_id)
			AND (c.status = 'deactivated') <> EXISTS (SELECT FROM faren.agent_claim k WHERE k.org_id = c.org_id AND k.document_index = g.document_index AND k.account_id = c.account_id)
			AND EXISTS (SELECT FROM faren.username_claim k WHERE k.username_index = d.username_index AND k.account_id = c.account_id))`,
	"an approved application has one account": `
		SELECT count(*) FROM faren.application a LEFT JOIN faren.account c ON c.org_id = a.org_id AND c.account_id = a.account_id
		WHERE (a.status = 'approved') <> (c.account_id IS NOT NULL)`,
	"one unit code has one organization": `
		SELECT count(*) FROM (SELECT FROM faren.organization WHERE NOT provisional GROUP BY unit_code HAVING count(*) > 1) o`,
	"an organization is provisional while its one application has no other": `
		SELECT (SELECT count(*) FROM faren.organization o WHERE o.provisional
				AND (SELECT count(*) FROM faren.application a WHERE a.org_id = o.org_id AND a.application_id = o.org_id) <> 1)
			+ (SELECT count(*) FROM faren.application a JOIN faren.organization o ON o.org_id = a.org_id WHERE o.provisional <> (a.org_id = a.application_id))`,
	"one overseas name has one organization": `
		SELECT count(*) FROM (SELECT FROM faren.organization WHERE unit_code_type = 'issued' GROUP BY name_key HAVING count(*) > 1) o`,
	"what is before staff has its documents and a deadline": `
		SELECT count(*) FROM faren.application a WHERE a.review_kind = 'comparison' AND a.status IN ('pending-comparison', 'mismatched', 'approved') AND (a.due_at IS NULL OR
			(SELECT count(*) FROM faren.document d WHERE d.org_id = a.org_id AND d.application_id = a.application_id AND d.replaced_at IS NULL)
			<> CASE a.channel WHEN 'overseas' THEN 2 ELSE 1 END)`,
	"everything of an application is with its organization": `
		SELECT (SELECT count(*) FROM faren.document d JOIN faren.application a ON a.application_id = d.application_id WHERE a.org_id <> d.org_id)
			+ (SELECT count(*) FROM faren.verification v JOIN faren.application a ON a.application_id = v.application_id WHERE a.org_id <> v.org_id)
			+ (SELECT count(*) FROM faren.username_claim k JOIN faren.application a ON a.application_id = k.application_id WHERE a.org_id <> k.org_id)`,
	"no two that live have one phone or one agent": `
		WITH live AS (
			SELECT g.org_id, g.phone_index, g.document_index FROM faren.account c JOIN faren.agent g ON g.org_id = c.org_id AND g.agent_id = c.agent_id WHERE c.status <> 'deactivated'
			UNION ALL
			SELECT g.org_id, g.phone_index, g.document_index FROM faren.application a JOIN faren.agent g ON g.org_id = a.org_id AND g.agent_id = a.agent_id
			WHERE a.status IN ('pending-review', 'pending-comparison'))
		SELECT (SELECT count(*) FROM (SELECT FROM live GROUP BY org_id, phone_index HAVING count(*) > 1) p)
			+ (SELECT count(*) FROM (SELECT FROM live GROUP BY org_id, document_index HAVING count(*) > 1) d)`,
	"a rejection has its slot, and a day no gap": `
		SELECT (SELECT count(*) FROM faren.application a WHERE a.status = 'rejected' AND NOT EXISTS (SELECT FROM faren.rejection r WHERE r.application_id = a.application_id))
			+ (SELECT count(*) FROM (SELECT FROM faren.rejection GROUP BY org_id, document_index, document_type, day HAVING max(slot) <> count(*)) r)`,
	"a decision is audited once": `
		SELECT count(*) FROM faren.application a WHERE a.review_kind = 'organization' AND a.decided_at IS NOT NULL AND 1 <> (
			SELECT count(*) FROM faren.audit_event e WHERE e.subject_id = a.application_id::text AND e.outcome = 'done' AND e.action IN ('application.approve', 'application.reject'))`,
	"no session outlives its account": `
		SELECT count(*) FROM faren.session s JOIN faren.account c ON c.org_id = s.org_id AND c.account_id = s.account_id
		WHERE c.status IN ('disabled', 'deactivated') AND s.revoked_at IS NULL`,
	"every request has its answer": `SELECT count(*) FROM faren.request WHERE result IS NULL`,
}

func (w *world) holds() {
	w.t.Helper()
	for rule, query := range invariants {
		if n := w.count(query); n != 0 {
			w.t.Errorf("%s: broken %d times", rule, n)
		}
	}
}

// submission is the document of the i-th person; change replaces a field for all of them.
func (w *world) submission(i int, change string) []string {
	w.t.Helper()
	name, document, phone := person(i)
	fields := []string{"username=hz_rival_" + fmt.Sprint(i), "agent.name=" + name, "agent.document_number=" + document, "agent.phone=" + phone}
	if change != "" {
		fields = append(fields, strings.Split(change, " ")...)
	}
	return []string{"register", "submit", "-f", w.document(fmt.Sprintf("rival%d.yaml", i), fields...), "--sandbox", "-q"}
}

func TestOneOfManySubmissionsGetsWhatAllWant(t *testing.T) {
	t.Parallel()
	first, firstDocument, _ := person(0)
	for name, c := range map[string]struct{ change, hold, refusal string }{
		"one phone":     {"agent.phone=13911111111", `LOCK TABLE faren.phone_claim IN SHARE MODE`, "5 PHONE_IN_USE"},
		"one user name": {"username=hz_wanted", `LOCK TABLE faren.username_claim IN SHARE MODE`, "5 USERNAME_TAKEN"},
		"one agent":     {"agent.name=" + first + " agent.document_number=" + firstDocument, `LOCK TABLE faren.agent_claim IN SHARE MODE`, "5 APPLICATION_PENDING"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			results := w.race(c.hold, func(i int) []string { return w.submission(i, c.change) })
			expect(t, results, map[string]int{"0": 1, c.refusal: rivals - 1})
			if n := w.count(`SELECT count(*) FROM faren.application WHERE status = 'pending-review'`); n != 1 {
				t.Errorf("%d applications wait for review, want 1", n)
			}
			if n := w.count(`SELECT count(*) FROM faren.application WHERE status IN ('certified', 'awaiting-identity')`); n != 0 {
				t.Errorf("%d applications were left half done", n)
			}
			if n := w.count(`SELECT count(*) FROM faren.sms WHERE kind = 'review-requested'`); n != 1 {
				t.Errorf("%d messages to the reviewer, want 1", n)
			}
			w.holds()
		})
	}
}

func TestFirstSubmissionsOfAnOrganizationMakeItOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	results := w.race(`LOCK TABLE faren.unit_code_claim IN SHARE MODE`, func(i int) []string {
		name, document, phone := person(i)
		return []string{"register", "submit", "-f", w.document(fmt.Sprintf("sh%d.yaml", i), "channel=other-province", fmt.Sprintf("username=sh_rival_%d", i),
			"agent.name="+name, "agent.document_number="+document, "agent.phone="+phone), "--sandbox", "-q"}
	})
	expect(t, results, map[string]int{"0": rivals})
	if n := w.count(`SELECT count(*) FROM faren.organization WHERE unit_code = $1`, shanghai.code); n != 1 {
		t.Errorf("%d organizations, want 1", n)
	}
	w.holds()
}

func TestOneOfManyDecisionsIsTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	application := w.must(w.submission(0, "")...)
	// Four sessions of the same person, each with a check of its own.
	for s := range 4 {
		file := fmt.Sprintf("--session-file=%s", w.path(fmt.Sprintf("session%d.json", s)))
		w.must("login", "hz_legal", "--password-file", w.path("password"), "-q", file)
		check := w.must("verify", "face", "start", "--purpose", "review", "--for", application, "-q", file)
		w.must("verify", "face", "simulate", check, "--outcome", "passed", "-q")
	}
	results := w.race(`SELECT FROM faren.application WHERE status = 'pending-review' FOR UPDATE`, func(i int) []string {
		file := "--session-file=" + w.path(fmt.Sprintf("session%d.json", i%4))
		if i%2 == 0 {
			return []string{"review", "approve", application, "-q", file}
		}
		return []string{"review", "reject", application, "--reason", "资料不完整", "-q", file}
	})
	expect(t, results, map[string]int{"0": 1, "5 ALREADY_DECIDED": rivals - 1})
	approved := w.count(`SELECT count(*) FROM faren.application WHERE status = 'approved' AND review_kind = 'organization'`)
	for what, c := range map[string]struct {
		query string
		want  int
	}{
		"accounts of agents": {`SELECT count(*) FROM faren.account WHERE role = 'agent'`, approved},
		"rejections":         {`SELECT count(*) FROM faren.rejection`, 1 - approved},
		"messages":           {`SELECT count(*) FROM faren.sms WHERE kind IN ('approved', 'rejected')`, 1},
		"decisions on audit": {`SELECT count(*) FROM faren.audit_event WHERE action IN ('application.approve', 'application.reject') AND outcome = 'done'`, 1},
		"spent checks":       {`SELECT count(*) FROM faren.verification WHERE purpose = 'review' AND used_at IS NOT NULL`, approved},
	} {
		if n := w.count(c.query); n != c.want {
			t.Errorf("%s: %d, want %d", what, n, c.want)
		}
	}
	w.holds()
}

// rejectAll rejects what waits for review and tells how many that were.
func (w *world) rejectAll() int {
	w.t.Helper()
	var page struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := json.Unmarshal([]byte(w.must("review", "list", "-o", "json")), &page); err != nil {
		w.t.Fatal(err)
	}
	for _, item := range page.Items {
		w.must("review", "reject", item.ID, "--reason", "资料不完整", "-q")
	}
	return len(page.Items)
}

func TestThirdRejectionEndsTheDay(t *testing.T) {
	t.Parallel()
	first, firstDocument, _ := person(0)
	same := "agent.name=" + first + " agent.document_number=" + firstDocument

	t.Run("while many submit and a reviewer rejects what comes through", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		for range 2 {
			w.must(w.submission(0, same)...)
			w.rejectAll()
		}
		finish, ended := w.begin("", func(i int) []string { return w.submission(i, same) }), make(chan []result, 1)
		go func() { ended <- finish() }()
		rejected := 0
		var results []result
		for results == nil {
			rejected += w.rejectAll()
			select {
			case results = <-ended:
				rejected += w.rejectAll()
			default:
			}
		}
		got := tally(results)
		if got["0"] != 1 || got["0"]+got["5 APPLICATION_PENDING"]+got["6 DAILY_REJECTION_LIMIT"] != rivals {
			t.Errorf("how the processes ended: %v, want one in and the rest pending or over the limit", got)
		}
		if n := w.count(`SELECT count(*) FROM faren.rejection`); n != 3 || rejected != 1 {
			t.Errorf("%d rejections, %d of them of rivals; want 3 and 1", n, rejected)
		}
		w.holds()
	})

	t.Run("for those whose face checks pass while it commits", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		for range 2 {
			w.must(w.submission(0, same)...)
			w.rejectAll()
		}
		applications := w.each(func(int) []string {
			return append([]string{"register", "start", "-q", "--entity-type", "market-entity"}, organizationArgs(hangzhou)...)
		})
		w.each(func(i int) []string {
			_, _, phone := person(i)
			return []string{"register", "user", applications[i], "--username", fmt.Sprintf("hz_late_%d", i), "--password-file", w.path("password"),
				"--agent-name", first, "--agent-document-number", firstDocument, "--phone", phone, "--sandbox", "-q"}
		})
		checks := w.each(func(i int) []string {
			return []string{"verify", "face", "start", "--purpose", "register", "--for", applications[i], "-q"}
		})
		third := w.must(w.submission(0, same)...)

		// The rejection has let go of the agent, but is kept from its end.
		release := w.lock(`LOCK TABLE faren.sms IN SHARE MODE`)
		rejection := make(chan result, 1)
		go func() { rejection <- w.run("review", "reject", third, "--reason", "资料不完整", "-q") }()
		w.waiting(1)
		finish := w.begin("", func(i int) []string {
			return []string{"verify", "face", "simulate", checks[i], "--outcome", "passed", "-q"}
		})
		w.waiting(1 + rivals)
		release()
		if r := <-rejection; r.status != 0 {
			t.Errorf("the rejection: exit status %d\n%s", r.status, r.stderr)
		}
		expect(t, finish(), map[string]int{"6 DAILY_REJECTION_LIMIT": rivals})
		if n := w.count(`SELECT count(*) FROM faren.rejection`); n != 3 {
			t.Errorf("%d rejections, want 3", n)
		}
		if n := w.count(`SELECT count(*) FROM faren.application WHERE status = 'pending-review'`); n != 0 {
			t.Errorf("%d applications wait for review, want 0", n)
		}
		w.holds()
	})
}

// codeFor asks for an SMS code and reads it from the outbox.
func (w *world) codeFor(phone string) string {
	w.t.Helper()
	message := w.must("verify", "sms", "--phone", phone, "--purpose", "register", "-q")
	return w.must("sms", "show", message, "--reveal", "text", "--reason", "test", "--jq", `.text | capture("(?<d>[0-9]{6})").d`)
}

func TestSMSCode(t *testing.T) {
	t.Parallel()
	const phone = "13922222222"
	// users are as many `register user` with one phone and one code, each of another person in an application of its own.
	users := func(w *world, code string) func(i int) []string {
		applications := w.each(func(int) []string {
			return append([]string{"register", "start", "-q", "--entity-type", "market-entity"}, organizationArgs(hangzhou)...)
		})
		return func(i int) []string {
			name, document, _ := person(i)
			return []string{"register", "user", applications[i], "--username", fmt.Sprintf("hz_code_%d", i), "--password-file", w.path("password"),
				"--agent-name", name, "--agent-document-number", document, "--phone", phone, "--sms-code", code, "-q"}
		}
	}
	const row = `SELECT FROM faren.sms_code FOR UPDATE`

	t.Run("serves one of many", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		results := w.race(row, users(w, w.codeFor(phone)))
		expect(t, results, map[string]int{"0": 1, "6 SMS_CODE_INVALID": rivals - 1})
		if n := w.count(`SELECT count(*) FROM faren.application WHERE status = 'awaiting-identity'`); n != 1 {
			t.Errorf("%d users were created, want 1", n)
		}
		w.holds()
	})

	t.Run("is guessed at five times", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		code := w.codeFor(phone)
		guess := users(w, otherCode(code))
		expect(t, w.race(row, guess), map[string]int{"6 SMS_CODE_INVALID": 5, "6 SMS_CODE_EXHAUSTED": rivals - 5})
		if n := w.count(`SELECT attempts FROM faren.sms_code`); n != 5 {
			t.Errorf("%d tries were counted, want 5", n)
		}
		right := guess(0)
		for i, arg := range right {
			if arg == otherCode(code) {
				right[i] = code
			}
		}
		if r := w.run(right...); r.code() != "SMS_CODE_EXHAUSTED" {
			t.Errorf("the right code after that: exit status %d\n%s", r.status, r.stderr)
		}
	})

	t.Run("is sent once to many who ask at once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		results := w.race(`LOCK TABLE faren.sms_number IN SHARE MODE`, func(int) []string {
			return []string{"verify", "sms", "--phone", phone, "--purpose", "register", "-q"}
		})
		expect(t, results, map[string]int{"0": 1, "6 SMS_TOO_FREQUENT": rivals - 1})
		if n := w.count(`SELECT count(*) FROM faren.sms WHERE kind = 'code'`); n != 1 {
			t.Errorf("%d messages, want 1", n)
		}
	})
}

func TestPasswordIsGuessedAtFiveTimes(t *testing.T) {
	t.Parallel()
	for name, user := range map[string]string{"of an account": "hz_legal", "of nobody": "nobody_here"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.rivals = guessers
			results := w.race(`LOCK TABLE faren.sign_in_failure IN SHARE MODE`, func(i int) []string {
				return []string{"login", user, "--password-file", w.path("wrong"), "-q", "--session-file", w.path(fmt.Sprintf("guess%d.json", i))}
			})
			// The fifth failure locks and says so.
			expect(t, results, map[string]int{"4 INVALID_CREDENTIALS": 4, "4 ACCOUNT_LOCKED": guessers - 4})
			if r := w.run("login", user, "--password-file", w.path("password"), "--session-file", w.path("right.json")); r.code() != "ACCOUNT_LOCKED" {
				t.Errorf("the right password after that: exit status %d\n%s", r.status, r.stderr)
			}
		})
	}
}

// The repeats of a command that did everything, or was cut short, are one command however many run at once.
func TestManyRepeatsOfOneKeyAreOneRegistration(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	line := append(w.submission(0, ""), "--idempotency-key", "ci-1")
	release := w.lock(`LOCK TABLE faren.request IN SHARE MODE`)
	one, two := w.begin("", func(int) []string { return line }), w.begin("", func(int) []string { return line })
	w.waiting(2 * rivals)
	release()
	results := slices.Concat(one(), two())
	for _, r := range results {
		if r.status != 0 || r.stdout != results[0].stdout {
			t.Errorf("status %d: %s%s", r.status, r.stdout, r.stderr)
		}
	}
	if n := w.count(`SELECT count(*) FROM faren.application`); n != 2 {
		t.Errorf("%d applications, want this one and the legal representative's", n)
	}
	if n := w.count(`SELECT count(*) FROM faren.audit_event WHERE action = 'application.user' AND outcome = 'done'`); n != 2 {
		t.Errorf("%d users were created, want this one and the legal representative's", n)
	}
	w.holds()
}
