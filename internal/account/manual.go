package account

import (
	"slices"
	"strings"
	"time"

	"github.com/farenctl/farenctl/internal/identifier"
)

// ManualForm is the first page of a manual channel: 信息确认 of an overseas unit (guide 一.3), 经办人信息比对 of a project (guide 一.4).
// OrganizationName is the overseas unit's, as 中文名称(English Name); a project states its unit later.
type ManualForm struct {
	Channel          Channel
	OrganizationName string
	Agent            AgentForm
	SMSCode          string
	AcceptTerms      bool
}

// UnitForm is the page 法人单位信息比对 of a project (guide 一.4). HasUSCCDocument: 能否提供含有统一社会信用代码的法人单位证件. UnitCode is the
// USCC then, else the project code; ConfirmCode takes a project code whose check character does not fit.
type UnitForm struct {
	HasUSCCDocument  *bool
	OrganizationName string
	UnitCode         string
	ConfirmCode      bool
}

// CredentialForm is the page 创建用户 of a manual channel (guide 一.3, 一.4).
type CredentialForm struct {
	Username, Password, PasswordHash string
}

// DocumentFiles are the paths of the scans that the manual channels ask for; empty: none.
type DocumentFiles struct {
	Licence       string `json:"licence"`
	AgentDocument string `json:"agent_document"`
	Proof         string `json:"proof"`
}

// Of gives the path of one kind of document.
func (d DocumentFiles) Of(kind string) string {
	switch kind {
	case DocumentLicence:
		return d.Licence
	case DocumentAgent:
		return d.AgentDocument
	case DocumentProof:
		return d.Proof
	}
	return ""
}

// DocumentField is the name of a document's field in a registration.
func DocumentField(kind string) string { return "documents." + strings.ReplaceAll(kind, "-", "_") }

// ChannelDocuments gives the documents that a channel asks for (guide 一.3, 一.4).
func ChannelDocuments(c Channel) []string {
	switch c {
	case Overseas:
		return []string{DocumentLicence, DocumentAgent}
	case Project:
		return []string{DocumentProof}
	}
	return nil
}

// notAllowed refuses what a channel's form does not have; it is not silently left out.
func (c *checks) notAllowed(channel Channel, field, value string) {
	if strings.TrimSpace(value) != "" {
		c.add("FIELD_NOT_ALLOWED", field, "channel", string(channel))
	}
}

// Check checks the form of every field at once and gives it normalized, the ethnic group as its code in GB/T 3304. needCode says
// whether an SMS code must be there.
func (f ManualForm) Check(today time.Time, needCode bool) (ManualForm, []*Fault) {
	c := &checks{today: today}
	switch f.Channel {
	case Overseas:
		f.OrganizationName = c.value("organization_name", identifier.OverseasName, f.OrganizationName).Value
	case Project:
		c.notAllowed(f.Channel, "organization_name", f.OrganizationName)
	default:
		c.add("VALUE_INVALID", "channel", "allowed", []string{string(Overseas), string(Project)})
	}
	name, kind, number := c.person(fieldsOf("agent"), f.Agent.Name, f.Agent.DocumentType, f.Agent.DocumentNumber, identifier.DocumentTypes())
	agent := AgentForm{Name: name, DocumentType: string(kind), DocumentNumber: number.Value, Phone: c.value("agent.phone", identifier.Mobile, f.Agent.Phone).Value}
	c.notAllowed(f.Channel, "agent.landline", f.Agent.Landline)
	if f.Channel == Project {
		c.notAllowed(f.Channel, "agent.email", f.Agent.Email)
		agent.EthnicGroup = c.value("agent.ethnic_group", identifier.EthnicGroup, f.Agent.EthnicGroup).Value
	} else {
		c.notAllowed(f.Channel, "agent.ethnic_group", f.Agent.EthnicGroup)
		agent.Email = c.value("agent.email", identifier.Email, f.Agent.Email).Value
	}
	f.Agent = agent
	if needCode {
		f.SMSCode = c.smsCode(f.SMSCode)
	}
	if !f.AcceptTerms {
		c.add("TERMS_NOT_ACCEPTED", "accept_terms")
	}
	return f, c.faults
}

