package postgres_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
)

// denied fails the test unless the statement, run by the login of conn, is refused for want of a privilege.
func denied(t *testing.T, conn *sql.Conn, statement string) {
	t.Helper()
	_, err := conn.ExecContext(context.Background(), statement)
	var pqErr *pq.Error
	if !errors.As(err, &pqErr) || pqErr.Code != "42501" {
		t.Errorf("%s: %v, want it refused with 42501", statement, err)
	}
}

func TestPlainSQLIsRefusedToEveryRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submitted(1, 1, someone(1))
	tables := w.tables()
	columns := map[string]string{}
	for _, table := range tables {
		columns[table] = w.list(`SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 ORDER BY attnum LIMIT 1`, table)[0]
	}
	before := w.counts()
	for _, role := range append(postgres.GroupRoles(), "") {
		var roles []string
		if role != "" {
			roles = []string{role}
		}
		conn := w.as(roles...)
		for _, table := range tables {
			denied(t, conn, `SELECT * FROM `+table)
			denied(t, conn, `SELECT count(*) FROM `+table)
			denied(t, conn, `SELECT 1 FROM `+table+` FOR UPDATE`)
			if role != "faren_admin" || table != "faren.register_staging" {
				denied(t, conn, `INSERT INTO `+table+` DEFAULT VALUES`)
			}
			denied(t, conn, `UPDATE `+table+` SET `+columns[table]+` = NULL`)
			denied(t, conn, `DELETE FROM `+table)
			denied(t, conn, `TRUNCATE `+table)
			denied(t, conn, `COPY `+table+` TO STDOUT`)
			denied(t, conn, `ALTER TABLE `+table+` DISABLE TRIGGER ALL`)
		}
		for _, statement := range []string{
			`CREATE TEMP TABLE x (a int)`, `CREATE TABLE faren.x (a int)`, `CREATE TABLE api.x (a int)`, `CREATE SCHEMA x`,
			`CREATE FUNCTION api.sign_out(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'`, `DROP FUNCTION api.sign_out(jsonb)`,
			`SET ROLE faren_owner`, `ALTER ROLE faren_registrar SUPERUSER`, `GRANT faren_owner TO CURRENT_USER`,
			`SELECT faren.policy_count('session.idle')`, `SELECT faren.refusal('X')`, `SELECT faren.application_json(gen_random_uuid())`,
			`SELECT faren.begin_call('{}', 'x')`, `SELECT * FROM faren.registration_obstacles('[]', now())`,
			`SELECT faren.sealed_field('a', gen_random_uuid(), 'b', '\x00')`, `DELETE FROM api.sms`, `UPDATE api.verification SET reference = 'x'`,
		} {
			denied(t, conn, statement)
		}
	}
	for table, n := range w.counts() {
		if n != before[table] {
			t.Errorf("%s has %d rows, had %d", table, n, before[table])
		}
	}
}

// called runs one api function as a login and gives its answer.
func called(t testing.TB, conn *sql.Conn, query string, args ...any) (answer struct {
	Result  map[string]any   `json:"result"`
	Refused []map[string]any `json:"refused"`
}) {
	t.Helper()
	var raw []byte
	if err := conn.QueryRowContext(context.Background(), query, args...).Scan(&raw); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return answer
}

func TestForgedCallerFieldsHaveNoEffect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	representative := someone(1)
	own := w.submitted(1, 1, representative)
	session := w.signIn(representative)
	pending := w.submitted(1, 1, someone(2))
	w.exec(`UPDATE faren.setting SET environment = 'production'`)
	conn := w.as("faren_registrar")

	id := uuid.New()
	forged := map[string]any{
		"request_id": id, "index_check": w.keys.IndexCheck(), "operator": "faren_super", "environment": "test", "at": "1999-01-01T00:00:00Z",
		"org_id": own.Organization.ID.UUID(), "application_id": pending.ID.UUID(), "account_id": own.AccountID.UUID(), "agent_id": scan[string](w, `SELECT agent_id FROM faren.account`),
		"session_id": scan[string](w, `SELECT session_id FROM faren.session`), "role": "legal-representative", "session_problem": nil,
		"function_name": "sign_out", "request_key": "mine", "replay": map[string]any{"result": "forged"},
	}
	text, err := json.Marshal(forged)
	if err != nil {
		t.Fatal(err)
	}
	decision := `{"decision": "reject", "reason": "r", "channel": "portal", "sms_id": "` + uuid.NewString() + `"}`
	if got := called(t, conn, `SELECT api.decide_application($1, $2, $3)`, text, pending.ID.UUID(), decision); len(got.Refused) != 1 || got.Refused[0]["code"] != "NOT_SIGNED_IN" {
		t.Errorf("a decision with a forged session: %v", got)
	}
	var operator, key, called string
	var at time.Time
	var inSession sql.NullString
	err = w.super.QueryRow(`SELECT e.operator, e.at, e.session_id, r.request_key, r.function_name FROM faren.audit_event e
		JOIN faren.request r ON r.request_key LIKE '%' || e.request_id WHERE e.request_id = $1`, id).Scan(&operator, &at, &inSession, &key, &called)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(operator, "test_login") || inSession.Valid || time.Since(at) > time.Hour || key != operator+"/"+id.String() || called != "decide_application" {
		t.Errorf("the trace of a forged caller: operator %s, session %v, at %s, request %s, function %s", operator, inSession, at, key, called)
	}
	forged["request_id"] = uuid.New()
	text, _ = json.Marshal(forged)
	if got := invoke(t, conn, `SELECT api.start_verification($1, $2)`, text, fmt.Sprintf(`{"verification_id": %q, "purpose": "register", "application_id": %q,
		"provider": "sandbox", "reference": "r", "qr_uri": "q"}`, uuid.New(), pending.ID.UUID())); got != "SANDBOX_REFUSED" {
		t.Errorf("the sandbox in a forged environment: %s", got)
	}
	w.exec(`UPDATE faren.setting SET environment = 'test'`)
	if _, err := w.store.DecideApplication(context.Background(), session(), pending.ID, postgres.Decision{Decision: "reject", Reason: new("r"), Channel: "portal", SMSID: uuid.New()}); err != nil {
		t.Errorf("a decision in the real session: %v", err)
	}
}

