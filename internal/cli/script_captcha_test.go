package cli_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"

	"github.com/google/uuid"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/seal"
)

// scriptCaptcha is `captcha VARIABLE`: a captcha is drawn into a new file captcha-N.png, and the variable becomes ID:ANSWER. Whoever has the
// keyring and the database can try all answers, which a person reads off the picture.
func scriptCaptcha(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: captcha VARIABLE")
	}
	scriptRun(ts, false, []string{"0", "farenctl", "verify", "captcha", "new", "--out", args[0] + ".png", "-o", "json"})
	id, err := account.ParseCaptchaID(query(ts, ts.ReadFile("stdout"), ".id"))
	ts.Check(err)
	keys, err := seal.Load(ts.Getenv("FARENCTL_KEYRING"))
	ts.Check(err)
	var salt, hash []byte
	ts.Check(superOf(ts).QueryRow(`SELECT salt, answer_hash FROM faren.captcha WHERE captcha_id = $1`, uuid.UUID(id)).Scan(&salt, &hash))
	for n := range 10_000 {
		answer := fmt.Sprintf("%04d", n)
		sum := sha256.Sum256(append(bytes.Clone(salt), keys.CodeProof("captcha", id.String(), answer)...))
		if bytes.Equal(sum[:], hash) {
			ts.Setenv(args[0], id.String()+":"+answer)
			ts.Setenv("WRONG_"+args[0], id.String()+":"+fmt.Sprintf("%04d", (n+1)%10_000))
			return
		}
	}
	ts.Fatalf("no answer of four digits fits")
}
