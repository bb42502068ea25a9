package service

import (
	"context"
	"errors"
	"slices"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/postgres"
)

// unexamined are the rules whose secrets or persons only the step itself may examine.
var unexamined = []account.Code{"CAPTCHA_INVALID", "SMS_CODE_INVALID", "IDENTITY_MISMATCH"}

// CheckRegistration evaluates every rule of a registration and stops at none: the form of its fields, certification, and the obstacles, by the
// function that the steps ask. Nothing is written, and no code, captcha or person is examined. A rule whose fields are not there or
// not valid is not-checked. CHECK_REFUSED or, where the form alone fails, CHECK_INVALID comes with the rules.
func (s *Service) CheckRegistration(ctx context.Context, r account.Registration, open OpenFile) ([]account.RuleCheck, error) {
	if !slices.Contains(account.Channels(), string(r.Channel)) {
		return nil, account.NewFault("VALUE_INVALID", "field", "channel", "allowed", account.Channels())
	}
	faults := checkRegistration(r, r.SMSCode == "")
	noPassword := r.Password == "" && r.PasswordHash == ""
	if noPassword { // it may well be typed at the step alone
		faults = slices.DeleteFunc(faults, func(f *account.Fault) bool { return f.Details["field"] == "password" })
	}
	var refused *account.Fault
	if err := s.CheckDocuments(r.Documents, open); errors.As(err, &refused) && (refused.Code == "JPEG_INVALID" || refused.All != nil) {
		faults = append(faults, single(refused)...)
	} else if err != nil {
		return nil, err
	}
	b, err := s.keyed(ctx)
	if err != nil {
		return nil, err
	}
	check := newCheck(b, r, faults)
	found, records, err := b.store.CheckRegistration(ctx, check)
	if err != nil {
		return nil, err
	}
	uncertified := check.Facts == nil && check.Unit == nil
	absent := slices.ContainsFunc(found.Certification, func(f *account.Fault) bool { return f.Code == "ORGANIZATION_NOT_FOUND" })
	// Rules of people hold within an organization.
	noOrganization := check.UnitCode == "" && check.NameKey == ""
	noPerson := noOrganization || check.DocumentIndex == nil
	c := checking{s: s, records: records, byCode: map[account.Code][]account.RuleCheck{}, unitCode: check.UnitCode,
		unchecked: map[account.Code]bool{"PASSWORD_WEAK": noPassword, "PASSWORD_ADVICE": r.Password == "",
			"ORGANIZATION_NOT_FOUND": uncertified, "ORGANIZATION_MISMATCH": uncertified || absent, "ORGANIZATION_NOT_ACTIVE": uncertified || absent,
			"APPLICATION_PENDING": noPerson, "AGENT_ALREADY_REGISTERED": noPerson, "DAILY_REJECTION_LIMIT": noPerson,
			"PHONE_IN_USE": noOrganization || check.PhoneIndex == nil, "USERNAME_TAKEN": check.UsernameIndex == nil}}
	for _, code := range account.RegistrationRules(r.Channel, true) {
		if fields := account.RuleFields(code); fields != nil && wrong(faults, fields...) {
			c.unchecked[code] = true
		}
	}
	for _, f := range faults {
		c.add(c.fault(f, account.RuleFail))
	}
	for _, f := range found.Certification {
		c.add(c.fault(f, account.RuleFail))
	}
	for _, f := range found.Obstacles {
		cause := s.cause(f, records.Diagnosis, symptoms{})
		c.add(account.RuleCheck{Code: cause.Code, Result: account.RuleFail, Message: cause.Sees, Why: cause.Why, Holder: cause.Holder, Since: cause.Since, Until: cause.Until,
			Details: cause.Details, Remedies: cause.Remedies})
	}
	for _, found := range advice(r.Password, r.Agent, account.BirthDigits(identifier.Check(identifier.Kind(documentType(r.Agent.DocumentType)), r.Agent.DocumentNumber, today()))) {
		c.add(c.fault(account.NewFault("PASSWORD_ADVICE", "found", found), account.RuleWarning))
	}
	return c.result(account.RegistrationRules(r.Channel, !r.Channel.Manual() || hasUSCC(r)))
}

// hasUSCC tells that a project's unit states a USCC, with which it must be in the register.
func hasUSCC(r account.Registration) bool {
	return r.Channel == account.Project && r.HasUSCCDocument != nil && *r.HasUSCCDocument
}

// wrong tells that the form of one of the fields is not right.
func wrong(faults []*account.Fault, fields ...string) bool {
	return slices.ContainsFunc(faults, func(f *account.Fault) bool {
		field, _ := f.Details["field"].(string)
		return slices.Contains(fields, field)
	})
}

