package postgres

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pressly/goose/v3"

	"github.com/farenctl/farenctl/internal/account"
)

//go:embed migrations/*.sql functions/*.sql views/*.sql bootstrap.sql operators.sql
var files embed.FS

// Owner is the role that owns schema and functions; nobody signs in as it.
const Owner = "faren_owner"

// Operators is the role that makes logins; nobody signs in as it, and its functions, those of operatorsFile, are the only ones that run as it.
const (
	Operators     = "faren_operators"
	operatorsFile = "operators.sql"
)

// GroupRoles are the roles that operators are members of.
func GroupRoles() []string {
	return []string{"faren_registrar", "faren_support", "faren_reviewer", "faren_admin", "faren_auditor", "faren_fixture"}
}

type schema struct {
	version   int64
	functions string // hash over functions and views
}

// currentSchema reads this program's own schema out of its embedded files, once.
var currentSchema = sync.OnceValue(func() schema {
	var s schema
	names, _ := fs.Glob(files, "migrations/*.sql")
	for _, name := range names {
		number, _, _ := strings.Cut(path.Base(name), "_")
		if v, err := strconv.ParseInt(number, 10, 64); err == nil {
			s.version = max(s.version, v)
		}
	}
	// Every command comes past here: through one small buffer it costs a third of what copies of all files would.
	h, buffer := sha256.New(), make([]byte, 16<<10)
	for _, name := range append(codeFiles(), operatorsFile) {
		file, _ := files.Open(name)
		info, _ := file.Stat()
		_, _ = fmt.Fprintf(h, "%s %d\n", name, info.Size())
		_, _ = io.CopyBuffer(h, file, buffer) // what is embedded can be read
		_ = file.Close()
	}
	s.functions = hex.EncodeToString(h.Sum(nil)[:16])
	return s
})

// codeFiles are the files that are re-applied when any of them changes: functions first, because views call them; the
// functions' bodies are not checked until they run.
func codeFiles() []string {
	functions, _ := fs.Glob(files, "functions/*.sql")
	views, _ := fs.Glob(files, "views/*.sql")
	slices.Sort(functions)
	slices.Sort(views)
	return append(functions, views...)
}

// Setup says what a new database is for. IndexCheck binds it to a keyring.
type Setup struct {
	Environment string
	Suite       string
	IndexCheck  string
	// PasswordParams are what new passwords are derived with, as JSON; unknown user names are told the same.
	PasswordParams string
	// Grant names a login that becomes a member of every group role: the private server's own user.
	Grant string
}

// MigrationStatus compares a database with this program.
type MigrationStatus struct {
	Schema      int64  `json:"schema"`
	Program     int64  `json:"program"`
	Functions   string `json:"functions"`
	State       string `json:"state"` // missing, current, older, newer
	Environment string `json:"environment,omitempty"`
	Suite       string `json:"suite,omitempty"`
}

// Environments gives the environments that a database can be for.
func Environments() []string { return []string{"development", "test", "staging", "production"} }

// MigrationStatus tells how the database compares with this program.
func (s *Store) MigrationStatus(ctx context.Context) (MigrationStatus, error) {
	want := currentSchema()
	found, err := s.status(ctx)
	state := MigrationStatus{Schema: found.SchemaVersion, Program: want.version, State: "current", Environment: found.Environment, Suite: found.Suite}
	if account.HasCode(err, "SCHEMA_MISSING") {
		state.State, state.Functions = "missing", "missing"
		return state, nil
	}
	if err != nil {
		return MigrationStatus{}, err
	}
	state.Functions = "current"
	if found.FunctionsHash != want.functions {
		state.Functions = "other"
	}
	switch err := compare(found); {
	case account.HasCode(err, "SCHEMA_NEWER"):
		state.State = "newer"
	case err != nil:
		state.State = "older"
	}
	return state, nil
}

