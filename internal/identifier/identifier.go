package identifier

import (
	"strconv"
	"time"
)

// Kind names one form of identifier. Its text is stable: scripts pass it.
type Kind string

// The kinds, in the order of [Kinds].
const (
	USCC                Kind = "uscc"                  // 统一社会信用代码
	RegistrationNumber  Kind = "registration-number"   // 注册号
	OrganizationCode    Kind = "organization-code"     // 组织机构代码
	ProjectCode         Kind = "project-code"          // 工程编码
	IssuedCode          Kind = "issued-code"           // 系统为境外单位签发的单位编号
	ResidentID          Kind = "resident-id"           // 居民身份证
	HMTResidencePermit  Kind = "hmt-residence-permit"  // 港澳台居民居住证
	ForeignPRCard       Kind = "foreign-pr-card"       // 外国人永久居留身份证
	HKMacaoPermit       Kind = "hk-macao-permit"       // 港澳居民来往内地通行证
	TaiwanPermit        Kind = "taiwan-permit"         // 台湾居民来往大陆通行证
	Passport            Kind = "passport"              // 护照
	MilitaryOfficerCard Kind = "military-officer-card" // 军官证
	PersonName          Kind = "person-name"           // 姓名
	OrganizationName    Kind = "organization-name"     // 单位名称
	OverseasName        Kind = "overseas-name"         // 境外单位名称 中文名称(English Name)
	Mobile              Kind = "mobile"                // 手机号
	Landline            Kind = "landline"              // 固定电话
	Email               Kind = "email"                 // 电子邮箱
	EthnicGroup         Kind = "ethnic-group"          // 民族
	Username            Kind = "username"              // 用户名
)

// Problem is one thing wrong with a value, or, as a warning, doubtful about it.
type Problem struct {
	// Code is the stable top-level code, as "USCC_INVALID"; see [Codes].
	Code string `json:"code"`
	// Reason is a short stable word in kebab-case, as "check-character".
	Reason string `json:"reason"`
	// Detail says more where that helps: a position (code points, from 1), the
	// expected length or set. Never the value, and never the check character
	// that a personal document should have had.
	Detail string `json:"detail,omitempty"`
}

// Fact is something that the value itself says, as its division.
type Fact struct {
	Name  string `json:"name"` // snake_case, stable
	Value string `json:"value"`
}

// Report is the outcome of a check. The slices are never nil.
type Report struct {
	Kind Kind `json:"kind"`
	// Value is the normalized value, the form to store; also of an invalid
	// value, except one that was refused before normalization (too long, not
	// UTF-8, holding hidden characters): that one is not given back.
	Value    string    `json:"value"`
	Valid    bool      `json:"valid"`
	Errors   []Problem `json:"errors"`
	Warnings []Problem `json:"warnings"`
	Facts    []Fact    `json:"facts"` // of a valid value only
}