// invoke is called, answering the code of the first refusal.
func invoke(t testing.TB, conn *sql.Conn, query string, args ...any) any {
	t.Helper()
	got := called(t, conn, query, args...)
	if len(got.Refused) == 0 {
		return nil
	}
	return got.Refused[0]["code"]
}

// One login cannot end another's session, nor learn that it is there, unless it is of support.
func TestSessionOfAnotherIsNotRevocableByARegistrar(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submitted(1, 1, someone(1))
	w.signIn(someone(1))
	id := scan[string](w, `SELECT session_id FROM faren.session`)
	if got := invoke(t, w.as("faren_registrar"), `SELECT api.revoke_session($1, $2)`, w.callerJSON(), id); got != "SESSION_NOT_FOUND" {
		t.Errorf("a registrar without a session: %v", got)
	}
	if got := invoke(t, w.as("faren_support"), `SELECT api.revoke_session($1, $2)`, w.callerJSON(), id); got != nil {
		t.Errorf("support: %v", got)
	}
	if got := invoke(t, w.as("faren_support"), `SELECT api.revoke_session($1, $2)`, w.callerJSON(), id); got != "SESSION_ENDED" {
		t.Errorf("support, once more: %v", got)
	}
}

func TestStagedRowsOfAnotherLoginAreNotMerged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.as("faren_admin"), w.as("faren_admin")
	id := uuid.New()
	stage := func(conn *sql.Conn, code string) {
		t.Helper()
		_, err := conn.ExecContext(context.Background(), `INSERT INTO faren.register_staging (import_id, line, unit_code, name, name_key, representative_mask,
			representative_index, representative_sealed, document_type, document_mask, document_index, document_sealed, status)
			VALUES ($1, 1, $2, 'n', 'n', '*', '\x00', '\x00', 'resident-id', '*', '\x00', '\x00', 'active')`, id, code)
		if err != nil {
			t.Fatal(err)
		}
	}
	stage(first, unitCode(1))
	stage(second, unitCode(2))
	denied(t, second, `INSERT INTO faren.register_staging (operator, import_id, line) VALUES ('faren_super', gen_random_uuid(), 1)`)
	if got := called(t, second, `SELECT api.merge_register($1, $2, false)`, w.callerJSON(), id); got.Result["added"] != 1.0 {
		t.Errorf("merged: %v", got)
	}
	if codes := w.list(`SELECT unit_code FROM faren.register_entry`); len(codes) != 1 || codes[0] != unitCode(2) {
		t.Errorf("the register has %v", codes)
	}
	if left := w.list(`SELECT unit_code FROM faren.register_staging`); len(left) != 1 || left[0] != unitCode(1) {
		t.Errorf("staged rows left: %v", left)
	}
	if got := called(t, first, `SELECT api.merge_register($1, $2, false)`, w.callerJSON(), id); got.Result["added"] != 1.0 {
		t.Errorf("merged by the first: %v", got)
	}
}

func TestCallWithoutTheIndexKeyIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.counts()
	c := w.caller()
	c.IndexCheck = "another key's"
	_, err := w.store.CertifyOrganization(context.Background(), c, newApplication(w.facts(1, someone(1))))
	wantCode(t, err, account.Code("KEYRING_MISMATCH"))
	for table, n := range w.counts() {
		if n != before[table] {
			t.Errorf("%s has %d rows, had %d", table, n, before[table])
		}
	}
}