// Check checks the form and gives it normalized, with the type of the unit code and warnings about what is odd.
func (f UnitForm) Check(today time.Time) (UnitForm, identifier.Kind, []Warning, []*Fault) {
	c := &checks{today: today}
	kind := identifier.ProjectCode
	if f.HasUSCCDocument == nil {
		c.add("FIELD_REQUIRED", "has_uscc_document")
	} else if *f.HasUSCCDocument {
		kind = identifier.USCC
	}
	f.OrganizationName = c.value("organization_name", identifier.OrganizationName, f.OrganizationName).Value
	code := c.value("unit_code", kind, f.UnitCode)
	f.UnitCode = code.Value
	warnings := []Warning{}
	for _, p := range code.Warnings {
		// One sample of the guide proves no rule, so a code that misses it needs a person's word (guide 一.4: 若填写错误会影响社保申报).
		if p.Code == identifier.WarnProjectCode && !f.ConfirmCode {
			c.add("PROJECT_CODE_NOT_CONFIRMED", "unit_code")
		}
		warnings = append(warnings, Warning{Code: Code(p.Code), Reason: p.Reason})
	}
	return f, kind, warnings, c.faults
}

// Check checks the form and gives it normalized. phone is the agent's; "": not known here, so that whose a user name that is a
// mobile is, is for the database to say.
func (f CredentialForm) Check(today time.Time, phone string) (CredentialForm, []*Fault) {
	c := &checks{today: today}
	f.Username = c.credentials(f.Username, f.Password, f.PasswordHash, func(username string) identifier.Report {
		if phone == "" {
			return identifier.Check(identifier.Username, username, today)
		}
		return identifier.CheckUsername(username, phone)
	})
	return f, c.faults
}

// Manual gives the first page of a manual channel.
func (r Registration) Manual() ManualForm {
	f := ManualForm{Channel: r.Channel, Agent: r.Agent, SMSCode: r.SMSCode, AcceptTerms: r.AcceptTerms}
	if r.Channel == Overseas {
		f.OrganizationName = r.OrganizationName
	}
	return f
}

// Unit gives a project's unit.
func (r Registration) Unit() UnitForm {
	return UnitForm{HasUSCCDocument: r.HasUSCCDocument, OrganizationName: r.OrganizationName, UnitCode: r.UnitCode, ConfirmCode: r.ConfirmCode}
}

// Credentials gives user name and password of a manual channel.
func (r Registration) Credentials() CredentialForm {
	return CredentialForm{Username: r.Username, Password: r.Password, PasswordHash: r.PasswordHash}
}

// Check checks the form of every field of every step at once. needCode says whether an SMS code must be there.
func (r Registration) Check(today time.Time, needCode bool) []*Fault {
	if !r.Channel.Manual() {
		_, faults := r.CheckCertified(today, needCode)
		return faults
	}
	_, faults := r.Manual().Check(today, needCode)
	if r.Channel == Project {
		_, _, _, more := r.Unit().Check(today)
		faults = append(faults, more...)
	}
	_, more := r.Credentials().Check(today, r.Agent.Phone)
	return append(append(faults, more...), r.foreign()...)
}

// CertifiedForm is a registration through a channel that is certified against the business register, normalized, with what its check found out:
// warnings, and the birth date that the agent's document tells.
type CertifiedForm struct {
	Organization OrganizationForm
	User         UserForm
	Warnings     []Warning
	BirthDate    string
}

// CheckCertified is Check of such a registration, and gives it normalized.
func (r Registration) CheckCertified(today time.Time, needCode bool) (CertifiedForm, []*Fault) {
	var c CertifiedForm
	var faults, more []*Fault
	c.Organization, c.Warnings, faults = r.OrganizationForm.Check(today)
	c.User, c.BirthDate, more = r.UserForm.Check(today, needCode)
	return c, append(append(faults, more...), r.foreign()...)
}

// foreign refuses the fields that other channels have, and names the documents that are missing.
func (r Registration) foreign() []*Fault {
	c := &checks{}
	if r.Channel.Manual() {
		c.notAllowed(r.Channel, "entity_type", r.EntityType)
		c.notAllowed(r.Channel, "legal_representative", r.Representative.Name+r.Representative.DocumentNumber)
	} else {
		c.notAllowed(r.Channel, "agent.ethnic_group", r.Agent.EthnicGroup)
	}
	if r.Channel == Overseas {
		c.notAllowed(r.Channel, "unit_code", r.UnitCode)
	}
	if r.Channel != Project && r.HasUSCCDocument != nil {
		c.add("FIELD_NOT_ALLOWED", "has_uscc_document", "channel", string(r.Channel))
	}
	if r.Channel != Project && r.ConfirmCode {
		c.add("FIELD_NOT_ALLOWED", "confirm_code", "channel", string(r.Channel))
	}
	for _, kind := range DocumentKinds() {
		c.document(r.Channel, kind, r.Documents.Of(kind))
	}
	return c.faults
}

