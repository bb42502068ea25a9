package service

import (
	"context"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/postgres"
)

// Account reads one account, masked.
func (s *Service) Account(ctx context.Context, id account.AccountID) (account.Account, error) {
	b, err := s.backend(ctx)
	if err != nil {
		return account.Account{}, err
	}
	return b.store.Account(ctx, id)
}

// AccountQuery narrows a list of accounts; empty fields do not.
type AccountQuery struct {
	Status, Role, UnitCode string
	Paging
}

// Accounts lists accounts, the newest first.
func (s *Service) Accounts(ctx context.Context, q AccountQuery) (account.Page[account.Account], error) {
	limit, err := q.limit()
	if err != nil {
		return account.Page[account.Account]{}, err
	}
	filter := postgres.AccountFilter{Status: q.Status, Role: q.Role, UnitCode: identifier.NormalizeCode(q.UnitCode), Limit: limit + 1}
	if q.Token != "" {
		id, err := account.ParseAccountID(q.Token)
		if err != nil {
			return account.Page[account.Account]{}, s.badToken()
		}
		filter.After = &id
	}
	b, err := s.backend(ctx)
	if err != nil {
		return account.Page[account.Account]{}, err
	}
	items, err := b.store.Accounts(ctx, filter)
	if err != nil {
		return account.Page[account.Account]{}, err
	}
	return page(items, limit, func(a account.Account) string { return a.ID.String() }), nil
}

// care is a change to an account by whoever cares for it; the agent hears of it by SMS.
func (s *Service) care(ctx context.Context, change func(b *backend, c postgres.Caller, sms uuid.UUID) (account.Account, error)) (account.Account, error) {
	b, c, err := s.inSession(ctx)
	if err != nil {
		return account.Account{}, err
	}
	message, err := account.NewSMSID()
	if err != nil {
		return account.Account{}, err
	}
	return change(b, c, message.UUID())
}

// SetAccountStatus disables an account (disabled), enables it (active), or ends it for good (deactivated; 注销). force takes away the
// last reviewer of an organization that has applications to decide.
func (s *Service) SetAccountStatus(ctx context.Context, id account.AccountID, status string, force bool) (account.Account, error) {
	return s.care(ctx, func(b *backend, c postgres.Caller, sms uuid.UUID) (account.Account, error) {
		return b.store.SetAccountStatus(ctx, c, id, postgres.StatusChange{Status: status, Force: force, SMSID: sms})
	})
}

// SetAccountRole makes an agent an administrator, or an administrator an agent.
func (s *Service) SetAccountRole(ctx context.Context, id account.AccountID, role string) (account.Account, error) {
	return s.care(ctx, func(b *backend, c postgres.Caller, sms uuid.UUID) (account.Account, error) {
		return b.store.SetAccountRole(ctx, c, id, postgres.RoleChange{Role: role, SMSID: sms})
	})
}

// UnlockAccount ends the lock that failed sign-ins set.
func (s *Service) UnlockAccount(ctx context.Context, id account.AccountID) (account.Account, error) {
	b, c, err := s.operator(ctx)
	if err != nil {
		return account.Account{}, err
	}
	return b.store.UnlockAccount(ctx, c, id)
}
