package service

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// SMSRevealFields are the fields of a message that can be revealed.
func SMSRevealFields() []string { return []string{"text", "to"} }

// PersonRevealFields are the fields of an application or account that can be revealed.
func PersonRevealFields() []string {
	return []string{"name", "document_number", "phone", "email", "landline", "ethnic_group", "username"}
}

// mayReveal says what the database will say, before anything connects.
func (s *Service) mayReveal(field string) error {
	if field != "" && strings.TrimSpace(s.opts.Reason) == "" {
		return account.NewFault("REASON_REQUIRED")
	}
	return nil
}

// reveal opens one sealed field. Who asked and why is written down and committed before the database hands it out; and before that it is
// settled that this process holds the keys, so that nothing is counted that cannot be shown.
func (s *Service) reveal(ctx context.Context, kind string, id uuid.UUID, field string) (string, error) {
	b, c, err := s.sealingOperator(ctx)
	if err != nil {
		return "", err
	}
	f, counted, err := b.store.Reveal(ctx, c, kind, id, field)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	s.revealed = &counted
	s.mu.Unlock()
	return unseal(b.keys, f)
}

// unseal opens a sealed field.
func unseal(keys *seal.Keyring, f postgres.SealedField) (string, error) {
	plain, err := openSealed(keys, f.Sealed, seal.AAD{Table: f.Table, Row: f.Row.String(), Column: f.Column}, "a sealed field")
	return string(plain), err
}

// openSealed opens what is sealed; what says in an error what it is. KEYRING_OUTDATED: with a key that is not in this keyring.
func openSealed(keys *seal.Keyring, sealed []byte, aad seal.AAD, what string) ([]byte, error) {
	plain, err := keys.Open(sealed, aad)
	if errors.Is(err, seal.ErrWrongKey) {
		id, _ := seal.SealedKeyID(sealed)
		return nil, account.NewFault("KEYRING_OUTDATED", "key", id).WithCause(err)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", what, err)
	}
	return plain, nil
}

// RevealedApplication reads one application with one sealed field in clear, where lists show its mask.
func (s *Service) RevealedApplication(ctx context.Context, id account.ApplicationID, field string) (account.Application, error) {
	if err := s.mayReveal(field); err != nil {
		return account.Application{}, err
	}
	value, err := s.reveal(ctx, "application", id.UUID(), field)
	if err != nil {
		return account.Application{}, err
	}
	// Read after it: what has a field to reveal has an agent.
	a, err := s.Application(ctx, id)
	if err != nil {
		return account.Application{}, err
	}
	if field == "username" {
		a.Username = &value
	}
	unmask(a.Agent, field, value)
	return a, nil
}

// RevealedAccount reads one account with one sealed field in clear.
func (s *Service) RevealedAccount(ctx context.Context, id account.AccountID, field string) (account.Account, error) {
	if err := s.mayReveal(field); err != nil {
		return account.Account{}, err
	}
	value, err := s.reveal(ctx, "account", id.UUID(), field)
	if err != nil {
		return account.Account{}, err
	}
	a, err := s.Account(ctx, id)
	if err != nil {
		return account.Account{}, err
	}
	if field == "username" {
		a.Username = value
	}
	unmask(&a.Agent, field, value)
	return a, nil
}

// unmask puts a field of a person in clear.
func unmask(agent *account.Agent, field, value string) {
	switch field {
	case "name":
		agent.Name = value
	case "document_number":
		agent.DocumentNumber = value
	case "phone":
		agent.Phone = value
	case "email":
		agent.Email = &value
	case "landline":
		agent.Landline = &value
	case "ethnic_group":
		// Kept as the code of GB/T 3304; people know the name.
		name := identifier.Check(identifier.EthnicGroup, value, today()).Fact("name")
		agent.EthnicGroup = &name
	}
}
