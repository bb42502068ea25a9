package postgres

import (
	"context"
	"strings"

	"github.com/farenctl/farenctl/internal/account"
)

// Grants is what the catalogue says of who may do what.
type Grants struct {
	Login     string
	Superuser bool
	Owner     bool     // may act as the owner of schema and functions
	Roles     []string // the group roles that the login has
	Missing   []string // group roles that are not there, or lack a role that they include
	TooMuch   []string // group roles that the database refuses nothing
	Foreign   []string // functions that are not their owner's
	Public    []string // functions that everybody may execute
}

// Grants looks at the login's roles, the group roles, and the functions of both schemas. Everybody may look at the catalogue.
func (s *Store) Grants(ctx context.Context) (Grants, error) {
	type row struct {
		Login     string `db:"login"`
		Superuser bool   `db:"superuser"`
		Owner     bool   `db:"owner"`
		Roles     string `db:"roles"`
		Missing   string `db:"missing"`
		TooMuch   string `db:"too_much"`
		Foreign   string `db:"foreign_functions"`
		Public    string `db:"public_functions"`
	}
	found, _, err := one[row](ctx, s, `WITH expected AS (
			SELECT e.name, e.includes, e.place FROM unnest(CAST($1 AS text[]), CAST($2 AS text[])) WITH ORDINALITY AS e (name, includes, place)
		), role AS (
			SELECT e.name, e.includes, e.place, r.oid, r.rolsuper FROM expected e LEFT JOIN pg_catalog.pg_roles r ON r.rolname = e.name
		), owner AS (
			SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = $3
		), function AS (
			SELECT n.nspname || '.' || p.proname AS name, p.proowner, p.proacl, CASE n.nspname WHEN 'faren_operator' THEN $4 ELSE $3 END AS owner_name
			FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('api', 'faren', 'faren_operator')
		)
		SELECT CAST(session_user AS text) AS login, me.rolsuper AS superuser, coalesce(pg_has_role(session_user, (SELECT o.oid FROM owner o), 'MEMBER'), false) AS owner,
		       (SELECT coalesce(string_agg(r.name, ' ' ORDER BY r.place), '') FROM role r WHERE pg_has_role(session_user, r.oid, 'USAGE')) AS roles,
		       (SELECT coalesce(string_agg(r.name, ' ' ORDER BY r.place), '') FROM role r WHERE r.oid IS NULL OR EXISTS (
		            SELECT FROM unnest(string_to_array(r.includes, ' ')) i LEFT JOIN role x ON x.name = i
		            WHERE x.oid IS NULL OR NOT pg_has_role(r.oid, x.oid, 'USAGE'))) AS missing,
		       (SELECT coalesce(string_agg(r.name, ' ' ORDER BY r.place), '') FROM role r
		        WHERE r.rolsuper OR pg_has_role(r.oid, (SELECT o.oid FROM owner o), 'MEMBER')) AS too_much,
		       (SELECT coalesce(string_agg(DISTINCT f.name, ' '), '') FROM function f
		        WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles o WHERE o.oid = f.proowner AND o.rolname = f.owner_name)) AS foreign_functions,
		       (SELECT coalesce(string_agg(DISTINCT f.name, ' '), '') FROM function f
		        WHERE EXISTS (SELECT FROM aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')) AS public_functions
		FROM pg_catalog.pg_roles me WHERE me.rolname = session_user`,
		array(GroupRoles()), array(includedRoles()), Owner, Operators)
	return Grants{Login: found.Login, Superuser: found.Superuser, Owner: found.Owner, Roles: strings.Fields(found.Roles), Missing: strings.Fields(found.Missing),
		TooMuch: strings.Fields(found.TooMuch), Foreign: strings.Fields(found.Foreign), Public: strings.Fields(found.Public)}, err
}

// includedRoles are what each group role includes, as bootstrap.sql grants it.
func includedRoles() []string {
	includes := map[string]string{"faren_reviewer": "faren_support", "faren_admin": "faren_reviewer faren_registrar"}
	out := make([]string, 0, len(GroupRoles()))
	for _, role := range GroupRoles() {
		out = append(out, includes[role])
	}
	return out
}

// array writes words as an array literal.
func array(words []string) string { return `{"` + strings.Join(words, `","`) + `"}` }

// AuditState tells how far the audit has come.
func (s *Store) AuditState(ctx context.Context) (account.AuditState, error) {
	var found account.AuditState
	err := s.call(ctx, &found, `SELECT api.audit_state()`)
	found.NewestAt = utcp(found.NewestAt)
	return found, err
}

// AuditGuards gives the guards of the audit that are missing, disabled, or not what the schema made them.
func (s *Store) AuditGuards(ctx context.Context) ([]string, error) {
	type row struct {
		Name string `db:"name"`
	}
	// 27: before UPDATE or DELETE of a row; 34: before TRUNCATE (catalog/pg_trigger.h). Enabled: for sessions of every kind of replication but
	// replica, or for all.
	found, err := many[row](ctx, s, `SELECT e.name FROM (VALUES ('audit_event_guard', 27), ('audit_event_guard_truncate', 34)) AS e (name, type)
		WHERE NOT EXISTS (
			SELECT FROM pg_catalog.pg_trigger t
			JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid AND p.pronamespace = n.oid
			WHERE n.nspname = 'faren' AND c.relname = 'audit_event' AND t.tgname = e.name AND t.tgtype = e.type AND t.tgenabled IN ('O', 'A')
			  AND p.proname = 'refuse_audit_change')
		ORDER BY 1`)
	return convert(found, func(r row) string { return r.Name }), err
}
