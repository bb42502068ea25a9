package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
)

// Cause is what the database found in somebody's way, before it is told in words.
type Cause struct {
	When         string                  `json:"when"`
	Code         account.Code            `json:"code"`
	Organization *account.OrganizationID `json:"org_id"`
	Subject      *recordRef              `json:"subject"`
	Holder       *recordRef              `json:"holder"`
	Since        *time.Time              `json:"since"`
	Until        *time.Time              `json:"until"`
	Details      map[string]any          `json:"details"`
}

// recordRef is a record by its kind and uuid.
type recordRef struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Ref writes the record as people see it.
func (r *recordRef) Ref() *account.RecordRef {
	if r == nil {
		return nil
	}
	return &account.RecordRef{Kind: r.Kind, ID: readableID(r.Kind, r.ID)}
}

// readableID writes an id of a record as people see it; what is none of the known kinds stays as it is.
func readableID(kind, id string) string {
	u, err := uuid.Parse(id)
	if err != nil {
		return id
	}
	switch kind {
	case "application":
		return account.ApplicationID(u).String()
	case "account":
		return account.AccountID(u).String()
	case "verification":
		return account.VerificationID(u).String()
	case "recovery":
		return account.RecoveryID(u).String()
	case "session":
		return account.SessionID(u).String()
	case "message", "sms":
		return account.SMSID(u).String()
	case "document":
		return account.DocumentID(u).String()
	}
	return id
}

// Diagnosis is what the database found: causes, and the records that the ticket is about. Messages have no text yet.
type Diagnosis struct {
	account.Diagnosis
	Found    []Cause
	Messages []OutboxMessage
}

type diagnosisRow struct {
	At            time.Time `json:"at"`
	Findings      []Cause   `json:"findings"`
	Organizations []struct {
		OrgID          *account.OrganizationID `json:"org_id"`
		Name           *string                 `json:"name"`
		UnitCode       *string                 `json:"unit_code"`
		UnitCodeType   *string                 `json:"unit_code_type"`
		RegisterStatus *string                 `json:"register_status"`
		Reviewers      int                     `json:"reviewers"`
		Represented    bool                    `json:"represented"`
		Waiting        int                     `json:"waiting"`
	} `json:"organizations"`
	Applications  []applicationRow  `json:"applications"`
	Accounts      []accountRow      `json:"accounts"`
	Verifications []verificationRow `json:"verifications"`
	Sessions      []sessionRow      `json:"sessions"`
	Messages      []smsRow          `json:"messages"`
	Recoveries    []recoveryRow     `json:"recoveries"`
	Rejections    []struct {
		OrgID         account.OrganizationID `json:"org_id"`
		ApplicationID account.ApplicationID  `json:"application_id"`
		Day           string                 `json:"day"`
		Slot          int                    `json:"slot"`
		At            time.Time              `json:"at"`
	} `json:"rejections"`
	Refusals []struct {
		At        time.Time    `json:"at"`
		Action    string       `json:"action"`
		Code      account.Code `json:"code"`
		Subject   recordRef    `json:"subject"`
		Operator  string       `json:"operator"`
		Ticket    *string      `json:"ticket"`
		RequestID *string      `json:"request_id"`
	} `json:"refusals"`
}

func (r diagnosisRow) diagnosis() Diagnosis {
	d := Diagnosis{Found: r.Findings, Messages: convert(r.Messages, smsRow.message), Diagnosis: account.Diagnosis{
		At: r.At.UTC(), Applications: convert(r.Applications, applicationRow.application), Accounts: convert(r.Accounts, accountRow.account),
		Verifications: convert(r.Verifications, verificationRow.verification), Sessions: convert(r.Sessions, sessionRow.session),
		Recoveries:    convert(r.Recoveries, func(r recoveryRow) account.Recovery { return r.recovery().Recovery }),
		Organizations: []account.OrganizationState{}, Rejections: []account.Rejection{}, Refusals: []account.Refusal{},
	}}
	for i, f := range d.Found {
		d.Found[i].Since, d.Found[i].Until = utcp(f.Since), utcp(f.Until)
		readable(f.Details)
	}
	for _, o := range r.Organizations {
		d.Organizations = append(d.Organizations, account.OrganizationState{
			Organization:   account.Organization{ID: o.OrgID, Name: o.Name, UnitCode: o.UnitCode, UnitCodeType: o.UnitCodeType},
			RegisterStatus: o.RegisterStatus, Reviewers: o.Reviewers, Represented: o.Represented, Waiting: o.Waiting})
	}
	for _, j := range r.Rejections {
		d.Rejections = append(d.Rejections, account.Rejection{Organization: j.OrgID, Application: j.ApplicationID, Day: j.Day, Slot: j.Slot, At: j.At.UTC()})
	}
	for _, f := range r.Refusals {
		d.Refusals = append(d.Refusals, account.Refusal{At: f.At.UTC(), Action: f.Action, Code: f.Code, Subject: *f.Subject.Ref(), Operator: f.Operator,
			Ticket: f.Ticket, RequestID: f.RequestID})
	}
	return d
}

// Diagnose finds what a ticket is about and what is in the way.
func (s *Store) Diagnose(ctx context.Context, c Concern) (Diagnosis, error) {
	text, err := encode(c)
	if err != nil {
		return Diagnosis{}, err
	}
	var row diagnosisRow
	err = s.call(ctx, &row, `SELECT api.diagnose($1)`, text)
	return row.diagnosis(), err
}

// ChecksOfRegistration is what registering now would meet, by the same functions that the steps call: nil parts were not asked for.
type ChecksOfRegistration struct {
	Certification []*account.Fault
	Obstacles     []Cause
}

// NewCheck asks for the rules of a registration that need the database. Facts are what is certified; Unit is what a project states of one that
// has a USCC; NameKey finds an overseas organization.
type NewCheck struct {
	Facts         *CertificationFacts `json:"facts"`
	Unit          *StatedUnit         `json:"unit"`
	UnitCode      string              `json:"unit_code,omitempty"`
	NameKey       string              `json:"name_key,omitempty"`
	DocumentType  string              `json:"document_type,omitempty"`
	DocumentIndex Hex                 `json:"document_index,omitempty"`
	PhoneIndex    Hex                 `json:"phone_index,omitempty"`
	UsernameIndex Hex                 `json:"username_index,omitempty"`
	Manual        bool                `json:"manual"`
}

// CheckRegistration evaluates the rules of registration that the database decides, and writes nothing.
func (s *Store) CheckRegistration(ctx context.Context, check NewCheck) (ChecksOfRegistration, Diagnosis, error) {
	text, err := encode(check)
	if err != nil {
		return ChecksOfRegistration{}, Diagnosis{}, err
	}
	var row struct {
		diagnosisRow
		Certification []json.RawMessage `json:"certification"`
	}
	if err := s.call(ctx, &row, `SELECT api.check_registration($1)`, text); err != nil {
		return ChecksOfRegistration{}, Diagnosis{}, err
	}
	found := row.diagnosis()
	out := ChecksOfRegistration{Obstacles: found.Found}
	for _, raw := range row.Certification {
		f, err := refusedFault(raw)
		if err != nil {
			return out, Diagnosis{}, err
		}
		out.Certification = append(out.Certification, f)
	}
	return out, found, nil
}
