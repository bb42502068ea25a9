package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
)

// ClaimWanted says which messages to claim: at most Limit; with Request only those that this change caused.
type ClaimWanted struct {
	Limit   int        `json:"limit"`
	Request *uuid.UUID `json:"request_id,omitempty"`
}

// Claim is what a process has to send, and tell of before Lives has passed. Expired messages became dead and Lost ones unknown meanwhile.
type Claim struct {
	ID       uuid.UUID
	Lives    time.Duration
	Messages []ClaimedMessage
	Expired  int
	Lost     int
}

// ClaimedMessage is a message to send: its number, and if Sealed is there the parameters of its text that only the keyring opens.
type ClaimedMessage struct {
	ID     uuid.UUID      `json:"sms_id"`
	Kind   string         `json:"kind"`
	Params map[string]any `json:"params"`
	To     *SealedField   `json:"to"`
	Sealed *SealedField   `json:"sealed"`
}

// ClaimMessages takes messages that are due into this process's hands; no other gets them.
func (s *Store) ClaimMessages(ctx context.Context, c Caller, wanted ClaimWanted) (Claim, error) {
	var row struct {
		ID       uuid.UUID        `json:"claim_id"`
		Seconds  int64            `json:"seconds"`
		Expired  int              `json:"expired"`
		Lost     int              `json:"lost"`
		Messages []ClaimedMessage `json:"messages"`
	}
	err := s.changeWith(ctx, c, &row, `SELECT api.claim_messages($1, $2)`, wanted)
	return Claim{ID: row.ID, Lives: time.Duration(row.Seconds) * time.Second, Messages: row.Messages, Expired: row.Expired, Lost: row.Lost}, err
}

// OutcomeReleased gives a message back that was claimed and not tried. The other outcomes are those of package sms.
const OutcomeReleased = "released"

// Settlement tells what became of one claimed message.
type Settlement struct {
	ID        uuid.UUID `json:"sms_id"`
	Outcome   string    `json:"outcome"`
	Code      string    `json:"code,omitempty"`
	Reference string    `json:"reference,omitempty"`
}

// SettleCounts are how many of the settled messages became what; Ignored ones were no longer the claim's.
type SettleCounts struct {
	Sent, Failed, Dead, Unknown, Released, Ignored int
}

// SettleMessages tells what became of messages of one claim.
func (s *Store) SettleMessages(ctx context.Context, c Caller, claim uuid.UUID, results []Settlement) (SettleCounts, error) {
	var counts SettleCounts
	err := s.changeWith(ctx, c, &counts, `SELECT api.settle_messages($1, $2)`, map[string]any{"claim_id": claim, "results": results})
	return counts, err
}

// RetryMessage queues a message again that is dead or unknown.
func (s *Store) RetryMessage(ctx context.Context, c Caller, id account.SMSID) error {
	return s.change(ctx, c, nil, `SELECT api.retry_message($1, $2)`, id.UUID())
}
