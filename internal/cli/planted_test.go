package cli_test

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/lib/pq"
	"golang.org/x/sys/unix"

	"github.com/farenctl/farenctl/internal/sms/smstest"
)

// seen is all that a program, its server and its machine show of what was done: by place.
type seen map[string]string

func (s seen) add(place string, r result) { s[place] += r.stdout + r.stderr }

// holds names the places where something stands.
func (s seen) holds(secret string) []string {
	var places []string
	for place, text := range s {
		if strings.Contains(text, secret) {
			places = append(places, place)
		}
	}
	slices.Sort(places)
	return places
}

// files adds what stands in the files of a directory but those that are named; of an archive, what is in it.
func (s seen) files(t *testing.T, dir string, but ...string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || slices.Contains(but, filepath.Base(path)) {
			return err
		}
		text, err := os.ReadFile(path)
		s["file "+filepath.Base(path)] = string(text)
		if archive, zipErr := zip.OpenReader(path); zipErr == nil {
			for _, f := range archive.File {
				in, openErr := f.Open()
				if openErr != nil {
					return openErr
				}
				inside, readErr := io.ReadAll(in)
				if readErr != nil {
					return readErr
				}
				s["archive "+f.Name] = string(inside)
			}
			return archive.Close()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// serverLog is the log of the tests' server.
func (w *world) serverLog() string {
	w.t.Helper()
	var data string
	if err := w.super.QueryRow(`SHOW data_directory`).Scan(&data); err != nil {
		w.t.Fatal(err)
	}
	logs, err := filepath.Glob(filepath.Join(filepath.Dir(data), "log", "server.log"))
	if err != nil || len(logs) == 0 {
		w.t.Fatalf("no log of the server beside %s: %v", data, err)
	}
	text, err := os.ReadFile(logs[0])
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

// logsEverything makes the server log all that it can of this database, as an administrator might.
func (w *world) logsEverything() {
	w.t.Helper()
	for name, value := range map[string]string{"log_statement": "all", "log_min_duration_statement": "0", "log_min_error_statement": "debug5", "log_min_messages": "debug1",
		"log_parameter_max_length": "-1", "log_parameter_max_length_on_error": "4096", "log_error_verbosity": "verbose"} {
		w.exec(`ALTER DATABASE ` + pq.QuoteIdentifier(w.database.Name) + ` SET ` + name + ` = '` + value + `'`)
	}
}

// Secrets that come by every way in which they can come, searched for in everything that can be seen afterwards, and meanwhile.
func TestPlantedSecretsStandNowhereElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.logsEverything()
	g := smstest.New()
	t.Cleanup(g.Close)
	if err := os.Mkdir(w.path("tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	own := []string{"password", "wrong", "planted", "other", "fresh", "gateway-secret", "client-secret", "key-password", "legal.yaml", "staff.yaml", "rows.jsonl", "pgpass", "config.yaml", "session.json"}
	const salt, hash = "cGxhbnRlZHNhbHQwMDE", "cGxhbnRlZC1oYXNoLW9mLXRoaXJ0eS10d28tYnl0ZXM"
	secrets := map[string]string{
		"the password": demoPassword, "a wrong password": "Planted-2026-wrong", "a new password": "Planted-2026-fresh", "an agent's password": "Planted-2026-agent", "the gateway's secret": smstest.Secret,
		"the client's secret": "planted-client-secret", "the key's password": "planted-key-password", "the hash of a batch": hash, "the server's password": "planted-dsn-password",
		"a phone": "13700000042", "a document": "330106199205050011", "a name": "陈小明", "an address": "planted.address@example.com",
	}
	w.write("planted", secrets["a wrong password"]+"\n")
	w.write("other", secrets["an agent's password"]+"\n")
	w.write("fresh", secrets["a new password"]+"\n")
	w.write("gateway-secret", secrets["the gateway's secret"])
	w.write("client-secret", secrets["the client's secret"])
	w.write("key-password", secrets["the key's password"])
	w.write("pgpass", "*:*:*:*:"+secrets["the server's password"]+"\n")
	w.write("config.yaml", "profiles: {default: {database_url: 'postgres://u:"+secrets["the server's password"]+"@127.0.0.1:1/d?sslmode=disable'}}")
	w.document("staff.yaml", "username=hz_staff", "agent.name="+secrets["a name"], "agent.document_number="+secrets["a document"], "agent.phone="+secrets["a phone"], "agent.email="+secrets["an address"])
	row := map[string]any{"channel": "zhejiang", "entity_type": "market-entity", "organization_name": hangzhou.name, "unit_code": hangzhou.code, "accept_terms": true, "username": "hz_row",
		"password_hash":        "$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$" + hash,
		"legal_representative": map[string]any{"name": hangzhou.representative, "document_number": hangzhou.document},
		"agent":                map[string]any{"name": secrets["a name"], "document_number": secrets["a document"], "phone": "13700000043"}}
	line, err := json.Marshal(row)
	if err != nil {
		t.Fatal(err)
	}
	w.write("rows.jsonl", string(line)+"\n"+strings.ReplaceAll(string(line), "hz_row", "1")+"\n{\"password\": \""+secrets["an agent's password"]+"\n")
	w.environment = append(w.environment, "GOTRACEBACK=crash", "TMPDIR="+w.path("tmp"), "PGPASSFILE="+w.path("pgpass"))
	for name, value := range gatewayEnvironment(g.URL, w.path("gateway-secret")) {
		w.environment = append(w.environment, name+"="+value)
	}
	keyring, err := os.ReadFile(w.database.Keyring)
	if err != nil {
		t.Fatal(err)
	}
	for n, key := range regexp.MustCompile(`"key": "([^"]+)"`).FindAllStringSubmatch(string(keyring), -1) {
		secrets[fmt.Sprint("key ", n, " of the keyring")] = key[1]
	}
	token := func(name string) {
		var file struct{ Token string }
		if text, err := os.ReadFile(w.path("session.json")); err != nil || json.Unmarshal(text, &file) != nil || file.Token == "" {
			t.Fatalf("no session: %v", err)
		}
		secrets[name] = file.Token
	}
	token("the first session")
	all := seen{}
	run := func(stdin string, environment []string, args ...string) result {
		s := w.measured(stdin, environment, append(args, "--verbose", "--log-format", []string{"json", "text"}[len(all)%2])...)
		all.add("output of "+strings.Join(args[:2], " "), s.result)
		return s.result
	}
	code := func(message string) string {
		for _, m := range g.Messages() {
			if found := regexp.MustCompile(`[0-9]{6}`).FindString(m.Text); m.ID == message && found != "" {
				return found
			}
		}
		t.Fatalf("no code was sent in %s", message)
		return ""
	}
	must := func(r result) string {
		t.Helper()
		if r.status != 0 {
			t.Fatalf("exit status %d\n%s%s", r.status, r.stdout, r.stderr)
		}
		return strings.TrimSpace(r.stdout)
	}
	must(run("", nil, "register", "submit", "-f", w.path("staff.yaml"), "--sandbox", "-o", "json"))
	run("", nil, "register", "submit", "-f", w.path("staff.yaml"), "--sandbox")
	run("", nil, "register", "check", "-f", w.path("staff.yaml"), "-o", "json")
	run("", nil, "register", "batch", w.path("rows.jsonl"), "--sandbox", "--report", w.path("report.jsonl"), "--failed-out", w.path("failed.jsonl"))
	run("", nil, "login", "hz_legal", "--password-file", w.path("planted"))
	run(secrets["a wrong password"], nil, "login", "hz_legal", "--password-stdin")
	must(run(demoPassword, nil, "login", "hz_legal", "--password-stdin"))
	token("the second session")
	run("", []string{"FARENCTL_DATABASE_URL=", "FARENCTL_CONFIG=" + w.path("config.yaml")}, "register", "list")
	run("", []string{"FARENCTL_DATABASE_URL=postgres://u@127.0.0.1:1/d?sslmode=disable"}, "register", "list")
	run("", []string{"FARENCTL_IDENTITY_PROVIDER=oidc", "FARENCTL_IDENTITY_ISSUER=http://127.0.0.1:1", "FARENCTL_IDENTITY_CLIENT_ID=c", "FARENCTL_IDENTITY_CLIENT_SECRET_FILE=" + w.path("client-secret")}, "doctor", "-o", "json")
	run("", nil, "login", "--certificate", w.path("password"), "--key", w.path("wrong"), "--key-password-file", w.path("key-password"), "--operator-name", hangzhou.representative,
		"--operator-document-number", hangzhou.document)
	message := must(run("", nil, "verify", "sms", "--phone", "13700000044", "--purpose", "agent-add", "-q"))
	first := code(message)
	must(run("", nil, "agent", "add", "--username", "hz_more", "--password-file", w.path("other"), "--agent-name", "黄志强", "--agent-document-number", "330106199407070037", "--phone", "13700000044",
		"--sms-code", first, "-o", "json"))
	recovery := must(run("", nil, "recover", "start", "--by", "username", "--username", "hz_legal", "-q"))
	message = must(run("", nil, "verify", "sms", "--for", recovery, "-q"))
	second := code(message)
	run("", nil, "recover", "verify", recovery, "--sms-code", otherCode(second))
	must(run("", nil, "recover", "verify", recovery, "--sms-code", second, "-o", "json"))
	must(run("", nil, "recover", "reset", recovery, "--password-file", w.path("fresh"), "-o", "json"))
	must(run("", nil, "login", "hz_legal", "--password-file", w.path("fresh"), "-o", "json"))
	token("the third session")
	must(run("", nil, "diagnose", "--username", "hz_legal", "--bundle", w.path("case.zip"), "-o", "json"))
	must(run("", nil, "timeline", "hz_legal", "-o", "json"))
	must(run("", nil, "sms", "show", message, "-o", "json"))
	must(run("", nil, "config", "show", "--origin", "-o", "json"))

	// Meanwhile: arguments and environment of the program and of its server's processes, and what the server tells of their statements.
	release := w.lock(`SELECT FROM faren.application FOR UPDATE; SELECT FROM faren.account FOR UPDATE; SELECT FROM faren.credential FOR UPDATE`)
	p := w.process("login", "hz_legal", "--password-file", w.path("fresh"), "--verbose")
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	w.waiting(1)
	for _, name := range []string{"cmdline", "environ"} {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", p.Process.Pid, name))
		if err != nil {
			t.Fatal(err)
		}
		all["the process's "+name] = string(text)
	}
	rows, err := w.super.Query(`SELECT pid, query, application_name FROM pg_stat_activity WHERE datname = current_database()`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var pid int
		var query, name string
		if err := rows.Scan(&pid, &query, &name); err != nil {
			t.Fatal(err)
		}
		all["pg_stat_activity"] += query + " " + name + "\n"
		if text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); err == nil {
			all["the server's process"] += string(text)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	// Killed with a trace of every goroutine; and no core, though the machine would make one.
	var limit unix.Rlimit
	if err := unix.Prlimit(p.Process.Pid, unix.RLIMIT_CORE, nil, &limit); err != nil {
		t.Fatal(err)
	}
	if err := unix.Prlimit(p.Process.Pid, unix.RLIMIT_CORE, &unix.Rlimit{Cur: limit.Max, Max: limit.Max}, nil); err != nil {
		t.Fatal(err)
	}
	if err := p.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	killed := w.ended(p, p.Wait())
	release()
	if status, ok := p.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.CoreDump() {
		t.Errorf("ended with %v, want a signal and no core", p.ProcessState)
	}
	if !strings.Contains(killed.stderr, "goroutine ") {
		t.Errorf("no trace: %d %.300s", killed.status, killed.stderr)
	}
	all.add("the trace", killed)

	all.files(t, w.dir, own...)
	for _, name := range []string{"file report.jsonl", "file failed.jsonl", "archive case.json", "pg_stat_activity", "the process's environ", "the server's process"} {
		if all[name] == "" {
			t.Errorf("nothing in %s of %v", name, slices.Sorted(maps.Keys(all)))
		}
	}
	// Rows that are to be fed again are kept as they came: for their owner alone.
	if info, err := os.Stat(w.path("failed.jsonl")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("failed.jsonl: %v, %v", info, err)
	}
	delete(all, "file failed.jsonl")
	all["the server's log"] = w.serverLog()
	if !strings.Contains(all["the server's log"], "api.") {
		t.Error("the server's log has no statement: the test does not see it")
	}
	for name, secret := range secrets {
		if places := all.holds(secret); len(places) > 0 {
			t.Errorf("%s stands in %v", name, places)
		}
	}
	// A code is an argument by its nature, and good once; the server is not told it, either.
	for _, place := range []string{"the server's log", "pg_stat_activity"} {
		if n := regexp.MustCompile(`\b(` + first + `|` + second + `)\b`).FindString(all[place]); n != "" {
			t.Errorf("a code stands in %s", place)
		}
	}
}

// Every kind of file with a secret in it is refused when the group or others can read it, and its content is told nowhere.
func TestAFileWithASecretThatOthersCanReadIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	keyring, err := os.ReadFile(w.database.Keyring)
	if err != nil {
		t.Fatal(err)
	}
	const key = "-----BEGIN PRIVATE KEY-----\nplanted\n-----END PRIVATE KEY-----\n"
	session, err := os.ReadFile(w.path("session.json"))
	if err != nil {
		t.Fatal(err)
	}
	certificate := []string{"login", "--operator-name", hangzhou.representative, "--operator-document-number", hangzhou.document}
	oidc := []string{"FARENCTL_IDENTITY_PROVIDER=oidc", "FARENCTL_IDENTITY_ISSUER=https://127.0.0.1:1", "FARENCTL_IDENTITY_CLIENT_ID=c"}
	authorities := w.write("authorities.pem", "")
	for name, c := range map[string]struct {
		text string
		args func(file string) []string
		env  func(file string) []string
	}{
		"password": {"planted", func(f string) []string { return []string{"login", "hz_legal", "--password-file", f} }, nil},
		"new password": {"planted", func(f string) []string {
			return []string{"recover", "reset", "rec_01m891hsn6eg4a3k9v8mag48hr", "--password-file", f}
		}, nil},
		"key password": {"planted", func(f string) []string {
			return append(certificate, "--certificate", w.path("public"), "--key", w.path("private"), "--key-password-file", f)
		}, nil},
		"key":                      {key, func(f string) []string { return append(certificate, "--certificate", w.path("public"), "--key", f) }, nil},
		"certificate with its key": {key, func(f string) []string { return append(certificate, "--certificate", f) }, nil},
		"registration":             {"username: a\npassword: planted\n", func(f string) []string { return []string{"register", "submit", "-f", f} }, nil},
		"configuration":            {"profiles: {default: {database_url: 'postgres://u:planted@127.0.0.1:1/d'}}", func(f string) []string { return []string{"register", "list", "--config", f} }, nil},
		"session":                  {string(session), func(f string) []string { return []string{"whoami", "--session-file", f} }, nil},
		"keyring": {string(keyring), func(string) []string {
			return []string{"agent", "show", "phone:13700000001", "--unit-code", hangzhou.code}
		}, func(f string) []string { return []string{"FARENCTL_KEYRING=" + f} }},
		"gateway secret": {"planted", func(string) []string { return []string{"sms", "dispatch"} }, func(f string) []string {
			return []string{"FARENCTL_SMS_SENDER=http", "FARENCTL_SMS_HTTP_URL=https://127.0.0.1:1", "FARENCTL_SMS_HTTP_SECRET_FILE=" + f}
		}},
		"access key secret": {"planted", func(string) []string { return []string{"sms", "dispatch"} }, func(f string) []string {
			return []string{"FARENCTL_SMS_SENDER=aliyun", "FARENCTL_SMS_ALIYUN_ACCESS_KEY_ID=a", "FARENCTL_SMS_ALIYUN_SIGN_NAME=示例", "FARENCTL_SMS_ALIYUN_ACCESS_KEY_SECRET_FILE=" + f}
		}},
		"client secret": {"planted", func(string) []string {
			return []string{"verify", "face", "start", "--purpose", "register", "--for", "app_01m891hsn6eg4a3k9v8mag48hr"}
		},
			func(f string) []string { return append(oidc, "FARENCTL_IDENTITY_CLIENT_SECRET_FILE="+f) }},
	} {
		for _, mode := range []os.FileMode{0o640, 0o604, 0o620, 0o602} {
			file := w.write(strings.ReplaceAll(name, " ", "-"), c.text)
			if err := os.Chmod(file, mode); err != nil {
				t.Fatal(err)
			}
			environment := []string{"FARENCTL_CERTIFICATE_AUTHORITIES=" + authorities, "FARENCTL_CERTIFICATE_CRL=none"}
			if c.env != nil {
				environment = append(environment, c.env(file)...)
			}
			w.write("public", "")
			w.write("private", key)
			r := w.measured("", environment, c.args(file)...).result
			if r.status != 78 || r.code() != "FILE_PERMISSIONS" || r.stdout != "" || strings.Contains(r.stderr, "planted") && !strings.Contains(c.text, "profiles") {
				t.Errorf("%s with mode %#o: exit status %d\n%s%s", name, mode, r.status, r.stdout, r.stderr)
			}
		}
	}
}
