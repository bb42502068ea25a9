package postgres

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
)

// Caller is what a client says of itself with every change. RequestID is made before the first try, so that a retry is
// the same request. An idempotency key makes it the same request as an earlier command's; CommandHash says whether it is the same
// command, and ArgumentsHash whether it was given the same until this call; and Part tells several calls of one function within a command apart.
type Caller struct {
	RequestID      uuid.UUID               `json:"request_id"`
	IdempotencyKey string                  `json:"idempotency_key,omitempty"`
	ArgumentsHash  string                  `json:"arguments_hash,omitempty"`
	CommandHash    string                  `json:"command_hash,omitempty"`
	Part           int                     `json:"part,omitempty"`
	DryRun         bool                    `json:"dry_run,omitempty"`
	Ticket         string                  `json:"ticket,omitempty"`
	Reason         string                  `json:"reason,omitempty"`
	Language       account.Language        `json:"language,omitempty"`
	SessionOrg     *account.OrganizationID `json:"-"`
	SessionToken   Hex                     `json:"session_token_hash,omitempty"`
	IndexCheck     string                  `json:"index_check"`
	SealingKey     string                  `json:"sealing_key,omitempty"` // header of the key that it seals with
	// CaptchaID and CaptchaProof answer a captcha, where a step asks for one.
	CaptchaID    *uuid.UUID `json:"captcha_id,omitempty"`
	CaptchaProof Hex        `json:"captcha_proof,omitempty"`
	// Secret says that nobody may tell from what the call takes whether it put a message into the outbox.
	Secret bool `json:"-"`
}

// Hex is bytes that cross to the database as hexadecimal text; null when empty.
type Hex []byte

// MarshalJSON writes the hexadecimal text, or null.
func (h Hex) MarshalJSON() ([]byte, error) {
	if len(h) == 0 {
		return []byte("null"), nil
	}
	text := make([]byte, 0, 2*len(h)+2)
	return append(hex.AppendEncode(append(text, '"'), h), '"'), nil
}

// UnmarshalJSON reads hexadecimal text or null.
func (h *Hex) UnmarshalJSON(data []byte) error {
	var text *string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("decode hexadecimal: %w", err)
	}
	if text == nil {
		*h = nil
		return nil
	}
	raw, err := hex.DecodeString(*text)
	if err != nil {
		return fmt.Errorf("decode hexadecimal: %w", err)
	}
	*h = raw
	return nil
}

func (c Caller) encode() (string, error) {
	type plain Caller
	object := struct {
		plain
		SessionOrg *uuid.UUID `json:"session_org,omitempty"`
	}{plain: plain(c)}
	if c.SessionOrg != nil {
		id := c.SessionOrg.UUID()
		object.SessionOrg = &id
	}
	text, err := json.Marshal(object)
	if err != nil {
		return "", fmt.Errorf("encode the caller: %w", err)
	}
	return string(text), nil
}

// reply is what every function of the schema api answers.
type reply struct {
	Result   json.RawMessage   `json:"result"`
	Refused  []json.RawMessage `json:"refused"`
	Messages int               `json:"messages"` // that it put into the outbox
	Replayed bool              `json:"replayed"` // the answer to an earlier request of the same id or key
}

// call runs one function: query is constant text that selects one jsonb. A refusal becomes a fault.
func (s *Store) call(ctx context.Context, into any, query string, args ...any) error {
	_, err := s.ask(ctx, into, query, args...)
	return err
}

// ask is call that gives the whole answer.
func (s *Store) ask(ctx context.Context, into any, query string, args ...any) (reply, error) {
	var raw []byte
	err := s.exchange(ctx, query, func(q querier) error { return q.QueryRowxContext(ctx, query, args...).Scan(&raw) })
	if err != nil {
		return reply{}, err
	}
	return result(raw, into)
}

// result reads what a function answered into a value; nil: it is not wanted. A refusal becomes a fault.
func result(raw []byte, into any) (reply, error) {
	var answer reply
	if err := json.Unmarshal(raw, &answer); err != nil {
		return answer, fmt.Errorf("decode the database's answer: %w", err)
	}
	if len(answer.Refused) > 0 {
		err := refusal(answer.Refused)
		var f *account.Fault
		if answer.Replayed && errors.As(err, &f) {
			err = f.With("replayed", true)
		}
		return answer, err
	}
	if into == nil {
		return answer, nil
	}
	if err := json.Unmarshal(answer.Result, into); err != nil {
		return answer, fmt.Errorf("decode the database's result: %w", err)
	}
	return answer, nil
}

