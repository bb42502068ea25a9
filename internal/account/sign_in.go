package account

import (
	"strings"
	"time"

	"github.com/farenctl/farenctl/internal/identifier"
)

// SignInForm is who signs in for an organization by its certificate or e-licence, which prove the organization alone: the person is named.
type SignInForm struct {
	// UnitCode is the organization's. For a certificate it may be empty: its subject names it.
	UnitCode string
	Operator OperatorForm
}

// OperatorForm is the person who acts with an organization's certificate or e-licence.
type OperatorForm struct {
	Name, DocumentType, DocumentNumber string
}

// Check checks the form and gives it normalized. The person is given as an agent without a phone.
func (f SignInForm) Check(today time.Time, needUnit bool) (SignInForm, AgentForm, []*Fault) {
	c := &checks{today: today}
	if needUnit || strings.TrimSpace(f.UnitCode) != "" {
		// Certificates and e-licences are those of organizations of the business register.
		f.UnitCode = c.value("unit_code", identifier.USCC, f.UnitCode).Value
	}
	name, kind, number := c.person(fieldsOf("operator"), f.Operator.Name, f.Operator.DocumentType, f.Operator.DocumentNumber, identifier.DocumentTypes())
	return f, AgentForm{Name: name, DocumentType: string(kind), DocumentNumber: number.Value}, c.faults
}

// SubjectUnitCode picks the USCC out of the values that a certificate's subject has of the configured attribute; false when there is none,
// or more than one. The prefix that ETSI EN 319 412-1 puts before a trade register's number (NTRCN-) is not part of it.
func SubjectUnitCode(values []string) (string, bool) {
	found := ""
	for _, value := range values {
		report := identifier.Check(identifier.USCC, strings.TrimPrefix(strings.TrimSpace(value), "NTRCN-"), time.Time{})
		switch {
		case len(report.Errors) > 0 || report.Value == found:
		case found != "":
			return "", false
		default:
			found = report.Value
		}
	}
	return found, found != ""
}

// Challenge is what the key of an organization's certificate has to sign, byte by byte, to sign in. ID is also the name of the proof.
type Challenge struct {
	ID        VerificationID `json:"id"`
	UnitCode  string         `json:"unit_code"`
	Text      string         `json:"text"`
	ExpiresAt time.Time      `json:"expires_at"`
}

// Evidence is the proof of a sign-in by certificate, checked again: whether the signature is that of the certificate's key over the
// challenge, and whether the certificate is taken by the authorities and revocation lists configured now, at the time of the sign-in.
// Problem is why it is not, as a code.
type Evidence struct {
	Verification     VerificationID `json:"verification"`
	Status           string         `json:"status"`
	UnitCode         string         `json:"unit_code"`
	At               time.Time      `json:"at"`
	Serial           string         `json:"serial"`
	Issuer           string         `json:"issuer"`
	NotBefore        time.Time      `json:"not_before"`
	NotAfter         time.Time      `json:"not_after"`
	SHA256           string         `json:"sha256"`
	SignatureValid   bool           `json:"signature_valid"`
	CertificateValid bool           `json:"certificate_valid"`
	Problem          *string        `json:"problem"`
}
