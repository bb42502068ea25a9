package account

import (
	"strings"
	"time"
)

// The outcomes of a face check.
const (
	Pending      = "pending"
	Passed       = "passed"
	Failed       = "failed"
	ManualReview = "manual-review"
)

// FaceOutcomes gives the outcomes that the sandbox can play.
func FaceOutcomes() []string { return []string{Passed, Failed, ManualReview, Expired} }

// The purposes of a face check.
const (
	PurposeRegister = "register"
	PurposeReview   = "review"
	PurposeRecover  = "recover"
	PurposeAgent    = "agent"
)

// The purposes of SMS codes beside PurposeRegister and PurposeRecover.
const (
	PurposeAgentAdd    = "agent-add"
	PurposeAgentUpdate = "agent-update"
)

// CodePurposes gives the purposes of the codes that are sent to a number that somebody names.
func CodePurposes() []string {
	return []string{PurposeRegister, PurposeAgentAdd, PurposeAgentUpdate}
}

// FacePurposes gives the purposes of face checks.
func FacePurposes() []string {
	return []string{PurposeRegister, PurposeReview, PurposeRecover, PurposeAgent}
}

// PurposeSignIn is of a sign-in of an organization by certificate or e-licence, which only login begins.
const PurposeSignIn = "sign-in"

// Verification is one face check of one person for one purpose, or one proof of an organization that signs in by certificate or
// e-licence. Subject is the id of the application, recovery, account or organization that it is for. Failure says why a failed one failed: face-check,
// identity-mismatch, resolved.
type Verification struct {
	ID          VerificationID `json:"id"`
	Purpose     string         `json:"purpose"`
	Subject     string         `json:"subject"`
	Provider    string         `json:"provider"`
	Status      string         `json:"status"`
	Failure     *string        `json:"failure"`
	QRURI       string         `json:"qr_uri"`
	UserCode    *string        `json:"user_code"` // to be typed where the QR code does not hold it
	CreatedAt   time.Time      `json:"created_at"`
	CompletedAt *time.Time     `json:"completed_at"`
	UsedAt      *time.Time     `json:"used_at"`
	ExpiresAt   time.Time      `json:"expires_at"`
}

// FaceEvidence is the proof of a check by OpenID Connect, checked again with the keys that were kept: whether the token was a good one at
// its time, whether it names the person whom the check was for, and whether its key is still published, null where the provider cannot
// be asked. Problem is why the token is not good.
type FaceEvidence struct {
	Verification  VerificationID `json:"verification"`
	Status        string         `json:"status"`
	Issuer        string         `json:"issuer"`
	KeyID         string         `json:"key_id"`
	KeyPublished  *bool          `json:"key_published"`
	IssuedAt      time.Time      `json:"issued_at"`
	AuthTime      time.Time      `json:"auth_time"`
	AMR           []string       `json:"amr"`
	TokenValid    bool           `json:"token_valid"`
	PersonMatches bool           `json:"person_matches"`
	Problem       *string        `json:"problem"`
}

