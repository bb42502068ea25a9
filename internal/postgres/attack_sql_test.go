package postgres_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/postgres"
)

// What lies beside the tables: other roles, the server, its files, and objects that everybody's statements would meet.
func TestNobodyRisesAboveTheirRole(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	w.submitted(1, 1, someone(1))
	w.exec(`ANALYZE`)
	for _, role := range postgres.GroupRoles() {
		conn := w.as(role)
		for _, statement := range []string{
			`SET ROLE faren_super`, `SET ROLE faren_operators`, `SET ROLE faren_local`, `SET ROLE pg_read_all_data`, `SET SESSION AUTHORIZATION faren_owner`, `SET SESSION AUTHORIZATION faren_local`,
			`SET session_replication_role = replica`, `ALTER SYSTEM SET fsync = off`, `ALTER ROLE faren_owner LOGIN`, `ALTER ROLE ALL SET search_path = pg_temp`,
			`CREATE ROLE x`, `GRANT ` + role + ` TO faren_owner`, `GRANT pg_read_all_data TO CURRENT_USER`, `DROP ROLE faren_fixture`, `REASSIGN OWNED BY faren_owner TO CURRENT_USER`,
			`ALTER DEFAULT PRIVILEGES FOR ROLE faren_owner GRANT SELECT ON TABLES TO PUBLIC`, `GRANT SELECT ON ALL TABLES IN SCHEMA faren TO PUBLIC`,
			`CREATE SCHEMA mine`, `CREATE TABLE public.x (a int)`, `CREATE FUNCTION public.x() RETURNS int LANGUAGE sql AS 'SELECT 1'`, `CREATE FUNCTION pg_temp.x() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
			`CREATE OPERATOR api.= (FUNCTION = pg_catalog.int4eq, LEFTARG = int, RIGHTARG = int)`, `CREATE TYPE faren.text AS (a int)`, `CREATE DOMAIN api.x AS int`,
			`CREATE EVENT TRIGGER x ON ddl_command_start EXECUTE FUNCTION faren.refuse_audit_change()`, `CREATE RULE x AS ON INSERT TO faren.policy DO INSTEAD NOTHING`,
			`CREATE TRIGGER x BEFORE INSERT ON faren.audit_event FOR EACH ROW EXECUTE FUNCTION faren.refuse_audit_change()`, `CREATE INDEX ON faren.agent (phone_index)`,
			`CREATE STATISTICS faren.x ON org_id, agent_id FROM faren.agent`, `CREATE PUBLICATION x FOR TABLE faren.agent`, `CREATE EXTENSION dblink`, `CREATE LANGUAGE plperlu`,
			`COMMENT ON TABLE faren.agent IS 'x'`, `ALTER VIEW api.status RENAME TO x`, `CREATE OR REPLACE VIEW api.status AS SELECT 1 AS a`, `DROP VIEW api.status`, `ALTER FUNCTION api.audit_state() SECURITY INVOKER`,
			`ALTER DATABASE ` + w.db.Name + ` SET search_path = public`, `LOCK TABLE faren.application IN ACCESS SHARE MODE`, `LOCK TABLE api.status IN ACCESS EXCLUSIVE MODE`, `VACUUM FULL faren.agent; SELECT 1/0`,
			`SELECT pg_read_file('PG_VERSION')`, `SELECT pg_ls_dir('.')`, `COPY (SELECT 1) TO PROGRAM 'true'`, `COPY (SELECT 1) TO '/tmp/x'`, `SELECT lo_import('/etc/passwd')`, `SELECT lo_export(1, '/tmp/x')`,
			`SELECT pg_reload_conf()`, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'faren_super'`, `SELECT pg_logical_emit_message(true, 'a', 'b'), pg_switch_wal()`,
			`SELECT rolpassword FROM pg_authid`, `SELECT * FROM pg_statistic`, `SELECT * FROM pg_largeobject`, `SELECT faren_operator.groups()`, `SELECT faren_operator.set_role('x', 'faren_admin', true)`,
			`SELECT nextval('faren.audit_event_event_id_seq')`, `SELECT setval('faren.audit_event_event_id_seq', 1)`, `SELECT last_value FROM faren.audit_event_event_id_seq`,
			`SELECT 1 FROM api.policy FOR UPDATE`, `COPY faren.policy FROM STDIN`, `EXPLAIN SELECT * FROM faren.agent`, `PREPARE p AS SELECT * FROM faren.agent; EXECUTE p`, `DO $$ BEGIN PERFORM FROM faren.agent; END $$`,
			`SELECT table_to_xml('faren.agent', true, false, '')`, `SELECT query_to_xml('SELECT * FROM faren.agent', true, false, '')`, `SELECT * FROM faren.agent TABLESAMPLE SYSTEM (100)`,
			`SELECT currtid2('faren.agent', '(0,1)')`, `SELECT pg_relation_filepath('faren.agent'), pg_stat_reset()`,
		} {
			if _, err := conn.ExecContext(ctx, statement); err == nil {
				t.Errorf("%s: %s is done", role, statement)
			} else if state := stateOf(err); state == "42601" {
				t.Errorf("%s: %s is no SQL: %v", role, statement, err)
			}
		}
		// What the planner knows of sealed columns, and what others are doing, is not told either.
		for what, query := range map[string]string{
			"statistics of tables":     `SELECT count(*) FROM pg_stats WHERE schemaname = 'faren'`,
			"statements of others":     `SELECT count(*) FROM pg_stat_activity WHERE usename <> session_user AND query <> '<insufficient privilege>' AND query <> '' AND datname = current_database()`,
			"columns of other schemas": `SELECT count(*) FROM information_schema.columns WHERE table_schema = 'faren' AND table_name <> 'register_staging'`,
		} {
			var n int
			if err := conn.QueryRowContext(ctx, query).Scan(&n); err != nil || n != 0 {
				t.Errorf("%s: %s: %d, %v", role, what, n, err)
			}
		}
	}
}

