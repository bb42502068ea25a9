package cli_test

import (
	"bytes"
	"crypto/x509"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/itchyny/gojq"
	"github.com/rogpeppe/go-internal/testscript"
	"go.yaml.in/yaml/v3"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/certificate/certificatetest"
	"github.com/farenctl/farenctl/internal/identity/identitytest"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/sms/smstest"
)

// demoPassword is the password of every made-up person of the scripts.
const demoPassword = "Demo-2026-pass"

// raceSetting keeps a program that is built with the race detector from sleeping a second at its end.
const raceSetting = "GORACE=atexit_sleep_ms=0"

// noon sets the test clock to noon in China, so that no script runs into the next day.
const noon = `UPDATE faren.setting SET clock_offset = (date_trunc('day', clock_timestamp() AT TIME ZONE 'Asia/Shanghai') + interval '12 hours')
	AT TIME ZONE 'Asia/Shanghai' - clock_timestamp()`

type (
	superKey    struct{}
	testKey     struct{}
	databaseKey struct{}
)

// setUp gives a script a database, a home, the sample register, a password file, and the arguments of two certifications
// (which `run` takes as @zhejiang and @other-province).
func setUp(env *testscript.Env, sample []byte) error {
	t, ok := env.T().(testing.TB)
	if !ok {
		return errors.New("scripts run under the testing package only")
	}
	d := pgtest.New(t)
	super := pgtest.Open(t, d.Super())
	if _, err := super.Exec(noon); err != nil {
		return fmt.Errorf("set the test clock: %w", err)
	}
	if _, err := super.Exec(guardedMoves()); err != nil {
		return fmt.Errorf("guard the moves of applications: %w", err)
	}
	env.Values[superKey{}], env.Values[testKey{}], env.Values[databaseKey{}] = super, t, d
	env.Values[providerKey{}] = new(*identitytest.Provider)
	env.Values[gatewayKey{}] = new(*smstest.Gateway)
	env.Values[authoritiesKey{}] = &madeCertificates{authorities: map[string]*certificatetest.Authority{}, issued: map[string]*x509.Certificate{}}
	for name, value := range map[string]string{
		"GORACE": strings.TrimPrefix(raceSetting, "GORACE="), "HOME": env.WorkDir, "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "FARENCTL_DATABASE_URL": d.Local(), "FARENCTL_KEYRING": d.Keyring,
		"FARENCTL_SESSION_FILE": filepath.Join(env.WorkDir, "session.json"), "FARENCTL_PG_BIN": os.Getenv("FARENCTL_PG_BIN"),
		"LOCAL_URL": d.Local(), "SUPER_URL": d.Super(), "OTHER_KEYRING": d.Keyring,
		// Roles are the server's, which scripts share.
		"LOGIN": d.Name + "_",
	} {
		env.Setenv(name, value)
	}
	for name, text := range map[string]string{
		"sample.csv": string(sample), "password": demoPassword + "\n",
		"zhejiang":       strings.Join(append([]string{"--entity-type", "market-entity"}, organizationArgs(hangzhou)...), "\n"),
		"other-province": strings.Join(organizationArgs(shanghai), "\n"),
	} {
		if err := os.WriteFile(filepath.Join(env.WorkDir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// organization is one of the sample register.
type organization struct{ channel, name, code, representative, document string }

var (
	hangzhou = organization{"zhejiang", "杭州示例科技有限公司", "91330106MA0000015K", "王建国", "330106198001010013"}
	shanghai = organization{"other-province", "上海示例信息技术有限公司", "91310115MA0000111M", "冯晓", "310115198512120014"}
)

func organizationArgs(o organization) []string {
	return []string{"--channel", o.channel, "--organization-name", o.name, "--unit-code", o.code, "--legal-representative", o.representative,
		"--legal-representative-document-number", o.document, "--accept-terms"}
}

func scriptCommands() map[string]func(*testscript.TestScript, bool, []string) {
	commands := map[string]func(*testscript.TestScript, bool, []string){
		"run": scriptRun, "refused": scriptRefused, "jqvalue": scriptJQValue, "document": scriptDocument, "superuser": scriptSuperuser, "operator": scriptOperator, "sqlis": scriptSQLIs,
		"advance": scriptAdvance, "smscode": scriptSMSCode, "facecheck": scriptFaceCheck, "legal": scriptLegal, "normalize": scriptNormalize,
		"privateserver": scriptPrivateServer, "emptydatabase": scriptEmptyDatabase, "wrongcode": scriptWrongCode, "awaitsql": scriptAwaitSQL, "pendingcheck": scriptPendingCheck, "captcha": scriptCaptcha,
	}
	maps.Copy(commands, manualCommands())
	maps.Copy(commands, certificateCommands())
	maps.Copy(commands, smsCommands())
	maps.Copy(commands, providerCommands())
	maps.Copy(commands, fixtureCommands())
	maps.Copy(commands, diagnoseCommands())
	maps.Copy(commands, keyCommands())
	return commands
}

// scriptRun is `run STATUS farenctl …`: the exit status must be exactly that. An argument @FILE stands for the lines of
// the file.
func scriptRun(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: run STATUS command [argument | @FILE]...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	var line []string
	for _, arg := range args[2:] {
		if file, ok := strings.CutPrefix(arg, "@"); ok {
			line = append(line, strings.Split(strings.TrimSpace(ts.ReadFile(file)), "\n")...)
			continue
		}
		line = append(line, arg)
	}
	got := 0
	if err := ts.Exec(args[1], line...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("run %s: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// scriptRefused is `refused STATUS CODE farenctl …`: run, and besides: nothing on stdout, and the code first on stderr.
func scriptRefused(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: refused STATUS CODE command [argument | @FILE]...")
	}
	scriptRun(ts, false, append([]string{args[0]}, args[2:]...))
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("a refused command wrote to stdout")
	}
	if told := ts.ReadFile("stderr"); !strings.HasPrefix(told, "farenctl: "+args[1]+": ") {
		ts.Fatalf("stderr does not begin with the code %s", args[1])
	}
}

// query runs a jq program on JSON text and gives its first result, strings without quotes.
func query(ts *testscript.TestScript, text, program string) string {
	parsed, err := gojq.Parse(program)
	ts.Check(err)
	decoder := json.NewDecoder(strings.NewReader(text))
	var value any
	ts.Check(decoder.Decode(&value))
	first, ok := parsed.Run(value).Next()
	if !ok {
		ts.Fatalf("%s: no result", program)
	}
	switch v := first.(type) {
	case error:
		ts.Fatalf("%s: %v", program, v)
	case string:
		return v
	}
	out, err := gojq.Marshal(first)
	ts.Check(err)
	return string(out)
}

// scriptJQValue is `jqvalue VARIABLE PROGRAM [FILE]`: a value of the JSON on stdout, or in a file, becomes a variable.
func scriptJQValue(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: jqvalue VARIABLE PROGRAM [FILE]")
	}
	ts.Setenv(args[0], query(ts, ts.ReadFile(append(args, "stdout")[2]), args[1]))
}

// scriptDocument is `document FILE [field=value]...`: a registration document of the sample's first organization, by
// default of its legal representative. A dot goes into an object; an empty value takes the field out.
func scriptDocument(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: document FILE [field=value]...")
	}
	text, err := registrationDocument(args[1:])
	ts.Check(err)
	writeSecret(ts, args[0], text)
}

// writeSecret writes a file that only its owner can read.
func writeSecret(ts *testscript.TestScript, name string, text []byte) {
	file := ts.MkAbs(name)
	ts.Check(os.WriteFile(file, text, 0o600))
	ts.Check(os.Chmod(file, 0o600))
}

func registrationDocument(changes []string) ([]byte, error) {
	o := hangzhou
	if slices.Contains(changes, "channel=other-province") {
		o = shanghai
	}
	document := map[string]any{
		"channel": o.channel, "organization_name": o.name, "unit_code": o.code, "accept_terms": true, "username": "hz_legal", "password": demoPassword,
		"legal_representative": map[string]any{"name": o.representative, "document_number": o.document},
		"agent":                map[string]any{"name": o.representative, "document_number": o.document, "phone": "13700000001"},
	}
	if o.channel == "zhejiang" {
		document["entity_type"] = "market-entity"
	}
	return changed(document, changes)
}

// changed makes field=value changes to a document and writes it as YAML.
func changed(document map[string]any, changes []string) ([]byte, error) {
	for _, change := range changes {
		field, value, ok := strings.Cut(change, "=")
		if !ok {
			return nil, fmt.Errorf("%s: want field=value", change)
		}
		object := document
		if outer, inner, nested := strings.Cut(field, "."); nested {
			below, isObject := object[outer].(map[string]any)
			if !isObject {
				return nil, fmt.Errorf("%s: no such object", outer)
			}
			object, field = below, inner
		}
		switch value {
		case "":
			delete(object, field)
		case "true", "false":
			object[field] = value == "true"
		default:
			object[field] = value
		}
	}
	return yaml.Marshal(document)
}

func superOf(ts *testscript.TestScript) *sql.DB {
	super, ok := ts.Value(superKey{}).(*sql.DB)
	if !ok {
		ts.Fatalf("the script has no database")
	}
	return super
}

// scriptSuperuser is `superuser SQL`.
func scriptSuperuser(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: superuser SQL")
	}
	_, err := superOf(ts).Exec(args[0])
	ts.Check(err)
}

// scriptOperator is `operator [ROLE]...`: the script goes on with a database login of its own that has these roles only; without
// any, with the one that has them all.
func scriptOperator(ts *testscript.TestScript, neg bool, args []string) {
	t, isTest := ts.Value(testKey{}).(testing.TB)
	d, isDatabase := ts.Value(databaseKey{}).(pgtest.Database)
	if neg || !isTest || !isDatabase {
		ts.Fatalf("usage: operator [ROLE]...")
	}
	if len(args) == 0 {
		ts.Setenv("FARENCTL_DATABASE_URL", d.Local())
		return
	}
	ts.Setenv("FARENCTL_DATABASE_URL", d.Login(t, args...))
}

// scriptSQLIs is `sqlis VALUE QUERY`: the query's only value, as text, must be that.
func scriptSQLIs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sqlis VALUE QUERY")
	}
	var got sql.NullString
	ts.Check(superOf(ts).QueryRow(args[1]).Scan(&got))
	if got.String != args[0] {
		ts.Fatalf("%s\ngives %q, want %q", args[1], got.String, args[0])
	}
}

