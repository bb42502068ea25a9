package account

import (
	"strings"
	"time"
)

// Channel is the way an organization registers (guide 一).
type Channel string

// The channels.
const (
	Zhejiang      Channel = "zhejiang"       // 浙江省内
	OtherProvince Channel = "other-province" // 非浙江省
	Overseas      Channel = "overseas"       // 非中华人民共和国大陆地区
	Project       Channel = "project"        // 无任何证照的临时项目工程
)

// Channels gives the channels that `register start` takes.
func Channels() []string { return append(CertifiedChannels(), string(Overseas), string(Project)) }

// CertifiedChannels gives the channels whose organizations are certified against the business register (guide 一.1, 一.2).
func CertifiedChannels() []string { return []string{string(Zhejiang), string(OtherProvince)} }

// Manual tells the channels whose applications staff compare with their documents (guide 一.3, 一.4: 人工认证渠道).
func (c Channel) Manual() bool { return c == Overseas || c == Project }

// The statuses of an application.
const (
	Certified         = "certified"
	AwaitingIdentity  = "awaiting-identity"
	AwaitingUnit      = "awaiting-unit"
	AwaitingUser      = "awaiting-user"
	PendingReview     = "pending-review"
	PendingComparison = "pending-comparison"
	Mismatched        = "mismatched"
	Approved          = "approved"
	Rejected          = "rejected"
	Withdrawn         = "withdrawn"
	Expired           = "expired"
)

// ApplicationStatuses gives the statuses of applications in the order in which they are reached.
func ApplicationStatuses() []string {
	return []string{Certified, AwaitingIdentity, AwaitingUnit, AwaitingUser, PendingReview, PendingComparison, Mismatched, Approved, Rejected, Withdrawn, Expired}
}

// The kinds of review.
const (
	ReviewNone         = "none"
	ReviewOrganization = "organization"
	ReviewComparison   = "comparison"
)

// ReviewKinds gives the kinds of review that somebody decides.
func ReviewKinds() []string { return []string{ReviewOrganization, ReviewComparison} }

// Application is one registration on its way to becoming an account, as scripts see it. Personal fields are masked.
type Application struct {
	ID           ApplicationID   `json:"id"`
	Channel      Channel         `json:"channel"`
	Status       string          `json:"status"`
	Organization Organization    `json:"organization"`
	Agent        *Agent          `json:"agent"`
	Username     *string         `json:"username"`
	Role         *string         `json:"role"`
	AccountID    *AccountID      `json:"account_id"`
	Review       Review          `json:"review"`
	Documents    []Document      `json:"documents"`
	Verification *VerificationID `json:"verification"`
	Warnings     []Warning       `json:"warnings"`
	Next         []Step          `json:"next"`
	CreatedAt    time.Time       `json:"created_at"`
	UpdatedAt    time.Time       `json:"updated_at"`
	ExpiresAt    *time.Time      `json:"expires_at"`
}

// Organization is the company, body or project that owns accounts. ID is null until an application has its user; so are the
// unit code of an overseas organization that is not known yet, which is issued then, and all of a project before `register unit`.
type Organization struct {
	ID           *OrganizationID `json:"id"`
	Name         *string         `json:"name"`
	UnitCode     *string         `json:"unit_code"`
	UnitCodeType *string         `json:"unit_code_type"`
	EntityType   *string         `json:"entity_type"`
}

// Agent is the natural person who registers and uses an account, masked.
type Agent struct {
	Name           string  `json:"name"`
	DocumentType   string  `json:"document_type"`
	DocumentNumber string  `json:"document_number"`
	Phone          string  `json:"phone"`
	Email          *string `json:"email"`
	Landline       *string `json:"landline"`
	EthnicGroup    *string `json:"ethnic_group"`
}

// Review tells who decides an application and what was decided. DueAt is when staff should have compared it. DecidedBy is an
// account's id, or that of the session when it was the organization's own (by certificate or e-licence), or of a comparison the login of
// the operator.
type Review struct {
	Kind      string     `json:"kind"`
	DueAt     *time.Time `json:"due_at"`
	DecidedAt *time.Time `json:"decided_at"`
	DecidedBy *string    `json:"decided_by"`
	Channel   *string    `json:"channel"`
	Reason    *string    `json:"reason"`
}

// The kinds of documents (guide 一.3, 一.4).
const (
	DocumentLicence = "licence"        // 单位开业证书信息页
	DocumentAgent   = "agent-document" // 经办人证件信息页
	DocumentProof   = "proof"          // 盖有业务单位章的证明文件
)

// DocumentKinds gives the kinds of documents.
func DocumentKinds() []string { return []string{DocumentLicence, DocumentAgent, DocumentProof} }

