package cli_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/farenctl/farenctl/internal/cli"
	"github.com/farenctl/farenctl/internal/document/documenttest"
)

// hostile are the values that are put into every flag and argument: words of SQL, what a terminal acts upon or hides, what is no text, and
// more than anybody types.
func hostile() []string {
	return []string{
		`'; DROP TABLE faren.account; --`, `$1`, `\`, `'`, `''`, `"`, `$$`, `$x$`, `’`, `＇`, `%`, `_`, `%'_\`, `1); DELETE FROM faren.audit_event; --`,
		`" OR ""="`, `' OR 1=1 --`, `E'\047'`, `'||pg_sleep(60)||'`, `{}`, `{"a": "'"}`, `{1,2}`, `NULL`, `{{.}}`, `[.[]|error]`, `<script>`, `../../../etc/passwd`,
		strings.Repeat("'", 9000), strings.Repeat("长", 40000), "\xff\xfe'", "a\x00b", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\u009b31mC1", "a\rb\nc",
		"\u202egnp.exe", "\u2066x\u2069", "\u200bzero", "\u2028line", "\u0085next", "\U000e0041tag", "\ufeffmark", "-1", "99999999999999999999", "1e309", " ", "",
	}
}

// wellFormed are values that have the form of what some flags and arguments take, and go too far.
func wellFormed() map[string][]string {
	token := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	times := []string{"0000-01-01", "0001-01-01T00:00:00Z", "9999-12-31", "9999-12-31T23:59:59.999999999+14:00", "2026-02-30", "-0001-01-01"}
	return map[string][]string{
		"page-token": {token("2026-01-01T00:00:00Z \xff"), token("0000-01-01T00:00:00Z x"), token("9999-12-31T23:59:59Z '"), token("2026-01-01T00:00:00Z a\x00"), token("x"), "app_00000000000000000000000000",
			"app_zzzzzzzzzzzzzzzzzzzzzzzzzz", "ses_00000000000000000000000000", "sms_00000000000000000000000000"},
		"since": times, "until": times, "time": times, "duration": {"39999d", "-39999d", "2562047h47m16s", "-2562047h47m16s", "1ns"}, "year": {"2000", "2100", "0", "-2026"},
		"limit": {"0", "-1", "2147483647", "9223372036854775807"}, "value": {"0", "-1", "9223372036854775807", "0x7f"}, "workers": {"0", "-1", "9223372036854775807"},
		"accounts": {"-1", "9223372036854775807"}, "organizations": {"0", "-1", "9223372036854775807"}, "seed": {"18446744073709551615", "18446744073709551616"},
	}
}

// actedUpon gives the characters of a text that a terminal acts upon or hides.
func actedUpon(text string) string {
	var found strings.Builder
	for i, r := range text {
		_, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\n' || r == '\t':
		case r == utf8.RuneError && size == 1, unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point):
			fmt.Fprintf(&found, "%+q ", text[i:i+size])
		}
	}
	return found.String()
}

// inside runs the program in this process on the world's database. Any goroutine may use it.
func (w *world) inside(stdin string, args ...string) result { return w.played(stdin, false, args) }

// displayed is inside, with a terminal that shows what it prints.
func (w *world) displayed(args ...string) result { return w.played("", true, args) }

func (w *world) played(stdin string, terminal bool, args []string) result {
	env := map[string]string{"HOME": w.dir, "LC_ALL": "C.UTF-8", "FARENCTL_DATABASE_URL": w.database.Local(), "FARENCTL_KEYRING": w.database.Keyring,
		"FARENCTL_SESSION_FILE": w.path("session.json"), "PATH": os.Getenv("PATH")}
	return inProcess(env, cli.Streams{In: strings.NewReader(stdin), OutTTY: terminal, ErrTTY: terminal}, args...)
}

