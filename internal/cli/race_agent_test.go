package cli_test

import "testing"

// Of two last reviewers who leave at once, one finds that nobody else is left to decide what waits.
func TestLastReviewersDoNotAllLeaveAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.must(w.submission(0, "")...)
	check := w.must("verify", "face", "start", "--purpose", "review", "--for", first, "-q")
	w.must("verify", "face", "simulate", check, "--outcome", "passed", "-q")
	w.must("review", "approve", first, "-q")
	w.must("agent", "authorize", "hz_rival_0", "-q")
	w.must("login", "hz_rival_0", "--password-file", w.path("password"), "--session-file", w.path("second.json"), "-q")
	w.must(w.submission(1, "")...)
	results := w.race(`SELECT FROM faren.organization FOR UPDATE`, func(i int) []string {
		if i%2 == 0 {
			return []string{"agent", "deactivate", "hz_legal", "-q"}
		}
		return []string{"agent", "deactivate", "hz_rival_0", "--session-file", w.path("second.json"), "-q"}
	})
	expect(t, results, map[string]int{"0": 1, "5 ACCOUNT_WRONG_STATE": rivals/2 - 1, "5 LAST_REVIEWER": rivals / 2})
	if n := w.count(`SELECT count(*) FROM faren.account WHERE status = 'active' AND role <> 'agent'`); n != 1 {
		t.Errorf("%d reviewers are left, want 1", n)
	}
}

// However many guess the code of an agent who is to be added, five are looked at, and the right one is worth nothing after them.
func TestGuessesOfAnAgentsCodeAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rivals = guessers
	name, document, phone := person(1)
	message := w.must("verify", "sms", "--phone", phone, "--purpose", "agent-add", "-q")
	code := w.must("sms", "show", message, "--reveal", "text", "--reason", "test", "--jq", `.text | capture("(?<d>[0-9]{6})").d`)
	add := func(code string) []string {
		return []string{"agent", "add", "--username", "hz_more", "--password-file", w.path("password"), "--agent-name", name, "--agent-document-number", document, "--phone", phone, "--sms-code", code, "-q"}
	}
	results := w.race(`SELECT FROM faren.sms_code FOR UPDATE`, func(int) []string { return add(otherCode(code)) })
	expect(t, results, map[string]int{"6 SMS_CODE_INVALID": 5, "6 SMS_CODE_EXHAUSTED": guessers - 5})
	if r := w.run(add(code)...); r.code() != "SMS_CODE_EXHAUSTED" {
		t.Errorf("the right code after that: exit status %d\n%s", r.status, r.stderr)
	}
}
