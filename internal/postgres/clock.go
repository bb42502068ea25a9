package postgres

import (
	"context"
	"time"

	"github.com/farenctl/farenctl/internal/account"
)

// ClockChange moves the rules' clock: to a time, by seconds, or back to the real one. One of them is set.
type ClockChange struct {
	Set            *time.Time `json:"set,omitempty"`
	AdvanceSeconds *float64   `json:"advance_seconds,omitempty"`
	Reset          bool       `json:"reset,omitempty"`
}

type clockRow struct {
	Now         time.Time `db:"now" json:"now"`
	Offset      float64   `db:"offset_seconds" json:"offset_seconds"`
	Environment string    `db:"environment" json:"environment"`
}

func (r clockRow) clock() account.Clock {
	return account.Clock{Now: r.Now.UTC(), OffsetSeconds: r.Offset, Environment: r.Environment}
}

// Clock reads the rules' clock.
func (s *Store) Clock(ctx context.Context) (account.Clock, error) {
	row, _, err := one[clockRow](ctx, s, `SELECT now, offset_seconds, environment FROM api.status`)
	return row.clock(), err
}

// SetClock moves the rules' clock; the database refuses it on production.
func (s *Store) SetClock(ctx context.Context, c Caller, change ClockChange) (account.Clock, error) {
	var row clockRow
	err := s.changeWith(ctx, c, &row, `SELECT api.set_clock($1, $2)`, change)
	return row.clock(), err
}
