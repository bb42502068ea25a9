package account

import "time"

// RecordRef names a record: Kind is application, account, verification, recovery, session or message, ID its readable id.
type RecordRef struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Holder is the record that is in somebody's way, with what tells it apart, masked.
type Holder struct {
	RecordRef
	Status   string `json:"status"`
	Name     string `json:"name"`
	Phone    string `json:"phone"`
	Username string `json:"username"`
	Role     string `json:"role"`
}

// Cause is one thing that keeps somebody from going on. Code is of the table, When what they are doing as they meet it. Blocking ones stop
// them; the others are how things stand. Symptom tells that the ticket's own words mean this code. Until is when it passes by itself.
type Cause struct {
	Code         Code            `json:"code"`
	When         string          `json:"when"`
	Blocking     bool            `json:"blocking"`
	Symptom      bool            `json:"symptom"`
	Sees         Both            `json:"sees"`
	Why          Both            `json:"why"`
	Subject      *RecordRef      `json:"subject"`
	Holder       *Holder         `json:"holder"`
	Organization *OrganizationID `json:"organization_id"`
	Since        *time.Time      `json:"since"`
	Until        *time.Time      `json:"until"`
	Details      map[string]any  `json:"details"`
	Remedies     []Remedy        `json:"remedies"`
}

// Remedy is a command that ends a cause. Role is the group role of a database login that may run it, Session whose session it needs besides:
// reviewer (of the organization) or legal-representative; empty: none.
type Remedy struct {
	Command string `json:"command"`
	Role    string `json:"role"`
	Session string `json:"session"`
	Why     Both   `json:"why"`
}

// What somebody is doing as they meet a cause.
const (
	WhenRegister   = "register"
	WhenSignIn     = "sign-in"
	WhenFaceCheck  = "face-check"
	WhenSMSCode    = "sms-code"
	WhenAgentAdd   = "agent-add"
	WhenReview     = "review"
	WhenComparison = "comparison"
	WhenRecovery   = "recovery"
	WhenSession    = "session"
)

// OrganizationState is an organization as a ticket sees it. RegisterStatus is null where the business register does not have its code;
// Reviewers counts those who may decide, Waiting the applications that they have not decided; Represented: the legal representative has an
// active account.
type OrganizationState struct {
	Organization
	RegisterStatus *string `json:"register_status"`
	Reviewers      int     `json:"reviewers"`
	Represented    bool    `json:"represented"`
	Waiting        int     `json:"waiting"`
}

// Rejection is one that counts for the daily limit: Day in China, Slot the how-manieth of it.
type Rejection struct {
	Organization OrganizationID `json:"organization_id"`
	Application  ApplicationID  `json:"application"`
	Day          string         `json:"day"`
	Slot         int            `json:"slot"`
	At           time.Time      `json:"at"`
}

// Refusal is an attempt that was refused, as the audit has it.
type Refusal struct {
	At        time.Time `json:"at"`
	Action    string    `json:"action"`
	Code      Code      `json:"code"`
	Subject   RecordRef `json:"subject"`
	Operator  string    `json:"operator"`
	Ticket    *string   `json:"ticket"`
	RequestID *string   `json:"request_id"`
}

// Diagnosis answers a ticket: what keeps somebody from going on, and every record that the ticket is about, masked, the newest first. At is the
// time by the rules' clock. Symptoms are the codes, or names of situations,
// that the ticket's own words mean, the likeliest first: `explain` takes each.
type Diagnosis struct {
	At            time.Time           `json:"at"`
	Symptoms      []string            `json:"symptoms"`
	Causes        []Cause             `json:"causes"`
	Organizations []OrganizationState `json:"organizations"`
	Applications  []Application       `json:"applications"`
	Accounts      []Account           `json:"accounts"`
	Verifications []Verification      `json:"verifications"`
	Sessions      []Session           `json:"sessions"`
	Recoveries    []Recovery          `json:"recoveries"`
	Messages      []SMS               `json:"messages"`
	Rejections    []Rejection         `json:"rejections"`
	Refusals      []Refusal           `json:"refusals"`
}

// Empty tells that there is no record at all.
func (d Diagnosis) Empty() bool {
	return len(d.Causes)+len(d.Organizations)+len(d.Applications)+len(d.Accounts)+len(d.Verifications)+len(d.Sessions)+len(d.Recoveries)+len(d.Messages) == 0
}