// scriptAwaitSQL is `awaitsql QUERY`: it goes on when the query says true.
func scriptAwaitSQL(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: awaitsql QUERY")
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		var done bool
		ts.Check(superOf(ts).QueryRow(args[0]).Scan(&done))
		if done {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("waited too long for %s", args[0])
		}
	}
}

// scriptPendingCheck is `pendingcheck VARIABLE`: the id of the one check that waits.
func scriptPendingCheck(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: pendingcheck VARIABLE")
	}
	var id uuid.UUID
	ts.Check(superOf(ts).QueryRow(`SELECT verification_id FROM faren.verification WHERE status = 'pending'`).Scan(&id))
	ts.Setenv(args[0], account.VerificationID(id).String())
}

// scriptAdvance is `advance INTERVAL`: the test clock goes on.
func scriptAdvance(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: advance INTERVAL")
	}
	_, err := superOf(ts).Exec(`UPDATE faren.setting SET clock_offset = clock_offset + $1::interval`, args[0])
	ts.Check(err)
}

// scriptSMSCode is `smscode VARIABLE PHONE`: a code is asked for and read from the outbox.
func scriptSMSCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: smscode VARIABLE PHONE")
	}
	scriptRun(ts, false, []string{"0", "farenctl", "verify", "sms", "--phone", args[1], "--purpose", "register", "-q"})
	id := strings.TrimSpace(ts.ReadFile("stdout"))
	scriptRun(ts, false, []string{"0", "farenctl", "sms", "show", id, "--reveal", "text", "--reason", "test", "--jq", `.text | capture("(?<d>[0-9]{6})").d`})
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("stdout")))
}

