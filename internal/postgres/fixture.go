package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
)

// FixtureWanted is what a document asks for in its namespace. Run is one process's work; Claim says that it is to be done. Without
// Organizations (nil) it is only looked at what there is.
type FixtureWanted struct {
	Namespace     string                `json:"namespace"`
	Run           uuid.UUID             `json:"run"`
	Claim         bool                  `json:"claim"`
	Force         bool                  `json:"force"`
	Seconds       int                   `json:"seconds"`
	Organizations []FixtureOrganization `json:"organizations"`
}

// FixtureOrganization is one organization with the ids that its applications and abandoned codes are to have.
type FixtureOrganization struct {
	Key          string        `json:"key"`
	Spec         string        `json:"spec"`
	UnitCode     *string       `json:"unit_code"`
	NameKey      *string       `json:"name_key"`
	Applications []uuid.UUID   `json:"applications"`
	Codes        []uuid.UUID   `json:"codes"`
	Entry        *FixtureEntry `json:"entry"`
}

// FixtureEntry is its row of the business register.
type FixtureEntry struct {
	Name                 string  `json:"name"`
	NameKey              string  `json:"name_key"`
	RepresentativeMask   string  `json:"representative_mask"`
	RepresentativeIndex  Hex     `json:"representative_index"`
	RepresentativeSealed Hex     `json:"representative_sealed"`
	DocumentType         string  `json:"document_type"`
	DocumentMask         string  `json:"document_mask"`
	DocumentIndex        Hex     `json:"document_index"`
	DocumentSealed       Hex     `json:"document_sealed"`
	RegistrationNumber   *string `json:"registration_number"`
	OrganizationCode     *string `json:"organization_code"`
}

// FixturePlan is what is to be done. BusyUntil: nothing was, another run has the namespace until then.
type FixturePlan struct {
	BusyUntil     *time.Time      `json:"busy_until"`
	Changes       int             `json:"changes"`
	Organizations []FixtureChange `json:"organizations"`
}

// FixtureChange is what is to be done about one organization, and what there is of it.
type FixtureChange struct {
	Key      string        `json:"key"`
	UnitCode *string       `json:"unit_code"`
	Change   string        `json:"change"`
	Why      *string       `json:"why"`
	Made     []FixtureMade `json:"made"`
}

// FixtureMade is one account or application that was made, as it was then.
type FixtureMade struct {
	Key           string     `json:"key"`
	ApplicationID *uuid.UUID `json:"application_id"`
	AccountID     *uuid.UUID `json:"account_id"`
	Status        *string    `json:"status,omitempty"`
	Role          *string    `json:"role,omitempty"`
	UnitCode      *string    `json:"unit_code,omitempty"`
}

// FixtureDone ends the making of one organization. Status is what the business register says of it from now on.
type FixtureDone struct {
	Namespace string        `json:"namespace"`
	Run       uuid.UUID     `json:"run"`
	Key       string        `json:"key"`
	Seconds   int           `json:"seconds"`
	Status    *string       `json:"status"`
	Made      []FixtureMade `json:"made"`
}

// FixtureGone names what to delete: organizations of a namespace, nil: all of them.
type FixtureGone struct {
	Namespace string    `json:"namespace"`
	Run       uuid.UUID `json:"run"`
	Force     bool      `json:"force"`
	Keys      []string  `json:"keys"`
}

// OpenFixture compares, and claims the namespace where there is something to do.
func (s *Store) OpenFixture(ctx context.Context, c Caller, wanted FixtureWanted) (FixturePlan, error) {
	var plan FixturePlan
	err := s.changeWith(ctx, c, &plan, `SELECT api.fixture_open($1, $2)`, wanted)
	return plan, err
}

// FinishFixture tells that one organization is made, and gives it as it is now.
func (s *Store) FinishFixture(ctx context.Context, c Caller, done FixtureDone) ([]FixtureMade, error) {
	var made []FixtureMade
	err := s.changeWith(ctx, c, &made, `SELECT api.fixture_finish($1, $2)`, done)
	return made, err
}

// CloseFixture gives the namespace back.
func (s *Store) CloseFixture(ctx context.Context, c Caller, namespace string, run uuid.UUID) error {
	return s.change(ctx, c, nil, `SELECT api.fixture_close($1, $2, $3)`, namespace, run)
}

// DeleteFixture removes what a namespace made and tells what that was.
func (s *Store) DeleteFixture(ctx context.Context, c Caller, gone FixtureGone) (FixturePlan, error) {
	var plan FixturePlan
	err := s.changeWith(ctx, c, &plan, `SELECT api.fixture_delete($1, $2)`, gone)
	for i := range plan.Organizations {
		plan.Organizations[i].Change = account.FixtureDelete
	}
	plan.Changes = len(plan.Organizations)
	return plan, err
}

// Unsent is the same store, whose messages stay in the outbox for whoever dispatches them.
func (s *Store) Unsent() *Store {
	return &Store{db: s.db, dry: s.dry, trace: s.trace, near: s.near, mode: s.mode}
}
