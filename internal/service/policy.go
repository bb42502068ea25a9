package service

import (
	"context"

	"github.com/farenctl/farenctl/internal/account"
)

// Policies lists the numbers that the rules go by.
func (s *Service) Policies(ctx context.Context) ([]account.Policy, error) {
	b, err := s.backend(ctx)
	if err != nil {
		return nil, err
	}
	return b.store.Policies(ctx, s.lang)
}

// Policy reads one policy.
func (s *Service) Policy(ctx context.Context, name string) (account.Policy, error) {
	b, err := s.backend(ctx)
	if err != nil {
		return account.Policy{}, err
	}
	return b.store.Policy(ctx, name, s.lang)
}

// SetPolicy gives a policy a value (PolicyValue tells how it may be typed), or with default its default. It applies at once to every
// process.
func (s *Service) SetPolicy(ctx context.Context, name, value string) (account.Policy, error) {
	b, c, err := s.operator(ctx)
	if err != nil {
		return account.Policy{}, err
	}
	return b.store.SetPolicy(ctx, c, name, account.PolicyValue(value))
}
