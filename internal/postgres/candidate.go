package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/lib/pq"
)

// Candidate is a record that a completion may offer: its id, or its natural key in Word; About is what people know it by, as masked as the
// view that it is from.
type Candidate struct {
	ID    uuid.UUID `db:"id"`
	Word  string    `db:"word"`
	About string    `db:"about"`
}

// CandidateFilter narrows candidates; empty lists do not. First and Last bound the ids, Prefix begins the natural key, in lower case.
type CandidateFilter struct {
	Statuses, Channels, Roles, Purposes, Providers []string
	First, Last                                    uuid.UUID
	Prefix                                         string
	Limit                                          int
}

// ApplicationCandidates gives applications by id, the newest first.
func (s *Store) ApplicationCandidates(ctx context.Context, f CandidateFilter) ([]Candidate, error) {
	return many[Candidate](ctx, s, `SELECT application_id AS id, '' AS word, concat_ws(' · ', status, organization_name, agent_name) AS about
		FROM api.application
		WHERE (cardinality(CAST($1 AS text[])) = 0 OR status = ANY ($1)) AND (cardinality(CAST($2 AS text[])) = 0 OR channel = ANY ($2))
		  AND application_id BETWEEN $3 AND $4
		ORDER BY created_at DESC, application_id DESC LIMIT $5`, pq.Array(f.Statuses), pq.Array(f.Channels), f.First, f.Last, f.Limit)
}

// ApplicantCandidates gives applications by user name.
func (s *Store) ApplicantCandidates(ctx context.Context, f CandidateFilter) ([]Candidate, error) {
	return many[Candidate](ctx, s, `SELECT application_id AS id, username AS word, concat_ws(' · ', status, organization_name, agent_name) AS about
		FROM api.application
		WHERE (cardinality(CAST($1 AS text[])) = 0 OR status = ANY ($1)) AND (cardinality(CAST($2 AS text[])) = 0 OR channel = ANY ($2))
		  AND starts_with(lower(username), $3)
		ORDER BY lower(username), application_id DESC LIMIT $4`, pq.Array(f.Statuses), pq.Array(f.Channels), f.Prefix, f.Limit)
}

// AccountCandidates gives accounts by id, the newest first.
func (s *Store) AccountCandidates(ctx context.Context, f CandidateFilter) ([]Candidate, error) {
	return many[Candidate](ctx, s, `SELECT account_id AS id, '' AS word, concat_ws(' · ', status, role, organization_name, agent_name) AS about
		FROM api.account
		WHERE (cardinality(CAST($1 AS text[])) = 0 OR status = ANY ($1)) AND (cardinality(CAST($2 AS text[])) = 0 OR role = ANY ($2))
		  AND account_id BETWEEN $3 AND $4
		ORDER BY created_at DESC, account_id DESC LIMIT $5`, pq.Array(f.Statuses), pq.Array(f.Roles), f.First, f.Last, f.Limit)
}

// HolderCandidates gives accounts by user name.
func (s *Store) HolderCandidates(ctx context.Context, f CandidateFilter) ([]Candidate, error) {
	return many[Candidate](ctx, s, `SELECT account_id AS id, username AS word, concat_ws(' · ', status, role, organization_name, agent_name) AS about
		FROM api.account
		WHERE (cardinality(CAST($1 AS text[])) = 0 OR status = ANY ($1)) AND (cardinality(CAST($2 AS text[])) = 0 OR role = ANY ($2))
		  AND starts_with(lower(username), $3)
		ORDER BY lower(username) LIMIT $4`, pq.Array(f.Statuses), pq.Array(f.Roles), f.Prefix, f.Limit)
}

// SessionCandidates gives sessions by id, the newest first.
func (s *Store) SessionCandidates(ctx context.Context, f CandidateFilter) ([]Candidate, error) {
	return many[Candidate](ctx, s, `SELECT session_id AS id, '' AS word, concat_ws(' · ', status, kind, username, organization_name, agent_name) AS about
		FROM api.session
		WHERE (cardinality(CAST($1 AS text[])) = 0 OR status = ANY ($1)) AND session_id BETWEEN $2 AND $3
		ORDER BY created_at DESC, session_id DESC LIMIT $4`, pq.Array(f.Statuses), f.First, f.Last, f.Limit)
}

// SMSCandidates gives messages by id, the newest first.
func (s *Store) SMSCandidates(ctx context.Context, f CandidateFilter) ([]Candidate, error) {
	return many[Candidate](ctx, s, `SELECT sms_id AS id, '' AS word, concat_ws(' · ', status, kind, to_mask) AS about
		FROM api.sms
		WHERE (cardinality(CAST($1 AS text[])) = 0 OR status = ANY ($1)) AND sms_id BETWEEN $2 AND $3
		ORDER BY created_at DESC, sms_id DESC LIMIT $4`, pq.Array(f.Statuses), f.First, f.Last, f.Limit)
}

// VerificationCandidates gives face checks and proofs of sign-ins by id, the newest first.
func (s *Store) VerificationCandidates(ctx context.Context, f CandidateFilter) ([]Candidate, error) {
	return many[Candidate](ctx, s, `SELECT verification_id AS id, '' AS word, concat_ws(' · ', status, purpose, provider) AS about
		FROM api.verification
		WHERE (cardinality(CAST($1 AS text[])) = 0 OR status = ANY ($1)) AND (cardinality(CAST($2 AS text[])) = 0 OR purpose = ANY ($2))
		  AND (cardinality(CAST($3 AS text[])) = 0 OR provider = ANY ($3)) AND verification_id BETWEEN $4 AND $5
		ORDER BY created_at DESC, verification_id DESC LIMIT $6`, pq.Array(f.Statuses), pq.Array(f.Purposes), pq.Array(f.Providers), f.First, f.Last, f.Limit)
}

// UnitCandidates gives organizations of the register by unit code.
func (s *Store) UnitCandidates(ctx context.Context, f CandidateFilter) ([]Candidate, error) {
	return many[Candidate](ctx, s, `SELECT unit_code AS word, concat_ws(' · ', status, name) AS about
		FROM api.register_entry WHERE starts_with(unit_code, upper($1)) ORDER BY unit_code LIMIT $2`, f.Prefix, f.Limit)
}
