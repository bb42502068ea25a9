package postgres_test

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/farenctl/farenctl/internal/postgres"
)

// declared are the functions of the files: name and parameter names, to the file. Each must be followed by its REVOKE,
// and, in the schema api, by its GRANT, before the next one starts.
func declared(t *testing.T) map[string]string {
	t.Helper()
	names, err := fs.Glob(postgres.Files, "functions/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("function files: %v, %v", names, err)
	}
	all := map[string]string{}
	for _, name := range names {
		text, err := fs.ReadFile(postgres.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(string(text), "CREATE OR REPLACE FUNCTION ")
		if len(parts) < 2 {
			t.Errorf("%s creates no function", name)
		}
		for _, part := range parts[1:] {
			head, tail, _ := strings.Cut(part, "(")
			parameters, _, _ := strings.Cut(tail, ")")
			if _, twice := all[head]; twice {
				t.Errorf("%s: %s is declared twice", name, head)
			}
			var called []string
			for _, p := range strings.Split(parameters, ",") {
				word, _, _ := strings.Cut(strings.TrimSpace(p), " ")
				if word == "OUT" || word == "" {
					continue
				}
				called = append(called, word)
			}
			all[head] = strings.Join(called, ", ")
			checkEnd(t, name, head, part)
		}
	}
	return all
}

func checkEnd(t *testing.T, file, function, text string) {
	t.Helper()
	_, end, closed := strings.Cut(text, "\n$$;\n")
	lines := strings.Split(strings.TrimSpace(end), "\n")
	if !closed || !strings.HasPrefix(lines[0], "REVOKE ALL ON FUNCTION "+function+"(") || !strings.HasSuffix(lines[0], ") FROM PUBLIC;") {
		t.Errorf("%s: %s is not followed by its REVOKE: %q", file, function, lines[0])
		return
	}
	grants := 0
	for _, line := range lines[1:] {
		if strings.HasPrefix(line, "GRANT ") {
			grants++
			if !strings.HasPrefix(line, "GRANT EXECUTE ON FUNCTION "+function+"(") {
				t.Errorf("%s: a grant of another function behind %s: %s", file, function, line)
			}
		}
	}
	if want := map[bool]int{true: 1}[strings.HasPrefix(function, "api.")]; grants != want {
		t.Errorf("%s: %s has %d grants, want %d", file, function, grants, want)
	}
	if !strings.Contains(text, "\nSET search_path = pg_catalog, pg_temp\n") {
		t.Errorf("%s: %s does not pin its search path", file, function)
	}
}

// A renamed or added parameter makes an overload beside the old function, which is then ambiguous.
func TestFunctionsOfTheDatabaseAreThoseOfTheFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := declared(t)
	// Guards belong to their tables and come with them.
	want["faren.refuse_audit_change"], want["faren.refuse_commit"] = "", ""
	got := map[string]string{}
	for _, line := range w.list(`SELECT p.pronamespace::regnamespace || '.' || p.proname || ' ' || coalesce((
			SELECT string_agg(p.proargnames[i], ', ' ORDER BY i) FROM generate_series(1, p.pronargs) i), '')
		FROM pg_proc p WHERE p.pronamespace IN ('api'::regnamespace, 'faren'::regnamespace)`) {
		name, parameters, _ := strings.Cut(line, " ")
		if _, twice := got[name]; twice {
			t.Errorf("%s is overloaded", name)
		}
		got[name] = parameters
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("functions (-files +catalogue):\n%s", diff)
	}
}

func TestSetBasedFunctionsKeepOnePlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.list(`SELECT proname FROM pg_proc WHERE pronamespace = 'faren'::regnamespace AND proretset AND 'plan_cache_mode=force_generic_plan' = ANY (proconfig)`)
	if !slices.Equal(slices.Sorted(slices.Values(got)), []string{"certifications", "insert_batch", "registration_obstacles"}) {
		t.Errorf("set-based functions with a generic plan: %v", got)
	}
}

// Global keys are keyed by the value that is unique, or by what belongs to no organization.
var tablesWithoutOrganization = []string{"calendar_day", "calendar_year", "captcha", "dry_run", "evidence_claim", "fixture", "fixture_organization", "guess", "policy", "recovery_rate", "register_entry", "register_staging", "request", "resealing", "reveal_day", "reveal_grant", "schema_version", "setting", "sign_in_failure",
	"sms_code", "sms_number"}

// claims are keyed by the value that they make unique over all organizations (one schema for PostgreSQL and Citus).
var claims = []string{"overseas_claim", "unit_code_claim", "username_claim"}

func TestTenantTablesAreKeyedByTheirOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	without := w.list(`SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'faren'::regnamespace AND c.relkind = 'r'
		AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped) ORDER BY 1`)
	if diff := cmp.Diff(tablesWithoutOrganization, without); diff != "" {
		t.Errorf("tables without org_id (-want +got):\n%s", diff)
	}
	unique := map[string]bool{}
	for _, line := range w.list(`SELECT c.relname || ' ' || x.indexrelid::regclass || ' ' || EXISTS (
			SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND a.attnum = ANY (x.indkey::int2[]))
		FROM pg_class c JOIN pg_index x ON x.indrelid = c.oid
		WHERE c.relnamespace = 'faren'::regnamespace AND x.indisunique
		AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id')`) {
		words := strings.Fields(line)
		unique[words[0]] = true
		if words[2] != "true" && !slices.Contains(claims, words[0]) {
			t.Errorf("unique index %s of %s lacks org_id", words[1], words[0])
		}
	}
	tenants := w.list(`SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
		WHERE c.relnamespace = 'faren'::regnamespace AND c.relkind = 'r' ORDER BY 1`)
	if diff := cmp.Diff(tenants, slices.Sorted(maps.Keys(unique))); diff != "" {
		t.Errorf("tenant tables without any key (-tenants +keyed):\n%s", diff)
	}
	foreign := w.list(`SELECT k.conrelid::regclass || ' ' || k.conname FROM pg_constraint k
		WHERE k.contype = 'f' AND k.connamespace = 'faren'::regnamespace AND NOT (
			EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attname = 'org_id' AND a.attnum = ANY (k.conkey)) AND
			EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = k.confrelid AND a.attname = 'org_id' AND a.attnum = ANY (k.confkey)))`)
	if len(foreign) > 0 {
		t.Errorf("foreign keys without org_id: %v", foreign)
	}
	if triggers := w.list(`SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal`); !slices.Equal(triggers, []string{"faren.audit_event", "faren.dry_run"}) {
		t.Errorf("tables with triggers: %v, want those of the audit and of dry runs only", triggers)
	}
}

// A sealed column that key reencrypt does not know of would keep its old key for ever, and be lost with it.
func TestEverySealedColumnIsSealedAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	columns := w.list(`SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'faren'::regnamespace AND c.relkind IN ('r', 'p') AND a.attname LIKE '%\_sealed' AND NOT a.attisdropped ORDER BY 1`)
	covered := w.list(`SELECT p.table_name || '.' || c || '_sealed' FROM faren.sealed_places() p, unnest(p.columns) c ORDER BY 1`)
	if diff := cmp.Diff(columns, covered); diff != "" || len(columns) < 15 {
		t.Errorf("sealed columns (-catalogue +faren.sealed_places):\n%s", diff)
	}
	// Bytes under another name are nothing sealed: indexes, hashes, salts.
	if other := w.list(`SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'faren'::regnamespace AND c.relkind IN ('r', 'p') AND a.atttypid = 'bytea'::regtype AND a.attnum > 0 AND NOT a.attisdropped
		AND a.attname !~ '(_sealed|_index|_hash|salt|sha256|verifier|server_secret)$' AND c.relname <> 'guess' ORDER BY 1`); len(other) > 0 {
		t.Errorf("columns of bytes that are neither sealed nor known not to be: %v", other)
	}
	if keys := w.list(`SELECT p.table_name FROM faren.sealed_places() p WHERE NOT EXISTS (
		SELECT FROM pg_attribute a WHERE a.attrelid = ('faren.' || p.table_name)::regclass AND a.attname = p.row_key AND a.atttypid = p.row_type::regtype)`); len(keys) > 0 {
		t.Errorf("tables without the key that is named: %v", keys)
	}
}

// Names above this length lose their end when a shard's number is put behind them.
func TestConstraintNamesLeaveRoomForAShard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if long := w.list(`SELECT conname FROM pg_constraint WHERE connamespace = 'faren'::regnamespace AND length(conname) > 50`); len(long) > 0 {
		t.Errorf("long constraint names: %v", long)
	}
	if narrow := w.list(`SELECT attrelid::regclass || '.' || attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
		WHERE c.relnamespace = 'faren'::regnamespace AND a.attidentity <> '' AND a.atttypid <> 'bigint'::regtype
		AND c.relname <> 'schema_version'`); len(narrow) > 0 {
		t.Errorf("sequences that are not bigint: %v", narrow)
	}
}