// catalogue gives a digest of tables, columns, constraints, triggers, functions, and who may use them.
func (w *world) catalogue() string {
	w.t.Helper()
	var digest string
	if err := w.super.QueryRow(`
		SELECT md5(string_agg(line, e'\n' ORDER BY line)) FROM (
			SELECT format('%s %s %s %s', c.oid::regclass, c.relkind, c.relowner::regrole, c.relacl) FROM pg_class c WHERE c.relnamespace::regnamespace::text IN ('faren', 'api')
			UNION ALL SELECT format('%s %s %s %s %s', a.attrelid::regclass, a.attname, a.atttypid::regtype, a.attnotnull, a.attacl)
				FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace::regnamespace::text IN ('faren', 'api')
			UNION ALL SELECT format('%s %s', o.conname, pg_get_constraintdef(o.oid)) FROM pg_constraint o WHERE o.connamespace::regnamespace::text IN ('faren', 'api')
			UNION ALL SELECT format('%s %s', g.tgenabled, pg_get_triggerdef(g.oid)) FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
				WHERE c.relnamespace::regnamespace::text = 'faren' AND NOT g.tgisinternal
			UNION ALL SELECT format('%s %s %s %s %s', p.oid::regprocedure, p.proowner::regrole, p.proacl, p.proconfig, md5(p.prosrc)) FROM pg_proc p
				WHERE p.pronamespace::regnamespace::text IN ('faren', 'api')
			UNION ALL SELECT format('%s %s %s', nspname, nspowner::regrole, nspacl) FROM pg_namespace WHERE nspname NOT LIKE 'pg_temp%' AND nspname NOT LIKE 'pg_toast_temp%'
			UNION ALL SELECT format('%s %s %s', rolname, rolsuper, rolcreaterole) FROM pg_roles WHERE rolname LIKE 'faren%') AS lines(line)`).Scan(&digest); err != nil {
		w.t.Fatal(err)
	}
	return digest
}

// place is where a value stands in a command line: a flag, or an argument by its position.
type place struct {
	flag     string
	argument int
}

// attack is one command line with a hostile value in one place.
type attack struct {
	path, where, value string
	real               bool // it has no dry run
	args               []string
}

// target is a command with a line of its own that is right.
type target struct {
	item
	words []string          // its path, without the program
	args  []string          // right arguments
	flags map[string]string // right flags
	real  bool              // it has no dry run
}

// line writes the command line with value in one place; "": as it is.
func (c target) line(at *place, value string) []string {
	line, args, flags := slices.Clone(c.words), slices.Clone(c.args), maps.Clone(c.flags)
	switch {
	case at == nil:
	case at.flag != "":
		flags[at.flag] = value
	default:
		args[at.argument] = value
	}
	for _, name := range slices.Sorted(maps.Keys(flags)) {
		line = append(line, "--"+name+"="+flags[name])
	}
	return append(append(line, "--"), args...)
}

// filed tells a flag that names a file.
func filed(name string) bool {
	return slices.Contains([]string{"bundle", "state", "report", "out", "file", "config", "certificate", "key", "session-file", "out-dir", "checkpoints", "private-key", "public-key"}, name) ||
		strings.HasSuffix(name, "-file") || strings.HasSuffix(name, "-out")
}

// targets are all commands that take anything, each with a line that is right as far as form goes, or several. values has what a flag or argument
// takes, lines what else a command takes beside what it needs.
func (w *world) targets(t *testing.T, values map[string]string, lines map[string][]map[string]string) []target {
	t.Helper()
	var out []target
	for _, i := range allCommands(t) {
		if i.Kind != "command" || len(i.Arguments) == 0 && len(i.Flags) < 2 {
			continue
		}
		variants := lines[i.Path]
		if variants == nil {
			variants = []map[string]string{{}}
		}
		for _, more := range variants {
			c := target{item: i, words: strings.Fields(i.Path)[1:], flags: map[string]string{}}
			right := func(name string, choices []string) string {
				switch {
				case more[name] != "":
					return more[name]
				case values[name] != "":
					return values[name]
				case len(choices) == 0:
					t.Errorf("%s: the test knows no value of %s", i.Path, name)
					return "x"
				}
				return choices[0]
			}
			for _, a := range i.Arguments {
				if more["e-licence"]+more["certificate"] == "" {
					c.args = append(c.args, right(strings.Trim(a.Name, "<>"), a.Values))
				}
			}
			for _, f := range i.Flags {
				if _, wanted := more[f.Name]; wanted || f.Required {
					c.flags[f.Name] = right(f.Name, f.Values)
				}
			}
			switch r := w.inside("", append([]string{"--dry-run", "--timeout=300ms"}, c.line(nil, "")...)...); r.code() {
			case "DRY_RUN_IMPOSSIBLE":
				c.real = true
			case "USAGE", "INTERNAL":
				t.Errorf("the line of %s is not right: %s", i.Path, r.stderr)
			}
			out = append(out, c)
		}
	}
	return out
}

