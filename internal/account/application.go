package account

import "time"

// Channel is the way an organization registers (guide 一).
type Channel string

// The channels.
const (
	Zhejiang      Channel = "zhejiang"       // 浙江省内
	OtherProvince Channel = "other-province" // 非浙江省
)

// Channels gives the channels that `register start` takes.
func Channels() []string { return []string{string(Zhejiang), string(OtherProvince)} }

// The statuses of an application.
const (
	Certified        = "certified"
	AwaitingIdentity = "awaiting-identity"
	PendingReview    = "pending-review"
	Approved         = "approved"
	Rejected         = "rejected"
	Withdrawn        = "withdrawn"
	Expired          = "expired"
)

// ApplicationStatuses gives the statuses of applications in the order in which they are reached.
func ApplicationStatuses() []string {
	return []string{Certified, AwaitingIdentity, PendingReview, Approved, Rejected, Withdrawn, Expired}
}

// The kinds of review.
const (
	ReviewNone         = "none"
	ReviewOrganization = "organization"
)

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
	Verification *VerificationID `json:"verification"`
	Warnings     []Warning       `json:"warnings"`
	Next         []Step          `json:"next"`
	CreatedAt    time.Time       `json:"created_at"`
	UpdatedAt    time.Time       `json:"updated_at"`
	ExpiresAt    *time.Time      `json:"expires_at"`
}

// Organization is the company, body or project that owns accounts. ID is null until its first user is created.
type Organization struct {
	ID           *OrganizationID `json:"id"`
	Name         string          `json:"name"`
	UnitCode     string          `json:"unit_code"`
	UnitCodeType string          `json:"unit_code_type"`
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
}

// Review tells who decides an application and what was decided. DecidedBy is an account's id.
type Review struct {
	Kind      string     `json:"kind"`
	DueAt     *time.Time `json:"due_at"`
	DecidedAt *time.Time `json:"decided_at"`
	DecidedBy *string    `json:"decided_by"`
	Channel   *string    `json:"channel"`
	Reason    *string    `json:"reason"`
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

// NextSteps names the commands that move an application in a status on. id stands in the commands.
func NextSteps(id ApplicationID, status string, hasReviewer bool, lang Language) []Step {
	app := id.String()
	switch status {
	case Certified:
		return []Step{{"farenctl register user " + app, lang.Pick("create the user", "创建用户")}}
	case AwaitingIdentity:
		return []Step{{"farenctl verify face start --purpose register --for " + app, lang.Pick("the agent's face check", "经办人人脸认证")}}
	case PendingReview:
		if !hasReviewer {
			return []Step{{"farenctl register start", lang.Pick("the legal representative registers, then reviews", "法定代表人先注册,再进行审核")}}
		}
		return []Step{
			{"farenctl review approve " + app, lang.Pick("a reviewer approves, after a face check", "审核人通过人脸核验后同意")},
			{"farenctl review reject " + app + " --reason TEXT", lang.Pick("or rejects", "或拒绝")},
		}
	case Approved:
		return []Step{{"farenctl login <username>", lang.Pick("sign in", "登录")}}
	case Rejected, Withdrawn, Expired:
		return []Step{{"farenctl register start", lang.Pick("start a new application", "重新申请")}}
	}
	return []Step{}
}
