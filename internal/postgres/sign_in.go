package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
)

// OrganizationSignIn begins the sign-in of an organization. Agent is the person who is named; Reference is for a certificate what its key
// has to sign.
type OrganizationSignIn struct {
	VerificationID uuid.UUID   `json:"verification_id"`
	UnitCode       string      `json:"unit_code"`
	Agent          SealedAgent `json:"agent"`
	Provider       string      `json:"provider"`
	Reference      string      `json:"reference"`
	QRURI          string      `json:"qr_uri"`
	*PolledCheck
}

// OrganizationAttempt is a proven sign-in and the session that it would open.
type OrganizationAttempt struct {
	VerificationID uuid.UUID `json:"verification_id"`
	SessionID      uuid.UUID `json:"session_id"`
	TokenHash      Hex       `json:"token_hash"`
}

// Proof is a sign-in by certificate: what was to be signed, for which organization, and, sealed, what was given as evidence.
type Proof struct {
	Verification account.Verification
	Challenge    string
	UnitCode     string
	Evidence     []byte
	// Now is the rules' clock.
	Now time.Time
	// Expected is whom the check had to see.
	Expected SeenPerson
}

type proofRow struct {
	Verification verificationRow `json:"verification"`
	Challenge    string          `json:"challenge"`
	UnitCode     string          `json:"unit_code"`
	Evidence     Hex             `json:"evidence_sealed"`
	Now          time.Time       `json:"now"`
	Expected     SeenPerson      `json:"expected"`
}

func (r proofRow) proof() Proof {
	return Proof{Verification: r.Verification.verification(), Challenge: r.Challenge, UnitCode: r.UnitCode, Evidence: r.Evidence, Now: r.Now.UTC(), Expected: r.Expected}
}

// OpenSignIn begins the sign-in of an organization by certificate or e-licence.
func (s *Store) OpenSignIn(ctx context.Context, c Caller, signing OrganizationSignIn) (account.Verification, error) {
	var row verificationRow
	err := s.changeWith(ctx, c, &row, `SELECT api.open_sign_in($1, $2)`, signing)
	return row.verification(), err
}

// SignInOrganization opens the session of a sign-in that was proven, once.
func (s *Store) SignInOrganization(ctx context.Context, c Caller, attempt OrganizationAttempt) (account.Session, error) {
	var row sessionRow
	err := s.changeWith(ctx, c, &row, `SELECT api.sign_in_organization($1, $2)`, attempt)
	return row.session(), err
}

// SignInChallenge gives what the key has to sign for a sign-in by certificate that this login began.
func (s *Store) SignInChallenge(ctx context.Context, id account.VerificationID) (Proof, error) {
	var row proofRow
	err := s.call(ctx, &row, `SELECT api.sign_in_challenge($1)`, id.UUID())
	return row.proof(), err
}

// VerificationEvidence gives what was kept as proof of a sign-in by certificate; who looked is written down.
func (s *Store) VerificationEvidence(ctx context.Context, c Caller, id account.VerificationID) (Proof, error) {
	var row proofRow
	err := s.change(ctx, c, &row, `SELECT api.verification_evidence($1, $2)`, id.UUID())
	return row.proof(), err
}
