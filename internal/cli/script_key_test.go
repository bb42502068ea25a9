package cli_test

import (
	"os"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/farenctl/farenctl/internal/pgtest"
)

func keyCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"mykeyring": scriptMyKeyring}
}

// scriptMyKeyring is `mykeyring`: the script goes on with a copy of the database's keyring, keys/keyring.json, beside another, keys/copy.json,
// that stays as it is: the one of the test process is everybody's.
func scriptMyKeyring(ts *testscript.TestScript, neg bool, args []string) {
	d, ok := ts.Value(databaseKey{}).(pgtest.Database)
	if neg || len(args) != 0 || !ok {
		ts.Fatalf("usage: mykeyring")
	}
	text, err := os.ReadFile(d.Keyring)
	ts.Check(err)
	ts.Check(os.MkdirAll(ts.MkAbs("keys"), 0o700))
	for _, name := range []string{"keys/keyring.json", "keys/copy.json"} {
		writeSecret(ts, name, text)
	}
	ts.Setenv("FARENCTL_KEYRING", ts.MkAbs("keys/keyring.json"))
}