func (c *checks) document(channel Channel, kind, path string) {
	switch {
	case !slices.Contains(ChannelDocuments(channel), kind):
		c.notAllowed(channel, DocumentField(kind), path)
	case strings.TrimSpace(path) == "":
		c.add("FIELD_REQUIRED", DocumentField(kind))
	}
}

// CorrectionForm is what an applicant changes before they submit again what staff found mismatched; empty fields stay as they are. Of
// an overseas unit it may be the name and the agent's e-mail address, of a project the unit and the ethnic group; of both the phone,
// with the SMS code sent to the new one, and the documents. Name and document of the agent are those that the face check saw.
type CorrectionForm struct {
	UnitForm
	Phone, SMSCode, Email, EthnicGroup string
	Documents                          DocumentFiles
}

// IsEmpty tells that nothing is corrected. An SMS code, the confirmation of a code and the kind of a code that is not given are
// about other fields and correct nothing alone.
func (f CorrectionForm) IsEmpty() bool {
	f.SMSCode, f.ConfirmCode, f.HasUSCCDocument = "", false, nil
	return f == CorrectionForm{}
}

// Check checks the form for an application as it stands, whose unit fills what the form leaves out, and gives it normalized. stated
// tells whether the unit is corrected, kind is then the type of its code and warnings are about it. needCode says whether a new
// phone needs an SMS code.
func (f CorrectionForm) Check(a Application, today time.Time, needCode bool) (form CorrectionForm, stated bool, kind identifier.Kind, warnings []Warning, faults []*Fault) {
	c := &checks{today: today}
	stated = f.OrganizationName != "" || f.UnitCode != "" || f.HasUSCCDocument != nil
	switch {
	case a.Channel == Overseas:
		c.notAllowed(a.Channel, "unit_code", f.UnitCode)
		c.notAllowed(a.Channel, "agent.ethnic_group", f.EthnicGroup)
		if f.HasUSCCDocument != nil {
			c.add("FIELD_NOT_ALLOWED", "has_uscc_document", "channel", string(a.Channel))
		}
		if f.ConfirmCode {
			c.add("FIELD_NOT_ALLOWED", "confirm_code", "channel", string(a.Channel))
		}
		if f.OrganizationName != "" {
			f.OrganizationName = c.value("organization_name", identifier.OverseasName, f.OrganizationName).Value
		}
	case a.Channel == Project && stated:
		f.UnitForm = f.completed(a)
		var more []*Fault
		f.UnitForm, kind, warnings, more = f.UnitForm.Check(today)
		c.faults = append(c.faults, more...)
	}
	if a.Channel == Project {
		c.notAllowed(a.Channel, "agent.email", f.Email)
	}
	f.Email = c.optional("agent.email", identifier.Email, f.Email)
	f.EthnicGroup = c.optional("agent.ethnic_group", identifier.EthnicGroup, f.EthnicGroup)
	f.Phone = c.optional("agent.phone", identifier.Mobile, f.Phone)
	if f.Phone != "" && needCode {
		f.SMSCode = c.smsCode(f.SMSCode)
	}
	for _, k := range DocumentKinds() {
		if !slices.Contains(ChannelDocuments(a.Channel), k) {
			c.notAllowed(a.Channel, DocumentField(k), f.Documents.Of(k))
		}
	}
	return f, stated, kind, warnings, c.faults
}

// completed fills a project's unit with what the application has. A new code tells by its shape which kind it is; one that is not
// given was confirmed when it was.
func (f UnitForm) completed(a Application) UnitForm {
	if f.OrganizationName == "" && a.Organization.Name != nil {
		f.OrganizationName = *a.Organization.Name
	}
	if f.HasUSCCDocument == nil {
		has := a.Organization.UnitCodeType != nil && *a.Organization.UnitCodeType == string(identifier.USCC)
		if f.UnitCode != "" {
			kind, _ := identifier.UnitCodeKind(f.UnitCode)
			has = kind == identifier.USCC
		}
		f.HasUSCCDocument = &has
	}
	if f.UnitCode == "" && a.Organization.UnitCode != nil {
		f.UnitCode, f.ConfirmCode = *a.Organization.UnitCode, true
	}
	return f
}

// BirthDigits gives the birth date that a document number tells as YYYYMMDD; "" when it tells none.
func BirthDigits(number identifier.Report) string {
	return strings.ReplaceAll(number.Fact("birth_date"), "-", "")
}
