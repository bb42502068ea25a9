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

// MessageState is a message with all that is known of it, and the rules' time when it was read.
type MessageState struct {
	account.SMSState
	Params map[string]any
	At     time.Time
}

type messageStateRow struct {
	smsRow
	State json.RawMessage `db:"state"`
}

// Message reads one message of the outbox.
func (s *Store) Message(ctx context.Context, id account.SMSID) (MessageState, error) {
	row, found, err := one[messageStateRow](ctx, s, `SELECT `+smsColumns+`, api.message_state(sms_id) AS state FROM api.sms WHERE sms_id = $1`, id.UUID())
	if err == nil && !found {
		err = account.NewFault("SMS_NOT_FOUND")
	}
	if err != nil {
		return MessageState{}, err
	}
	var known struct {
		At           time.Time  `json:"at"`
		ExpiresAt    *time.Time `json:"expires_at"`
		ClaimedBy    *string    `json:"claimed_by"`
		ClaimedUntil *time.Time `json:"claimed_until"`
		Code         *codeState `json:"code"`
	}
	if _, err := result(row.State, &known); err != nil {
		return MessageState{}, err
	}
	m := row.message()
	state := MessageState{SMSState: account.SMSState{SMS: m.SMS, ClaimedBy: known.ClaimedBy, ClaimedUntil: utcp(known.ClaimedUntil), ExpiresAt: utcp(known.ExpiresAt)},
		Params: m.Params, At: known.At.UTC()}
	if known.Code != nil {
		code := known.Code.code()
		state.Code = &code
	}
	return state, nil
}

type codeState struct {
	account.SMSCode
	SMSID *account.SMSID `json:"sms_id"`
}

func (k codeState) code() account.SMSCode {
	c := k.SMSCode
	c.SentAt, c.ExpiresAt, c.UsedAt, c.SupersededAt = c.SentAt.UTC(), c.ExpiresAt.UTC(), utcp(c.UsedAt), utcp(c.SupersededAt)
	return c
}

// NumberLimits tells where a number stands with the limits of SMS codes.
func (s *Store) NumberLimits(ctx context.Context, phone Hex) (account.NumberLimits, error) {
	text, err := encode(map[string]any{"phone_index": phone})
	if err != nil {
		return account.NumberLimits{}, err
	}
	var row struct {
		Hour      int         `json:"hour"`
		HourLimit int         `json:"hour_limit"`
		Day       int         `json:"day"`
		DayLimit  int         `json:"day_limit"`
		NextAt    *time.Time  `json:"next_at"`
		Codes     []codeState `json:"codes"`
	}
	err = s.call(ctx, &row, `SELECT api.code_limits($1)`, text)
	limits := account.NumberLimits{Hour: row.Hour, HourLimit: row.HourLimit, Day: row.Day, DayLimit: row.DayLimit, NextAt: utcp(row.NextAt),
		Codes: convert(row.Codes, func(k codeState) account.NumberCode { return account.NumberCode{SMSCode: k.code(), Message: k.SMSID} })}
	return limits, err
}

// MessageFilter narrows a list of messages; empty fields do not. Since is inclusive, Until is not.
type MessageFilter struct {
	PhoneIndex  Hex                    `json:"phone_index"`
	UnitCode    *string                `json:"unit_code"`
	Kind        *string                `json:"kind"`
	Status      *string                `json:"status"`
	Application *account.ApplicationID `json:"-"`
	Since       *time.Time             `json:"since"`
	Until       *time.Time             `json:"until"`
	After       *account.SMSID         `json:"-"`
	Limit       int                    `json:"limit"`
}

// Messages lists the outbox, the newest first.
func (s *Store) Messages(ctx context.Context, f MessageFilter) ([]OutboxMessage, error) {
	if len(f.PhoneIndex) > 0 || f.UnitCode != nil {
		return s.findMessages(ctx, f)
	}
	rows, err := many[smsRow](ctx, s, `SELECT `+smsColumns+` FROM api.sms
		WHERE (CAST($1 AS text) IS NULL OR kind = $1) AND (CAST($2 AS text) IS NULL OR status = $2) AND (CAST($3 AS uuid) IS NULL OR application_id = $3)
		  AND (CAST($4 AS uuid) IS NULL OR (created_at, sms_id) < (SELECT p.created_at, p.sms_id FROM api.sms p WHERE p.sms_id = $4))
		  AND created_at >= coalesce(CAST($5 AS timestamptz), '-infinity') AND created_at < coalesce(CAST($6 AS timestamptz), 'infinity')
		ORDER BY created_at DESC, sms_id DESC LIMIT $7`,
		f.Kind, f.Status, (*uuid.UUID)(f.Application), (*uuid.UUID)(f.After), f.Since, f.Until, f.Limit)
	return convert(rows, smsRow.message), err
}

// findMessages lists messages of one number or organization, neither of which anybody can read.
func (s *Store) findMessages(ctx context.Context, f MessageFilter) ([]OutboxMessage, error) {
	text, err := encode(struct {
		MessageFilter
		ApplicationID *uuid.UUID `json:"application_id"`
		After         *uuid.UUID `json:"after"`
	}{f, (*uuid.UUID)(f.Application), (*uuid.UUID)(f.After)})
	if err != nil {
		return nil, err
	}
	var rows []smsRow
	err = s.call(ctx, &rows, `SELECT api.find_messages($1)`, text)
	return convert(rows, smsRow.message), err
}
