package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"github.com/farenctl/farenctl/internal/account"
)

// CertificationFacts are what certification compares with the business register.
type CertificationFacts struct {
	UnitCode            string `json:"unit_code"`
	NameKey             string `json:"name_key"`
	RepresentativeIndex Hex    `json:"representative_index"`
	DocumentType        string `json:"representative_document_type"`
	DocumentIndex       Hex    `json:"representative_document_index"`
}

// NewApplication is a certified application to be.
type NewApplication struct {
	CertificationFacts
	ApplicationID uuid.UUID         `json:"application_id"`
	Channel       account.Channel   `json:"channel"`
	EntityType    *string           `json:"entity_type"`
	Name          string            `json:"name"`
	Warnings      []account.Warning `json:"warnings"`
}

// SealedAgent is an agent as the database holds it.
type SealedAgent struct {
	NameMask       string `json:"name_mask"`
	NameIndex      Hex    `json:"name_index"`
	NameSealed     Hex    `json:"name_sealed"`
	DocumentType   string `json:"document_type"`
	DocumentMask   string `json:"document_mask"`
	DocumentIndex  Hex    `json:"document_index"`
	DocumentSealed Hex    `json:"document_sealed"`
	SealedContact
}

// SealedContact is what may change of an agent; AgentID is the one that it was sealed for. What is absent stays, or is not there.
type SealedContact struct {
	AgentID        uuid.UUID `json:"agent_id"`
	PhoneMask      *string   `json:"phone_mask"` // null, with the next two: whoever signs in for an organization needs no phone
	PhoneIndex     Hex       `json:"phone_index"`
	PhoneSealed    Hex       `json:"phone_sealed"`
	EmailMask      *string   `json:"email_mask"`
	EmailIndex     Hex       `json:"email_index,omitempty"` // like LandlineIndex it tells that a change is none
	EmailSealed    Hex       `json:"email_sealed"`
	LandlineMask   *string   `json:"landline_mask"`
	LandlineIndex  Hex       `json:"landline_index,omitempty"`
	LandlineSealed Hex       `json:"landline_sealed"`
	EthnicSealed   Hex       `json:"ethnic_group_sealed,omitempty"`
}

// SealedCredential is a user name and its password as the client derived it.
type SealedCredential struct {
	CredentialID    uuid.UUID       `json:"credential_id"`
	UsernameIndex   Hex             `json:"username_index"`
	UsernameDisplay string          `json:"username_display"`
	UsernameSealed  Hex             `json:"username_sealed"`
	Params          json.RawMessage `json:"params"`
	Salt            Hex             `json:"salt"`
	Derived         Hex             `json:"derived"`
}

// NewUser is the user of an application. Sandbox stands in for the SMS code where the database allows it.
type NewUser struct {
	Agent      SealedAgent      `json:"agent"`
	Credential SealedCredential `json:"credential"`
	CodeProof  Hex              `json:"code_proof"`
	// Advice names what the password had better not contain.
	Advice  []string `json:"advice"`
	Sandbox bool     `json:"sandbox"`
}

// CheckOrganization compares an organization with the business register and writes nothing.
func (s *Store) CheckOrganization(ctx context.Context, facts CertificationFacts) error {
	text, err := encode(facts)
	if err != nil {
		return err
	}
	return s.call(ctx, nil, `SELECT api.check_organization($1)`, text)
}

// CertifyOrganization starts an application.
func (s *Store) CertifyOrganization(ctx context.Context, c Caller, application NewApplication) (account.Application, error) {
	var row applicationRow
	err := s.changeWith(ctx, c, &row, `SELECT api.certify_organization($1, $2)`, application)
	return row.application(), err
}

// CreateUser gives an application its user.
func (s *Store) CreateUser(ctx context.Context, c Caller, id account.ApplicationID, user NewUser) (account.Application, error) {
	return s.changeApplication(ctx, c, `SELECT api.create_user($1, $2, $3)`, id, user)
}

// changeApplication changes one application: query takes the caller, the id, argument as JSON, and more.
func (s *Store) changeApplication(ctx context.Context, c Caller, query string, id account.ApplicationID, argument any, more ...any) (account.Application, error) {
	text, err := encode(argument)
	if err != nil {
		return account.Application{}, err
	}
	var row applicationRow
	err = s.change(ctx, c, &row, query, append([]any{id.UUID(), text}, more...)...)
	return row.application(), err
}

