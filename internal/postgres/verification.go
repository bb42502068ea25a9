package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
)

// NewVerification is a face check to be opened.
type NewVerification struct {
	VerificationID uuid.UUID `json:"verification_id"`
	Purpose        string    `json:"purpose"`
	// One of them is the subject.
	ApplicationID *uuid.UUID `json:"application_id"`
	RecoveryID    *uuid.UUID `json:"recovery_id,omitempty"`
	AccountID     *uuid.UUID `json:"account_id,omitempty"`
	Provider      string     `json:"provider"`
	Reference     string     `json:"reference"`
	QRURI         string     `json:"qr_uri"`
	*PolledCheck
}

// PolledCheck is what a check has whose provider is polled; nil for others.
type PolledCheck struct {
	Secret          Hex     `json:"secret_sealed"`
	PollSeconds     int     `json:"poll_seconds"`
	LifetimeSeconds *int    `json:"lifetime_seconds"`
	UserCode        *string `json:"user_code"`
}

// Poll is leave to ask a check's provider once: with the sealed secret, or, without it, how long to wait first.
type Poll struct {
	Verification account.Verification
	Secret       []byte
	Wait         time.Duration
}

// ClaimPoll asks for leave to ask the provider of a check, which one process at a time gets.
func (s *Store) ClaimPoll(ctx context.Context, c Caller, id account.VerificationID) (Poll, error) {
	var row struct {
		Verification verificationRow `json:"verification"`
		Secret       Hex             `json:"secret_sealed"`
		Wait         float64         `json:"wait_seconds"`
	}
	err := s.change(ctx, c, &row, `SELECT api.claim_poll($1, $2)`, id.UUID())
	return Poll{Verification: row.Verification.verification(), Secret: row.Secret, Wait: time.Duration(row.Wait * float64(time.Second))}, err
}

// AnswerPoll tells that the provider has no answer yet; slow makes polls of this check slower for good.
func (s *Store) AnswerPoll(ctx context.Context, c Caller, id account.VerificationID, slow bool) error {
	var row verificationRow
	return s.change(ctx, c, &row, `SELECT api.answer_poll($1, $2, $3)`, id.UUID(), slow)
}

// SeenPerson is the person whom a provider saw, as blind indexes, and the organization, of a sign-in. Evidence is what proves it, sealed;
// Cause is why a certificate was not taken.
type SeenPerson struct {
	NameIndex     Hex    `json:"name_index"`
	DocumentType  string `json:"document_type,omitempty"`
	DocumentIndex Hex    `json:"document_index"`
	UnitCode      string `json:"unit_code,omitempty"`
	Evidence      Hex    `json:"evidence_sealed,omitempty"`
	EvidenceHash  Hex    `json:"evidence_hash,omitempty"`
	Cause         string `json:"cause,omitempty"`
	// Played says that the sandbox is meant.
	Played bool `json:"played,omitempty"`
}

// StartVerification opens a face check.
func (s *Store) StartVerification(ctx context.Context, c Caller, v NewVerification) (account.Verification, error) {
	var row verificationRow
	err := s.changeWith(ctx, c, &row, `SELECT api.start_verification($1, $2)`, v)
	return row.verification(), err
}

// StartedVerification is the check that was started under the caller's idempotency key, if one was.
func (s *Store) StartedVerification(ctx context.Context, c Caller) (account.Verification, bool, error) {
	var row verificationRow
	found, err := s.EarlierAnswer(ctx, c, "start_verification", &row)
	return row.verification(), found, err
}

// CompleteVerification records a provider's outcome and moves the application that waits for it.
func (s *Store) CompleteVerification(ctx context.Context, c Caller, id account.VerificationID, outcome string, person *SeenPerson) (account.VerificationOutcome, error) {
	text, err := encode(person)
	if err != nil {
		return account.VerificationOutcome{}, err
	}
	var row outcomeRow
	err = s.change(ctx, c, &row, `SELECT api.complete_verification($1, $2, $3, $4)`, id.UUID(), outcome, text)
	return row.outcome(), err
}

// ResolveVerification settles a check that its provider left to staff.
func (s *Store) ResolveVerification(ctx context.Context, c Caller, id account.VerificationID, outcome string) (account.VerificationOutcome, error) {
	var row outcomeRow
	err := s.change(ctx, c, &row, `SELECT api.resolve_verification($1, $2, $3)`, id.UUID(), outcome)
	return row.outcome(), err
}

// Verification reads one face check.
func (s *Store) Verification(ctx context.Context, id account.VerificationID) (account.Verification, error) {
	row, found, err := one[verificationRow](ctx, s, `SELECT verification_id, org_id, purpose, application_id, recovery_id, account_id, provider, status, failure, qr_uri, user_code,
		created_at, completed_at, used_at, expires_at FROM api.verification WHERE verification_id = $1`, id.UUID())
	if err == nil && !found {
		err = account.NewFault("VERIFICATION_NOT_FOUND")
	}
	return row.verification(), err
}

type verificationRow struct {
	VerificationID uuid.UUID  `db:"verification_id" json:"verification_id"`
	OrgID          uuid.UUID  `db:"org_id" json:"org_id"`
	Purpose        string     `db:"purpose" json:"purpose"`
	ApplicationID  *uuid.UUID `db:"application_id" json:"application_id"`
	RecoveryID     *uuid.UUID `db:"recovery_id" json:"recovery_id"`
	AccountID      *uuid.UUID `db:"account_id" json:"account_id"`
	Provider       string     `db:"provider" json:"provider"`
	Status         string     `db:"status" json:"status"`
	Failure        *string    `db:"failure" json:"failure"`
	QRURI          string     `db:"qr_uri" json:"qr_uri"`
	UserCode       *string    `db:"user_code" json:"user_code"`
	CreatedAt      time.Time  `db:"created_at" json:"created_at"`
	CompletedAt    *time.Time `db:"completed_at" json:"completed_at"`
	UsedAt         *time.Time `db:"used_at" json:"used_at"`
	ExpiresAt      time.Time  `db:"expires_at" json:"expires_at"`
}

func (r verificationRow) verification() account.Verification {
	return account.Verification{
		ID: account.VerificationID(r.VerificationID), Purpose: r.Purpose, Subject: r.subject(),
		Provider: r.Provider, Status: r.Status, Failure: r.Failure, QRURI: r.QRURI, UserCode: r.UserCode, CreatedAt: r.CreatedAt.UTC(),
		CompletedAt: utcp(r.CompletedAt), UsedAt: utcp(r.UsedAt), ExpiresAt: r.ExpiresAt.UTC(),
	}
}

func (r verificationRow) subject() string {
	switch {
	case r.ApplicationID != nil:
		return account.ApplicationID(*r.ApplicationID).String()
	case r.RecoveryID != nil:
		return account.RecoveryID(*r.RecoveryID).String()
	case r.AccountID != nil:
		return account.AccountID(*r.AccountID).String()
	}
	return account.OrganizationID(r.OrgID).String()
}

type outcomeRow struct {
	Verification verificationRow `json:"verification"`
	Application  *applicationRow `json:"application"` // null: it was for something else
}

func (r outcomeRow) outcome() account.VerificationOutcome {
	out := account.VerificationOutcome{Verification: r.Verification.verification()}
	if r.Application != nil {
		a := r.Application.application()
		out.Application = &a
	}
	return out
}