// attacks puts hostile values into every place of a command; which ones goes round, so that all stand somewhere and the time stays bounded.
func (w *world) attacks(targets []target, perPlace int) []attack {
	all, next := hostile(), 0
	var out []attack
	for _, c := range targets {
		places := []place{}
		for n := range c.args {
			places = append(places, place{argument: n})
		}
		for _, f := range c.Flags {
			if f.Type != "bool" && f.Name != "help" {
				places = append(places, place{flag: f.Name})
			}
		}
		for _, f := range []string{"reason", "ticket", "captcha", "idempotency-key", "fields", "jq", "profile"} {
			places = append(places, place{flag: f})
		}
		for _, at := range places {
			where := at.flag
			if where == "" {
				where = c.Arguments[at.argument].Name
			}
			values := wellFormed()[strings.Trim(where, "<>")]
			for range perPlace {
				values = append(values, all[next%len(all)])
				next++
			}
			for _, value := range values {
				if filed(at.flag) || at.flag == "" && strings.Contains(where, "FILE") {
					value = w.path("hostile/" + strings.ReplaceAll(value, "/", "_"))
				}
				out = append(out, attack{path: c.Path, where: where, value: value, real: c.real, args: c.line(&at, value)})
			}
		}
	}
	return out
}

// inParallel does one thing for each, on as many goroutines as the machine has processors and one more.
func inParallel[T any](of []T, do func(T)) {
	slots := make(chan struct{}, runtime.NumCPU()+1)
	var group sync.WaitGroup
	for _, one := range of {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			do(one)
		})
	}
	group.Wait()
}