// WithdrawApplication ends an undecided application.
func (s *Store) WithdrawApplication(ctx context.Context, c Caller, id account.ApplicationID) (account.Application, error) {
	var row applicationRow
	err := s.change(ctx, c, &row, `SELECT api.withdraw_application($1, $2)`, id.UUID())
	return row.application(), err
}

// applicationRow is a row of the view api.application, as a query scans it and as functions return it.
type applicationRow struct {
	ApplicationID    uuid.UUID       `db:"application_id" json:"application_id"`
	Channel          account.Channel `db:"channel" json:"channel"`
	Status           string          `db:"status" json:"status"`
	OrgID            *uuid.UUID      `db:"org_id" json:"org_id"`
	OrganizationName *string         `db:"organization_name" json:"organization_name"`
	UnitCode         *string         `db:"unit_code" json:"unit_code"`
	UnitCodeType     *string         `db:"unit_code_type" json:"unit_code_type"`
	EntityType       *string         `db:"entity_type" json:"entity_type"`
	AgentName        *string         `db:"agent_name" json:"agent_name"`
	AgentDocType     *string         `db:"agent_document_type" json:"agent_document_type"`
	AgentDocNumber   *string         `db:"agent_document_number" json:"agent_document_number"`
	AgentPhone       *string         `db:"agent_phone" json:"agent_phone"`
	AgentEmail       *string         `db:"agent_email" json:"agent_email"`
	AgentLandline    *string         `db:"agent_landline" json:"agent_landline"`
	AgentEthnic      *string         `db:"agent_ethnic_group" json:"agent_ethnic_group"`
	AgentID          *uuid.UUID      `db:"agent_id" json:"agent_id"`
	Username         *string         `db:"username" json:"username"`
	Role             *string         `db:"role" json:"role"`
	AccountID        *uuid.UUID      `db:"account_id" json:"account_id"`
	ReviewKind       string          `db:"review_kind" json:"review_kind"`
	DueAt            *time.Time      `db:"due_at" json:"due_at"`
	DecidedAt        *time.Time      `db:"decided_at" json:"decided_at"`
	DecidedBy        *string         `db:"decided_by" json:"decided_by"`
	DecisionChannel  *string         `db:"decision_channel" json:"decision_channel"`
	DecisionReason   *string         `db:"decision_reason" json:"decision_reason"`
	VerificationID   *uuid.UUID      `db:"verification_id" json:"verification_id"`
	HasReviewer      bool            `db:"has_reviewer" json:"has_reviewer"`
	Documents        *documentRows   `db:"documents" json:"documents"`
	Warnings         json.RawMessage `db:"warnings" json:"warnings"`
	CreatedAt        time.Time       `db:"created_at" json:"created_at"`
	UpdatedAt        time.Time       `db:"updated_at" json:"updated_at"`
	ExpiresAt        *time.Time      `db:"expires_at" json:"expires_at"`
}

const applicationColumns = `application_id, channel, status, org_id, organization_name, unit_code, unit_code_type, entity_type,
	agent_name, agent_document_type, agent_document_number, agent_phone, agent_email, agent_landline, agent_ethnic_group, agent_id,
	username, role, account_id, review_kind, due_at, decided_at, decided_by, decision_channel, decision_reason, verification_id, has_reviewer, documents, warnings,
	created_at, updated_at, expires_at`

// application makes the domain's application; Next is the service's to fill, since it is told in a language.
func (r applicationRow) application() account.Application {
	a := account.Application{
		ID: account.ApplicationID(r.ApplicationID), Channel: r.Channel, Status: r.Status,
		Organization: account.Organization{ID: (*account.OrganizationID)(r.OrgID), Name: r.OrganizationName, UnitCode: r.UnitCode,
			UnitCodeType: r.UnitCodeType, EntityType: r.EntityType},
		Username: r.Username, Role: r.Role, AccountID: (*account.AccountID)(r.AccountID),
		Review: account.Review{Kind: r.ReviewKind, DueAt: utcp(r.DueAt), DecidedAt: utcp(r.DecidedAt), DecidedBy: readableDecider(r.DecidedBy),
			Channel: r.DecisionChannel, Reason: r.DecisionReason},
		Verification: (*account.VerificationID)(r.VerificationID), Documents: r.Documents.documents(), Warnings: []account.Warning{}, Next: []account.Step{},
		CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(), ExpiresAt: utcp(r.ExpiresAt),
	}
	if r.AgentName != nil {
		a.Agent = &account.Agent{Name: *r.AgentName, DocumentType: deref(r.AgentDocType), DocumentNumber: deref(r.AgentDocNumber),
			Phone: deref(r.AgentPhone), Email: r.AgentEmail, Landline: r.AgentLandline, EthnicGroup: r.AgentEthnic}
	}
	// The column is our own JSON; one that cannot be read has no warnings to tell.
	_ = json.Unmarshal(r.Warnings, &a.Warnings)
	if !r.HasReviewer {
		a.Warnings = append(a.Warnings, account.Warning{Code: account.NoReviewer})
	}
	return a
}

