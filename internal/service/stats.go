package service

import (
	"context"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/sms"
)

// Period is days of China, 2006-01-02, both included; "" leaves one to the database: the last 14 days.
type Period struct{ Since, Until string }

// ReviewStatsQuery narrows the statistics of reviews; empty fields do not.
type ReviewStatsQuery struct {
	Period
	Kind, UnitCode string
}

// ReviewStats counts what waits for a decision and what was decided.
func (s *Service) ReviewStats(ctx context.Context, q ReviewStatsQuery) (account.ReviewStats, error) {
	b, err := s.backend(ctx)
	if err != nil {
		return account.ReviewStats{}, err
	}
	return b.store.ReviewStats(ctx, postgres.StatsQuery{Since: q.Since, Until: q.Until, Kind: q.Kind, UnitCode: identifier.NormalizeCode(q.UnitCode)})
}

// SMSStats counts the outbox.
func (s *Service) SMSStats(ctx context.Context, p Period) (account.SMSStats, error) {
	b, err := s.backend(ctx)
	if err != nil {
		return account.SMSStats{}, err
	}
	return b.store.SMSStats(ctx, postgres.StatsQuery{Since: p.Since, Until: p.Until, Kinds: sms.Kinds()})
}