// Recovery is one try to get a user name or password back (guide 一.5). Username is told after the proof only; so is ProvenBy, which is
// sms or face. Whether there is an account is not told before either. ExpiresAt is the end of the time for the proof, and after it of that
// for the reset.
type Recovery struct {
	ID        RecoveryID `json:"id"`
	Status    string     `json:"status"` // started, proven, reset, expired
	By        string     `json:"by"`
	Methods   []string   `json:"methods"`
	ProvenBy  *string    `json:"proven_by"`
	Username  *string    `json:"username"`
	Next      []Step     `json:"next"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
}

// The statuses of a recovery.
const (
	RecoveryStarted = "started"
	RecoveryProven  = "proven"
	RecoveryReset   = "reset"
)

// RecoveryMethods gives the ways to name an account (guide 一.5: 找回方式).
func RecoveryMethods() []string { return []string{"username", "phone", "document"} }

// RecoverySteps names the commands that move a recovery on.
func RecoverySteps(r Recovery, lang Language) []Step {
	id := r.ID.String()
	switch r.Status {
	case RecoveryStarted:
		return []Step{
			{"farenctl verify sms --for " + id, lang.Pick("a code to the account's phone", "向账号手机号发送验证码")},
			{"farenctl recover verify " + id + " --sms-code S", lang.Pick("the proof by that code", "以验证码验证")},
			{"farenctl verify face start --purpose recover --for " + id, lang.Pick("or a face check of the agent", "或经办人人脸认证")},
			{"farenctl recover verify " + id + " --verification V", lang.Pick("the proof by that check", "以人脸认证验证")},
		}
	case RecoveryProven:
		return []Step{{"farenctl recover reset " + id + " --password-file F", lang.Pick("set a new password", "重置密码")}}
	case RecoveryReset:
		username := "<username>"
		if r.Username != nil && !strings.Contains(*r.Username, "*") {
			username = *r.Username
		}
		return []Step{{"farenctl login " + username, lang.Pick("sign in", "登录")}}
	}
	return []Step{{"farenctl recover start", lang.Pick("start again", "重新找回")}}
}

// VerificationOutcome is a face check and the application that it was for; null when it was for something else.
type VerificationOutcome struct {
	Verification
	Application *Application `json:"application"`
}

// The statuses of an account. Locked is an active one whose user name is locked for its failed sign-ins.
const (
	AccountPending     = "pending"
	AccountActive      = "active"
	AccountLocked      = "locked"
	AccountDisabled    = "disabled"
	AccountDeactivated = "deactivated"
)

// AccountStatuses gives the statuses of accounts.
func AccountStatuses() []string {
	return []string{AccountPending, AccountActive, AccountLocked, AccountDisabled, AccountDeactivated}
}

// The roles of an account.
const (
	RoleRepresentative = "legal-representative"
	RoleAdministrator  = "administrator"
	RoleAgent          = "agent"
)

// Roles gives the roles of accounts.
func Roles() []string { return []string{RoleRepresentative, RoleAdministrator, RoleAgent} }

// Account is an agent's account in one organization, masked.
type Account struct {
	ID           AccountID  `json:"id"`
	Status       string     `json:"status"`
	Role         string     `json:"role"`
	Username     string     `json:"username"`
	Organization AccountOrg `json:"organization"`
	Agent        Agent      `json:"agent"`
	LockedUntil  *time.Time `json:"locked_until"`
	CreatedAt    time.Time  `json:"created_at"`
	UpdatedAt    time.Time  `json:"updated_at"`
}

// AccountOrg is the organization of an account.
type AccountOrg struct {
	OrgRef
	UnitCodeType string `json:"unit_code_type"`
}

// Session is a signed-in person: of an account, or the applicant of an application that staff compare, who sees its state and
// nothing else, or whoever acts for an organization by its certificate or e-licence (Kind certificate, e-licence), without an account:
// Verification is then the proof. The token is never shown.
type Session struct {
	ID           SessionID         `json:"id"`
	Kind         string            `json:"kind"`
	AccountID    *AccountID        `json:"account_id"`
	Application  *ApplicationState `json:"application"`
	Username     *string           `json:"username"`
	AgentName    string            `json:"agent_name"`
	Role         *string           `json:"role"`
	Organization OrgRef            `json:"organization"`
	Status       string            `json:"status"`
	Verification *VerificationID   `json:"verification"`
	CreatedAt    time.Time         `json:"created_at"`
	LastSeenAt   time.Time         `json:"last_seen_at"`
	ExpiresAt    time.Time         `json:"expires_at"`
	RevokedAt    *time.Time        `json:"revoked_at"`
}

// ApplicationState is what an applicant may know of their application. Reason is why it was found mismatched.
type ApplicationState struct {
	ID     ApplicationID `json:"id"`
	Status string        `json:"status"`
	DueAt  *time.Time    `json:"due_at"`
	Reason *string       `json:"reason"`
}

// OrgRef names an organization.
type OrgRef struct {
	ID       OrganizationID `json:"id"`
	Name     string         `json:"name"`
	UnitCode string         `json:"unit_code"`
}

// SMS is one message of the outbox. To and Text are masked unless revealed; Segments counts the SMS of the text. LastCode is why it is not
// sent yet or will not be, in the gateway's words or ours; Reference is the gateway's own name of it.
type SMS struct {
	ID          SMSID          `json:"id"`
	Kind        string         `json:"kind"`
	To          string         `json:"to"`
	Status      string         `json:"status"`
	Attempts    int            `json:"attempts"`
	LastCode    *string        `json:"last_code"`
	Reference   *string        `json:"reference"`
	Text        string         `json:"text"`
	Segments    int            `json:"segments"`
	Application *ApplicationID `json:"application"`
	CreatedAt   time.Time      `json:"created_at"`
	// NextAttemptAt is when a queued one is due, SentAt when the gateway took it.
	NextAttemptAt *time.Time `json:"next_attempt_at"`
	SentAt        *time.Time `json:"sent_at"`
	// Revealed is the field that was revealed, if one was.
	Revealed string `json:"revealed,omitempty"`
}

// Reveal is a sealed field that was shown in clear: Shown is how many its operator was shown today, of Limit; Until is when the next day
// begins, in China.
type Reveal struct {
	Field string    `json:"field"`
	Shown int       `json:"shown"`
	Limit int       `json:"limit"`
	Until time.Time `json:"until"`
}

// SMSStatuses gives the states of a message.
func SMSStatuses() []string { return []string{"queued", "sending", "sent", "dead", "unknown"} }

// Dispatch tells what a run of the dispatcher did. Failed ones are tried again; Dead and Unknown, those that were found expired or left by
// another process among them, are not.
type Dispatch struct {
	Claimed int `json:"claimed"`
	Sent    int `json:"sent"`
	Failed  int `json:"failed"`
	Dead    int `json:"dead"`
	Unknown int `json:"unknown"`
}

// Captcha is a picture to be answered with --captcha ID:ANSWER.
type Captcha struct {
	ID        CaptchaID `json:"id"`
	ExpiresAt time.Time `json:"expires_at"`
}

// CodeRequest is what asking for an SMS code answers.
type CodeRequest struct {
	ID        SMSID     `json:"id"`
	Purpose   string    `json:"purpose"`
	To        string    `json:"to"`
	ExpiresAt time.Time `json:"expires_at"`
	ResendAt  time.Time `json:"resend_at"`
}

// RegisterEntry is an organization in the business register, its representative masked.
type RegisterEntry struct {
	UnitCode            string         `json:"unit_code"`
	Name                string         `json:"name"`
	LegalRepresentative Representative `json:"legal_representative"`
	Status              string         `json:"status"`
	RegistrationNumber  *string        `json:"registration_number"`
	OrganizationCode    *string        `json:"organization_code"`
	UpdatedAt           time.Time      `json:"updated_at"`
}

// Representative is a legal representative, masked.
type Representative struct {
	Name           string `json:"name"`
	DocumentType   string `json:"document_type"`
	DocumentNumber string `json:"document_number"`
}

// RegisterStats counts the business register.
type RegisterStats struct {
	Total     int64      `json:"total"`
	Active    int64      `json:"active"`
	Revoked   int64      `json:"revoked"`
	Cancelled int64      `json:"cancelled"`
	Zhejiang  int64      `json:"zhejiang"`
	UpdatedAt *time.Time `json:"updated_at"`
}

// ImportResult tells what an import of the register did. Rejected are the rows that were not taken.
type ImportResult struct {
	Rows     int64         `json:"rows"`
	Added    int64         `json:"added"`
	Replaced int64         `json:"replaced"`
	Rejected []RejectedRow `json:"rejected"`
}

// RejectedRow is one line of a file that was not taken; Line counts from 1 and includes the header.
type RejectedRow struct {
	Line   int64  `json:"line"`
	Field  string `json:"field,omitempty"`
	Code   Code   `json:"code"`
	Reason string `json:"reason,omitempty"`
	Later  int64  `json:"later,omitempty"`
}

// Fault is the rejected row as a fault.
func (r RejectedRow) Fault() *Fault {
	f := NewFault(r.Code)
	f.Details = map[string]any{"line": r.Line}
	if r.Field != "" {
		f.Details["field"] = r.Field
	}
	if r.Reason != "" {
		f.Details["reason"] = r.Reason
	}
	if r.Later != 0 {
		f.Details["later"] = r.Later
	}
	return f
}

// Page is a part of a list; NextToken is empty at the end.
type Page[T any] struct {
	Items     []T
	NextToken string
}
