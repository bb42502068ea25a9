package account

import (
	"slices"
	"strings"
	"time"

	"github.com/farenctl/farenctl/internal/identifier"
)

// Registration is everything that one registration asks for: the document of `register submit`, and what the flags of
// the single steps fill in. Its JSON names are those of the document.
type Registration struct {
	OrganizationForm
	UserForm
	HasUSCCDocument *bool         `json:"has_uscc_document"`
	ConfirmCode     bool          `json:"confirm_code"`
	Documents       DocumentFiles `json:"documents"`
}

// OrganizationForm is the guide's page 信息认证 (guide 一.1, 一.2).
type OrganizationForm struct {
	Channel          Channel            `json:"channel"`
	EntityType       string             `json:"entity_type"`
	OrganizationName string             `json:"organization_name"`
	UnitCode         string             `json:"unit_code"`
	Representative   RepresentativeForm `json:"legal_representative"`
	AcceptTerms      bool               `json:"accept_terms"`
}

// RepresentativeForm is the legal representative as the applicant states them.
type RepresentativeForm struct {
	Name           string `json:"name"`
	DocumentType   string `json:"document_type"`
	DocumentNumber string `json:"document_number"`
}

// UserForm is the guide's page 创建用户. A document may have PasswordHash, an Argon2id PHC string, instead of Password.
type UserForm struct {
	Username     string    `json:"username"`
	Password     string    `json:"password"`
	PasswordHash string    `json:"password_hash"`
	Agent        AgentForm `json:"agent"`
	SMSCode      string    `json:"sms_code"`
}

// AgentForm is the agent as they state themselves.
type AgentForm struct {
	Name           string `json:"name"`
	DocumentType   string `json:"document_type"`
	DocumentNumber string `json:"document_number"`
	Phone          string `json:"phone"`
	Landline       string `json:"landline"`
	Email          string `json:"email"`
	EthnicGroup    string `json:"ethnic_group"`
}

// DefaultDocumentType is the document type that the guide's forms start with: 居民身份证.
const DefaultDocumentType = string(identifier.ResidentID)

// checks collects the faults of a form.
type checks struct {
	faults []*Fault
	today  time.Time
}

func (c *checks) add(code Code, field string, details ...any) {
	c.faults = append(c.faults, NewFault(code, append(details, "field", field)...))
}

// value checks one field and gives its normalized form and what the check found out.
func (c *checks) value(field string, kind identifier.Kind, value string) identifier.Report {
	if strings.TrimSpace(value) == "" {
		c.add("FIELD_REQUIRED", field)
		return identifier.Report{}
	}
	return c.report(field, identifier.Check(kind, value, c.today))
}

func (c *checks) report(field string, report identifier.Report) identifier.Report {
	for _, p := range report.Errors {
		c.add(Code(p.Code), field, "reason", p.Reason)
		if report.Kind == identifier.USCC {
			c.faults[len(c.faults)-1] = c.faults[len(c.faults)-1].AboutProject(report.Value)
		}
	}
	return report
}

// optional is value for a field that may be absent.
func (c *checks) optional(field string, kind identifier.Kind, value string) string {
	if strings.TrimSpace(value) == "" {
		return ""
	}
	return c.value(field, kind, value).Value
}

// personFields are the names of a person's fields in one form.
type personFields struct{ name, documentType, documentNumber string }

func fieldsOf(prefix string) personFields {
	return personFields{prefix + ".name", prefix + ".document_type", prefix + ".document_number"}
}

func (c *checks) person(fields personFields, name, documentType, number string, types []identifier.Kind) (string, identifier.Kind, identifier.Report) {
	name = c.value(fields.name, identifier.PersonName, name).Value
	if documentType == "" {
		documentType = DefaultDocumentType
	}
	kind := identifier.Kind(documentType)
	if slices.Contains(types, kind) {
		return name, kind, c.value(fields.documentNumber, kind, number)
	}
	c.add("DOCUMENT_TYPE_INVALID", fields.documentType, "allowed", kindNames(types))
	if strings.TrimSpace(number) == "" {
		c.add("FIELD_REQUIRED", fields.documentNumber)
	}
	return name, kind, identifier.Report{}
}