// scriptWrongCode is `wrongcode VARIABLE CODE`: six digits that are not the code.
func scriptWrongCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: wrongcode VARIABLE CODE")
	}
	ts.Setenv(args[0], otherCode(args[1]))
}

func otherCode(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

// scriptFaceCheck is `facecheck PURPOSE APPLICATION`: a face check is started and passed.
func scriptFaceCheck(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: facecheck PURPOSE APPLICATION")
	}
	scriptRun(ts, false, []string{"0", "farenctl", "verify", "face", "start", "--purpose", args[0], "--for", args[1], "-q"})
	id := strings.TrimSpace(ts.ReadFile("stdout"))
	scriptRun(ts, false, []string{"0", "farenctl", "verify", "face", "simulate", id, "--outcome", "passed", "-o", "json"})
}

// scriptLegal is `legal`: the sample register is imported, and the legal representative of its first organization has an
// account (hz_legal) and is signed in.
func scriptLegal(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: legal")
	}
	scriptRun(ts, false, []string{"0", "farenctl", "registry", "import", "sample.csv", "-q"})
	scriptDocument(ts, false, []string{"legal.yaml"})
	scriptRun(ts, false, []string{"0", "farenctl", "register", "submit", "-f", "legal.yaml", "--sandbox", "-q"})
	scriptRun(ts, false, []string{"0", "farenctl", "login", "hz_legal", "--password-file", "password", "-q"})
}