// Migrate brings a database to this program's schema. With setup it makes a new one (DATABASE_NOT_EMPTY if there is
// one already); without, SCHEMA_MISSING if there is none. o's login must be a superuser, or own the database and be
// allowed to create roles. days are the working days that come with the program. Of several processes at once, one migrates and the others find it done.
func Migrate(ctx context.Context, o Options, days []account.CalendarDay, setup *Setup) error {
	admin, err := Open(o)
	if err != nil {
		return err
	}
	defer admin.Close() //nolint:errcheck // everything was written by then
	conn, err := admin.db.Conn(ctx)
	if err != nil {
		return fault(ctx, err)
	}
	defer conn.Close() //nolint:errcheck // it gives the lock back
	// Held by this connection to the end; nothing but the order of migrating processes rests on it.
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(7239482736450123)`); err != nil {
		return fault(ctx, err)
	}
	state, err := admin.MigrationStatus(ctx)
	switch {
	case err != nil:
		return err
	case state.State == "newer":
		return account.NewFault("SCHEMA_NEWER")
	case state.State == "missing" && setup == nil:
		return account.NewFault("SCHEMA_MISSING")
	case state.State != "missing" && setup != nil:
		return account.NewFault("DATABASE_NOT_EMPTY")
	}
	bootstrap, err := files.ReadFile("bootstrap.sql")
	if err != nil {
		return fmt.Errorf("read bootstrap.sql: %w", err)
	}
	if _, err := conn.ExecContext(ctx, string(bootstrap)); err != nil {
		return fault(ctx, err)
	}
	if setup != nil && setup.Grant != "" {
		for _, role := range GroupRoles() {
			if _, err := conn.ExecContext(ctx, `GRANT `+role+` TO `+quoteIdent(setup.Grant)); err != nil {
				return fault(ctx, err)
			}
		}
	}
	if err := applyOperators(ctx, conn); err != nil {
		return err
	}
	owned := o
	owned.Role = Owner
	owner, err := Open(owned)
	if err != nil {
		return err
	}
	defer owner.Close() //nolint:errcheck // everything was committed by then
	if err := owner.migrateTables(ctx); err != nil {
		return err
	}
	return owner.applyCode(ctx, days, setup)
}

// applyOperators puts the functions in place that make logins, where whoever migrates may: bootstrap.sql has left the role out otherwise.
func applyOperators(ctx context.Context, conn *sql.Conn) error {
	var may bool
	if err := conn.QueryRowContext(ctx, `SELECT coalesce((SELECT pg_has_role(o.oid, CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
		FROM pg_catalog.pg_roles o JOIN pg_catalog.pg_namespace n ON n.nspowner = o.oid AND n.nspname = 'faren_operator' WHERE o.rolname = $1), false)`, Operators).Scan(&may); err != nil {
		return fault(ctx, err)
	}
	if !may {
		return nil
	}
	text, err := files.ReadFile(operatorsFile)
	if err != nil {
		return fmt.Errorf("read %s: %w", operatorsFile, err)
	}
	// Without arguments several statements go as one transaction; the role is that transaction's.
	if _, err := conn.ExecContext(ctx, `SET LOCAL ROLE `+Operators+`; `+string(text)); err != nil {
		return fmt.Errorf("apply %s: %w", operatorsFile, fault(ctx, err))
	}
	return nil
}

func quoteIdent(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func (s *Store) migrateTables(ctx context.Context) error {
	dir, err := fs.Sub(files, "migrations")
	if err != nil {
		return fmt.Errorf("open the migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, s.db.DB, dir,
		goose.WithTableName("faren.schema_version"), goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("prepare the migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fault(ctx, err)
	}
	return nil
}

// dropLeftovers removes functions that an older version had and this one's files do not: what this transaction has not
// written. Trigger functions belong to the migrations.
const dropLeftovers = `DO $$
DECLARE
	old regprocedure;
BEGIN
	FOR old IN
		SELECT p.oid::regprocedure FROM pg_catalog.pg_proc p
		WHERE p.pronamespace IN ('api'::regnamespace, 'faren'::regnamespace) AND p.prorettype <> 'trigger'::regtype
		  AND p.xmin <> pg_catalog.pg_current_xact_id()::xid
	LOOP
		EXECUTE 'DROP FUNCTION ' || old::text;
	END LOOP;
END
$$`

// applyCode puts functions, views, the calendar and, for a new database, its settings in place in one transaction: other processes
// see all of it or nothing.
func (s *Store) applyCode(ctx context.Context, days []account.CalendarDay, setup *Setup) error {
	tx, err := s.db.BeginTx(ctx, &sql.TxOptions{})
	if err != nil {
		return fault(ctx, err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if _, err := tx.ExecContext(ctx, `SET LOCAL check_function_bodies = off; SET LOCAL client_min_messages = warning`); err != nil {
		return fault(ctx, err)
	}
	for _, name := range codeFiles() {
		text, err := files.ReadFile(name)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		if _, err := tx.ExecContext(ctx, string(text)); err != nil {
			return fmt.Errorf("apply %s: %w", name, fault(ctx, err))
		}
	}
	if _, err := tx.ExecContext(ctx, dropLeftovers); err != nil {
		return fmt.Errorf("drop functions of older versions: %w", fault(ctx, err))
	}
	if err := loadStatutory(ctx, tx, days); err != nil {
		return fmt.Errorf("load the calendar: %w", fault(ctx, err))
	}
	if setup != nil {
		if _, err := tx.ExecContext(ctx, `INSERT INTO faren.setting (environment, suite, index_check, password_params, server_secret)
			VALUES ($1, $2, $3, $4, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))`, setup.Environment, setup.Suite, setup.IndexCheck, setup.PasswordParams); err != nil {
			return fault(ctx, err)
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE faren.setting SET schema_version = $1, functions_hash = $2`, currentSchema().version, currentSchema().functions); err != nil {
		return fault(ctx, err)
	}
	if err := tx.Commit(); err != nil {
		return fault(ctx, err)
	}
	return nil
}
