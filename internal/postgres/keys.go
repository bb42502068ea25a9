package postgres

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"
)

// SealingKeys is what the database knows of the sealing keys, each by its header in hexadecimal. Newest is nil while the first key was never
// changed. Used counts the values of each key.
type SealingKeys struct {
	Newest  *string          `json:"newest"`
	Retired []string         `json:"retired"`
	Used    map[string]int64 `json:"used"`
}

// SealingKeys counts what is sealed with which key.
func (s *Store) SealingKeys(ctx context.Context) (SealingKeys, error) {
	var keys SealingKeys
	err := s.call(ctx, &keys, `SELECT api.sealing_keys()`)
	return keys, err
}

// NewestKey is the header of the newest sealing key; nil while the first one was never changed.
func (s *Store) NewestKey(ctx context.Context) (*string, error) {
	type newest struct {
		Key *string `db:"sealing_key"`
	}
	found, _, err := one[newest](ctx, s, `SELECT sealing_key FROM api.status`)
	return found.Key, err
}

// RotateKey tells the database of a new key before it is used. forced lets a keyring do so that has not the newest key.
func (s *Store) RotateKey(ctx context.Context, c Caller, header string, forced bool) error {
	return s.change(ctx, c, nil, `SELECT api.rotate_key($1, $2, $3)`, header, forced)
}

// RetireKey says that nobody may seal with a key any more. KEY_IN_USE: something is sealed with it.
func (s *Store) RetireKey(ctx context.Context, c Caller, header string) error {
	return s.change(ctx, c, nil, `SELECT api.retire_key($1, $2)`, header)
}

// SealedValue is a value under a seal, where it is: bound to Bound, Row and Column; Table and Org are where the database finds it again. Was is
// the SHA-256 of what it was, of one that is handed back.
type SealedValue struct {
	Table  string  `json:"table"`
	Bound  string  `json:"bound,omitempty"`
	Org    *string `json:"org"`
	Row    string  `json:"row"`
	Column string  `json:"column"`
	Sealed Hex     `json:"sealed"`
	Was    Hex     `json:"was,omitempty"`
}

// Resealing is one exchange: Values are handed back, and those of Limit rows behind After are asked for.
type Resealing struct {
	Values []SealedValue   `json:"values"`
	After  json.RawMessage `json:"after,omitempty"`
	Limit  int             `json:"limit"`
}

// Resealed is its answer. Of what was handed back Changed were others meanwhile, or in somebody's hands. After is null when there are no more.
type Resealed struct {
	Values   []SealedValue   `json:"values"`
	After    json.RawMessage `json:"after"`
	Resealed int             `json:"resealed"`
	Changed  int             `json:"changed"`
}

// BeginResealing writes down that a run begins, and gives its id.
func (s *Store) BeginResealing(ctx context.Context, c Caller) (uuid.UUID, error) {
	var begun struct {
		Run uuid.UUID `json:"run"`
	}
	err := s.change(ctx, c, &begun, `SELECT api.begin_resealing($1)`)
	return begun.Run, err
}

// Reseal takes values that are sealed with the newest key, and hands out others that are not.
func (s *Store) Reseal(ctx context.Context, c Caller, run uuid.UUID, r Resealing) (Resealed, error) {
	var done Resealed
	text, err := encode(r)
	if err != nil {
		return done, err
	}
	err = s.change(ctx, c, &done, `SELECT api.reseal($1, $2, $3)`, run, text)
	return done, err
}