func documentType(given string) string {
	if given == "" {
		return account.DefaultDocumentType
	}
	return given
}

// single are the faults that one fault stands for.
func single(f *account.Fault) []*account.Fault {
	if f.All != nil {
		return f.All
	}
	return []*account.Fault{f}
}

// newCheck is what the database is asked: of the fields whose form is right.
func newCheck(b *backend, r account.Registration, faults []*account.Fault) postgres.NewCheck {
	bad := func(fields ...string) bool { return wrong(faults, fields...) }
	check := postgres.NewCheck{Manual: r.Channel.Manual()}
	if r.Channel == account.Overseas {
		if !bad("organization_name") {
			check.NameKey = identifier.OrganizationKey(r.OrganizationName)
		}
	} else if !bad("unit_code") {
		check.UnitCode = identifier.NormalizeCode(r.UnitCode)
	}
	if !check.Manual && !bad("unit_code", "organization_name", "legal_representative.name", "legal_representative.document_type", "legal_representative.document_number") {
		form, _, _ := r.OrganizationForm.Check(today())
		facts := certificationFacts(b.keys, form)
		check.Facts = &facts
	}
	if hasUSCC(r) && !bad("unit_code", "organization_name") {
		form, kind, _, _ := r.Unit().Check(today())
		unit := statedUnit(form, kind)
		check.Unit = &unit
	}
	if !bad("agent.document_type", "agent.document_number") {
		check.DocumentType = documentType(r.Agent.DocumentType)
		check.DocumentIndex = b.keys.Index(domainDocument, identifier.Check(identifier.Kind(check.DocumentType), r.Agent.DocumentNumber, today()).Value)
	}
	if !bad("agent.phone") {
		check.PhoneIndex = b.keys.Index(domainPhone, identifier.Check(identifier.Mobile, r.Agent.Phone, today()).Value)
	}
	if !bad("username") {
		check.UsernameIndex = usernameIndex(b.keys, normalUsername(r.Username))
	}
	return check
}

// checking collects the rules that do not pass.
type checking struct {
	s        *Service
	records  postgres.Diagnosis
	unitCode string
	byCode   map[account.Code][]account.RuleCheck
	// unchecked are the rules whose fields are missing or not valid.
	unchecked map[account.Code]bool
}

func (c *checking) add(r account.RuleCheck) { c.byCode[r.Code] = append(c.byCode[r.Code], r) }

// fault tells a fault as a rule.
func (c *checking) fault(f *account.Fault, result string) account.RuleCheck {
	field, _ := f.Details["field"].(string)
	told := situation{Cause: account.Cause{Code: f.Code, Details: f.Details}, unitCode: c.unitCode, hasReviewer: true}
	if told.Details == nil {
		told.Details = map[string]any{}
	}
	r := account.RuleCheck{Code: f.Code, Result: result, Field: field, Message: account.Both{English: f.Message(account.English, china), Chinese: f.Message(account.Chinese, china)},
		Why: why(told, c.s.location()), Details: told.Details, Remedies: remedies(told)}
	if r.Why == (account.Both{}) {
		r.Why = account.Both{English: f.Hint(account.English, china), Chinese: f.Hint(account.Chinese, china)}
	}
	if r.Remedies == nil {
		r.Remedies = []account.Remedy{}
	}
	return r
}

// result puts the rules in their order, those that pass among them. What failed and is none of them comes at the end.
func (c *checking) result(rules []account.Code) ([]account.RuleCheck, error) {
	var out []account.RuleCheck
	failed, refused := 0, false
	known := len(rules)
	for code := range c.byCode {
		if !slices.Contains(rules, code) {
			rules = append(rules, code)
		}
	}
	slices.Sort(rules[known:])
	for _, code := range rules {
		if rows := c.byCode[code]; len(rows) > 0 {
			out = append(out, rows...)
			for _, r := range rows {
				if r.Result == account.RuleFail {
					failed++
					refused = refused || account.Lookup(r.Code).Status != account.StatusInput
				}
			}
			continue
		}
		row := account.RuleCheck{Code: code, Result: account.RulePass, Details: map[string]any{}, Remedies: []account.Remedy{}}
		if slices.Contains(unexamined, code) || c.unchecked[code] {
			row.Result = account.RuleNotChecked
			row.Why = account.Both(account.Say("only the step itself examines it", "仅在办理时检查"))
			if c.unchecked[code] {
				row.Why = account.Both(account.Say("its fields are missing or not valid", "所需信息缺失或无效"))
			}
		}
		out = append(out, row)
	}
	switch {
	case refused:
		return out, account.NewFault("CHECK_REFUSED", "count", failed)
	case failed > 0:
		return out, account.NewFault("CHECK_INVALID", "count", failed)
	}
	return out, nil
}
