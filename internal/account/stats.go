package account

import "time"

// ReviewStats is what waits for a decision, and what was decided. Days are those of China, Since and Until included.
type ReviewStats struct {
	At        time.Time       `json:"at"` // by the rules' clock
	Since     string          `json:"since"`
	Until     string          `json:"until"`
	Queue     []ReviewQueue   `json:"queue"`
	Decisions []ReviewDay     `json:"decisions"` // a day and kind each, those without a decision too
	Times     []DecisionTimes `json:"time_to_decision"`
}

// ReviewQueue is what waits for one kind of decision. DueToday and Overdue are null where there is no deadline.
type ReviewQueue struct {
	Kind     string     `json:"kind"`
	Waiting  int64      `json:"waiting"`
	DueToday *int64     `json:"due_today"` // still in time
	Overdue  *int64     `json:"overdue"`
	OldestAt *time.Time `json:"oldest_at"` // when it was submitted
	Ages     ReviewAges `json:"ages"`
}

// ReviewAges counts by the time since submission, each range without its end: hours, then days of 24 hours.
type ReviewAges struct {
	UpToHour    int64 `json:"h0_1"`
	UpTo4Hours  int64 `json:"h1_4"`
	UpTo24Hours int64 `json:"h4_24"`
	UpTo3Days   int64 `json:"d1_3"`
	Older       int64 `json:"d3_more"`
}

// ReviewDay is what was decided on one day. An organization's reviewer rejects; staff find a mismatch.
type ReviewDay struct {
	Date       string `json:"date"`
	Kind       string `json:"kind"`
	Approved   int64  `json:"approved"`
	Rejected   int64  `json:"rejected"`
	Mismatched int64  `json:"mismatched"`
}

// DecisionTimes is how long the decisions of one kind took from submission: null without any.
type DecisionTimes struct {
	Kind          string   `json:"kind"`
	Decided       int64    `json:"decided"`
	MedianSeconds *float64 `json:"median_seconds"`
	P90Seconds    *float64 `json:"p90_seconds"` // nine of ten took no longer
}

// SMSStats is what waits in the outbox, and what became of the messages that were written from Since to Until, days of China.
type SMSStats struct {
	At       time.Time     `json:"at"` // by the rules' clock
	Since    string        `json:"since"`
	Until    string        `json:"until"`
	Backlog  SMSBacklog    `json:"backlog"`
	Kinds    []SMSKind     `json:"kinds"`
	Days     []SMSDay      `json:"days"` // a day and kind each, those without a message too
	Attempts []SMSAttempts `json:"attempts"`
	Answers  []SMSAnswer   `json:"answers"` // the ten most frequent
}

// SMSBacklog is what waits now, whenever it was written. Later is what waits for its next try.
type SMSBacklog struct {
	Due         int64      `json:"due"`
	OldestDueAt *time.Time `json:"oldest_due_at"`
	AgeSeconds  float64    `json:"age_seconds"` // since OldestDueAt
	Later       int64      `json:"later"`
	Sending     int64      `json:"sending"`
}

// SMSKind counts one kind of message by status.
type SMSKind struct {
	Kind    string `json:"kind"`
	Queued  int64  `json:"queued"`
	Sending int64  `json:"sending"`
	Sent    int64  `json:"sent"`
	Dead    int64  `json:"dead"`
	Unknown int64  `json:"unknown"`
}

// SMSDay counts the messages of a kind that were written on one day. Waiting are those that are queued or being sent.
type SMSDay struct {
	Date    string `json:"date"`
	Kind    string `json:"kind"`
	Sent    int64  `json:"sent"`
	Dead    int64  `json:"dead"`
	Unknown int64  `json:"unknown"`
	Waiting int64  `json:"waiting"`
}

// SMSAttempts counts the messages that were tried so often.
type SMSAttempts struct {
	Attempts int   `json:"attempts"`
	Messages int64 `json:"messages"`
}

// SMSAnswer counts the messages whose last try ended with a code, the gateway's or ours.
type SMSAnswer struct {
	Code     string `json:"code"`
	Messages int64  `json:"messages"`
}

// AuditState is how far the audit has come.
type AuditState struct {
	Events   int64      `json:"events"` // counted up to AuditCounted
	NewestAt *time.Time `json:"newest_at"`
}

// AuditCounted is how many events are counted at most.
const AuditCounted = 1_000_000
