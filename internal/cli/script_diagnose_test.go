package cli_test

import (
	"archive/zip"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

func diagnoseCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"made": scriptMade, "signin": scriptSignIn, "remedy": scriptRemedy, "unzipped": scriptUnzipped}
}

// scriptMade is `made NAME KEY`: the person whom a fixture made, whose answer is in made.json, becomes the variables NAME_PHONE, NAME_DOCUMENT, NAME_USER,
// NAME_AGENT, NAME_APP and NAME_ACC, and the file NAME.pw.
func scriptMade(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: made NAME KEY")
	}
	text := ts.ReadFile("made.json")
	for variable, field := range map[string]string{"PHONE": "phone", "DOCUMENT": "document_number", "USER": "username", "AGENT": "name", "APP": "application_id", "ACC": "account_id"} {
		ts.Setenv(args[0]+"_"+variable, query(ts, text, `.items[] | select(.key == "`+args[1]+`") | .`+field+` // ""`))
	}
	writeSecret(ts, args[0]+".pw", []byte(query(ts, text, `.items[] | select(.key == "`+args[1]+`") | .password`)+"\n"))
}

// scriptSignIn is `signin NAME`: the person whom `made` named signs in.
func scriptSignIn(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: signin NAME")
	}
	scriptRun(ts, false, []string{"0", "farenctl", "login", ts.Getenv(args[0] + "_USER"), "--password-file", args[0] + ".pw", "-q"})
}

// scriptRemedy is `remedy CODE N [PLACE=VALUE]...`: of the diagnosis, or check of a registration, in case.json, it runs the command that stands as the Nth
// remedy (from 0) of the first cause of the code, with the places filled, which must succeed.
func scriptRemedy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: remedy CODE N [PLACE=VALUE]...")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	command := query(ts, ts.ReadFile("case.json"), `[(.causes // .items)[] | select(.code == "`+args[0]+`")][0].remedies[`+strconv.Itoa(n)+`].command // ""`)
	words := strings.Fields(command)
	if len(words) < 2 || words[0] != "farenctl" {
		ts.Fatalf("no remedy %d of %s: %q", n, args[0], command)
	}
	for _, arg := range args[2:] {
		place, value, _ := strings.Cut(arg, "=")
		found := false
		for i := range words {
			if words[i] == place {
				words[i], found = value, true
			}
		}
		if !found {
			ts.Fatalf("%q has no place %s", command, place)
		}
	}
	scriptRun(ts, false, append([]string{"0"}, words...))
}

// scriptUnzipped is `unzipped FILE`: the parts of a zip file stand beside it.
func scriptUnzipped(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: unzipped FILE")
	}
	archive, err := zip.OpenReader(ts.MkAbs(args[0]))
	ts.Check(err)
	defer archive.Close() //nolint:errcheck // only read
	for _, part := range archive.File {
		file, err := part.Open()
		ts.Check(err)
		text, err := io.ReadAll(file)
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(part.Name), text, 0o600))
	}
}