func stateOf(err error) string {
	var pqErr *pq.Error
	if errors.As(err, &pqErr) {
		return string(pqErr.Code)
	}
	return ""
}

// shadows are objects of an attacker that say so when anybody's statement meets them. They stand in a schema that comes first in the search path, and
// what can be temporary in pg_temp. No operator can make them: here the database lets everybody.
const shadows = `CREATE SCHEMA mine;
	CREATE FUNCTION mine.met(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'met %', $1 USING ERRCODE = 'ZZ001'; END $$;
	CREATE FUNCTION mine.eq(a uuid, b uuid) RETURNS boolean LANGUAGE sql AS $$ SELECT mine.met('uuid') $$;
	CREATE FUNCTION mine.eq(a text, b text) RETURNS boolean LANGUAGE sql AS $$ SELECT mine.met('text') $$;
	CREATE FUNCTION mine.eq(a bytea, b bytea) RETURNS boolean LANGUAGE sql AS $$ SELECT mine.met('bytea') $$;
	CREATE FUNCTION mine.arrow(a jsonb, b text) RETURNS text LANGUAGE sql AS $$ SELECT mine.met('jsonb')::text $$;
	CREATE OPERATOR mine.= (FUNCTION = mine.eq, LEFTARG = uuid, RIGHTARG = uuid);
	CREATE OPERATOR mine.= (FUNCTION = mine.eq, LEFTARG = text, RIGHTARG = text);
	CREATE OPERATOR mine.= (FUNCTION = mine.eq, LEFTARG = bytea, RIGHTARG = bytea);
	CREATE OPERATOR mine.->> (FUNCTION = mine.arrow, LEFTARG = jsonb, RIGHTARG = text);
	CREATE FUNCTION mine.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT CASE WHEN mine.met('clock') THEN now() END $$;
	CREATE FUNCTION mine.gen_random_uuid() RETURNS uuid LANGUAGE sql AS $$ SELECT CASE WHEN mine.met('uuid') THEN NULL::uuid END $$;
	CREATE FUNCTION mine.coalesce_(a text) RETURNS text LANGUAGE sql AS $$ SELECT mine.met('coalesce')::text $$;
	CREATE FUNCTION mine.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT CASE WHEN mine.met('sha256') THEN $1 END $$;
	CREATE FUNCTION mine.decode(text, text) RETURNS bytea LANGUAGE sql AS $$ SELECT CASE WHEN mine.met('decode') THEN '\x00'::bytea END $$;
	CREATE FUNCTION mine.jsonb_populate_record(anyelement, jsonb) RETURNS anyelement LANGUAGE sql AS $$ SELECT CASE WHEN mine.met('populate') THEN $1 END $$;
	CREATE TEMP TABLE setting AS SELECT 'development'::text AS environment, 'forged'::text AS index_check, interval '0' AS clock_offset;
	CREATE TEMP TABLE policy (name text, value text);
	CREATE TEMP TABLE pg_roles (rolname name, oid oid);
	CREATE TEMP TABLE pg_auth_members (roleid oid, member oid, admin_option boolean);
	CREATE TYPE pg_temp.uuid AS (a int);
	CREATE TYPE pg_temp.jsonb AS (a int);
	SET search_path = mine, pg_temp, pg_catalog`

