package postgres

import (
	"context"
	"time"

	"github.com/lib/pq"

	"github.com/farenctl/farenctl/internal/account"
)

// NewOperator is a login to be, or one that is there and gets more. Verifier is what the server keeps of its password; null: it signs in otherwise.
type NewOperator struct {
	Name       string     `json:"name"`
	Roles      []string   `json:"roles"`
	Verifier   *string    `json:"verifier"`
	ValidUntil *time.Time `json:"valid_until"`
	Existing   bool       `json:"existing"`
}

type operatorRow struct {
	Name            string         `db:"name" json:"name"`
	Roles           pq.StringArray `db:"roles" json:"roles"`
	Inherited       pq.StringArray `db:"inherited" json:"inherited"`
	CanLogin        bool           `db:"can_login" json:"can_login"`
	ValidUntil      *time.Time     `db:"valid_until" json:"valid_until"`
	ConnectionLimit *int           `db:"connection_limit" json:"connection_limit"`
	Managed         bool           `db:"managed" json:"managed"`
	Warnings        pq.StringArray `db:"warnings" json:"warnings"`
}

func (r operatorRow) operator() account.Operator {
	return account.Operator{Name: r.Name, Roles: append([]string{}, r.Roles...), Inherited: append([]string{}, r.Inherited...), CanLogin: r.CanLogin,
		ValidUntil: utcp(r.ValidUntil), ConnectionLimit: r.ConnectionLimit, Managed: r.Managed, Warnings: append([]string{}, r.Warnings...)}
}

// Operators lists logins by name: those that have a role here and may sign in, or with all those that were removed, too.
func (s *Store) Operators(ctx context.Context, all bool) ([]account.Operator, error) {
	rows, err := many[operatorRow](ctx, s, `SELECT name, roles, inherited, can_login, valid_until, connection_limit, managed, warnings FROM api.operator
		WHERE $1 OR can_login AND (roles <> '{}' OR inherited <> '{}') ORDER BY name`, all)
	return convert(rows, operatorRow.operator), err
}

// AddOperator makes a login.
func (s *Store) AddOperator(ctx context.Context, c Caller, o NewOperator) (account.Operator, error) {
	var row operatorRow
	err := s.changeWith(ctx, c, &row, `SELECT api.add_operator($1, $2)`, o)
	return row.operator(), err
}

// SetOperatorRoles gives a login group roles, or takes them.
func (s *Store) SetOperatorRoles(ctx context.Context, c Caller, login string, roles []string, grant bool) (account.Operator, error) {
	change, err := encode(map[string]any{"grant": grant, "roles": roles})
	if err != nil {
		return account.Operator{}, err
	}
	var row operatorRow
	err = s.change(ctx, c, &row, `SELECT api.set_operator_roles($1, $2, $3)`, login, change)
	return row.operator(), err
}

// RemoveOperator takes all group roles from a login, and shuts one that was made here.
func (s *Store) RemoveOperator(ctx context.Context, c Caller, login string) (account.Operator, error) {
	var row operatorRow
	err := s.change(ctx, c, &row, `SELECT api.remove_operator($1, $2)`, login)
	return row.operator(), err
}
