package service

import (
	"context"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
)

// Clock reads the clock that every rule goes by.
func (s *Service) Clock(ctx context.Context) (account.Clock, error) {
	b, err := s.backend(ctx)
	if err != nil {
		return account.Clock{}, err
	}
	return b.store.Clock(ctx)
}

// SetClock sets the clock to a time.
func (s *Service) SetClock(ctx context.Context, at time.Time) (account.Clock, error) {
	return s.moveClock(ctx, postgres.ClockChange{Set: &at})
}

// AdvanceClock makes the clock go on, or back.
func (s *Service) AdvanceClock(ctx context.Context, by time.Duration) (account.Clock, error) {
	seconds := by.Seconds()
	return s.moveClock(ctx, postgres.ClockChange{AdvanceSeconds: &seconds})
}

// ResetClock makes the clock the real one again.
func (s *Service) ResetClock(ctx context.Context) (account.Clock, error) {
	return s.moveClock(ctx, postgres.ClockChange{Reset: true})
}

func (s *Service) moveClock(ctx context.Context, change postgres.ClockChange) (account.Clock, error) {
	b, c, err := s.operator(ctx)
	if err != nil {
		return account.Clock{}, err
	}
	return b.store.SetClock(ctx, c, change)
}

// china is where the days of the rules are, and the portal's own messages; it has no summer time.
var china = time.FixedZone("Asia/Shanghai", 8*60*60)

// location is the zone of times in messages.
func (s *Service) location() *time.Location {
	if s.opts.Config.Location != nil {
		return s.opts.Config.Location
	}
	return china
}