func TestObjectsOfAnAttackerAreNeverMet(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	representative := someone(1)
	own := w.submitted(1, 1, representative)
	w.exec(`GRANT CREATE, TEMP ON DATABASE ` + w.db.Name + ` TO PUBLIC`)
	login := w.login("attacker")
	w.addOperator(login, "faren_admin", "faren_auditor", "faren_fixture")
	w.exec(`GRANT test_logins TO ` + login)
	conn, err := pgtest.Open(t, w.db.As(login)).Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.Close()
		w.exec(`DROP OWNED BY ` + login)
	})
	if _, err := conn.ExecContext(ctx, shadows); err != nil {
		t.Fatal(err)
	}
	var met bool
	if err := conn.QueryRowContext(ctx, `SELECT 'a'::text = 'a'::text`).Scan(&met); stateOf(err) != "ZZ001" {
		t.Fatalf("the attacker's own statement does not meet the operator: %v", err)
	}
	names := w.list(`SELECT format('%I.%I', n.nspname, p.proname) || '|' || array_to_string(ARRAY(SELECT format_type(a, NULL) FROM unnest(p.proargtypes) a), '|')
		FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'api'`)
	for _, signature := range names {
		name, arguments, _ := strings.Cut(signature, "|")
		var values []string
		for argument := range strings.SplitSeq(arguments, "|") {
			switch argument {
			case "":
			case "jsonb":
				values = append(values, `pg_catalog.jsonb `+pq.QuoteLiteral(w.callerJSON()))
			case "uuid":
				values = append(values, `pg_catalog.uuid `+pq.QuoteLiteral(own.ID.UUID().String()))
			default:
				values = append(values, `CAST(NULL AS pg_catalog.`+strings.NewReplacer("integer", "int4", "boolean", "bool").Replace(argument)+`)`)
			}
		}
		_, err := conn.ExecContext(ctx, `SELECT `+name+`(`+strings.Join(values, ", ")+`)`)
		if state := stateOf(err); state == "ZZ001" || state == "42601" || state == "42883" || state == "42846" || strings.HasPrefix(state, "XX") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for view := range viewMatrix {
		if _, err := conn.ExecContext(ctx, `SELECT * FROM `+view); err != nil {
			t.Errorf("%s: %v", view, err)
		}
	}
}

// Settings of a session change how it reads and writes values, and nothing of what is decided.
func TestSettingsOfASessionDecideNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dsn := w.db.Local() + ` options='-c timezone=Pacific/Kiritimati -c datestyle=SQL,DMY -c intervalstyle=iso_8601 -c standard_conforming_strings=off -c bytea_output=escape
		-c array_nulls=off -c extra_float_digits=-15 -c transform_null_equals=on -c default_transaction_isolation=serializable -c plan_cache_mode=force_custom_plan
		-c enable_seqscan=off -c enable_indexscan=off -c check_function_bodies=off -c row_security=off -c quote_all_identifiers=on -c search_path=pg_temp'`
	hostile := &world{t: t, db: w.db, super: w.super, keys: w.keys, store: openStore(t, strings.Join(strings.Fields(dsn), " "), time.Minute)}
	representative, agent := someone(1), someone(2)
	a, b := hostile.submitted(1, 1, representative), w.submitted(2, 3, someone(3))
	if a.Status != b.Status || a.Review.Kind != b.Review.Kind {
		t.Errorf("submitted: %+v, want as %+v", a, b)
	}
	session := hostile.signIn(representative)
	waiting := hostile.submitted(1, 1, agent)
	decided, err := hostile.store.DecideApplication(context.Background(), session(), waiting.ID, postgres.Decision{Decision: "reject", Reason: new("r"), Channel: "portal", SMSID: uuid.New()})
	if err != nil || decided.Status != account.Rejected {
		t.Errorf("a decision: %+v, %s", decided.Status, chain(err))
	}
	if p, err := hostile.store.SetPolicy(context.Background(), w.caller(), "sms.code_lifetime", "301"); err != nil || p.Value != int64(301) {
		t.Errorf("a policy: %+v, %v", p, err)
	}
	if got := scan[bool](w, `SELECT bool_and(e.at BETWEEN now() - interval '1 hour' AND now() + interval '1 minute') FROM faren.audit_event e`); !got {
		t.Error("times of the audit are not those of the rules' clock")
	}
}

