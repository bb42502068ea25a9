package service

import (
	"context"
	"strings"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/postgres"
)

// FindApplication turns a selector into an application's id: an id, a user name, or phone:… or document:… with the
// organization's unit code. Of several applications the one that lives is meant, which is undecided or approved; if that does not
// settle it, SELECTOR_AMBIGUOUS lists them.
func (s *Service) FindApplication(ctx context.Context, selector, unitCode string) (account.ApplicationID, error) {
	if id, err := account.ParseApplicationID(selector); err == nil {
		return id, nil
	}
	b, query, err := s.naturalKey(ctx, selector, unitCode)
	if err != nil {
		return account.ApplicationID{}, err
	}
	found, err := b.store.FindApplications(ctx, query)
	if err == nil {
		found, err = kept(ctx, s, b, found)
	}
	if err != nil {
		return account.ApplicationID{}, err
	}
	return theOne(found, "APPLICATION_NOT_FOUND", func(f postgres.FoundApplication) (account.ApplicationID, bool) { return f.ID, f.Live })
}

// FindAccount turns a selector into an account's id, as FindApplication does; live is an account that is not deactivated.
func (s *Service) FindAccount(ctx context.Context, selector, unitCode string) (account.AccountID, error) {
	if id, err := account.ParseAccountID(selector); err == nil {
		return id, nil
	}
	b, query, err := s.naturalKey(ctx, selector, unitCode)
	if err != nil {
		return account.AccountID{}, err
	}
	found, err := b.store.FindAccounts(ctx, query)
	if err == nil {
		found, err = kept(ctx, s, b, found)
	}
	if err != nil {
		return account.AccountID{}, err
	}
	return theOne(found, "ACCOUNT_NOT_FOUND", func(f postgres.FoundAccount) (account.AccountID, bool) { return f.ID, f.Live })
}

// kept is what the selector of this command, or of the one that it repeats, found.
func kept[F any](ctx context.Context, s *Service, b *backend, found []F) ([]F, error) {
	if s.opts.IdempotencyKey == "" {
		return found, nil
	}
	c, err := s.caller(b)
	if err != nil {
		return nil, err
	}
	return postgres.KeepSelection(ctx, b.store, c, found)
}

// naturalKey reads a selector that is no id.
func (s *Service) naturalKey(ctx context.Context, selector, unitCode string) (*backend, postgres.Selector, error) {
	kind, value, keyed := strings.Cut(selector, ":")
	if !keyed || (kind != "phone" && kind != "document") {
		kind, value = "username", selector
	}
	if kind != "username" && unitCode == "" {
		return nil, postgres.Selector{}, account.NewFault("USAGE", "problem", account.Say("%s:… needs --unit-code", "%s:… 需要 --unit-code", kind))
	}
	b, err := s.keyed(ctx)
	if err != nil {
		return nil, postgres.Selector{}, err
	}
	query := postgres.Selector{UnitCode: identifier.NormalizeCode(unitCode)}
	switch kind {
	case "phone":
		query.PhoneIndex = b.keys.Index(domainPhone, identifier.Check(identifier.Mobile, value, today()).Value)
	case "document":
		query.DocumentIndex = b.keys.Index(domainDocument, identifier.NormalizeCode(value))
	default:
		query.UnitCode = ""
		query.UsernameIndex = usernameIndex(b.keys, normalUsername(value))
	}
	return b, query, nil
}

// theOne is the record that a selector means: the only one, or the only one that lives. found has those that live first.
func theOne[F any, ID interface{ String() string }](found []F, none account.Code, of func(F) (ID, bool)) (ID, error) {
	var first, zero ID
	live := 0
	ids := make([]string, len(found))
	for i, f := range found {
		id, lives := of(f)
		ids[i] = id.String()
		if i == 0 {
			first = id
		}
		if lives {
			live++
		}
	}
	switch {
	case len(found) == 0:
		return zero, account.NewFault(none)
	case len(found) == 1 || live == 1:
		return first, nil
	}
	return zero, account.NewFault("SELECTOR_AMBIGUOUS", "count", len(found), "ids", ids)
}
