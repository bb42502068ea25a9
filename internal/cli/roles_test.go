package cli_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/certificate/certificatetest"
	"github.com/farenctl/farenctl/internal/cli"
	"github.com/farenctl/farenctl/internal/sms/smstest"
)

// The role sets of the commands. Every login has one group role only; a reviewer may what support may, an administrator what registrar and
// reviewer may.
const (
	anybody    = "registrar support reviewer admin auditor fixture"
	lookers    = "registrar support reviewer admin"
	registrars = "registrar admin"
	deciders   = "registrar reviewer admin"
	helpers    = "support reviewer admin"
	reviewers  = "reviewer admin"
	admins     = "admin"
	testers    = "fixture admin"
	auditors   = "auditor admin"
	nobody     = ""
)

// commandRoles is who may run what, and a command line that comes as far as the database. A new command needs its line. What stands behind a
// comma tells several lines of one command apart.
var commandRoles = map[string]struct{ args, roles string }{
	"agent add": {"--username hz_new --password-file password --agent-name 李示例 --agent-document-number 330106199205050011 --phone 13700000031 --sms-code 123456", registrars},
	// What a reviewer of the organization, or staff in the name of one that has none left, does.
	"agent authorize":   {"hz_staff", deciders},
	"agent deauthorize": {"hz_staff", deciders},
	"agent disable":     {"hz_staff", deciders},
	"agent enable":      {"hz_staff", deciders},
	"agent deactivate":  {"hz_staff --force", deciders},
	"agent update":      {"hz_staff --email staff@example.com", deciders},
	"agent list":        {"", lookers},
	"agent show":        {"hz_staff", lookers},
	"agent unlock":      {"hz_staff", helpers},

	"audit list":   {"", auditors},
	"audit export": {"", auditors},
	"audit keygen": {"--out audit-$role.key", anybody},
	"audit seal":   {"--key audit.key --out-dir seals-$role", auditors},
	"audit verify": {"--checkpoints seals --public-key audit.key.pub --skip-evidence", auditors},

	"calendar import": {"calendar.csv", admins},
	"calendar list":   {"", lookers},
	"calendar show":   {"2026", lookers},
	"clock advance":   {"1s", testers},
	"clock reset":     {"", testers},
	"clock set":       {"2026-03-10", testers},
	"clock show":      {"", anybody},

	"commands":    {"", anybody},
	"completion":  {"bash", anybody},
	"config show": {"", anybody},
	"db init":     {"--environment test", anybody}, // DATABASE_NOT_EMPTY, before anything is touched
	"db migrate":  {"", nobody},
	"db status":   {"", anybody},
	"diagnose":    {"--username hz_staff", lookers},
	"doctor":      {"", anybody},
	"explain":     {"PHONE_IN_USE", anybody},
	"help":        {"", anybody},
	"man":         {"--out man-$role", anybody},
	"version":     {"", anybody},

	"fixture apply":    {"-f fixture.yaml", admins}, // the steps are the registrar's: with both roles it is anybody's
	"fixture delete":   {"--namespace matrix", testers},
	"fixture diff":     {"-f fixture.yaml", testers},
	"fixture generate": {"--seed 1 --organizations 1", anybody},

	"key export":    {"--index-only --out index.json --dry-run", anybody},
	"key list":      {"", anybody}, // who is no administrator sees no counts
	"key reencrypt": {"", admins},
	"key retire":    {"k1 --dry-run", admins},
	"key rotate":    {"--dry-run", admins},
	"key unwrap":    {"--dry-run", anybody},
	"key wrap":      {"--passphrase-file password --dry-run", anybody},

	"login":  {"hz_staff --password-file wrong", registrars},
	"logout": {"", registrars},
	"whoami": {"", registrars},

	"operator add":    {"matrix_nobody --existing --role faren_support", admins},
	"operator grant":  {"matrix_nobody faren_support", admins},
	"operator revoke": {"matrix_nobody faren_support", admins},
	"operator remove": {"matrix_nobody --confirm matrix_nobody", admins},
	"operator list":   {"", anybody},

	"timeline": {"hz_staff", lookers},

	"policy get":  {"sms.code_lifetime", anybody},
	"policy list": {"", anybody},
	"policy set":  {"sms.code_lifetime default", admins},

	"recover reset":  {"$recovery --password-file password", registrars},
	"recover show":   {"$recovery", registrars},
	"recover start":  {"--by username --username hz_staff", registrars},
	"recover verify": {"$recovery --sms-code 123456", registrars},

	"register batch":    {"batch-$role.jsonl --sandbox", registrars},
	"register check":    {"-f legal.yaml", lookers},
	"register expire":   {"", lookers},
	"register list":     {"", lookers},
	"register resubmit": {"$application --licence-file licence.jpg", registrars},
	"register show":     {"$application", lookers},
	"register start":    {"@certification", registrars},
	"register submit":   {"-f legal.yaml --sandbox", registrars},
	"register unit":     {"$application --has-uscc-document=false --organization-name 示例工程 --unit-code X1330211040113985T --proof-file proof.jpg", registrars},
	"register user":     {"$application --username ov_user_1 --password-file password", registrars},
	"register wait":     {"$application --for pending-comparison", lookers},
	"register withdraw": {"$application", registrars},

	"registry import": {"register.csv", admins},
	"registry show":   {"91330106MA0000015K", lookers},
	"registry stats":  {"", lookers},

	// Of an organization in its session, of a manual channel by staff.
	"review approve":           {"$waiting", deciders},
	"review approve, staff":    {"$application", reviewers},
	"review document":          {"$application licence --out out-$role.jpg --reason r", reviewers},
	"review list":              {"", registrars},
	"review list, comparisons": {"--kind comparison", lookers},
	"review reject":            {"$waiting --reason r", deciders},
	"review reject, staff":     {"$application --reason r", reviewers},
	"review show":              {"$application", lookers},
	"review stats":             {"", lookers},

	"server start":  {"", anybody},
	"server status": {"", anybody},
	"server stop":   {"", anybody},

	"session list":   {"", lookers},
	"session revoke": {"$session", lookers},

	"sms dispatch": {"", registrars},
	"sms limits":   {"--phone 13700000001", lookers},
	"sms list":     {"", lookers},
	"sms retry":    {"$message", helpers},
	"sms show":     {"$message", lookers},
	"sms stats":    {"", lookers},

	"verify captcha new":          {"--out captcha-$role.png", registrars},
	"verify certificate evidence": {"$check", reviewers},
	"verify certificate start":    {"--unit-code 91330106MA0000015K --operator-name 王建国 --operator-document-number 330106198001010013 --out challenge-$role", registrars},
	"verify face evidence":        {"$check", reviewers},
	"verify face resolve":         {"$check --outcome passed --reason r", reviewers},
	"verify face simulate":        {"$check --outcome passed", registrars},
	"verify face start":           {"--purpose register --for $application", registrars},
	"verify face status":          {"$check", lookers},
	"verify face wait":            {"$check --for passed,failed,pending --timeout 1s", lookers},
	"verify format":               {"uscc 91330106MA0000015K", anybody},
	"verify organization":         {"@certification", registrars},
	"verify sms":                  {"--phone 13700000055 --purpose register", registrars},
}

