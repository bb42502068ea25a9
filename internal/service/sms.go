package service

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
	"github.com/farenctl/farenctl/internal/sms"
)

// RequestSMSCode sends a code to a mobile. The code is made here and leaves this process only sealed, or as a keyed
// proof; six digits, as text.
func (s *Service) RequestSMSCode(ctx context.Context, phone, purpose string) (account.CodeRequest, error) {
	report := identifier.Check(identifier.Mobile, phone, today())
	if !report.Valid {
		return account.CodeRequest{}, account.NewFault("PHONE_INVALID", "field", "phone", "reason", report.Errors[0].Reason)
	}
	message, err := account.NewSMSID()
	if err != nil {
		return account.CodeRequest{}, err
	}
	return s.requestSMSCode(ctx, message, report.Value, purpose)
}

func (s *Service) requestSMSCode(ctx context.Context, message account.SMSID, phone, purpose string) (account.CodeRequest, error) {
	b, c, err := s.sealingOperator(ctx)
	if err != nil {
		return account.CodeRequest{}, err
	}
	code, err := newCode(b.keys, message, phone, purpose)
	if err != nil {
		return account.CodeRequest{}, err
	}
	return b.store.RequestSMSCode(ctx, c, code)
}

// newDigits makes a code: six digits, as text.
func newDigits() (string, error) {
	number, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("make a code: %w", err)
	}
	return fmt.Sprintf("%06d", number), nil
}

func newCode(keys *seal.Keyring, message account.SMSID, phone, purpose string) (postgres.NewCode, error) {
	digits, err := newDigits()
	if err != nil {
		return postgres.NewCode{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return postgres.NewCode{}, fmt.Errorf("make an id: %w", err)
	}
	params, err := sealParams(keys, message, map[string]any{"code": digits})
	if err != nil {
		return postgres.NewCode{}, err
	}
	to, err := keys.Seal([]byte(phone), seal.AAD{Table: "sms", Row: message.UUID().String(), Column: "to"})
	if err != nil {
		return postgres.NewCode{}, fmt.Errorf("seal a number: %w", err)
	}
	return postgres.NewCode{SMSID: message.UUID(), CodeID: id, Purpose: purpose, PhoneIndex: keys.Index(domainPhone, phone),
		PhoneMask: identifier.MaskMobile(phone), PhoneSealed: to, ParamsSealed: params, Proof: keys.CodeProof(purpose, phone, digits)}, nil
}

// MessageQuery narrows a list of messages; empty fields do not. Since is inclusive, Until is not.
type MessageQuery struct {
	Kind, Status, Phone, UnitCode string
	Since, Until                  *time.Time
	Application                   *account.ApplicationID
	Paging
}

// Messages lists the outbox, the newest first. What is sealed in a text is shown as ******.
func (s *Service) Messages(ctx context.Context, q MessageQuery) (account.Page[account.SMS], error) {
	limit, err := q.limit()
	if err == nil {
		err = inOrder(q.Since, q.Until)
	}
	if err != nil {
		return account.Page[account.SMS]{}, err
	}
	filter := postgres.MessageFilter{Kind: given(q.Kind), Status: given(q.Status), UnitCode: given(identifier.NormalizeCode(q.UnitCode)),
		Application: q.Application, Since: q.Since, Until: q.Until, Limit: limit + 1}
	if q.Token != "" {
		id, err := account.ParseSMSID(q.Token)
		if err != nil {
			return account.Page[account.SMS]{}, s.badToken()
		}
		filter.After = &id
	}
	var b *backend
	if q.Phone == "" {
		b, err = s.backend(ctx)
	} else {
		_, filter.PhoneIndex, b, err = s.number(ctx, q.Phone)
	}
	if err != nil {
		return account.Page[account.SMS]{}, err
	}
	found, err := b.store.Messages(ctx, filter)
	if err != nil {
		return account.Page[account.SMS]{}, err
	}
	items, err := s.renderAll(found)
	if err != nil {
		return account.Page[account.SMS]{}, err
	}
	return page(items, limit, func(m account.SMS) string { return m.ID.String() }), nil
}

func (s *Service) renderAll(found []postgres.OutboxMessage) ([]account.SMS, error) {
	items := make([]account.SMS, len(found))
	for i := range found {
		var err error
		if items[i], err = s.render(found[i].SMS, found[i].Params); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// number reads a mobile that somebody asks about, and gives what the database knows it by.
func (s *Service) number(ctx context.Context, phone string) (mask string, index postgres.Hex, b *backend, err error) {
	report := identifier.Check(identifier.Mobile, phone, today())
	if !report.Valid {
		return "", nil, nil, account.NewFault("PHONE_INVALID", "field", "phone", "reason", report.Errors[0].Reason)
	}
	if b, err = s.keyed(ctx); err != nil {
		return "", nil, nil, err
	}
	return identifier.MaskMobile(report.Value), b.keys.Index(domainPhone, report.Value), b, nil
}

// NumberLimits tells where a mobile stands with the limits of SMS codes.
func (s *Service) NumberLimits(ctx context.Context, phone string) (account.NumberLimits, error) {
	mask, index, b, err := s.number(ctx, phone)
	if err != nil {
		return account.NumberLimits{}, err
	}
	limits, err := b.store.NumberLimits(ctx, index)
	limits.Phone = mask
	return limits, err
}

func (s *Service) render(m account.SMS, params map[string]any) (account.SMS, error) {
	text, err := sms.Render(m.Kind, params, s.signature())
	if err != nil {
		return m, fmt.Errorf("put a message's text together: %w", err)
	}
	m.Text, m.Segments = text, sms.Segments(text)
	return m, nil
}

// Message reads one message, and tells why it did not arrive. reveal names a sealed field to show in clear: text or to; empty: none.
func (s *Service) Message(ctx context.Context, id account.SMSID, reveal string) (account.SMSState, error) {
	if err := s.mayReveal(reveal); err != nil {
		return account.SMSState{}, err
	}
	b, err := s.backend(ctx)
	if err != nil {
		return account.SMSState{}, err
	}
	found, err := b.store.Message(ctx, id)
	if err != nil {
		return account.SMSState{}, err
	}
	m, params := found.SMSState, maps.Clone(found.Params)
	switch reveal {
	case "to":
		if m.To, err = s.reveal(ctx, "sms", id.UUID(), reveal); err != nil {
			return account.SMSState{}, err
		}
	case "text":
		text, err := s.reveal(ctx, "sms", id.UUID(), reveal)
		if err != nil {
			return account.SMSState{}, err
		}
		if err := json.Unmarshal([]byte(text), &params); err != nil {
			return account.SMSState{}, fmt.Errorf("decode a message's parameters: %w", err)
		}
	}
	m.Revealed = reveal
	m.Why, m.Next = account.WhyMessage(m, found.At, s.sending(), s.lang, s.opts.Config.Location)
	m.SMS, err = s.render(m.SMS, params)
	return m, err
}
