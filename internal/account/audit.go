package account

import (
	"time"

	"github.com/google/uuid"
)

// AuditEvent is one event of the audit. ID is its number, in the order in which events were written; gaps are attempts that came to nothing.
// At is by the rules' clock, RecordedAt by the server's. Organization is null where the event is of none.
type AuditEvent struct {
	ID           int64           `json:"event_id"`
	At           time.Time       `json:"at"`
	RecordedAt   time.Time       `json:"recorded_at"`
	Operator     string          `json:"operator"`
	Session      *SessionID      `json:"session"`
	Organization *OrganizationID `json:"organization_id"`
	Action       string          `json:"action"`
	Subject      EventSubject    `json:"subject"`
	Outcome      string          `json:"outcome"`
	Code         *Code           `json:"code"`
	Ticket       *string         `json:"ticket"`
	Reason       *string         `json:"reason"`
	RequestID    *uuid.UUID      `json:"request_id"`
	Details      map[string]any  `json:"details"`
}

// AuditExport is what was written into a file of events. SHA256 is of the file.
type AuditExport struct {
	File   string `json:"file"`
	Events int64  `json:"events"`
	First  *int64 `json:"first_event_id"`
	Last   *int64 `json:"last_event_id"`
	SHA256 string `json:"sha256"`
}

// AuditKey is a pair of keys for seals: PublicKey tells who sealed, and File holds what seals.
type AuditKey struct {
	Name          string `json:"name"`
	File          string `json:"file"`
	PublicKeyFile string `json:"public_key_file"`
	PublicKey     string `json:"public_key"`
}

// AuditSeal is a checkpoint that was made: of Events, New of them since the one before. File is null in a dry run.
type AuditSeal struct {
	Checkpoint int       `json:"checkpoint"`
	File       *string   `json:"file"`
	Events     int64     `json:"events"`
	New        int64     `json:"new_events"`
	Last       int64     `json:"last_event_id"`
	Root       string    `json:"root_hash"`
	At         time.Time `json:"sealed_at"`
	Key        string    `json:"key"`
}

// The outcomes of a verification of the audit, and what its file of leaves was good for.
const (
	AuditIntact = "intact"
	AuditBroken = "broken"

	LeavesGood    = "good"
	LeavesMissing = "missing"
	LeavesDamaged = "damaged"
)

// AuditCheck is whether the events are those that were sealed. Checkpoints are those that were looked at, the newest of which is of Events up
// to number Last. Unsealed are the events since, which nothing proves yet. Leaves is good, missing or damaged; with good ones Differences
// counts the events that are not as they were. FirstBad is null when all are. Evidence is null when it was not asked for.
type AuditCheck struct {
	Status      string            `json:"status"`
	Checkpoints int               `json:"checkpoints"`
	Newest      int               `json:"newest_checkpoint"`
	SealedAt    time.Time         `json:"sealed_at"`
	Events      int64             `json:"events"`
	Last        int64             `json:"last_event_id"`
	Unsealed    int64             `json:"unsealed_events"`
	Leaves      string            `json:"leaves"`
	Differences *AuditDifferences `json:"differences"`
	FirstBad    *AuditDifference  `json:"first_bad"`
	Evidence    *EvidenceCheck    `json:"evidence"`
}

// AuditDifferences counts the sealed events that are not as they were.
type AuditDifferences struct {
	Edited   int64 `json:"edited"`
	Removed  int64 `json:"removed"`
	Inserted int64 `json:"inserted"`
}

// What became of an event.
const (
	EventEdited    = "edited"
	EventRemoved   = "removed"
	EventInserted  = "inserted"
	EventUnknown   = "changed"    // some event of several was edited, removed or inserted
	CheckpointsTwo = "checkpoint" // two checkpoints contradict each other
)

// AuditDifference is the first event that is not as it was. EventID is null when the leaves are not there to tell it: then it is one behind After,
// up to UpTo, the last events of two checkpoints. At is when the event was, where it is still there.
type AuditDifference struct {
	EventID *int64     `json:"event_id"`
	What    string     `json:"what"`
	At      *time.Time `json:"at"`
	After   int64      `json:"after_event_id"`
	UpTo    int64      `json:"up_to_event_id"`
}

// EvidenceCheck is what became of the proofs that were kept of checks. NotChecked are those that this login or keyring cannot look at, and Why
// the code that tells the reason. FirstBad is a check that passed, and whose proof does not hold.
type EvidenceCheck struct {
	All        int             `json:"all"`
	Good       int             `json:"good"`
	Bad        int             `json:"bad"`
	NotChecked int             `json:"not_checked"`
	Why        *Code           `json:"why"`
	FirstBad   *VerificationID `json:"first_bad"`
}
