package service

import (
	"context"
	"strings"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/postgres"
)

// FindApplication turns a selector into an application's id: an id, a user name, or phone:… or document:… with the
// organization's unit code. Of several applications the one that lives is meant, which is
// undecided or approved; if that does not settle it,
// SELECTOR_AMBIGUOUS lists them.
func (s *Service) FindApplication(ctx context.Context, selector, unitCode string) (account.ApplicationID, error) {
	if id, err := account.ParseApplicationID(selector); err == nil {
		return id, nil
	}
	kind, value, keyed := strings.Cut(selector, ":")
	if !keyed || (kind != "phone" && kind != "document") {
		kind, value = "username", selector
	}
	if kind != "username" && unitCode == "" {
		return account.ApplicationID{}, account.NewFault("USAGE", "problem", s.lang.Pick(kind+":… needs --unit-code", kind+":… 需要 --unit-code"))
	}
	b, err := s.keyed(ctx)
	if err != nil {
		return account.ApplicationID{}, err
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
	found, err := b.store.FindApplications(ctx, query)
	if err != nil {
		return account.ApplicationID{}, err
	}
	live := 0
	ids := make([]string, len(found))
	for i, f := range found {
		ids[i] = f.ID.String()
		if f.Live {
			live++
		}
	}
	switch {
	case len(found) == 0:
		return account.ApplicationID{}, account.NewFault("APPLICATION_NOT_FOUND")
	case len(found) == 1 || live == 1:
		return found[0].ID, nil
	}
	return account.ApplicationID{}, account.NewFault("SELECTOR_AMBIGUOUS", "count", len(found), "ids", ids)
}
