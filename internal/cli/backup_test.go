package cli_test

import (
	"crypto/rand"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/localpg"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/seal"
)

// TestBackupIsRestoredOnANewServer follows the README: roles, database and keyring are saved, the server is lost, and a new one has it all.
func TestBackupIsRestoredOnANewServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	keyring := w.ownKeyring()
	// Values under two keys, and a session.
	w.must("key", "rotate", "-q")
	w.must("registry", "import", w.write("one.csv", "unit_code,name,legal_representative,document_type,document_number,status\n"+
		"91330106MA0000015K,杭州示例科技有限公司,王建国,resident-id,330106198001010013,active\n"), "-q")
	program := func(name string, args ...string) string {
		t.Helper()
		out, err := exec.Command(pgtest.Program(t, name), args...).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		return string(out)
	}
	super := w.database.Super()
	program("pg_dump", "--format=custom", "--file", w.path("farenctl.dump"), "--dbname", super)
	program("pg_dumpall", "--roles-only", "--no-role-passwords", "--file", w.path("roles.sql"), "--dbname", super)
	text, err := os.ReadFile(keyring)
	if err != nil {
		t.Fatal(err)
	}
	backup := w.write("backup.json", string(text))
	// Whatever comes later is lost.
	w.must("key", "reencrypt", "-q")
	w.must("key", "retire", "k1", "-q")
	events := w.count(`SELECT count(*) FROM faren.audit_event WHERE action NOT LIKE 'key.%'`)

	other := pgtest.Another(t)
	admin := other(localpg.RoleSuper, "postgres")
	// Without the roles there is nobody to own what comes back.
	program("psql", "--no-psqlrc", "--command", "CREATE DATABASE tried", "--dbname", admin)
	if out, err := exec.Command(pgtest.Program(t, "pg_restore"), "--exit-on-error", "--dbname", other(localpg.RoleSuper, "tried"), w.path("farenctl.dump")).CombinedOutput(); err == nil {
		t.Errorf("a restore without the roles: %s", out)
	}
	program("psql", "--no-psqlrc", "--quiet", "--file", w.path("roles.sql"), "--dbname", admin) // the superuser is there already
	program("psql", "--no-psqlrc", "--command", "CREATE DATABASE restored", "--dbname", admin)
	program("pg_restore", "--exit-on-error", "--dbname", other(localpg.RoleSuper, "restored"), w.path("farenctl.dump"))

	before := slices.Clone(w.environment)
	as := func(role, keyring string) {
		w.environment = append(slices.Clone(before), "FARENCTL_DATABASE_URL="+other(role, "restored"), "FARENCTL_KEYRING="+keyring)
	}
	as(localpg.RoleSuper, backup)
	w.must("db", "migrate", "-q")
	as(localpg.RoleLocal, backup)
	if state := w.must("db", "status", "--jq", ".state"); strings.TrimSpace(state) != "current" {
		t.Errorf("the schema is %s", state)
	}
	restored := pgtest.Open(t, other(localpg.RoleSuper, "restored"))
	var connect, writable bool
	var kept int
	if err := restored.QueryRow(`SELECT has_database_privilege('public', current_database(), 'CONNECT'), has_table_privilege('faren_local', 'faren.agent', 'SELECT'),
		(SELECT count(*) FROM faren.audit_event WHERE action NOT LIKE 'key.%')`).Scan(&connect, &writable, &kept); err != nil {
		t.Fatal(err)
	}
	if connect || writable || kept != events {
		t.Errorf("everybody may connect: %v; operators read tables: %v; %d events of %d", connect, writable, kept, events)
	}
	if _, err := restored.Exec(`DELETE FROM faren.audit_event`); err == nil {
		t.Error("the audit is not guarded")
	}
	w.must("login", "hz_legal", "--password-file", w.path("password"), "-q")
	if phone := w.must("register", "show", "hz_legal", "--reveal", "phone", "--reason", "test", "--jq", ".revealed.value, .agent.phone"); !strings.Contains(phone, "13700000001") {
		t.Errorf("revealed is %s", phone)
	}
	// The keyring that lost its old key since does not open what the backup has under it.
	as(localpg.RoleLocal, keyring)
	if r := w.run("register", "show", "hz_legal", "--reveal", "phone", "--reason", "test"); r.code() != "KEYRING_OUTDATED" || !strings.Contains(r.stderr, "k1") {
		t.Errorf("with the keyring of after the backup: %s", r.stderr)
	}
	as(localpg.RoleLocal, backup)
	name, document, phone := person(3)
	w.must("register", "submit", "-f", w.document("later.yaml", "username=hz_later", "agent.name="+name, "agent.document_number="+document, "agent.phone="+phone), "--sandbox", "-q")
	if left := w.must("key", "reencrypt", "--jq", ".left, .unreadable"); strings.Fields(left)[0] != "0" || strings.Fields(left)[1] != "0" {
		t.Errorf("left and unreadable: %s", left)
	}
	// Another keyring does not fit at all.
	fresh, err := seal.Generate(seal.SuiteAES, rand.Reader, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := fresh.Create(w.path("fresh.json")); err != nil {
		t.Fatal(err)
	}
	as(localpg.RoleLocal, w.path("fresh.json"))
	if r := w.run("login", "hz_legal", "--password-file", w.path("password")); r.code() != "KEYRING_MISMATCH" {
		t.Errorf("with a fresh keyring: %s", r.stderr)
	}
}
