package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
)

// NewCode is an SMS code to be sent: its message sealed, its value as a keyed proof.
type NewCode struct {
	SMSID        uuid.UUID `json:"sms_id"`
	CodeID       uuid.UUID `json:"code_id"`
	Purpose      string    `json:"purpose"`
	PhoneIndex   Hex       `json:"phone_index"`
	PhoneMask    string    `json:"phone_mask"`
	PhoneSealed  Hex       `json:"phone_sealed"`
	ParamsSealed Hex       `json:"params_sealed"`
	Proof        Hex       `json:"proof"`
}

// RequestSMSCode puts a code's message in the outbox.
func (s *Store) RequestSMSCode(ctx context.Context, c Caller, code NewCode) (account.CodeRequest, error) {
	var row codeRow
	err := s.changeWith(ctx, c, &row, `SELECT api.request_sms_code($1, $2)`, code)
	return row.request(), err
}

type codeRow struct {
	SMSID     account.SMSID `json:"sms_id"`
	Purpose   string        `json:"purpose"`
	To        string        `json:"to_mask"`
	ExpiresAt time.Time     `json:"expires_at"`
	ResendAt  time.Time     `json:"resend_at"`
}

func (r codeRow) request() account.CodeRequest {
	return account.CodeRequest{ID: r.SMSID, Purpose: r.Purpose, To: r.To, ExpiresAt: r.ExpiresAt.UTC(), ResendAt: r.ResendAt.UTC()}
}

// OutboxMessage is a message as the outbox shows it: Params fill the text's public places, HasSealed tells that others
// stay sealed.
type OutboxMessage struct {
	account.SMS
	Params    map[string]any
	HasSealed bool
}

type smsRow struct {
	SMSID         uuid.UUID       `db:"sms_id" json:"sms_id"`
	Kind          string          `db:"kind" json:"kind"`
	ToMask        string          `db:"to_mask" json:"to_mask"`
	Params        json.RawMessage `db:"params" json:"params"`
	HasSealed     bool            `db:"has_sealed" json:"has_sealed"`
	ApplicationID *uuid.UUID      `db:"application_id" json:"application_id"`
	Status        string          `db:"status" json:"status"`
	Attempts      int             `db:"attempts" json:"attempts"`
	LastCode      *string         `db:"last_code" json:"last_code"`
	Reference     *string         `db:"reference" json:"reference"`
	NextAttemptAt *time.Time      `db:"next_attempt_at" json:"next_attempt_at"`
	SentAt        *time.Time      `db:"sent_at" json:"sent_at"`
	CreatedAt     time.Time       `db:"created_at" json:"created_at"`
}

const smsColumns = `sms_id, kind, to_mask, params, has_sealed, application_id, status, attempts, last_code, reference, next_attempt_at, sent_at, created_at`

func (r smsRow) message() OutboxMessage {
	m := OutboxMessage{HasSealed: r.HasSealed, SMS: account.SMS{ID: account.SMSID(r.SMSID), Kind: r.Kind, To: r.ToMask, Status: r.Status,
		Attempts: r.Attempts, LastCode: r.LastCode, Reference: r.Reference, NextAttemptAt: utcp(r.NextAttemptAt), SentAt: utcp(r.SentAt),
		Application: (*account.ApplicationID)(r.ApplicationID), CreatedAt: r.CreatedAt.UTC()}}
	// The column is our own JSON; without it the text keeps its places open.
	_ = json.Unmarshal(r.Params, &m.Params)
	return m
}

// Message reads one message of the outbox.
func (s *Store) Message(ctx context.Context, id account.SMSID) (OutboxMessage, error) {
	row, found, err := one[smsRow](ctx, s, `SELECT `+smsColumns+` FROM api.sms WHERE sms_id = $1`, id.UUID())
	if err == nil && !found {
		err = account.NewFault("SMS_NOT_FOUND")
	}
	return row.message(), err
}

// MessageFilter narrows a list of messages; empty fields do not.
type MessageFilter struct {
	Kind        string
	Status      string
	Application *account.ApplicationID
	After       *account.SMSID
	Limit       int
}

// Messages lists the outbox, the newest first.
func (s *Store) Messages(ctx context.Context, f MessageFilter) ([]OutboxMessage, error) {
	rows, err := many[smsRow](ctx, s, `SELECT `+smsColumns+` FROM api.sms
		WHERE ($1 = '' OR kind = $1) AND ($2 = '' OR status = $2) AND (CAST($3 AS uuid) IS NULL OR application_id = $3)
		  AND (CAST($4 AS uuid) IS NULL OR (created_at, sms_id) < (SELECT p.created_at, p.sms_id FROM api.sms p WHERE p.sms_id = $4))
		ORDER BY created_at DESC, sms_id DESC LIMIT $5`,
		f.Kind, f.Status, (*uuid.UUID)(f.Application), (*uuid.UUID)(f.After), f.Limit)
	return convert(rows, smsRow.message), err
}
