package service

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/postgres"
)

// AuditQuery narrows the audit; empty fields do not. It is from Since on, before Until. Action may end in .* for all of a kind. Subject is an id of any
// kind, what an event has in its place (a policy's name, a unit code), or an organization's id for all that is of it.
type AuditQuery struct {
	Since, Until                                     *time.Time
	Action, Operator, Subject, Outcome, Code, Ticket string
	Session, RequestID                               string
}

func (q AuditQuery) filter() (postgres.AuditFilter, error) {
	f := postgres.AuditFilter{Since: q.Since, Until: q.Until, Operator: q.Operator, Outcome: q.Outcome, Code: strings.ToUpper(q.Code), Ticket: q.Ticket, Subject: q.Subject}
	if q.Since != nil && q.Until != nil && !q.Since.Before(*q.Until) {
		return f, account.NewFault("USAGE", "problem", account.Say("--since is not before --until", "--since 须早于 --until"))
	}
	f.Action = strings.TrimSuffix(q.Action, "*")
	if organization, err := account.ParseOrganizationID(q.Subject); err == nil {
		id := organization.UUID()
		f.Organization, f.Subject = &id, ""
	} else if id, ok := anyID(q.Subject); ok {
		f.Subject = id.String()
	}
	if q.Session != "" {
		session, err := account.ParseSessionID(q.Session)
		if err != nil {
			return f, account.NewFault("USAGE", "problem", account.Say("--session is an id ses_…", "--session 须为编号 ses_…"))
		}
		id := session.UUID()
		f.Session = &id
	}
	if q.RequestID != "" {
		id, err := uuid.Parse(q.RequestID)
		if err != nil {
			return f, account.NewFault("USAGE", "problem", account.Say("--request-id is a UUID, as errors tell it", "--request-id 须为错误信息中的 UUID"))
		}
		f.RequestID = &id
	}
	return f, nil
}

// anyID reads an id of any kind that an event can be of.
func anyID(text string) (uuid.UUID, bool) {
	concern, ok := recordOf(text)
	for _, id := range []*uuid.UUID{concern.ApplicationID, concern.AccountID, concern.VerificationID, concern.RecoveryID, concern.SessionID, concern.MessageID, concern.DocumentID} {
		if ok && id != nil {
			return *id, true
		}
	}
	if captcha, err := account.ParseCaptchaID(text); err == nil {
		return captcha.UUID(), true
	}
	return uuid.UUID{}, false
}

// AuditEvents lists the audit, the newest event first.
func (s *Service) AuditEvents(ctx context.Context, q AuditQuery, p Paging) (account.Page[account.AuditEvent], error) {
	limit, err := p.limit()
	if err != nil {
		return account.Page[account.AuditEvent]{}, err
	}
	var before int64
	if p.Token != "" {
		if before, err = strconv.ParseInt(p.Token, 10, 64); err != nil || before < 1 {
			return account.Page[account.AuditEvent]{}, s.badToken()
		}
	}
	filter, err := q.filter()
	if err != nil {
		return account.Page[account.AuditEvent]{}, err
	}
	b, err := s.backend(ctx)
	if err != nil {
		return account.Page[account.AuditEvent]{}, err
	}
	events, err := b.store.AuditEvents(ctx, filter, before, limit+1)
	if err != nil {
		return account.Page[account.AuditEvent]{}, err
	}
	for i := range events {
		maskWritten(&events[i])
	}
	return page(events, limit, func(e account.AuditEvent) string { return strconv.FormatInt(e.ID, 10) }), nil
}

// maskWritten masks the numbers and addresses of persons in what people wrote.
func maskWritten(e *account.AuditEvent) {
	for _, text := range []**string{&e.Ticket, &e.Reason} {
		if *text != nil {
			masked := identifier.MaskWithin(**text)
			*text = &masked
		}
	}
	for key, value := range e.Details {
		if text, ok := value.(string); ok {
			e.Details[key] = identifier.MaskWithin(text)
		}
	}
}

// ExportAudit gives every event to each, in the order of their numbers.
func (s *Service) ExportAudit(ctx context.Context, q AuditQuery, each func(account.AuditEvent) error) error {
	filter, err := q.filter()
	if err != nil {
		return err
	}
	b, err := s.backend(ctx)
	if err != nil {
		return err
	}
	return eachRange(ctx, b.store, math.MaxInt64, func(from, to int64) error {
		return b.store.EachAuditEvent(ctx, filter, from, to, func(e account.AuditEvent) error {
			maskWritten(&e)
			return each(e)
		})
	})
}

// eventRange is how many numbers of events are asked for at once. A range of them, not a count of events, keeps what the server has to sort
// small whatever it knows of the table.
const eventRange = 20_000

// eachRange goes through the numbers that events have, up to one of them, whatever number somebody gave to an event.
func eachRange(ctx context.Context, store *postgres.Store, upTo int64, use func(from, to int64) error) error {
	for from := int64(math.MinInt64); ; {
		next, found, err := store.NextEvent(ctx, from)
		if err != nil || !found || next > upTo {
			return err
		}
		to := upTo
		if end := next + eventRange; end > next && end < upTo {
			to = end
		}
		if err := use(next, to); err != nil {
			return err
		}
		if to == upTo {
			return nil
		}
		from = to + 1
	}
}
