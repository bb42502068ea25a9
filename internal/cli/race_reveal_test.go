package cli_test

import (
	"strings"
	"testing"
)

// The quota is one number for all processes of a login, whatever they ask for.
func TestManyRevealsAreShownAsOftenAsTheQuotaSays(t *testing.T) {
	t.Parallel()
	const quota = 5
	w := newWorld(t)
	w.exec(`UPDATE faren.policy SET value = $1 WHERE name = 'reveal.daily'`, quota)
	application := w.must(w.submission(0, "")...)
	_, _, phone := person(0)
	// All of them wait to be the first of the day.
	results := w.race(`LOCK TABLE faren.reveal_day IN SHARE MODE`, func(int) []string {
		return []string{"register", "show", application, "--reveal", "phone", "--reason", "a call", "--jq", ".agent.phone"}
	})
	expect(t, results, map[string]int{"0": quota, "6 REVEAL_LIMIT": rivals - quota})
	shown := 0
	for _, r := range results {
		if strings.Contains(r.stdout, phone) {
			shown++
		}
		if r.status != 0 && r.stdout != "" {
			t.Errorf("a refused one prints %q", r.stdout)
		}
	}
	if shown != quota {
		t.Errorf("%d processes show the number, want %d", shown, quota)
	}
	for query, want := range map[string]int{
		`SELECT count(*) FROM faren.audit_event WHERE action = 'reveal' AND outcome = 'done'`:       quota,
		`SELECT count(*) FROM faren.audit_event WHERE action = 'reveal' AND code = 'REVEAL_LIMIT'`:  rivals - quota,
		`SELECT sum(shown) FROM faren.reveal_day`:                                                   quota,
		`SELECT count(*) FROM faren.reveal_grant WHERE used_at IS NOT NULL AND used_by IS NOT NULL`: quota,
	} {
		if got := w.count(query); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
	// The rest of the day everybody is refused.
	results = w.race("", func(int) []string {
		return []string{"register", "show", application, "--reveal", "name", "--reason", "a call"}
	})
	expect(t, results, map[string]int{"6 REVEAL_LIMIT": rivals})
	w.holds()
}