// Whatever stands in any flag or argument of any command, on a server where it would succeed otherwise: nothing happens to tables, rows,
// functions and rights, nothing is unexpected, and nothing that a terminal acts upon is printed.
func TestNoValueOfAnyCommandIsMoreThanAValue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// Commands of keys write the keyring, which is that of all tests.
	keyring, err := os.ReadFile(w.database.Keyring)
	if err != nil {
		t.Fatal(err)
	}
	w.database.Keyring = w.write("keyring.json", string(keyring))
	if err := os.Mkdir(w.path("hostile"), 0o700); err != nil {
		t.Fatal(err)
	}
	application := w.must(w.submission(0, "")...)
	check := w.must("verify", "face", "start", "--purpose", "review", "--for", application, "-q")
	code := w.must("verify", "sms", "--phone", "13900000077", "--purpose", "agent-add", "-q")
	recovery := w.must("recover", "start", "--by", "username", "--username", "hz_legal", "-q")
	session := w.must("session", "list", "-q")
	name, document, phone := person(3)
	calendar, register := w.write("calendar.csv", "date,type\n2026-01-01,off\n"), w.write("register.csv", "unit_code,name,legal_representative,document_type,document_number,status\n")
	scan := w.write("scan.jpg", string(documenttest.Page(1)))
	values := map[string]string{
		"account": "hz_legal", "application": application, "verification": check, "recovery": recovery, "message": code, "session": session, "unit-code": hangzhou.code,
		"year": "2026", "duration": "1h", "time": "2026-11-26T12:00:00+08:00", "policy": "sign_in.failures", "anything": "hz_legal", "value": hangzhou.code, "kind": "uscc", "command": "login",
		"{<value> | default}": "default", "username": "hz_other", "agent-name": name, "agent-document-number": document, "phone": phone, "organization-name": hangzhou.name,
		"password-file": w.path("password"), "sms-code": "123456", "reason": "测试", "file": w.document("again.yaml", "username=hz_again"), "out": w.path("hostile/out"),
		"proof-file": scan, "licence-file": scan, "seed": "1", "organizations": "1", "operator-name": hangzhou.representative, "operator-document-number": hangzhou.document, "for": application,
		"{FILE | -}": w.document("row.jsonl", "username=hz_row"), "{<code> | <situation> | <sentence>}": "USAGE", "certificate": w.path("password"), "key": w.path("password"),
		"signature-file": w.path("password"), "sandbox": "true", "accept-terms": "true", "index-only": "true", "passphrase-file": w.path("password"), "login": "injection_nobody", "confirm": "injection_nobody", "public-key": w.path("password"), "role": "faren_support",
	}
	organization := map[string]string{"channel": "zhejiang", "entity-type": "market-entity", "organization-name": hangzhou.name, "unit-code": hangzhou.code,
		"legal-representative": hangzhou.representative, "legal-representative-document-number": hangzhou.document, "accept-terms": "true"}
	project := map[string]string{"channel": "project", "agent-name": name, "agent-document-type": "resident-id", "agent-document-number": document, "ethnic-group": "汉", "phone": phone, "sms-code": "123456",
		"accept-terms": "true"}
	overseas := map[string]string{"channel": "overseas", "organization-name": "示例(Example)", "agent-name": name, "agent-document-type": "passport", "agent-document-number": "EA1234567", "phone": phone,
		"email": "a@example.com", "sms-code": "123456", "licence-file": scan, "agent-document-file": scan, "accept-terms": "true"}
	agent := map[string]string{"agent-name": name, "agent-document-number": document, "phone": phone, "sms-code": "123456", "landline": "0571-88880000", "email": "a@example.com"}
	fixture := map[string]string{"file": w.write("accounts.yaml", fixtureAccounts), "namespace": "ns"}
	lines := map[string][]map[string]string{
		"farenctl register start": {organization, project, overseas}, "farenctl verify organization": {organization}, "farenctl register check": {organization, project, {"file": ""}},
		"farenctl register user": {agent}, "farenctl agent add": {agent}, "farenctl agent update": {agent, {"phone": "", "sandbox": ""}}, "farenctl register resubmit": {{"licence-file": ""}},
		"farenctl register submit": {{"sandbox": ""}}, "farenctl fixture apply": {fixture}, "farenctl fixture diff": {fixture}, "farenctl fixture delete": {fixture},
		"farenctl recover start":  {{"by": "username", "username": "hz_legal"}, {"by": "phone", "phone": phone, "unit-code": ""}, {"by": "document", "document-number": document, "unit-code": ""}},
		"farenctl recover verify": {{"sms-code": ""}, {"verification": ""}}, "farenctl recover reset": {{"password-file": ""}},
		"farenctl login": {{"password-file": w.path("wrong")}, {"certificate": w.path("password"), "key": "", "operator-name": "", "operator-document-number": ""},
			{"certificate": w.path("password"), "signature-file": "", "verification": ""}, {"e-licence": "true", "unit-code": "", "operator-name": "", "operator-document-number": "", "sandbox": ""}},
		"farenctl verify sms": {{"phone": "13900000078", "purpose": "register"}, {"for": recovery}}, "farenctl verify face start": {{"for": application, "purpose": "review"}},
		"farenctl diagnose": {{"phone": phone, "unit-code": ""}, {"document-number": document, "username": ""}}, "farenctl timeline": {{"anything": phone, "unit-code": ""}},
		"farenctl calendar import": {{"{FILE.csv | -}": calendar}}, "farenctl registry import": {{"{FILE.csv | -}": register}}, "farenctl register batch": {{"no-state": "true"}},
		"farenctl audit seal": {{"out-dir": w.path("hostile")}}, "farenctl audit verify": {{"checkpoints": w.path("hostile"), "public-key": ""}},
		"farenctl verify face simulate": {{"outcome": "passed", "as-name": name, "as-document-number": document}},
	}
	attacks := w.attacks(w.targets(t, values, lines), 1)
	catalogue, rows := w.catalogue(), w.contents()
	formats := []string{"table", "json", "wide", "yaml", "jsonl", "name"}
	play := func(real bool) map[string]int {
		var mu sync.Mutex
		ended, at := map[string]int{}, 0
		inParallel(attacks, func(a attack) {
			if a.real != real {
				return
			}
			mu.Lock()
			at++
			args := []string{"--dry-run=" + strconv.FormatBool(!real), "--output=" + formats[at%len(formats)], "--lang=" + []string{"en", "zh"}[at%2]}
			mu.Unlock()
			if strings.HasSuffix(a.path, " wait") {
				args = append(args, "--timeout=300ms")
			}
			r := w.inside("", append(args, a.args...)...)
			if bad := actedUpon(r.stdout) + actedUpon(r.stderr); bad != "" {
				t.Errorf("%s prints %.100s with %+.60q for %s\n%.600q\n%.600q", a.path, bad, a.value, a.where, r.stdout, r.stderr)
			}
			if r.status == 1 {
				t.Errorf("%s is not expected to get %+.60q for %s: %.600s", a.path, a.value, a.where, r.stderr)
			}
			mu.Lock()
			ended[fmt.Sprint(r.status)]++
			mu.Unlock()
		})
		return ended
	}
	ended := play(false)
	for status, least := range map[string]int{"0": 80, "2": 100, "3": 10, "5": 10, "65": 60} {
		if n := ended[status]; n < least {
			t.Errorf("%d commands ended with status %s, want %d: the lines do not get as far as they should", n, status, least)
		}
	}
	if diff := cmp.Diff(rows, w.contents()); diff != "" {
		t.Errorf("rows changed (-before +after):\n%s", diff)
	}
	// What has no dry run does its own work, and no other.
	own := []string{"agent", "audit_event", "captcha", "guess", "request", "session", "sign_in_failure", "verification"}
	rows = w.contents(own...)
	play(true)
	if diff := cmp.Diff(rows, w.contents(own...)); diff != "" {
		t.Errorf("rows changed (-before +after):\n%s", diff)
	}
	if now := w.catalogue(); now != catalogue {
		t.Error("tables, functions or rights changed")
	}
}

