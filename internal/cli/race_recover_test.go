package cli_test

import "testing"

// However many guess at once, as many tries count as the policy allows, for an account that is there and for one that is not.
func TestGuessesOfARecoveryCodeAreCounted(t *testing.T) {
	t.Parallel()
	for name, username := range map[string]string{"known": "hz_legal", "unknown": "hz_nobody"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.rivals = guessers
			recovery := w.must("recover", "start", "--by", "username", "--username", username, "-q")
			w.must("verify", "sms", "--for", recovery, "-q")
			// No code has five digits.
			results := w.race(`SELECT FROM faren.recovery FOR UPDATE`, func(int) []string {
				return []string{"recover", "verify", recovery, "--sms-code", "00000"}
			})
			expect(t, results, map[string]int{"6 SMS_CODE_INVALID": 5, "6 SMS_CODE_EXHAUSTED": guessers - 5})
		})
	}
}

func TestOneOfManyResetsCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	recovery := w.must("recover", "start", "--by", "username", "--username", "hz_legal", "-q")
	check := w.must("verify", "face", "start", "--purpose", "recover", "--for", recovery, "-q")
	w.must("verify", "face", "simulate", check, "--outcome", "passed", "-q")
	proofs := w.race(`SELECT FROM faren.recovery FOR UPDATE`, func(int) []string {
		return []string{"recover", "verify", recovery, "--verification", check, "-q"}
	})
	expect(t, proofs, map[string]int{"0": 1, "5 RECOVERY_WRONG_STATE": rivals - 1})
	resets := w.race(`SELECT FROM faren.recovery FOR UPDATE`, func(int) []string {
		return []string{"recover", "reset", recovery, "--password-file", w.path("wrong"), "-q"}
	})
	expect(t, resets, map[string]int{"0": 1, "5 RECOVERY_WRONG_STATE": rivals - 1})
	if n := w.count(`SELECT count(*) FROM faren.sms WHERE kind = 'password-reset'`); n != 1 {
		t.Errorf("%d messages to the agent, want 1", n)
	}
	w.must("login", "hz_legal", "--password-file", w.path("wrong"), "-q")
}
