package service

import (
	"cmp"
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/postgres"
)

// Ticket is what a ticket says: whatever of it is known, each as people write it. Record is an id of a record of any kind.
type Ticket struct {
	Phone, DocumentNumber, Username, UnitCode, Record string
}

// ReadTicket tells what one word means: an id, a mobile number, a unit code, a document number or a user name. A word may say itself what it
// is: phone:…, document:…, username:…, unit:….
func ReadTicket(word string) Ticket {
	kind, value, keyed := strings.Cut(word, ":")
	switch {
	case keyed && kind == "phone":
		return Ticket{Phone: value}
	case keyed && kind == "document":
		return Ticket{DocumentNumber: value}
	case keyed && kind == "username":
		return Ticket{Username: value}
	case keyed && kind == "unit":
		return Ticket{UnitCode: value}
	}
	valid := func(kind identifier.Kind) bool { return identifier.Check(kind, word, today()).Valid }
	if _, ok := recordOf(word); ok {
		return Ticket{Record: word}
	}
	if valid(identifier.Mobile) {
		// It may be a user name as well: that of the same person.
		return Ticket{Phone: word, Username: word}
	}
	if valid(identifier.ResidentID) || valid(identifier.HMTResidencePermit) || valid(identifier.ForeignPRCard) {
		return Ticket{DocumentNumber: word}
	}
	// Nine letters are a user name, unless they check as an organization code.
	if kind, ok := identifier.UnitCodeKind(word); ok && valid(kind) {
		return Ticket{UnitCode: word}
	}
	return Ticket{Username: word}
}

// With adds what another word or flag says. Two things of one kind are USAGE; a mobile that could be a user name as well gives way to a user
// name that is one.
func (t Ticket) With(other Ticket) (Ticket, error) {
	guessed := func(x Ticket) bool { return x.Phone != "" && x.Username == x.Phone }
	switch {
	case t.Username == "" || other.Username == "":
	case guessed(other):
		other.Username = ""
	case guessed(t):
		t.Username = ""
	}
	for _, field := range []struct {
		have *string
		more string
		kind account.Text
	}{
		{&t.Phone, other.Phone, account.Say("mobiles", "手机号")},
		{&t.DocumentNumber, other.DocumentNumber, account.Say("document numbers", "证件号码")},
		{&t.Username, other.Username, account.Say("user names", "用户名")},
		{&t.UnitCode, other.UnitCode, account.Say("unit codes", "单位编号")},
		{&t.Record, other.Record, account.Say("ids", "编号")},
	} {
		if *field.have != "" && field.more != "" && *field.have != field.more {
			return t, account.NewFault("USAGE", "problem", account.Say("these are two %s: name one", "不能同时指定两个%s", field.kind))
		}
		*field.have = cmp.Or(*field.have, field.more)
	}
	return t, nil
}

// recordOf reads an id of any kind that a ticket can name.
func recordOf(text string) (postgres.Concern, bool) {
	var c postgres.Concern
	var ok bool
	set := func(field **uuid.UUID, id uuid.UUID, err error) {
		if err == nil {
			*field, ok = &id, true
		}
	}
	application, err := account.ParseApplicationID(text)
	set(&c.ApplicationID, application.UUID(), err)
	holder, err := account.ParseAccountID(text)
	set(&c.AccountID, holder.UUID(), err)
	verification, err := account.ParseVerificationID(text)
	set(&c.VerificationID, verification.UUID(), err)
	recovery, err := account.ParseRecoveryID(text)
	set(&c.RecoveryID, recovery.UUID(), err)
	session, err := account.ParseSessionID(text)
	set(&c.SessionID, session.UUID(), err)
	message, err := account.ParseSMSID(text)
	set(&c.MessageID, message.UUID(), err)
	document, err := account.ParseDocumentID(text)
	set(&c.DocumentID, document.UUID(), err)
	organization, err := account.ParseOrganizationID(text)
	set(&c.OrganizationID, organization.UUID(), err)
	return c, ok
}

// concern turns a ticket into what the database looks for. Every field's form is checked, all at once; a ticket that says nothing is USAGE.
func (s *Service) concern(ctx context.Context, t Ticket) (*backend, postgres.Concern, error) {
	var c postgres.Concern
	var faults []*account.Fault
	if t == (Ticket{}) {
		return nil, c, account.NewFault("USAGE", "problem", account.Say("name what the ticket is about", "请指明工单涉及的对象"))
	}
	if t.Record != "" {
		named, ok := recordOf(t.Record)
		if !ok {
			faults = append(faults, account.NewFault("USAGE", "problem", account.Say("%q is no id of a record", "%q 不是记录编号", t.Record)))
		}
		c = named
	}
	phone := identifier.Check(identifier.Mobile, t.Phone, today())
	if t.Phone != "" && !phone.Valid {
		faults = append(faults, account.NewFault("PHONE_INVALID", "field", "phone", "reason", phone.Errors[0].Reason))
	}
	document := identifier.NormalizeCode(t.DocumentNumber)
	if t.DocumentNumber != "" && (document == "" || len(document) > 64) {
		faults = append(faults, account.NewFault("DOCUMENT_NUMBER_INVALID", "field", "document_number"))
	}
	unit := identifier.NormalizeCode(t.UnitCode)
	if t.UnitCode != "" {
		if _, ok := identifier.UnitCodeKind(unit); !ok {
			faults = append(faults, account.NewFault("UNIT_CODE_INVALID", "field", "unit_code"))
		}
		c.UnitCode = &unit
	}
	if err := account.JoinFaults(faults); err != nil {
		return nil, c, err
	}
	b, err := s.keyed(ctx)
	if err != nil {
		return nil, c, err
	}
	if t.Phone != "" {
		c.PhoneIndex = b.keys.Index(domainPhone, phone.Value)
	}
	if t.DocumentNumber != "" {
		c.DocumentIndex = b.keys.Index(domainDocument, document)
	}
	if t.Username != "" {
		c.UsernameIndex = usernameIndex(b.keys, normalUsername(t.Username))
	}
	return b, c, nil
}