// poison puts a text into every column of the database that may have any text and is no key. It gives how many columns have it.
const poison = `
	SET session_replication_role = replica;
	CREATE TEMP TABLE poisoned (place text);
	DO $do$
	DECLARE c record;
	BEGIN
		FOR c IN SELECT r.oid::regclass AS t, a.attname AS n, a.atttypid::regtype::text AS kind FROM pg_class r JOIN pg_attribute a ON a.attrelid = r.oid
			WHERE r.relnamespace = 'faren'::regnamespace AND r.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid IN ('text'::regtype, 'jsonb'::regtype)
			AND r.relname NOT IN ('request', 'setting', 'schema_version') AND a.attname !~ '_(key|hash|id|number)$|^(unit_code|organization_code|unit_code_type|params|choices|default_value|value|spec|namespace|name_key|provider|purpose)$'
			AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = r.oid AND i.indisunique AND a.attnum = ANY (i.indkey))
		LOOP
			BEGIN
				IF c.kind = 'text' THEN
					EXECUTE format('UPDATE %s SET %I = $1 WHERE %I IS NOT NULL', c.t, c.n, c.n) USING 'x' || current_setting('test.poison');
				ELSE
					EXECUTE format('UPDATE %s SET %I = jsonb_build_object(''reason'', $1, $1, jsonb_build_array($1, $1))', c.t, c.n) USING current_setting('test.poison');
				END IF;
				INSERT INTO poisoned VALUES (c.t || '.' || c.n);
			EXCEPTION WHEN check_violation OR not_null_violation OR invalid_text_representation THEN
				NULL; -- a closed list
			END;
		END LOOP;
	END $do$`