var (
	idText   = regexp.MustCompile(`\b(app|acc|org|ver|sms|ses|doc|rec|cap)_[0-9A-Za-z-]+`)
	uuidText = regexp.MustCompile(`\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`)
	hashText = regexp.MustCompile(`"[0-9a-f]{64}"`)
	sizeText = regexp.MustCompile(`"size": ?\d+`)
	codeText = regexp.MustCompile(`"OV[0-9A-Z]{11}"`)
	timeText = regexp.MustCompile(`\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+08:00`)
)

// scriptNormalize is `normalize FILE OUT`: JSON (stdout, stderr, or a file) is indented, and ids and times give way to
// placeholders, so that a golden file can hold it. Times that are not RFC 3339 in UTC stay and are thereby noticed.
func scriptNormalize(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: normalize FILE OUT")
	}
	text := []byte(ts.ReadFile(args[0]))
	text = idText.ReplaceAll(text, []byte("${1}_…"))
	text = uuidText.ReplaceAll(text, []byte("<uuid>"))
	// What the picture encoder of the Go version makes, and what the system issues.
	text = hashText.ReplaceAll(text, []byte(`"<sha256>"`))
	text = sizeText.ReplaceAll(text, []byte(`"size": 0`))
	text = codeText.ReplaceAll(text, []byte(`"OV…"`))
	text = timeText.ReplaceAll(text, []byte("<time>"))
	var out bytes.Buffer
	ts.Check(json.Indent(&out, bytes.TrimSpace(text), "", "  "))
	out.WriteByte('\n')
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out.Bytes(), 0o600))
}

// scriptPrivateServer is `privateserver`: the script goes on with a private server in a directory of its own, which it
// must stop; a server that still runs at the end is stopped and is an error.
func scriptPrivateServer(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: privateserver")
	}
	dir, err := pgtest.Dir()
	ts.Check(err)
	ts.Setenv("FARENCTL_DATA_DIR", filepath.Join(dir, "data"))
	ts.Setenv("FARENCTL_SERVER_IDLE", "20s")
	ts.Setenv("FARENCTL_DATABASE_URL", "")
	ts.Setenv("FARENCTL_KEYRING", "")
	ts.Defer(func() {
		if err := ts.Exec("farenctl", "server", "stop"); err != nil {
			ts.Logf("stop the private server: %v", err)
		}
		if err := os.RemoveAll(dir); err != nil {
			ts.Logf("remove the private server's directory: %v", err)
		}
	})
}

// scriptEmptyDatabase is `emptydatabase`: the script goes on with a database without a schema, as a superuser.
func scriptEmptyDatabase(ts *testscript.TestScript, neg bool, args []string) {
	t, ok := ts.Value(testKey{}).(testing.TB)
	if neg || len(args) != 0 || !ok {
		ts.Fatalf("usage: emptydatabase")
	}
	ts.Setenv("FARENCTL_DATABASE_URL", pgtest.Empty(t).Super())
}
