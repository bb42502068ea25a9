package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
)

// RecoverySelector is what somebody typed to name an account: Method username, phone or document, the index that goes with it, and a unit
// code with the last two. SelectorIndex is a keyed value of all of it.
type RecoverySelector struct {
	RecoveryID    uuid.UUID `json:"recovery_id"`
	Method        string    `json:"method"`
	UsernameIndex Hex       `json:"username_index"`
	PhoneIndex    Hex       `json:"phone_index"`
	DocumentIndex Hex       `json:"document_index"`
	UnitCode      *string   `json:"unit_code"`
	SelectorIndex Hex       `json:"selector_index"`
}

// RecoveryCode is a code to be sent to the phone of the account that a recovery means. Proof is a keyed value of recovery and code.
type RecoveryCode struct {
	RecoveryID   uuid.UUID `json:"recovery_id"`
	SMSID        uuid.UUID `json:"sms_id"`
	ParamsSealed Hex       `json:"params_sealed"`
	Proof        Hex       `json:"proof"`
}

// RecoveryProof is one of a code and a face check.
type RecoveryProof struct {
	CodeProof      Hex        `json:"code_proof"`
	VerificationID *uuid.UUID `json:"verification_id"`
}

// NewPassword is a password as the client derived it. SMSID is of the message to the agent.
type NewPassword struct {
	Params  json.RawMessage `json:"params"`
	Salt    Hex             `json:"salt"`
	Derived Hex             `json:"derived"`
	Advice  []string        `json:"advice"`
	SMSID   uuid.UUID       `json:"sms_id"`
}

type recoveryRow struct {
	RecoveryID account.RecoveryID `json:"recovery_id"`
	Method     string             `json:"method"`
	Status     string             `json:"status"`
	ProvenBy   *string            `json:"proven_by"`
	Username   *string            `json:"username"`
	Sealed     *SealedField       `json:"username_sealed"`
	CreatedAt  time.Time          `json:"created_at"`
	ExpiresAt  time.Time          `json:"expires_at"`
}

// FoundRecovery is a recovery, and its account's user name sealed: after the proof only.
type FoundRecovery struct {
	account.Recovery
	Sealed *SealedField
}

func (r recoveryRow) recovery() FoundRecovery {
	return FoundRecovery{Sealed: r.Sealed, Recovery: account.Recovery{ID: r.RecoveryID, Status: r.Status, By: r.Method, Methods: []string{"sms", "face"},
		ProvenBy: r.ProvenBy, Username: r.Username, Next: []account.Step{}, CreatedAt: r.CreatedAt.UTC(), ExpiresAt: r.ExpiresAt.UTC()}}
}

// StartRecovery begins a recovery, of an account that is there or of one that is not.
func (s *Store) StartRecovery(ctx context.Context, c Caller, selector RecoverySelector) (FoundRecovery, error) {
	var row recoveryRow
	err := s.changeWith(ctx, c, &row, `SELECT api.start_recovery($1, $2)`, selector)
	return row.recovery(), err
}

// Recovery reads a recovery.
func (s *Store) Recovery(ctx context.Context, c Caller, id account.RecoveryID) (FoundRecovery, error) {
	var row recoveryRow
	err := s.change(ctx, c, &row, `SELECT api.look_at_recovery($1, $2)`, id.UUID())
	return row.recovery(), err
}

// RequestRecoveryCode sends a code to the account's phone, if there is one, and answers alike.
func (s *Store) RequestRecoveryCode(ctx context.Context, c Caller, code RecoveryCode) (account.CodeRequest, error) {
	var row codeRow
	err := s.changeWith(ctx, c, &row, `SELECT api.request_recovery_code($1, $2)`, code)
	return row.request(), err
}

// ProveRecovery proves a recovery by a code or a face check.
func (s *Store) ProveRecovery(ctx context.Context, c Caller, id account.RecoveryID, proof RecoveryProof) (FoundRecovery, error) {
	if len(proof.CodeProof) > 0 {
		if err := s.openAttempt(ctx, c, map[string]any{"kind": "recovery", "recovery_id": id.UUID(), "code_proof": proof.CodeProof}); err != nil {
			return FoundRecovery{}, err
		}
	}
	return s.changeRecovery(ctx, c, `SELECT api.prove_recovery($1, $2, $3)`, id, proof)
}

// ResetPassword gives the account of a proven recovery a new password.
func (s *Store) ResetPassword(ctx context.Context, c Caller, id account.RecoveryID, password NewPassword) (FoundRecovery, error) {
	return s.changeRecovery(ctx, c, `SELECT api.reset_password($1, $2, $3)`, id, password)
}

func (s *Store) changeRecovery(ctx context.Context, c Caller, query string, id account.RecoveryID, argument any) (FoundRecovery, error) {
	text, err := encode(argument)
	if err != nil {
		return FoundRecovery{}, err
	}
	var row recoveryRow
	err = s.change(ctx, c, &row, query, id.UUID(), text)
	return row.recovery(), err
}
