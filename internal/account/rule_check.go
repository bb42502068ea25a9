package account

import "time"

// The results of a rule.
const (
	RulePass       = "pass"
	RuleFail       = "fail"
	RuleWarning    = "warning"
	RuleNotChecked = "not-checked"
)

// RuleCheck is one rule of registration and whether a registration passes it. Field is the field that fails. The rest is as in a [Cause].
type RuleCheck struct {
	Code     Code           `json:"code"`
	Result   string         `json:"result"`
	Field    string         `json:"field,omitempty"`
	Message  Both           `json:"message"`
	Why      Both           `json:"why"`
	Holder   *Holder        `json:"holder"`
	Since    *time.Time     `json:"since"`
	Until    *time.Time     `json:"until"`
	Details  map[string]any `json:"details"`
	Remedies []Remedy       `json:"remedies"`
}

// RegistrationRules gives the codes of the rules that a registration through a channel has to pass, in the order in which the steps examine them.
// registered: its organization must be in the business register.
func RegistrationRules(c Channel, registered bool) []Code {
	rules := []Code{"TERMS_NOT_ACCEPTED", "FIELD_REQUIRED", "FIELD_NOT_ALLOWED"}
	certified := []Code{"ORGANIZATION_NOT_FOUND", "ORGANIZATION_MISMATCH", "ORGANIZATION_NOT_ACTIVE"}
	switch c {
	case Zhejiang:
		rules = append(rules, "ENTITY_TYPE_INVALID", "USE_PROJECT_CHANNEL", "ORGANIZATION_NAME_INVALID", "USCC_INVALID", "REGION_MISMATCH")
	case OtherProvince:
		rules = append(rules, "ORGANIZATION_NAME_INVALID", "USCC_INVALID", "REGION_MISMATCH")
	case Overseas:
		rules = append(rules, "ORGANIZATION_NAME_INVALID", "JPEG_INVALID")
	case Project:
		rules = append(rules, "ETHNIC_GROUP_INVALID", "ORGANIZATION_NAME_INVALID", "USCC_INVALID", "PROJECT_CODE_INVALID", "PROJECT_CODE_NOT_CONFIRMED", "JPEG_INVALID")
	}
	rules = append(rules, "NAME_INVALID", "DOCUMENT_TYPE_INVALID", "DOCUMENT_NUMBER_INVALID", "PHONE_INVALID")
	if c != Project {
		rules = append(rules, "EMAIL_INVALID")
	}
	if !c.Manual() {
		rules = append(rules, "LANDLINE_INVALID")
	}
	rules = append(rules, "USERNAME_INVALID", "PASSWORD_WEAK", "PASSWORD_ADVICE")
	if registered {
		rules = append(rules, certified...)
	}
	rules = append(rules, "CAPTCHA_INVALID", "SMS_CODE_INVALID", "APPLICATION_PENDING", "AGENT_ALREADY_REGISTERED", "DAILY_REJECTION_LIMIT", "PHONE_IN_USE", "USERNAME_TAKEN", "IDENTITY_MISMATCH")
	if c.Manual() {
		rules = append(rules, "CALENDAR_MISSING")
	}
	return rules
}

// RuleFields gives the fields whose form a rule is about; empty: it is about the whole.
func RuleFields(rule Code) []string {
	switch rule {
	case "ENTITY_TYPE_INVALID", "USE_PROJECT_CHANNEL":
		return []string{"entity_type"}
	case "ORGANIZATION_NAME_INVALID":
		return []string{"organization_name"}
	case "USCC_INVALID", "REGION_MISMATCH", "PROJECT_CODE_INVALID", "PROJECT_CODE_NOT_CONFIRMED":
		return []string{"unit_code", "has_uscc_document"}
	case "ETHNIC_GROUP_INVALID":
		return []string{"agent.ethnic_group"}
	case "JPEG_INVALID":
		return []string{"documents.licence", "documents.agent_document", "documents.proof"}
	case "NAME_INVALID":
		return []string{"legal_representative.name", "agent.name"}
	case "DOCUMENT_NUMBER_INVALID":
		return []string{"legal_representative.document_number", "agent.document_number", "legal_representative.document_type", "agent.document_type"}
	case "PHONE_INVALID":
		return []string{"agent.phone"}
	case "EMAIL_INVALID":
		return []string{"agent.email"}
	case "USERNAME_INVALID":
		return []string{"username"}
	}
	return nil
}
