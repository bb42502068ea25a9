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
