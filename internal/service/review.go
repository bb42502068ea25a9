package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// reasonMax is the longest reason, in bytes; what a message's text cannot hold of it is cut there.
const reasonMax = 1000

// Reviews lists what the session may decide, the longest waiting first.
func (s *Service) Reviews(ctx context.Context, p Paging) (account.Page[account.Application], error) {
	return s.queue(p, func(limit int, after *account.ApplicationID) ([]account.Application, error) {
		b, c, err := s.inSession(ctx)
		if err != nil {
			return nil, err
		}
		return b.store.ReviewQueue(ctx, c, limit, after)
	})
}

// queue gives a page of applications that wait for a decision.
func (s *Service) queue(p Paging, read func(limit int, after *account.ApplicationID) ([]account.Application, error)) (account.Page[account.Application], error) {
	limit, err := p.limit()
	if err != nil {
		return account.Page[account.Application]{}, err
	}
	var after *account.ApplicationID
	if p.Token != "" {
		id, err := account.ParseApplicationID(p.Token)
		if err != nil {
			return account.Page[account.Application]{}, s.badToken()
		}
		after = &id
	}
	items, err := read(limit+1, after)
	if errors.Is(err, postgres.ErrUnknownToken) {
		return account.Page[account.Application]{}, s.badToken()
	}
	if err != nil {
		return account.Page[account.Application]{}, err
	}
	for i := range items {
		items[i] = s.next(items[i])
	}
	return page(items, limit, func(a account.Application) string { return a.ID.String() }), nil
}

// inSession opens the database for a use case of the signed-in person.
func (s *Service) inSession(ctx context.Context) (*backend, postgres.Caller, error) {
	b, err := s.keyed(ctx)
	if err != nil {
		return nil, postgres.Caller{}, err
	}
	c, err := s.callerWithSession(b)
	return b, c, err
}

// ReviewApplication reads one application for whoever decides it: of a manual channel for staff, else of the session's organization.
func (s *Service) ReviewApplication(ctx context.Context, id account.ApplicationID) (account.Application, error) {
	b, c, err := s.inSession(ctx)
	if err != nil {
		return account.Application{}, err
	}
	a, err := b.store.Application(ctx, id)
	if err != nil || !a.Channel.Manual() {
		// What the operator's role may look at is not what the session may.
		a, err = b.store.ReviewApplication(ctx, c, id)
	}
	if err != nil {
		return account.Application{}, err
	}
	return s.next(a), nil
}

// Approval is a reviewer's consent. Verification is the face check to spend; nil: the newest passed one. Channel is
// where the reviewer acted: portal or app (guide 二.2).
type Approval struct {
	Application  account.ApplicationID
	Verification *account.VerificationID
	Channel      string
}

// Approve approves an application.
func (s *Service) Approve(ctx context.Context, r Approval) (account.Application, error) {
	return s.decide(ctx, r.Application, postgres.Decision{Decision: "approve", Channel: r.Channel, VerificationID: (*uuid.UUID)(r.Verification)})
}

// Reject rejects an application; the applicant gets the reason by SMS.
func (s *Service) Reject(ctx context.Context, id account.ApplicationID, reason, channel string) (account.Application, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return account.Application{}, account.NewFault("REASON_REQUIRED")
	}
	if len(reason) > reasonMax {
		return account.Application{}, account.NewFault("INPUT_TOO_LARGE", "field", "reason", "limit", reasonMax)
	}
	return s.decide(ctx, id, postgres.Decision{Decision: "reject", Reason: &reason, Channel: channel})
}

func (s *Service) decide(ctx context.Context, id account.ApplicationID, d postgres.Decision) (account.Application, error) {
	b, c, err := s.inSession(ctx)
	if err != nil {
		return account.Application{}, err
	}
	message, err := account.NewSMSID()
	if err != nil {
		return account.Application{}, err
	}
	d.SMSID = message.UUID()
	if d.Reason != nil {
		if d.ParamsSealed, err = sealParams(b.keys, message, map[string]any{"reason": *d.Reason}); err != nil {
			return account.Application{}, err
		}
	}
	a, err := b.store.DecideApplication(ctx, c, id, d)
	if err != nil {
		return account.Application{}, s.explain(id, err)
	}
	return s.next(a), nil
}

// sealParams seals the parts of a message's text that are personal or secret.
func sealParams(keys *seal.Keyring, id account.SMSID, params map[string]any) ([]byte, error) {
	if !keys.CanSeal() {
		return nil, account.NewFault("KEYRING_INDEX_ONLY")
	}
	text, err := json.Marshal(params)
	if err != nil {
		return nil, fmt.Errorf("encode a message's parameters: %w", err)
	}
	sealed, err := keys.Seal(text, seal.AAD{Table: "sms", Row: id.UUID().String(), Column: "params"})
	if err != nil {
		return nil, fmt.Errorf("seal a message's parameters: %w", err)
	}
	return sealed, nil
}
