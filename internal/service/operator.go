package service

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// OperatorRoles are the roles that an operator can have.
func OperatorRoles() []string { return postgres.GroupRoles() }

// Operators lists the database logins that have a role, or with all those that were removed, too.
func (s *Service) Operators(ctx context.Context, all bool) ([]account.Operator, error) {
	b, err := s.backend(ctx)
	if err != nil {
		return nil, err
	}
	return b.store.Operators(ctx, all)
}

// AddOperator makes a database login. Of a password only what PostgreSQL keeps leaves this process; nil: it signs in otherwise, by certificate for
// example.
func (s *Service) AddOperator(ctx context.Context, o postgres.NewOperator, password *string) (account.Operator, error) {
	if password != nil {
		if err := account.CheckLoginPassword(*password, o.Name); err != nil {
			return account.Operator{}, err
		}
		verifier, err := seal.SCRAMVerifier(*password, rand.Reader)
		if err != nil {
			return account.Operator{}, fmt.Errorf("make the verifier: %w", err)
		}
		o.Verifier = &verifier
	}
	b, c, err := s.operator(ctx)
	if err != nil {
		return account.Operator{}, err
	}
	return b.store.AddOperator(ctx, c, o)
}

// GrantRoles gives a login roles.
func (s *Service) GrantRoles(ctx context.Context, login string, roles []string) (account.Operator, error) {
	return s.setRoles(ctx, login, roles, true)
}

// RevokeRoles takes roles from a login.
func (s *Service) RevokeRoles(ctx context.Context, login string, roles []string) (account.Operator, error) {
	return s.setRoles(ctx, login, roles, false)
}

func (s *Service) setRoles(ctx context.Context, login string, roles []string, grant bool) (account.Operator, error) {
	b, c, err := s.operator(ctx)
	if err != nil {
		return account.Operator{}, err
	}
	return b.store.SetOperatorRoles(ctx, c, login, roles, grant)
}

// RemoveOperator takes all roles from a login, and shuts it where it was made here.
func (s *Service) RemoveOperator(ctx context.Context, login string) (account.Operator, error) {
	b, c, err := s.operator(ctx)
	if err != nil {
		return account.Operator{}, err
	}
	return b.store.RemoveOperator(ctx, c, login)
}
