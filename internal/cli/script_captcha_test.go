package cli_test

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"errors"
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
	answer, err := captchaAnswer(superOf(ts), ts.Getenv("FARENCTL_KEYRING"), id)
	ts.Check(err)
	ts.Setenv(args[0], fmt.Sprintf("%s:%04d", id, answer))
	ts.Setenv("WRONG_"+args[0], fmt.Sprintf("%s:%04d", id, (answer+1)%10_000))
}

// captchaAnswer tries all answers of a captcha.
func captchaAnswer(super *sql.DB, keyring string, id account.CaptchaID) (int, error) {
	keys, err := seal.Load(keyring)
	if err != nil {
		return 0, err
	}
	var salt, hash []byte
	if err := super.QueryRow(`SELECT salt, answer_hash FROM faren.captcha WHERE captcha_id = $1`, uuid.UUID(id)).Scan(&salt, &hash); err != nil {
		return 0, err
	}
	for n := range 10_000 {
		sum := sha256.Sum256(append(bytes.Clone(salt), keys.CodeProof("captcha", id.String(), fmt.Sprintf("%04d", n))...))
		if bytes.Equal(sum[:], hash) {
			return n, nil
		}
	}
	return 0, errors.New("no answer of four digits fits")
}