// Fact returns the value of the fact called name, "" when there is none.
func (r Report) Fact(name string) string {
	for _, f := range r.Facts {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// Codes of problems. Those ending in _INVALID are errors, the others warnings,
// except CodeKindUnknown.
const (
	CodeKindUnknown        = "KIND_UNKNOWN"
	CodeUSCC               = "USCC_INVALID"
	CodeRegistrationNumber = "REGISTRATION_NUMBER_INVALID"
	CodeOrganizationCode   = "ORGANIZATION_CODE_INVALID"
	CodeProjectCode        = "PROJECT_CODE_INVALID"
	CodeIssuedCode         = "ISSUED_CODE_INVALID"
	CodeDocumentNumber     = "DOCUMENT_NUMBER_INVALID"
	CodeName               = "NAME_INVALID"
	CodeOrganizationName   = "ORGANIZATION_NAME_INVALID"
	CodePhone              = "PHONE_INVALID"
	CodeLandline           = "LANDLINE_INVALID"
	CodeEmail              = "EMAIL_INVALID"
	CodeEthnicGroup        = "ETHNIC_GROUP_INVALID"
	CodeUsername           = "USERNAME_INVALID"

	WarnUSCCOrganizationCode = "USCC_ORGANIZATION_CODE_CHECK" // inner check of a USCC fails
	WarnUSCCPrefix           = "USCC_PREFIX_UNKNOWN"
	WarnProjectCode          = "PROJECT_CODE_CHECK" // a project code to be confirmed by hand
	WarnEntityTypePrefix     = "ENTITY_TYPE_PREFIX"
	WarnUsernameMobile       = "USERNAME_MOBILE_OWNER" // a mobile: fine only as the applicant's own
)

// Codes lists every code that a [Problem] of this package can bear.
func Codes() []string {
	return []string{
		CodeKindUnknown, CodeUSCC, CodeRegistrationNumber, CodeOrganizationCode, CodeProjectCode, CodeIssuedCode,
		CodeDocumentNumber, CodeName, CodeOrganizationName, CodePhone, CodeLandline, CodeEmail, CodeEthnicGroup, CodeUsername,
		WarnUSCCOrganizationCode, WarnUSCCPrefix, WarnProjectCode, WarnEntityTypePrefix, WarnUsernameMobile,
	}
}

// Reasons shared by several kinds. Those of one kind stand beside its rule.
const (
	reasonKind      = "unknown-kind"
	reasonTooLong   = "too-long"          // over MaxBytes
	reasonEncoding  = "encoding"          // not UTF-8
	reasonEmpty     = "empty"             // nothing but white space
	reasonControl   = "control-character" // Cc, Cf or another character that is not seen
	reasonMarks     = "combining-marks"   // more accents on one letter than any writing has
	reasonLength    = "length"
	reasonAlphabet  = "alphabet"
	reasonFormat    = "format"
	reasonCheck     = "check-character"
	reasonDivision  = "division"
	reasonBirthDate = "birth-date"
)

// Check normalizes value and checks it as kind. The calendar day of today in
// China (UTC+8) is the last possible birth date. All faults are reported, not
// only the first. A kind that doesn't exist gives a report with
// [CodeKindUnknown].
//
// A username that is a mobile number gets a warning, since nobody says here
// whose it is; registrations use [CheckUsername].
func Check(kind Kind, value string, today time.Time) Report {
	for i := range rules {
		if rules[i].kind == kind {
			return run(&rules[i], value, today)
		}
	}
	r := newReport(kind)
	r.Errors = append(r.Errors, Problem{Code: CodeKindUnknown, Reason: reasonKind})
	return r
}

func newReport(kind Kind) Report {
	return Report{Kind: kind, Errors: []Problem{}, Warnings: []Problem{}, Facts: []Fact{}}
}

func run(rule *rule, value string, today time.Time) Report {
	c := &checking{Report: newReport(rule.kind), code: rule.code, today: today}
	if trimmed, ok := c.admit(value); ok {
		c.Value = rule.normalize(trimmed)
		rule.check(c)
	}
	c.Valid = len(c.Errors) == 0
	if !c.Valid {
		c.Facts = []Fact{}
	}
	return c.Report
}

// checking is a report being written.
type checking struct {
	Report
	code  string // of every error of this kind
	today time.Time
}

func (c *checking) fail(reason, detail string) {
	c.Errors = append(c.Errors, Problem{Code: c.code, Reason: reason, Detail: detail})
}

func (c *checking) warn(code, reason, detail string) {
	c.Warnings = append(c.Warnings, Problem{Code: code, Reason: reason, Detail: detail})
}

func (c *checking) fact(name, value string) {
	if cap(c.Facts) == 0 {
		c.Facts = make([]Fact, 0, 4) // as many as any kind has
	}
	c.Facts = append(c.Facts, Fact{Name: name, Value: value})
}

// position writes a 0-based index as the 1-based detail of a problem.
func position(i int) string { return "position " + strconv.Itoa(i+1) }
