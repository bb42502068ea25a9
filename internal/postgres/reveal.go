package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
)

// SealedField is a sealed value and what it is bound to.
type SealedField struct {
	Table  string    `json:"table"`
	Row    uuid.UUID `json:"row"`
	Column string    `json:"column"`
	Sealed Hex       `json:"sealed"`
}

// Reveal fetches one sealed field of a record of a kind: application, account or sms. Who asked and why is written down, counted and
// committed before the field is asked for, in a call of its own.
func (s *Store) Reveal(ctx context.Context, c Caller, kind string, id uuid.UUID, field string) (SealedField, account.Reveal, error) {
	var f SealedField
	var counted account.Reveal
	wanted := map[string]any{"kind": kind, "id": id, "field": field}
	if err := s.changeWith(ctx, c, &counted, `SELECT api.request_reveal($1, $2)`, wanted); err != nil {
		return f, counted, err
	}
	counted.Until = counted.Until.UTC().Truncate(time.Second)
	c, err := c.anew()
	if err == nil {
		err = s.changeWith(ctx, c, &f, `SELECT api.reveal($1, $2)`, wanted)
	}
	return f, counted, err
}

// anew is the caller of a second call of the same command, which is a request of its own.
func (c Caller) anew() (Caller, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return c, fmt.Errorf("make a request id: %w", err)
	}
	c.RequestID = id
	return c, nil
}
