package postgres_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/calendar"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// login is a name for a login of this test, which ends with it. Roles belong to the whole server.
func (w *world) login(name string) string {
	w.t.Helper()
	login := w.db.Name + "_" + name
	w.t.Cleanup(func() { w.exec(`DROP ROLE IF EXISTS ` + login) })
	return login
}

func (w *world) addOperator(name string, roles ...string) account.Operator {
	w.t.Helper()
	o, err := w.store.AddOperator(context.Background(), w.caller(), postgres.NewOperator{Name: name, Roles: roles})
	if err != nil {
		w.t.Fatal(chain(err))
	}
	return o
}

// addedAs makes a login and connects as it. That it is let in without a password is another role's doing.
func (w *world) addedAs(login string, roles ...string) *sql.Conn {
	w.t.Helper()
	w.addOperator(login, roles...)
	w.exec(`GRANT test_logins TO ` + login)
	conn, err := pgtest.Open(w.t, w.db.As(login)).Conn(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// PostgreSQL itself says whether the verifier is one of the password, and what a login that was removed may still do.
func TestLoginSignsInWithItsPasswordUntilItIsRemoved(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	t.Cleanup(func() { w.exec(`DROP ROLE IF EXISTS ` + pgtest.PasswordLogin) })
	const password = "Correct'Horse\\9 no"
	verifier, err := seal.SCRAMVerifier(password, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.AddOperator(ctx, w.caller(), postgres.NewOperator{Name: pgtest.PasswordLogin, Roles: []string{"faren_support"}, Verifier: &verifier}); err != nil {
		t.Fatal(chain(err))
	}
	try := func(password string) (*sql.DB, error) {
		config, err := pq.NewConfig(w.db.As(pgtest.PasswordLogin))
		if err != nil {
			t.Fatal(err)
		}
		config.Password = password
		connector, err := pq.NewConnectorConfig(config)
		if err != nil {
			t.Fatal(err)
		}
		db := sql.OpenDB(connector)
		db.SetMaxOpenConns(1)
		t.Cleanup(func() { _ = db.Close() })
		return db, db.PingContext(ctx)
	}
	state := func(err error) string {
		var pqErr *pq.Error
		if errors.As(err, &pqErr) {
			return string(pqErr.Code)
		}
		return fmt.Sprint(err)
	}
	if _, err := try(password + "x"); state(err) != "28P01" {
		t.Errorf("a wrong password: %v", err)
	}
	db, err := try(password)
	if err != nil {
		t.Fatalf("the right password: %v", err)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(ctx, `SELECT * FROM api.application`); err != nil {
		t.Errorf("what the role may: %v", err)
	}
	// A dry run neither shuts it nor ends its connection.
	c := w.caller()
	c.DryRun = true
	dry, err := postgres.Open(postgres.Options{DSN: w.db.Local(), DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	if o, err := dry.RemoveOperator(ctx, c, pgtest.PasswordLogin); err != nil || o.CanLogin {
		t.Errorf("a removal that is tried: %+v, %v", o, err)
	}
	if err := dry.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(ctx, `SELECT * FROM api.application`); err != nil {
		t.Errorf("after a removal that was tried: %v", err)
	}
	if o, err := w.store.RemoveOperator(ctx, w.caller(), pgtest.PasswordLogin); err != nil || o.CanLogin || len(o.Roles) > 0 {
		t.Fatalf("removed: %+v, %v", o, err)
	}
	if _, err := conn.ExecContext(ctx, `SELECT 1`); err == nil {
		t.Error("the connection of a removed login lives on")
	}
	if _, err := try(password); state(err) != "28000" && state(err) != "28P01" {
		t.Errorf("a removed login: %v", err)
	}
}

// What could still be done with a role that was taken ends with it, in connections that are open, too.
func TestRevokedRoleIsGoneFromOpenConnections(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	login := w.login("open")
	conn := w.addedAs(login, "faren_support", "faren_auditor")
	if _, err := w.store.SetOperatorRoles(context.Background(), w.caller(), login, []string{"faren_support"}, false); err != nil {
		t.Fatal(chain(err))
	}
	denied(t, conn, `SELECT * FROM api.application`)
	if _, err := conn.ExecContext(context.Background(), `SELECT api.audit_state()`); err != nil {
		t.Errorf("the role that was left: %v", err)
	}
}

// Uncommitted, so that no other test's administrators are touched: they are gone in this transaction only.
func TestLastAdministratorStays(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	last, other := w.login("last"), w.login("other")
	w.addOperator(last, "faren_admin")
	w.addOperator(other, "faren_admin")
	tx, err := w.super.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // that is the point
	call := func(query string, args ...any) string {
		t.Helper()
		var raw []byte
		if err := tx.QueryRowContext(ctx, query, args...).Scan(&raw); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		var answer struct{ Refused []struct{ Code string } }
		if err := json.Unmarshal(raw, &answer); err != nil {
			t.Fatal(err)
		}
		if len(answer.Refused) == 0 {
			return ""
		}
		return answer.Refused[0].Code
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM pg_auth_members WHERE roleid = 'faren_admin'::regrole AND member NOT IN ($1::regrole, $2::regrole, 'faren_operators'::regrole)`, last, other); err != nil {
		t.Fatal(err)
	}
	if got := call(`SELECT api.remove_operator($1, $2)`, w.callerJSON(), other); got != "" {
		t.Errorf("one of two administrators: %s", got)
	}
	if got := call(`SELECT api.remove_operator($1, $2)`, w.callerJSON(), last); got != "LAST_ADMIN" {
		t.Errorf("the last administrator is removed: %q", got)
	}
	if got := call(`SELECT api.set_operator_roles($1, $2, '{"grant": false, "roles": ["faren_admin"]}')`, w.callerJSON(), last); got != "LAST_ADMIN" {
		t.Errorf("the last administrator's role is taken: %q", got)
	}
	// One whose password has ended counts as little as one that is shut.
	if got := call(`SELECT api.add_operator($1, $2)`, w.callerJSON(), fmt.Sprintf(`{"name": %q, "roles": ["faren_admin"], "existing": true, "valid_until": "2020-01-01"}`, other)); got != "" {
		t.Errorf("a login that comes back: %s", got)
	}
	if got := call(`SELECT api.remove_operator($1, $2)`, w.callerJSON(), last); got != "LAST_ADMIN" {
		t.Errorf("the last administrator whose password lives: %q", got)
	}
}

// Of two administrators who remove each other at the same time one is removed and one stays.
func TestAdministratorsWhoRemoveEachOther(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	names := []string{w.login("one"), w.login("two")}
	conns := []*sql.Conn{w.addedAs(names[0], "faren_admin"), w.addedAs(names[1], "faren_admin")}
	var done sync.WaitGroup
	for i, conn := range conns {
		done.Go(func() {
			// The second may find that it is no administrator any more, or wait for the first and go on: then a third one is left.
			_, err := conn.ExecContext(ctx, `SELECT api.remove_operator($1, $2)`, w.callerJSON(), names[1-i])
			var pqErr *pq.Error
			if err != nil && (!errors.As(err, &pqErr) || pqErr.Code != "42501") {
				t.Errorf("%s removes %s: %v", names[i], names[1-i], err)
			}
		})
	}
	done.Wait()
	if n := scan[int](w, `SELECT count(*) FROM faren.audit_event WHERE action = 'operator.remove' AND outcome = 'done'`); n < 1 {
		t.Error("neither was removed")
	}
}

func TestWhatMakesLoginsTouchesNothingElse(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	if diff := w.list(`SELECT g FROM unnest(faren_operator.groups()) g`); !slices.Equal(diff, postgres.GroupRoles()) {
		t.Errorf("group roles: %v", diff)
	}
	mine, foreign, powerful, nested := w.login("mine"), w.login("foreign"), w.login("powerful"), w.login("nested")
	group := w.login("group")
	w.addOperator(mine, "faren_support")
	w.addOperator(nested, "faren_support")
	w.exec(`CREATE ROLE ` + foreign + ` LOGIN`)
	w.exec(`CREATE ROLE ` + powerful + ` LOGIN BYPASSRLS`)
	// Somebody gave it more since, by way of another role.
	w.exec(`CREATE ROLE ` + group + ` IN ROLE faren_owner`)
	w.exec(`GRANT ` + group + ` TO ` + nested)
	conn, err := pgtest.Open(t, w.db.Super()).Conn(ctx) // not the test's own: it stays the owner's
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // the pool ends with the test
	if _, err := conn.ExecContext(ctx, `SET SESSION AUTHORIZATION faren_owner`); err != nil {
		t.Fatal(err)
	}
	verifier, err := seal.SCRAMVerifier("whatever-it-is", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	// Of this test and of everybody, not of other tests.
	const roles = `SELECT string_agg(r::text, ',' ORDER BY r.oid) || (
			SELECT string_agg(m::text, ',' ORDER BY m.roleid, m.member) FROM pg_auth_members m JOIN pg_roles x ON x.oid = m.member WHERE x.rolname !~ '^test_' AND m.roleid::regrole::text !~ '^test_')
		FROM pg_authid r WHERE r.rolname !~ '^test_' OR r.rolname LIKE $1`
	for _, call := range []struct {
		query string
		args  []any
	}{
		{`SELECT faren_operator.set_role($1, 'faren_owner', true)`, []any{mine}},
		{`SELECT faren_operator.set_role($1, 'faren_operators', true)`, []any{mine}},
		{`SELECT faren_operator.set_role($1, 'pg_execute_server_program', true)`, []any{mine}},
		{`SELECT faren_operator.set_role($1, NULL, true)`, []any{mine}},
		{`SELECT faren_operator.set_role($1, 'faren_super', true)`, []any{mine}},
		{`SELECT faren_operator.set_role('faren_super', 'faren_admin', true)`, nil},
		{`SELECT faren_operator.set_role('faren_owner', 'faren_admin', true)`, nil},
		{`SELECT faren_operator.set_role('faren_support', 'faren_admin', true)`, nil},
		{`SELECT faren_operator.set_role('faren_local', 'faren_admin', false)`, nil},
		{`SELECT faren_operator.set_role('public', 'faren_admin', true)`, nil},
		{`SELECT faren_operator.set_role($1, 'faren_admin', true)`, []any{powerful}},
		{`SELECT faren_operator.set_role($1, 'faren_admin', true)`, []any{nested}},
		{`SELECT faren_operator.set_role($1, 'faren_admin', true)`, []any{group}},
		{`SELECT faren_operator.set_access('faren_super', $1, NULL)`, []any{verifier}},
		{`SELECT faren_operator.set_access($1, $2, NULL)`, []any{foreign, verifier}},
		{`SELECT faren_operator.set_access($1, $2, NULL)`, []any{nested, verifier}},
		{`SELECT faren_operator.set_access($1, 'plain', NULL)`, []any{mine}},
		{`SELECT faren_operator.set_access($1, 'md5d41d8cd98f00b204e9800998ecf8427e', NULL)`, []any{mine}},
		{`SELECT faren_operator.set_access($1, '', NULL)`, []any{mine}},
		{`SELECT faren_operator.set_access($1, $2, NULL)`, []any{mine, verifier + "' SUPERUSER --"}},
		{`SELECT faren_operator.set_access('faren_new', NULL, NULL)`, nil},
		{`SELECT faren_operator.set_access('pg_new', NULL, NULL)`, nil},
		{`SELECT faren_operator.set_access('New', NULL, NULL)`, nil},
		{`SELECT faren_operator.set_access('', NULL, NULL)`, nil},
		{`SELECT faren_operator.set_access(NULL, NULL, NULL)`, nil},
		{`SELECT faren_operator.set_access($1, NULL, NULL)`, []any{strings.Repeat("a", 64)}},
		{`SELECT faren_operator.shut('faren_super', true)`, nil},
		{`SELECT faren_operator.shut('faren_local', true)`, nil},
		{`SELECT faren_operator.shut($1, true)`, []any{foreign}},
		{`SELECT faren_operator.shut($1, true)`, []any{nested}},
		// The role itself is out of the owner's reach.
		{`SET ROLE faren_operators`, nil},
		{`CREATE ROLE faren_made_by_owner`, nil},
		{`GRANT faren_admin TO faren_owner`, nil},
		{`CREATE FUNCTION faren_operator.x() RETURNS int LANGUAGE sql AS 'SELECT 1'`, nil},
	} {
		before := scan[string](w, roles, w.db.Name+"%")
		if _, err := conn.ExecContext(ctx, call.query, call.args...); err == nil {
			t.Errorf("%s %v: done", call.query, call.args)
		}
		if after := scan[string](w, roles, w.db.Name+"%"); after != before {
			t.Errorf("%s %v changed a role", call.query, call.args)
		}
	}
}

// Whoever sets a database up without being a superuser: one that may make roles gets everything, one that may not, all but logins.
func TestLoginsWithoutASuperuser(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, c := range map[string]struct {
		attribute string
		code      account.Code
	}{
		"one that may make roles":     {"CREATEROLE", ""},
		"one that may not make roles": {"NOCREATEROLE", "OPERATORS_UNAVAILABLE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shared := newWorld(t)
			db := pgtest.Empty(t)
			w := &world{t: t, db: db, super: pgtest.Open(t, db.Super()), keys: shared.keys}
			installer := w.db.Name + "_installer"
			t.Cleanup(func() { w.exec(`DROP OWNED BY ` + installer + `; DROP ROLE ` + installer) })
			w.exec(`CREATE ROLE ` + installer + ` LOGIN ` + c.attribute + ` IN ROLE faren_owner, test_logins`)
			if c.code == "" {
				// From PostgreSQL 16 on whoever made the role has this; here it was there before.
				w.exec(`GRANT faren_operators TO ` + installer + ` WITH ADMIN OPTION`)
			}
			w.exec(`ALTER DATABASE ` + db.Name + ` OWNER TO ` + installer)
			t.Cleanup(func() { w.exec(`ALTER DATABASE ` + db.Name + ` OWNER TO faren_super`) })
			setup := newSetup()
			setup.IndexCheck = w.keys.IndexCheck()
			for range 2 {
				if err := postgres.Migrate(ctx, postgres.Options{DSN: db.As(installer)}, calendar.Statutory(), setup); err != nil {
					t.Fatal(chain(err))
				}
				setup = nil
			}
			w.store = openStore(t, db.Local(), time.Minute)
			made := w.login("made")
			_, err := w.store.AddOperator(ctx, w.caller(), postgres.NewOperator{Name: made, Roles: []string{"faren_support"}})
			if codeOf(err) != c.code || (err == nil) != (c.code == "") {
				t.Fatalf("make a login: %s", chain(err))
			}
			all, err := w.store.Operators(ctx, true)
			if err != nil {
				t.Fatal(err)
			}
			// Who migrates may act as the role that makes logins, and is no operator for that.
			if slices.ContainsFunc(all, func(o account.Operator) bool { return o.Name == installer }) {
				t.Error("the installer is told to be an operator")
			}
		})
	}
}
