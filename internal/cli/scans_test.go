package cli_test

import (
	"strings"
	"testing"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/bench/load"
)

// tenantScans counts, table by table, how often a table with an organization's rows was read from end to end.
const tenantScans = `SELECT coalesce(string_agg(s.relname || ' ' || s.seq_scan, ', ' ORDER BY s.relname), '') FROM pg_stat_user_tables s
	WHERE s.schemaname = 'faren' AND s.seq_scan > 0 AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = s.relid AND a.attname = 'org_id')`

// TestNoCommandReadsATenantsTableFromEndToEnd runs everything that people and scripts do often on a database with some thousand accounts, and asks the server
// after each what was scanned for want of an index: what is quick here by luck would not be among millions.
func TestNoCommandReadsATenantsTableFromEndToEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	waiting := w.must(w.submission(0, "")...)
	w.must("register", "submit", "-f", w.document("shanghai.yaml", "channel=other-province", "username=sh_legal"), "--sandbox", "-q")
	if _, err := w.super.Exec(load.SQL(shanghai.code, 0, 4000)); err != nil {
		t.Fatal("fill the database: ", err)
	}
	w.exec(`RESET ALL`)
	// Small tables are read whole because they are small; forbidden, that is left where no index serves.
	w.exec(`ALTER DATABASE ` + w.database.Name + ` SET enable_seqscan = off`)
	w.exec(`ALTER DATABASE ` + w.database.Name + ` SET jit = off`) // which costs that are forbidden would bring in
	w.exec(`VACUUM (ANALYZE)`)
	scanned := func() string {
		t.Helper()
		var out string
		if err := w.super.QueryRow(tenantScans).Scan(&out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	w.exec(`SELECT pg_stat_reset()`)
	if already := scanned(); already != "" {
		t.Fatalf("scans before any command: %s", already)
	}
	name, document, phone := person(0)
	other, _ := registrationDocument([]string{"username=hz_other", "agent.name=李娜", "agent.document_number=330211198506150026", "agent.phone=13900000077"})
	deep := account.ApplicationID(load.Application(3500)).String()
	for _, args := range [][]string{
		{"register", "show", waiting}, {"register", "show", "hz_rival_0"}, {"register", "show", "phone:" + phone, "--unit-code", hangzhou.code},
		{"register", "list"}, {"register", "list", "--unit-code", hangzhou.code}, {"register", "submit", "-f", w.write("other.yaml", string(other)), "--sandbox", "-q"},
		{"register", "check", "-f", w.path("other.yaml"), "-q"}, {"register", "expire", "-q"},
		{"agent", "show", "hz_legal"}, {"agent", "show", "document:" + hangzhou.document, "--unit-code", hangzhou.code}, {"agent", "list"},
		{"review", "list"}, {"review", "list", "--kind", "comparison"}, {"review", "list", "--kind", "comparison", "--page-token", deep}, {"review", "show", waiting}, {"review", "stats"},
		{"session", "list"}, {"whoami"}, {"sms", "list"}, {"sms", "list", "--phone", phone}, {"sms", "limits", "--phone", phone}, {"sms", "stats"},
		{"diagnose", "--phone", phone}, {"diagnose", "--document-number", document}, {"diagnose", "--username", "hz_legal"}, {"diagnose", "--application", waiting},
		{"timeline", waiting}, {"timeline", "--phone", phone}, {"timeline", "hz_legal"},
		{"verify", "sms", "--phone", phone, "--purpose", "register"}, {"recover", "start", "--by", "phone", "--phone", phone, "--unit-code", hangzhou.code},
		{"recover", "start", "--by", "username", "--username", "hz_legal"}, {"login", "hz_legal", "--password-file", w.path("password"), "--session-file", w.path("again.json")},
		{"review", "reject", waiting, "--reason", "资料不完整"}, {"register", "submit", "-f", w.document("again.yaml", "username=hz_again", "agent.name="+name, "agent.document_number="+document,
			"agent.phone="+phone), "--sandbox", "-q"},
	} {
		if r := w.run(args...); r.status != 0 && !(args[1] == "check" && r.status == 6) {
			t.Errorf("farenctl %s: exit status %d\n%s", strings.Join(args, " "), r.status, r.stderr)
		}
		if found := scanned(); found != "" {
			t.Errorf("farenctl %s reads from end to end: %s", strings.Join(args, " "), found)
			w.exec(`SELECT pg_stat_reset()`)
		}
	}
}
