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

// AddAgent gives an agent an account of the signed-in reviewer's organization; it waits for that agent's own face check (purpose agent)
// and then is active without a review. sandbox stands in for the SMS code, where the database allows it.
func (s *Service) AddAgent(ctx context.Context, form account.UserForm, sandbox bool) (account.Account, []account.Warning, error) {
	form, birthDate, faults := form.Check(today(), !sandbox)
	if err := account.JoinFaults(faults); err != nil {
		return account.Account{}, nil, err
	}
	b, err := s.sealing(ctx)
	if err != nil {
		return account.Account{}, nil, err
	}
	user, err := s.sealUser(b.keys, form, birthDate, account.PurposeAgentAdd, sandbox)
	if err != nil {
		return account.Account{}, nil, err
	}
	id, err := account.NewAccountID()
	if err != nil {
		return account.Account{}, nil, err
	}
	a, err := s.care(ctx, func(b *backend, c postgres.Caller, sms uuid.UUID) (account.Account, error) {
		return b.store.AddAgent(ctx, c, postgres.NewAgent{AccountID: id.UUID(), NewUser: user, SMSID: sms})
	})
	warnings := make([]account.Warning, len(user.Advice))
	for i, found := range user.Advice {
		warnings[i] = account.Warning{Code: "PASSWORD_ADVICE", Found: found}
	}
	return a, warnings, err
}

// UpdateAgent changes what an account says of its agent (guide 一.5: 变更经办人信息): the contact, whose new phone needs its SMS code, or the
// person, who then has to pass a face check and to get a password by recovery before the account can be used again.
func (s *Service) UpdateAgent(ctx context.Context, id account.AccountID, form account.AgentUpdateForm, sandbox bool) (account.Account, error) {
	form, faults := form.Check(today(), !sandbox)
	if err := account.JoinFaults(faults); err != nil {
		return account.Account{}, err
	}
	b, err := s.sealing(ctx)
	if err != nil {
		return account.Account{}, err
	}
	update := postgres.AgentUpdate{NewPerson: form.NewPerson(), Sandbox: sandbox}
	if update.NewPerson {
		update.Agent, err = sealAgent(b.keys, form.Agent)
	} else {
		var agent uuid.UUID
		if agent, err = b.store.AccountAgent(ctx, id); err == nil {
			update.Agent, err = changedAgent(b.keys, agent, form.Agent)
		}
	}
	if err != nil {
		return account.Account{}, err
	}
	if form.Agent.Phone != "" && !sandbox {
		update.CodeProof = s.proof(b.keys, notCheckedCode, account.PurposeAgentUpdate, form.Agent.Phone, form.SMSCode)
	}
	return s.care(ctx, func(b *backend, c postgres.Caller, sms uuid.UUID) (account.Account, error) {
		update.SMSID = sms
		return b.store.UpdateAgent(ctx, c, id, update)
	})
}
