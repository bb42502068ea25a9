package service

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
)

// MaxCandidates is the most that a completion offers.
const MaxCandidates = 50

// Candidate is a word that may stand on a command line, and what people know it by, masked.
type Candidate struct{ Word, About string }

// CandidateQuery says what is offered: records whose id or natural key begins with Typed. Empty lists do not narrow it.
type CandidateQuery struct {
	Typed                                          string
	Statuses, Channels, Roles, Purposes, Providers []string
}

type candidateReader func(*postgres.Store, context.Context, postgres.CandidateFilter) ([]postgres.Candidate, error)

func (q CandidateQuery) filter() postgres.CandidateFilter {
	// Never nil, which would be null in the database.
	list := func(words []string) []string { return append([]string{}, words...) }
	return postgres.CandidateFilter{Statuses: list(q.Statuses), Channels: list(q.Channels), Roles: list(q.Roles), Purposes: list(q.Purposes), Providers: list(q.Providers),
		Prefix: strings.ToLower(q.Typed), Limit: MaxCandidates}
}

// byID offers ids, where what was typed may become one.
func byID[I interface {
	~[16]byte
	String() string
}](ctx context.Context, s *Service, q CandidateQuery, rangeOf func(string) (first, last I, ok bool), read candidateReader) ([]Candidate, error) {
	f := q.filter()
	first, last, ok := rangeOf(q.Typed)
	if !ok {
		return nil, nil
	}
	b, err := s.backend(ctx)
	if err != nil {
		return nil, err
	}
	f.First, f.Last = uuid.UUID(first), uuid.UUID(last)
	found, err := read(b.store, ctx, f)
	out := make([]Candidate, len(found))
	for i, c := range found {
		out[i] = Candidate{Word: I(c.ID).String(), About: c.About}
	}
	return out, err
}

// byKey offers natural keys, each once.
func byKey(ctx context.Context, s *Service, q CandidateQuery, read candidateReader) ([]Candidate, error) {
	b, err := s.backend(ctx)
	if err != nil {
		return nil, err
	}
	found, err := read(b.store, ctx, q.filter())
	var out []Candidate
	seen := map[string]bool{}
	for _, c := range found {
		if !seen[c.Word] {
			seen[c.Word] = true
			out = append(out, Candidate{Word: c.Word, About: c.About})
		}
	}
	return out, err
}

// orKeys adds natural keys to ids. While nothing is typed the ids are enough: no record stands there twice.
func orKeys(ctx context.Context, s *Service, q CandidateQuery, ids []Candidate, read candidateReader) ([]Candidate, error) {
	if q.Typed == "" {
		return ids, nil
	}
	keys, err := byKey(ctx, s, q, read)
	return append(ids, keys[:min(len(keys), MaxCandidates-len(ids))]...), err
}

// ApplicationCandidates are applications, by id or user name.
func (s *Service) ApplicationCandidates(ctx context.Context, q CandidateQuery) ([]Candidate, error) {
	ids, err := byID(ctx, s, q, account.ApplicationRange, (*postgres.Store).ApplicationCandidates)
	if err != nil {
		return nil, err
	}
	return orKeys(ctx, s, q, ids, (*postgres.Store).ApplicantCandidates)
}

// AccountCandidates are accounts, by id or user name.
func (s *Service) AccountCandidates(ctx context.Context, q CandidateQuery) ([]Candidate, error) {
	ids, err := byID(ctx, s, q, account.AccountRange, (*postgres.Store).AccountCandidates)
	if err != nil {
		return nil, err
	}
	return orKeys(ctx, s, q, ids, (*postgres.Store).HolderCandidates)
}

// UsernameCandidates are accounts, by user name alone.
func (s *Service) UsernameCandidates(ctx context.Context, q CandidateQuery) ([]Candidate, error) {
	return byKey(ctx, s, q, (*postgres.Store).HolderCandidates)
}

// SessionCandidates are sessions.
func (s *Service) SessionCandidates(ctx context.Context, q CandidateQuery) ([]Candidate, error) {
	return byID(ctx, s, q, account.SessionRange, (*postgres.Store).SessionCandidates)
}

// SMSCandidates are messages.
func (s *Service) SMSCandidates(ctx context.Context, q CandidateQuery) ([]Candidate, error) {
	return byID(ctx, s, q, account.SMSRange, (*postgres.Store).SMSCandidates)
}

// VerificationCandidates are face checks and proofs of sign-ins.
func (s *Service) VerificationCandidates(ctx context.Context, q CandidateQuery) ([]Candidate, error) {
	return byID(ctx, s, q, account.VerificationRange, (*postgres.Store).VerificationCandidates)
}

// UnitCandidates are organizations of the business register, by unit code.
func (s *Service) UnitCandidates(ctx context.Context, q CandidateQuery) ([]Candidate, error) {
	return byKey(ctx, s, q, (*postgres.Store).UnitCandidates)
}