// change runs a function that changes something: its first argument is the caller. Every message that a change causes passes here, after
// its commit.
func (s *Store) change(ctx context.Context, c Caller, into any, query string, args ...any) error {
	_, err := s.changed(ctx, c, into, query, args...)
	return err
}

// changed is change that tells whether the answer is that of an earlier request of the same id or key.
func (s *Store) changed(ctx context.Context, c Caller, into any, query string, args ...any) (replayed bool, err error) {
	encoded, err := c.encode()
	if err != nil {
		return false, err
	}
	answer, err := s.ask(ctx, into, query, append([]any{encoded}, args...)...)
	s.replayed.Store(answer.Replayed)
	if err == nil && s.queued != nil && (answer.Messages > 0 && !answer.Replayed || c.Secret) {
		s.queued(ctx, c)
	}
	return answer.Replayed, err
}

// EarlierAnswer reads what a function answered under the caller's idempotency key; false: it was not called yet. A refusal becomes a fault.
func (s *Store) EarlierAnswer(ctx context.Context, c Caller, function string, into any) (bool, error) {
	encoded, err := c.encode()
	if err != nil {
		return false, err
	}
	const query = `SELECT coalesce(api.earlier_answer($1, $2), 'null')`
	var raw []byte
	if err := s.exchange(ctx, query, func(q querier) error { return q.QueryRowxContext(ctx, query, encoded, function).Scan(&raw) }); err != nil {
		return false, err
	}
	if string(raw) == "null" {
		return false, nil
	}
	s.replayed.Store(true)
	_, err = result(raw, into)
	return true, err
}

// encode writes an argument as JSON text.
func encode(v any) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode an argument: %w", err)
	}
	return string(text), nil
}

// changeWith is change with one JSON argument behind the caller.
func (s *Store) changeWith(ctx context.Context, c Caller, into any, query string, argument any) error {
	text, err := encode(argument)
	if err != nil {
		return err
	}
	return s.change(ctx, c, into, query, text)
}

// refusal makes a fault of a refused call: the first one leads, several are told together in its details.
func refusal(all []json.RawMessage) error {
	faults := make([]*account.Fault, len(all))
	for i, raw := range all {
		var err error
		if faults[i], err = refusedFault(raw); err != nil {
			return err
		}
	}
	first := faults[0]
	if len(faults) > 1 {
		objects := make([]map[string]any, len(faults))
		for i, f := range faults {
			objects[i] = f.Object(account.English)
		}
		details := map[string]any{"obstacles": objects}
		for k, v := range first.Details {
			details[k] = v
		}
		return &account.Fault{Code: first.Code, Details: details, All: faults}
	}
	return first
}

// refusedFault reads one refusal.
func refusedFault(raw json.RawMessage) (*account.Fault, error) {
	details := map[string]any{}
	if err := json.Unmarshal(raw, &details); err != nil {
		return nil, fmt.Errorf("decode a refusal: %w", err)
	}
	code, _ := details["code"].(string)
	delete(details, "code")
	readable(details)
	f := &account.Fault{Code: account.Code(code), Details: details}
	if named, ok := details["roles"].([]any); ok {
		roles := make([]string, len(named))
		for n, role := range named {
			roles[n], _ = role.(string)
		}
		f = needsRole(f, roles)
	}
	return f, nil
}

// readable turns the ids and times of a refusal's details into the form that people and scripts use.
func readable(details map[string]any) {
	rewrite := func(key string, format func(uuid.UUID) string) {
		text, ok := details[key].(string)
		if !ok {
			return
		}
		if id, err := uuid.Parse(text); err == nil {
			details[key] = format(id)
		}
	}
	inUTC(details)
	app := func(id uuid.UUID) string { return account.ApplicationID(id).String() }
	rewrite("application_id", app)
	if details["holder_kind"] == "account" {
		rewrite("holder_id", func(id uuid.UUID) string { return account.AccountID(id).String() })
	} else {
		rewrite("holder_id", app)
	}
}

// inUTC writes the times among details as all times are written, whatever the time zone of the database.
func inUTC(details map[string]any) {
	for key, value := range details {
		if text, ok := value.(string); ok {
			if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
				details[key] = at.UTC().Format(time.RFC3339Nano)
			}
		}
	}
}