// readableDecider writes the account that decided, or the session of an organization that has none, as people see ids; a decision by
// staff names their login instead.
func readableDecider(by *string) *string {
	if by == nil {
		return nil
	}
	text := *by
	if raw, isSession := strings.CutPrefix(text, "session/"); isSession {
		if id, err := uuid.Parse(raw); err == nil {
			text = account.SessionID(id).String()
		}
	} else if id, err := uuid.Parse(text); err == nil {
		text = account.AccountID(id).String()
	}
	return &text
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func utcp(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

// Application reads one application by its id.
func (s *Store) Application(ctx context.Context, id account.ApplicationID) (account.Application, error) {
	row, err := s.applicationRow(ctx, id)
	return row.application(), err
}

func (s *Store) applicationRow(ctx context.Context, id account.ApplicationID) (applicationRow, error) {
	row, found, err := one[applicationRow](ctx, s, `SELECT `+applicationColumns+` FROM api.application WHERE application_id = $1`, id.UUID())
	if err == nil && !found {
		err = account.NewFault("APPLICATION_NOT_FOUND")
	}
	return row, err
}

// ApplicationFilter narrows a list; empty fields do not. After is the last id of the page before.
type ApplicationFilter struct {
	Status   string
	Channel  string
	UnitCode string
	After    *account.ApplicationID
	Limit    int
}

// Applications lists applications, the newest first.
func (s *Store) Applications(ctx context.Context, f ApplicationFilter) ([]account.Application, error) {
	var after *uuid.UUID
	if f.After != nil {
		id := f.After.UUID()
		after = &id
	}
	rows, err := many[applicationRow](ctx, s, `SELECT `+applicationColumns+`
		FROM api.application
		WHERE ($1 = '' OR status = $1) AND ($2 = '' OR channel = $2) AND ($3 = '' OR unit_code = $3)
		  AND (CAST($4 AS uuid) IS NULL OR application_id < $4)
		ORDER BY application_id DESC LIMIT $5`, f.Status, f.Channel, f.UnitCode, after, f.Limit)
	return convert(rows, applicationRow.application), err
}

// Selector finds applications by a natural key; one of the indexes is set.
type Selector struct {
	UsernameIndex Hex    `json:"username_index"`
	UnitCode      string `json:"unit_code,omitempty"`
	PhoneIndex    Hex    `json:"phone_index"`
	DocumentIndex Hex    `json:"document_index"`
}

// FoundApplication is a match of a selector. Live ones are not decided yet, or approved.
type FoundApplication struct {
	ID   account.ApplicationID `json:"application_id"`
	Live bool                  `json:"live"`
}

// FindApplications finds applications by a natural key, the live ones first, the newest first among them.
func (s *Store) FindApplications(ctx context.Context, selector Selector) ([]FoundApplication, error) {
	text, err := encode(selector)
	if err != nil {
		return nil, err
	}
	var found []FoundApplication
	err = s.call(ctx, &found, `SELECT api.find_applications($1)`, text)
	return found, err
}

// KeepSelection keeps, under the caller's idempotency key, what a selector found, and gives what it found the first time.
func KeepSelection[F any](ctx context.Context, s *Store, c Caller, found []F) ([]F, error) {
	kept := []F{}
	err := s.changeWith(ctx, c, &kept, `SELECT api.keep_selection($1, $2)`, append([]F{}, found...))
	return kept, err
}

// one reads at most one row.
func one[T any](ctx context.Context, s *Store, query string, args ...any) (row T, found bool, err error) {
	rows, err := many[T](ctx, s, query, args...)
	if err != nil || len(rows) == 0 {
		return row, false, err
	}
	return rows[0], true, nil
}

// many reads rows; it is never nil without an error.
func many[T any](ctx context.Context, s *Store, query string, args ...any) ([]T, error) {
	rows := []T{}
	err := s.exchange(ctx, query, func(q querier) error {
		rows = rows[:0]
		return sqlx.SelectContext(ctx, q, &rows, query, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	return rows, nil
}

func convert[R, T any](rows []R, to func(R) T) []T {
	out := make([]T, len(rows))
	for i := range rows {
		out[i] = to(rows[i])
	}
	return out
}
