package service

import (
	"context"
	"slices"
	"strings"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/postgres"
)

// notices are the codes that tell how things stand without stopping anybody from the next step.
var notices = []account.Code{"INVALID_CREDENTIALS", "SMS_CODE_INVALID", "FACE_CHECK_OPEN", "FACE_CHECK_REQUIRED", "SESSION_ENDED", "SESSION_EXPIRED", "AGENT_ALREADY_REGISTERED",
	"COMPARISON_PENDING", "AGENT_HAS_APPLICATION", "SMS_NOT_DELIVERED"}

// Diagnose answers a ticket: what keeps somebody from going on, and what ends it. words is the error that the applicant saw, or what they say of it,
// in any language; it may be empty, and alone it finds no record, only what it means. Nothing is written.
func (s *Service) Diagnose(ctx context.Context, t Ticket, words string) (account.Diagnosis, error) {
	told := symptomsOf(words)
	told.byPhone = t == Ticket{Phone: t.Phone, UnitCode: t.UnitCode}
	b, c, err := s.concern(ctx, t)
	if err != nil {
		return account.Diagnosis{}, err
	}
	if kind, ok := identifier.UnitCodeKind(t.UnitCode); ok {
		c.UnitCodeType = string(kind)
	}
	found, err := b.store.Diagnose(ctx, c)
	if err != nil {
		return account.Diagnosis{}, err
	}
	d := found.Diagnosis
	d.Symptoms = told.names
	if d.Messages, err = s.renderAll(found.Messages); err != nil {
		return account.Diagnosis{}, err
	}
	for i := range d.Applications {
		d.Applications[i] = s.next(d.Applications[i])
	}
	for i := range d.Verifications {
		// Whoever has the code could do the check.
		d.Verifications[i].QRURI, d.Verifications[i].UserCode = "", nil
	}
	for i := range d.Recoveries {
		d.Recoveries[i].Next = account.RecoverySteps(d.Recoveries[i], s.lang)
	}
	d.Causes = s.causes(found.Found, d, told)
	if d.Empty() && len(told.names) == 0 {
		return account.Diagnosis{}, account.NewFault("NOTHING_FOUND")
	}
	return d, nil
}

// causes tells what the database found in words, with its remedies: what the ticket says first, then what stops people, then the rest.
func (s *Service) causes(found []postgres.Cause, d account.Diagnosis, told symptoms) []account.Cause {
	out := make([]account.Cause, 0, len(found))
	for _, f := range found {
		out = append(out, s.cause(f, d, told))
	}
	rank := func(c account.Cause) int {
		switch {
		case c.Symptom:
			return told.place(c.Code) - len(told.codes)
		case c.Blocking:
			return 0
		}
		return 1
	}
	slices.SortStableFunc(out, func(a, b account.Cause) int { return rank(a) - rank(b) })
	return out
}

func (s *Service) cause(f postgres.Cause, d account.Diagnosis, ticket symptoms) account.Cause {
	c := account.Cause{Code: f.Code, When: f.When, Blocking: !slices.Contains(notices, f.Code), Symptom: ticket.place(f.Code) >= 0,
		Subject: f.Subject.Ref(), Organization: f.Organization, Since: f.Since, Until: f.Until, Details: f.Details}
	if c.Details == nil {
		c.Details = map[string]any{}
	}
	if f.Subject == nil && (f.Code == "USERNAME_TAKEN" || f.Code == "PHONE_IN_USE" && ticket.byPhone && !c.Symptom) {
		c.Blocking = false // the ticket names it, as that of its own person most often
	}
	told := situation{Cause: c, hasReviewer: true}
	if ref := f.Holder.Ref(); ref != nil {
		told.Holder = &account.Holder{RecordRef: *ref}
		told.knowHolder(d)
	}
	told.knowOrganization(d)
	told.Sees = sees(told)
	told.Why = why(told, s.location())
	told.Remedies = remedies(told)
	if told.Remedies == nil {
		told.Remedies = []account.Remedy{}
	}
	return told.Cause
}

// knowHolder looks the holder up among the records, for what tells it apart.
func (s *situation) knowHolder(d account.Diagnosis) {
	for i, a := range d.Applications {
		if a.ID.String() == s.Holder.ID {
			s.application = &d.Applications[i]
			s.Holder.Status = a.Status
			if a.Agent != nil {
				s.Holder.Name, s.Holder.Phone = a.Agent.Name, a.Agent.Phone
			}
			if a.Username != nil {
				s.Holder.Username = *a.Username
			}
			for _, w := range a.Warnings {
				s.hasReviewer = s.hasReviewer && w.Code != account.NoReviewer
			}
			if a.Organization.UnitCode != nil {
				s.unitCode = *a.Organization.UnitCode
			}
		}
	}
	for i, a := range d.Accounts {
		if a.ID.String() == s.Holder.ID || s.Holder.Kind == "session" && s.Subject != nil && a.ID.String() == s.Subject.ID {
			s.account = &d.Accounts[i]
			s.unitCode = a.Organization.UnitCode
			if a.ID.String() == s.Holder.ID {
				s.Holder.Status, s.Holder.Role, s.Holder.Name, s.Holder.Phone, s.Holder.Username = a.Status, a.Role, a.Agent.Name, a.Agent.Phone, a.Username
			}
		}
	}
	for _, m := range d.Messages {
		if m.ID.String() == s.Holder.ID {
			s.Holder.Phone, s.Holder.Status = m.To, m.Status
		}
	}
}

func (s *situation) knowOrganization(d account.Diagnosis) {
	if code, ok := s.Details["unit_code"].(string); ok {
		s.unitCode = code
	}
	for i, o := range d.Organizations {
		if s.Organization != nil && o.ID != nil && *o.ID == *s.Organization {
			s.organization = &d.Organizations[i]
			if o.UnitCode != nil {
				s.unitCode = *o.UnitCode
			}
		}
	}
}

// symptoms are what the words of a ticket mean: names that `explain` knows, and the codes that go with them, the likeliest first.
type symptoms struct {
	names   []string
	codes   []account.Code
	byPhone bool // the ticket names somebody by a mobile alone
}

// signs are the codes that go with a situation.
var signs = map[string][]account.Code{
	"awaiting-identity":  {"ACCOUNT_NOT_ACTIVE", "IDENTITY_MISMATCH", "VERIFICATION_ENDED", "FACE_CHECK_OPEN", "FACE_CHECK_LIMIT"},
	"forgotten-password": {"INVALID_CREDENTIALS", "ACCOUNT_LOCKED"},
	"no-sms":             {"SMS_NOT_DELIVERED", "SMS_TOO_FREQUENT"},
	"pending-review":     {"APPLICATION_PENDING", "NO_REVIEWER", "ACCOUNT_NOT_ACTIVE"},
	"rejected":           {"REGISTRATION_ENDED", "DAILY_REJECTION_LIMIT"},
}

func symptomsOf(words string) symptoms {
	out := symptoms{names: []string{}}
	if strings.TrimSpace(words) == "" {
		return out
	}
	matches := account.FindByText(words)
	if clear, ok := account.Clear(matches); ok {
		matches = []account.Match{clear}
	}
	for _, m := range matches {
		out.names = append(out.names, m.Name())
		if m.Code != "" {
			out.codes = append(out.codes, m.Code)
		}
		out.codes = append(out.codes, signs[m.Situation]...)
	}
	return out
}

// place is where a code stands among the symptoms, by itself or by what the person sees of it; -1: it is none.
func (s symptoms) place(code account.Code) int {
	return max(slices.Index(s.codes, code), slices.Index(s.codes, seenAs(code)))
}
