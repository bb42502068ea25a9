package postgres

import (
	"context"

	"github.com/farenctl/farenctl/internal/account"
)

// StatsQuery narrows statistics; empty fields do not. Since and Until are days of China, 2006-01-02, both included.
type StatsQuery struct {
	Since    string   `json:"since,omitempty"`
	Until    string   `json:"until,omitempty"`
	Kind     string   `json:"kind,omitempty"`
	UnitCode string   `json:"unit_code,omitempty"`
	Kinds    []string `json:"kinds,omitempty"` // of messages, all that there are
}

// ReviewStats counts what waits for a decision and what was decided.
func (s *Store) ReviewStats(ctx context.Context, q StatsQuery) (account.ReviewStats, error) {
	var found account.ReviewStats
	err := s.callWith(ctx, &found, `SELECT api.review_stats($1)`, q)
	found.At = found.At.UTC()
	for i := range found.Queue {
		found.Queue[i].OldestAt = utcp(found.Queue[i].OldestAt)
	}
	return found, err
}

// SMSStats counts the outbox.
func (s *Store) SMSStats(ctx context.Context, q StatsQuery) (account.SMSStats, error) {
	var found account.SMSStats
	err := s.callWith(ctx, &found, `SELECT api.sms_stats($1)`, q)
	found.At, found.Backlog.OldestDueAt = found.At.UTC(), utcp(found.Backlog.OldestDueAt)
	return found, err
}

// callWith runs a function that only looks, with one JSON argument.
func (s *Store) callWith(ctx context.Context, into any, query string, argument any) error {
	text, err := encode(argument)
	if err != nil {
		return err
	}
	return s.call(ctx, into, query, text)
}