func kindNames(kinds []identifier.Kind) []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return names
}

// DocumentTypeNames gives the personal document types that a form takes.
func DocumentTypeNames() []string { return kindNames(identifier.DocumentTypes()) }

// EntityTypeNames gives the entity types of channel zhejiang.
func EntityTypeNames() []string {
	var names []string
	for _, t := range identifier.EntityTypes() {
		names = append(names, t.Name)
	}
	return names
}

// Check checks the form of every field at once and gives the form normalized, with warnings about what is odd. The
// faults are in the order of the form; none means that it is good. today is the day that birth dates are compared with.
func (f OrganizationForm) Check(today time.Time) (OrganizationForm, []Warning, []*Fault) {
	c := &checks{today: today}
	types := identifier.DocumentTypes()
	switch f.Channel {
	case Zhejiang:
		c.entityType(f.EntityType)
	case OtherProvince:
		if f.EntityType != "" {
			c.add("FIELD_NOT_ALLOWED", "entity_type", "channel", string(OtherProvince))
		}
		types = []identifier.Kind{identifier.ResidentID}
	default:
		c.add("VALUE_INVALID", "channel", "allowed", Channels())
	}
	f.OrganizationName = c.value("organization_name", identifier.OrganizationName, f.OrganizationName).Value
	code := c.value("unit_code", identifier.USCC, f.UnitCode)
	f.UnitCode = code.Value
	name, kind, number := c.person(fieldsOf("legal_representative"), f.Representative.Name, f.Representative.DocumentType, f.Representative.DocumentNumber, types)
	f.Representative = RepresentativeForm{Name: name, DocumentType: string(kind), DocumentNumber: number.Value}
	if !f.AcceptTerms {
		c.add("TERMS_NOT_ACCEPTED", "accept_terms")
	}
	if len(c.faults) == 0 {
		c.region(f)
	}
	warnings := []Warning{}
	for _, p := range code.Warnings {
		warnings = append(warnings, Warning{Code: Code(p.Code), Reason: p.Reason})
	}
	if p, bad := identifier.CheckEntityPrefix(f.EntityType, f.UnitCode); bad && f.Channel == Zhejiang {
		warnings = append(warnings, Warning{Code: Code(p.Code), Reason: p.Reason})
	}
	return f, warnings, c.faults
}

func (c *checks) entityType(entityType string) {
	if entityType == "" {
		c.add("FIELD_REQUIRED", "entity_type")
		return
	}
	for _, t := range identifier.EntityTypes() {
		if t.Name != entityType {
			continue
		}
		// Those have no licence to certify against; the guide sends them to the manual channel (guide 一.4).
		if t.Name == "other-unincorporated" {
			c.add("USE_PROJECT_CHANNEL", "entity_type")
		}
		return
	}
	c.add("ENTITY_TYPE_INVALID", "entity_type", "allowed", EntityTypeNames())
}

// region compares the division in the USCC (characters 3-8, GB 32100-2015) with the channel: 33 is Zhejiang, 100000 the
// registries of the state, which the Zhejiang portal takes as its own.
func (c *checks) region(f OrganizationForm) {
	division := identifier.USCCDivision(f.UnitCode)
	home := strings.HasPrefix(division, "33")
	switch {
	case f.Channel == Zhejiang && !home && division != "100000":
		c.add("REGION_MISMATCH", "unit_code", "channel", string(Zhejiang), "use", string(OtherProvince))
	case f.Channel == OtherProvince && home:
		c.add("REGION_MISMATCH", "unit_code", "channel", string(OtherProvince), "use", string(Zhejiang))
	}
}