// What stands in the database, whoever wrote it there, reaches no terminal as it is: not in tables, not in JSON and YAML, not in messages.
func TestNothingOfTheDatabaseActsUponATerminal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	application := w.must(w.submission(0, "")...)
	check := w.must("verify", "face", "start", "--purpose", "review", "--for", application, "-q")
	code := w.must("verify", "sms", "--phone", "13900000077", "--purpose", "agent-add", "-q")
	recovery := w.must("recover", "start", "--by", "username", "--username", "hz_legal", "-q")
	rejected := w.must(w.submission(1, "")...)
	evil := "\x1b[31m\x07\u009b1m\u202e\u2066\u200b\u2028\u0085\U000e0041\r\n\x7f\ufeff"
	w.must("review", "reject", rejected, "--reason", "不"+evil, "--ticket", "T"+evil, "-q")
	w.must("policy", "set", "sign_in.failures", "6", "--reason", evil, "-q")
	w.exec(`UPDATE faren.sms SET reference = 'r', last_code = 'c'; UPDATE faren.verification SET failure = 'f', user_code = 'u'`)
	tx, err := w.super.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(`SELECT set_config('test.poison', $1, true)`, evil); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(poison); err != nil {
		t.Fatal(err)
	}
	var poisoned int
	if err := tx.QueryRow(`SELECT count(*) FROM poisoned`).Scan(&poisoned); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil || poisoned < 45 {
		t.Fatalf("%d columns have the text, %v", poisoned, err)
	}
	var lines [][]string
	for _, line := range [][]string{
		{"register", "list"}, {"register", "show", application}, {"register", "show", rejected}, {"register", "wait", rejected}, {"review", "list"}, {"review", "show", application},
		{"review", "stats"}, {"agent", "list"}, {"agent", "show", "hz_legal"}, {"sms", "list"}, {"sms", "show", code}, {"sms", "stats"}, {"sms", "limits", "--phone", "13900000077"},
		{"verify", "face", "status", check}, {"recover", "show", recovery}, {"session", "list"}, {"whoami"}, {"policy", "list"}, {"policy", "get", "sign_in.failures"},
		{"registry", "show", hangzhou.code}, {"registry", "stats"}, {"calendar", "list"}, {"calendar", "show", "2026"}, {"timeline", "hz_legal"}, {"timeline", rejected},
		{"timeline", hangzhou.code}, {"diagnose", "--username", "hz_legal"}, {"diagnose", "--application", rejected}, {"diagnose", "--phone", "13900000000", "--unit-code", hangzhou.code},
		{"register", "check", "-f", w.document("again.yaml", "username=hz_again")}, {"verify", "face", "evidence", check}, {"doctor"}, {"db", "status"},
		{"register", "submit", "-f", w.path("again.yaml"), "--sandbox"}, {"review", "approve", rejected, "--verification", check},
	} {
		for n, format := range []string{"table", "wide", "json", "jsonl", "yaml", "name", "table"} {
			lines = append(lines, append(slices.Clone(line), "--output", format, "--lang", []string{"en", "zh"}[n%2], "--reason", "why"))
		}
	}
	shown := atomic.Int64{}
	inParallel(lines, func(line []string) {
		r := w.inside("", line...)
		if bad := actedUpon(r.stdout) + actedUpon(r.stderr); bad != "" {
			t.Errorf("%v prints %.200s\n%+.900q\n%+.900q", line, bad, r.stdout, r.stderr)
		}
		if r.status == 1 {
			t.Errorf("%v: %s", line, r.stderr)
		}
		if strings.Contains(r.stdout, `\u202e`) {
			shown.Add(1)
		}
	})
	if n := shown.Load(); n < 100 {
		t.Errorf("%d answers showed the text, want 100: the test does not see it", n)
	}
	// CSV, jq and templates keep data as it is for a program, and spare a terminal.
	for _, format := range [][]string{{"-o", "csv"}, {"--jq", ".items[].review.reason"}, {"-o", "template={{range .items}}{{.review.reason}}{{end}}"}} {
		line := append([]string{"register", "list", "--status", "rejected"}, format...)
		if r := w.inside("", line...); r.status != 0 || !strings.Contains(r.stdout, "\x1b[31m") {
			t.Errorf("%v in a pipe: %d %+q %s", format, r.status, r.stdout, r.stderr)
		}
		if r := w.displayed(line...); r.status != 0 || !strings.Contains(r.stdout, "x") || actedUpon(r.stdout) != "" {
			t.Errorf("%v on a terminal: %d %+q %s", format, r.status, r.stdout, r.stderr)
		}
	}
}