// Document describes a scan without its picture. Size is in bytes, SHA256 hexadecimal and of the file as it was uploaded.
type Document struct {
	ID        DocumentID `json:"id"`
	Kind      string     `json:"kind"`
	Size      int        `json:"size"`
	Width     int        `json:"width"`
	Height    int        `json:"height"`
	SHA256    string     `json:"sha256"`
	CreatedAt time.Time  `json:"created_at"`
}

// ExpiredApplication is what a sweep ended. Was is the status that it had.
type ExpiredApplication struct {
	ID        ApplicationID `json:"id"`
	Channel   Channel       `json:"channel"`
	Was       string        `json:"was"`
	ExpiredAt time.Time     `json:"expired_at"`
}

// Warning is something odd that did not stop a step.
type Warning struct {
	Code   Code   `json:"code"`
	Reason string `json:"reason,omitempty"`
	Found  string `json:"found,omitempty"`
}

// Message tells the warning in the language.
func (w Warning) Message(lang Language) string {
	f := NewFault(w.Code)
	if w.Found != "" {
		f = NewFault(w.Code, "found", w.Found)
	}
	return f.Message(lang, time.UTC)
}

// Step is a command that comes next.
type Step struct {
	Command string `json:"command"`
	Why     string `json:"why"`
}

// ComparisonMessage is what the portal says when an application was put before staff, in the guide's words (guide 一.3, 一.4).
func ComparisonMessage(lang Language) string {
	return lang.Pick("Your information has been submitted! It will be compared within 1 working day; please be patient. You can sign in with the user name and password just set to see the result.",
		"您的信息已提交!将于1个工作日内完成比对,请耐心等待。您可以使用刚才设置的用户名密码登陆,查看比对结果")
}

// NextSteps names the commands that move an application on. Of a of which only id, channel and status are known it names as many.
// hasReviewer tells whether the organization has anybody to decide.
func NextSteps(a Application, hasReviewer bool, lang Language) []Step {
	app := a.ID.String()
	username := "<username>"
	if a.Username != nil && !strings.Contains(*a.Username, "*") {
		username = *a.Username
	}
	switch a.Status {
	case Certified:
		return []Step{{"farenctl register user " + app, lang.Pick("create the user", "创建用户")}}
	case AwaitingIdentity:
		return []Step{{"farenctl verify face start --purpose register --for " + app, lang.Pick("the agent's face check", "经办人人脸认证")}}
	case AwaitingUnit:
		return []Step{{"farenctl register unit " + app + " --has-uscc-document=false --organization-name N --unit-code C --proof-file F.jpg", lang.Pick("state the unit", "法人单位信息比对")}}
	case AwaitingUser:
		return []Step{{"farenctl register user " + app + " --username U --password-file F", lang.Pick("set user name and password", "创建用户")}}
	case PendingReview:
		if !hasReviewer {
			unitCode := "C"
			if o := a.Organization; o.UnitCode != nil {
				unitCode = *o.UnitCode
			}
			const operator = " --operator-name N --operator-document-number D"
			return []Step{
				{"farenctl register start", lang.Pick("the legal representative registers, then reviews", "法定代表人先注册，再进行审核")},
				{"farenctl login --certificate C --key K" + operator, lang.Pick("or the organization's certificate reviews", "或以法人数字证书登录审核")},
				{"farenctl login --e-licence --unit-code " + unitCode + operator, lang.Pick("or its e-licence", "或以电子营业执照登录审核")},
			}
		}
		return []Step{
			{"farenctl review approve " + app, lang.Pick("a reviewer approves, after a face check", "审核人通过人脸核验后同意")},
			{"farenctl review reject " + app + " --reason TEXT", lang.Pick("or rejects", "或拒绝")},
		}
	case PendingComparison:
		return []Step{
			{"farenctl login " + username, lang.Pick("the applicant sees the result", "申请人查看比对结果")},
			{"farenctl review approve " + app, lang.Pick("staff compare: they agree", "工作人员比对通过")},
			{"farenctl review reject " + app + " --reason TEXT", lang.Pick("or do not", "或比对不通过")},
		}
	case Mismatched:
		resubmit := "farenctl register resubmit " + app
		if a.Channel == Project {
			resubmit += " --proof-file F.jpg"
		} else {
			resubmit += " --licence-file F.jpg --agent-document-file G.jpg"
		}
		return []Step{{resubmit, lang.Pick("upload again what the reason names, or correct it", "按告知的原因重新上传资料提交")}}
	case Approved:
		return []Step{{"farenctl login " + username, lang.Pick("sign in", "登录")}}
	case Rejected, Withdrawn, Expired:
		return []Step{{"farenctl register start", lang.Pick("start a new application", "重新申请")}}
	}
	return []Step{}
}