// Check checks the form of every field at once and gives the form normalized, with the birth date (YYYYMMDD) that the
// document number tells, if it tells one. needCode says whether an SMS code must be there.
func (f UserForm) Check(today time.Time, needCode bool) (UserForm, string, []*Fault) {
	c := &checks{today: today}
	f.Username = c.credentials(f.Username, f.Password, f.PasswordHash, func(username string) identifier.Report { return identifier.CheckUsername(username, f.Agent.Phone) })
	name, kind, number := c.person(fieldsOf("agent"), f.Agent.Name, f.Agent.DocumentType, f.Agent.DocumentNumber, identifier.DocumentTypes())
	landline := c.optional("agent.landline", identifier.Landline, f.Agent.Landline)
	phone := c.value("agent.phone", identifier.Mobile, f.Agent.Phone).Value
	email := c.optional("agent.email", identifier.Email, f.Agent.Email)
	f.Agent = AgentForm{Name: name, DocumentType: string(kind), DocumentNumber: number.Value, Phone: phone, Landline: landline, Email: email}
	if needCode {
		f.SMSCode = c.smsCode(f.SMSCode)
	}
	return f, BirthDigits(number), c.faults
}

// credentials checks user name and password and gives the user name normalized. Whether a hash can be read is for whoever reads it.
func (c *checks) credentials(username, password, hash string, check func(string) identifier.Report) string {
	if strings.TrimSpace(username) == "" {
		c.add("FIELD_REQUIRED", "username")
	} else {
		username = c.report("username", check(username)).Value
	}
	if hash != "" {
		if password != "" {
			c.add("PASSWORD_HASH_INVALID", "password_hash", "reason", "beside-password")
		}
	} else if password == "" {
		c.add("FIELD_REQUIRED", "password")
	} else if broken := CheckPassword(password, username); len(broken) > 0 {
		c.add("PASSWORD_WEAK", "password", "broken", broken)
	}
	return username
}

func (c *checks) smsCode(code string) string {
	code = identifier.NormalizeCode(code)
	if code == "" {
		c.add("FIELD_REQUIRED", "sms_code")
	} else if len(code) != 6 || onlyDigits(code) != code {
		c.add("SMS_CODE_INVALID", "sms_code")
	}
	return code
}

// CheckRegisterRow checks one row of the business register and gives it normalized; a 15-digit resident ID of an old
// register is converted, so that it matches what people present today.
func CheckRegisterRow(row RegisterRow, today time.Time) (RegisterRow, []*Fault) {
	c := &checks{today: today}
	row.UnitCode = c.value("unit_code", identifier.USCC, row.UnitCode).Value
	row.Name = c.value("name", identifier.OrganizationName, row.Name).Value
	if long, ok := identifier.LegacyResidentID(identifier.NormalizeCode(row.DocumentNumber)); ok && (row.DocumentType == "" || row.DocumentType == DefaultDocumentType) {
		row.DocumentNumber = long
	}
	name, kind, number := c.person(personFields{"legal_representative", "document_type", "document_number"}, row.Representative, row.DocumentType, row.DocumentNumber, identifier.DocumentTypes())
	row.Representative, row.DocumentType, row.DocumentNumber = name, string(kind), number.Value
	switch row.Status {
	case "":
		row.Status = "active"
	case "active", "revoked", "cancelled":
	default:
		c.add("REGISTER_STATUS_INVALID", "status")
	}
	row.RegistrationNumber = c.optional("registration_number", identifier.RegistrationNumber, row.RegistrationNumber)
	row.OrganizationCode = c.optional("organization_code", identifier.OrganizationCode, row.OrganizationCode)
	return row, c.faults
}

// RegisterRow is one row of a business register's file.
type RegisterRow struct {
	UnitCode, Name, Representative, DocumentType, DocumentNumber, Status, RegistrationNumber, OrganizationCode string
}