// A caller or an argument of another kind than the functions expect is an error or a refusal of its own, and breaks nothing.
func TestArgumentsOfAnotherKindBreakNothing(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	conn := w.as("faren_admin", "faren_fixture", "faren_auditor")
	with := func(extra string) string { return strings.TrimSuffix(w.callerJSON(), "}") + extra + "}" }
	callers := map[string]func() string{
		"null": func() string { return "null" }, "array": func() string { return "[]" }, "text": func() string { return `"x"` }, "empty": func() string { return "{}" },
		"dry run null": func() string { return with(`, "dry_run": null`) }, "dry run text": func() string { return with(`, "dry_run": "maybe"`) }, "dry run object": func() string { return with(`, "dry_run": {}`) },
		"id": func() string { return `{"request_id": "no id"}` }, "part": func() string { return with(`, "part": "1e99"`) }, "token": func() string { return with(`, "session_token_hash": "xyz"`) },
		"replay": func() string { return with(`, "replay": {"result": 1}, "request_key": "x"`) }, "long": func() string {
			return with(`, "reason": "` + strings.Repeat("x", 100_000) + `", "ticket": "` + strings.Repeat("y", 100_000) + `"`)
		},
	}
	arguments := []string{"null", "[]", "{}", `"x"`, "1", `[null]`, `{"roles": 1, "items": {}, "rows": "x", "id": "x", "kind": [], "name": {}}`, `[[[[]]]]`}
	names := w.list(`SELECT format('%I.%I', n.nspname, p.proname) || '|' || array_to_string(ARRAY(SELECT format_type(a, NULL) FROM unnest(p.proargtypes) a), '|')
		FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'api'`)
	try := func(name string, values []any, types []string) {
		t.Helper()
		tx, err := conn.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		places := make([]string, len(types))
		for i, kind := range types {
			places[i] = fmt.Sprintf("CAST($%d AS %s)", i+1, kind)
		}
		_, err = tx.ExecContext(ctx, `SELECT `+name+`(`+strings.Join(places, ", ")+`)`, values...)
		if state := stateOf(err); err != nil && (state == "" || strings.HasPrefix(state, "XX") || strings.HasPrefix(state, "57") || strings.HasPrefix(state, "58")) {
			t.Errorf("%s %.300v: %v", name, values, err)
		}
		_ = tx.Rollback()
	}
	for _, signature := range names {
		name, rest, _ := strings.Cut(signature, "|")
		if rest == "" {
			continue
		}
		types := strings.Split(rest, "|")
		fill := func(caller, argument string) []any {
			values := make([]any, len(types))
			for i, kind := range types {
				switch {
				case i == 0 && kind == "jsonb":
					values[i] = caller
				case kind == "jsonb":
					values[i] = argument
				case kind == "text":
					values[i] = argument
				}
			}
			return values
		}
		for _, caller := range callers {
			try(name, fill(caller(), "{}"), types)
		}
		for _, argument := range arguments {
			try(name, fill(w.callerJSON(), argument), types)
		}
	}
}

// The id of a request is known by its operator's name: another login that gives it is not answered with what the first one was told.
func TestRequestOfAnotherLoginIsNotReplayed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.as("faren_admin"), w.as("faren_admin")
	id := uuid.NewString()
	for name, caller := range map[string]string{
		"by its id":              fmt.Sprintf(`{"request_id": %q, "index_check": %q}`, id, w.keys.IndexCheck()),
		"by its idempotency key": fmt.Sprintf(`{"request_id": %q, "index_check": %q, "idempotency_key": "k"}`, uuid.NewString(), w.keys.IndexCheck()),
	} {
		set := func(conn *sql.Conn, value string) (raw string) {
			t.Helper()
			if err := conn.QueryRowContext(context.Background(), `SELECT api.set_policy($1, 'sms.code_lifetime', $2)`, caller, value).Scan(&raw); err != nil {
				t.Fatal(err)
			}
			return raw
		}
		set(first, "301")
		if raw := set(second, "302"); strings.Contains(raw, "replayed") || !strings.Contains(raw, `"302"`) {
			t.Errorf("%s: %s", name, raw)
		}
		if raw := set(first, "301"); !strings.Contains(raw, `"replayed": true`) || !strings.Contains(raw, `"301"`) {
			t.Errorf("%s, once more: %s", name, raw)
		}
	}
	if n := scan[int](w, `SELECT count(*) FROM faren.audit_event WHERE length(reason) > 1000 OR length(ticket) > 200`); n > 0 {
		t.Errorf("%d reasons or tickets are longer than what is kept", n)
	}
}
