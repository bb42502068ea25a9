package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
)

// SignInParameters are what a client derives a password with.
type SignInParameters struct {
	Params json.RawMessage `json:"params"`
	Salt   Hex             `json:"salt"`
}

// SignInAttempt is a derived password and the session that it would open.
type SignInAttempt struct {
	UsernameIndex Hex       `json:"username_index"`
	Derived       Hex       `json:"derived"`
	SessionID     uuid.UUID `json:"session_id"`
	TokenHash     Hex       `json:"token_hash"`
}

// SignInParameters gives salt and parameters of a user name, known or not.
func (s *Store) SignInParameters(ctx context.Context, usernameIndex []byte) (SignInParameters, error) {
	var p SignInParameters
	err := s.call(ctx, &p, `SELECT api.sign_in_parameters(encode($1, 'hex'))`, usernameIndex)
	return p, err
}

// openAttempt puts on record what is going to be tried, before it is examined: as a request of its own, committed.
func (s *Store) openAttempt(ctx context.Context, c Caller, attempt any) error {
	c, err := c.anew()
	if err != nil {
		return err
	}
	return s.changeWith(ctx, c, nil, `SELECT api.open_attempt($1, $2)`, attempt)
}

// SignIn opens a session.
func (s *Store) SignIn(ctx context.Context, c Caller, attempt SignInAttempt) (account.Session, error) {
	var row sessionRow
	err := s.openAttempt(ctx, c, map[string]any{"kind": "sign_in", "username_index": attempt.UsernameIndex, "derived": attempt.Derived})
	if err != nil {
		return account.Session{}, err
	}
	err = s.changeWith(ctx, c, &row, `SELECT api.sign_in($1, $2)`, attempt)
	return row.session(), err
}

// SignOut ends the caller's session.
func (s *Store) SignOut(ctx context.Context, c Caller) (account.Session, error) {
	var row sessionRow
	err := s.change(ctx, c, &row, `SELECT api.sign_out($1)`)
	return row.session(), err
}

// CurrentSession tells whose session the caller holds.
func (s *Store) CurrentSession(ctx context.Context, c Caller) (account.Session, error) {
	var row sessionRow
	err := s.change(ctx, c, &row, `SELECT api.current_session($1)`)
	return row.session(), err
}

// RevokeSession ends a session by its id.
func (s *Store) RevokeSession(ctx context.Context, c Caller, id account.SessionID) (account.Session, error) {
	var row sessionRow
	err := s.change(ctx, c, &row, `SELECT api.revoke_session($1, $2)`, id.UUID())
	return row.session(), err
}

// SessionFilter narrows a list of sessions; empty fields do not.
type SessionFilter struct {
	Status string
	After  *account.SessionID
	Limit  int
}

// Sessions lists sessions, the newest first.
func (s *Store) Sessions(ctx context.Context, f SessionFilter) ([]account.Session, error) {
	rows, err := many[sessionRow](ctx, s, `SELECT session_id, org_id, kind, account_id, application_id, application_status,
		application_due_at, application_reason, username, agent_name, role, organization_name, unit_code, status, verification_id,
		created_at, last_seen_at, expires_at, revoked_at FROM api.session
		WHERE ($1 = '' OR status = $1) AND (CAST($2 AS uuid) IS NULL OR session_id < $2)
		ORDER BY session_id DESC LIMIT $3`, f.Status, (*uuid.UUID)(f.After), f.Limit)
	return convert(rows, sessionRow.session), err
}

type sessionRow struct {
	SessionID        uuid.UUID  `db:"session_id" json:"session_id"`
	OrgID            uuid.UUID  `db:"org_id" json:"org_id"`
	Kind             string     `db:"kind" json:"kind"`
	AccountID        *uuid.UUID `db:"account_id" json:"account_id"`
	ApplicationID    *uuid.UUID `db:"application_id" json:"application_id"`
	AppStatus        *string    `db:"application_status" json:"application_status"`
	AppDueAt         *time.Time `db:"application_due_at" json:"application_due_at"`
	AppReason        *string    `db:"application_reason" json:"application_reason"`
	Username         *string    `db:"username" json:"username"`
	AgentName        string     `db:"agent_name" json:"agent_name"`
	Role             *string    `db:"role" json:"role"`
	OrganizationName string     `db:"organization_name" json:"organization_name"`
	UnitCode         string     `db:"unit_code" json:"unit_code"`
	Status           string     `db:"status" json:"status"`
	VerificationID   *uuid.UUID `db:"verification_id" json:"verification_id"`
	CreatedAt        time.Time  `db:"created_at" json:"created_at"`
	LastSeenAt       time.Time  `db:"last_seen_at" json:"last_seen_at"`
	ExpiresAt        time.Time  `db:"expires_at" json:"expires_at"`
	RevokedAt        *time.Time `db:"revoked_at" json:"revoked_at"`
}

func (r sessionRow) session() account.Session {
	session := account.Session{
		ID: account.SessionID(r.SessionID), Kind: r.Kind, AccountID: (*account.AccountID)(r.AccountID), Username: r.Username,
		AgentName: r.AgentName, Role: r.Role, Status: r.Status, Verification: (*account.VerificationID)(r.VerificationID),
		Organization: account.OrgRef{ID: account.OrganizationID(r.OrgID), Name: r.OrganizationName, UnitCode: r.UnitCode},
		CreatedAt:    r.CreatedAt.UTC(), LastSeenAt: r.LastSeenAt.UTC(), ExpiresAt: r.ExpiresAt.UTC(), RevokedAt: utcp(r.RevokedAt),
	}
	if r.ApplicationID != nil {
		session.Application = &account.ApplicationState{ID: account.ApplicationID(*r.ApplicationID), Status: deref(r.AppStatus), DueAt: utcp(r.AppDueAt), Reason: r.AppReason}
	}
	return session
}