// TestCommandsAreRefusedToRolesThatMayNot runs every command as a login of each role. Forbidden is what the database refuses for want of a
// role; whoever may gets any other answer, but none about how the command was called.
func TestCommandsAreRefusedToRolesThatMayNot(t *testing.T) {
	t.Parallel()
	w := newManualWorld(t)
	staff := w.must("register", "submit", "-f", w.document("staff.yaml", "username=hz_staff", "agent.name=李示例", "agent.document_number=330106199205050011", "agent.phone=13700000002"), "--sandbox", "-q")
	check := w.must("verify", "face", "start", "--purpose", "review", "--for", staff, "-q")
	w.must("verify", "face", "simulate", check, "--outcome", "passed", "-q")
	w.must("review", "approve", staff, "-q")
	waiting := w.must("register", "submit", "-f", w.document("waiting.yaml", "username=hz_waiting", "agent.name=黄志强", "agent.document_number=330106199407070037", "agent.phone=13700000003"), "--sandbox", "-q")
	application := w.must(w.overseas(5)...)
	recovery := w.must("recover", "start", "--by", "username", "--username", "hz_staff", "-q")
	pending := w.must("verify", "face", "start", "--purpose", "recover", "--for", recovery, "-q")
	message := strings.Fields(w.must("sms", "list", "--limit", "1", "-q"))[0]
	session := strings.Fields(w.must("session", "list", "-q"))[0]
	w.document("legal.yaml", "username=hz_other")
	w.must("audit", "keygen", "--out", w.path("audit.key"), "-q")
	w.must("audit", "seal", "--key", w.path("audit.key"), "--out-dir", w.path("seals"), "-q")
	for role := range strings.FieldsSeq(anybody) {
		if err := os.Mkdir(w.path("seals-"+role), 0o700); err != nil {
			t.Fatal(err)
		}
		w.write("batch-"+role+".jsonl", `{"channel":"zhejiang","entity_type":"market-entity","organization_name":"杭州示例科技有限公司","unit_code":"91330106MA0000015K",`+
			`"legal_representative":{"name":"王建国","document_number":"330106198001010013"},"accept_terms":true,"username":"hz_batch","password":"Demo-2026-pass",`+
			`"agent":{"name":"王建国","document_number":"330106198001010013","phone":"13700000001"}}`+"\n")
	}
	w.write("fixture.yaml", "namespace: matrix\norganizations:\n  - key: a\n    accounts:\n      - {key: a-boss, role: legal-representative}\n")
	gateway := smstest.New()
	t.Cleanup(gateway.Close)
	w.ownKeyring()
	w.must("key", "rotate", "-q") // so that there is an old key to retire
	w.write("gateway-secret", smstest.Secret+"\n")
	w.write("register.csv", "unit_code,name,legal_representative,document_type,document_number,status\n91330106MA0000015K,杭州示例科技有限公司,王建国,resident-id,330106198001010013,active\n")
	w.write("calendar.csv", "date,type,name\n2027-01-01,off,元旦\n2027-02-08,off,春节\n2027-02-09,off,春节\n2027-02-10,off,春节\n2027-05-01,off,劳动节\n2027-10-01,off,国庆节\n2027-10-02,off,国庆节\n2027-10-03,off,国庆节\n2027-10-04,off,国庆节\n2027-10-05,off,国庆节\n2027-10-06,off,国庆节\n2027-10-09,work,国庆节调休\n")
	authority, err := certificatetest.NewAuthority("matrix", nil)
	if err != nil {
		t.Fatal(err)
	}
	w.write("authorities.pem", string(certificatetest.PEM(authority.Certificate)))
	values := strings.NewReplacer("$application", application, "$waiting", waiting, "$recovery", recovery, "$message", message, "$session", session, "$check", pending)

	var listed []string
	out, _, _ := w.asLogin(nil, "commands", "-o", "json", "--jq", `.items[] | select(.kind == "command") | .path`)
	for path := range strings.Lines(out) {
		listed = append(listed, strings.TrimPrefix(strings.Trim(path, "\"\n"), "farenctl "))
	}
	for _, path := range listed {
		if _, there := commandRoles[path]; !there {
			t.Errorf("who may run %s? It is not in the table", path)
		}
	}
	if len(listed) < 90 {
		t.Fatalf("%d commands", len(listed))
	}
	for line := range commandRoles {
		if path, _, _ := strings.Cut(line, ","); !slices.Contains(listed, path) {
			t.Errorf("%s is in the table, and no command", path)
		}
	}
	for role := range strings.FieldsSeq(anybody) {
		login := w.database.Login(t, "faren_"+role)
		t.Run(role, func(t *testing.T) {
			for _, named := range slices.Sorted(maps.Keys(commandRoles)) {
				path, _, _ := strings.Cut(named, ",")
				line := append(strings.Fields(path), strings.Fields(values.Replace(strings.ReplaceAll(commandRoles[named].args, "$role", role)))...)
				if i := slices.Index(line, "@certification"); i >= 0 {
					line = append(append(line[:i:i], "--entity-type", "market-entity"), organizationArgs(hangzhou)...)
				}
				env := map[string]string{"FARENCTL_DATABASE_URL": login, "FARENCTL_SESSION_FILE": w.path("session-" + role + ".json"),
					"FARENCTL_DATA_DIR": w.path("data"), "FARENCTL_PG_BIN": w.path("no-server"),
					"FARENCTL_CERTIFICATE_AUTHORITIES": w.path("authorities.pem"), "FARENCTL_CERTIFICATE_CRL": "none"}
				maps.Copy(env, gatewayEnvironment(gateway.URL, w.path("gateway-secret")))
				if strings.HasPrefix(path, "server ") {
					env["FARENCTL_DATABASE_URL"] = ""
				}
				if path != "audit export" { // which has a form of its own
					line = append(line, "-o", "json")
				}
				_, told, status := w.asLogin(env, append(line, "--no-input")...)
				code := codeIn(told)
				if status == account.StatusUsage {
					t.Errorf("%s: the table's command line is none\n%s", named, told)
					continue
				}
				may := slices.Contains(strings.Fields(commandRoles[named].roles), role)
				if may == (code == "FORBIDDEN") {
					t.Errorf("%s: exit status %d, %s; may run it: %t\n%s", named, status, code, may, told)
				}
			}
		})
	}
}

// codeIn is the code of an error that was told, as JSON or in words; "" when there is none.
func codeIn(told string) string {
	if text, plain := strings.CutPrefix(told, "farenctl: "); plain {
		code, _, _ := strings.Cut(text, ":")
		return code
	}
	var failed struct{ Error struct{ Code string } }
	at := strings.LastIndex("\n"+told, "\n{")
	if at < 0 || json.Unmarshal([]byte(told[at:]), &failed) != nil {
		return ""
	}
	return failed.Error.Code
}

// asLogin runs the program in this process, in the world's directory as far as its arguments go.
func (w *world) asLogin(changes map[string]string, args ...string) (out, told string, status int) {
	w.t.Helper()
	env := w.variables()
	maps.Copy(env, changes)
	for i, arg := range args {
		if _, err := os.Stat(w.path(arg)); err == nil || slices.Contains([]string{"--out", "-f"}, args[max(i-1, 0)]) {
			args[i] = filepath.Join(w.dir, arg)
		}
	}
	r := inProcess(env, cli.Streams{UID: os.Getuid()}, args...)
	return r.stdout, r.stderr, r.status
}
