package postgres

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
)

// Decision is what a reviewer decided. SMSID and ParamsSealed are of the message to the applicant.
type Decision struct {
	Decision       string     `json:"decision"` // approve, reject
	Reason         *string    `json:"reason"`
	Channel        string     `json:"channel"`
	VerificationID *uuid.UUID `json:"verification_id"`
	SMSID          uuid.UUID  `json:"sms_id"`
	ParamsSealed   Hex        `json:"params_sealed"`
}

// DecideApplication approves or rejects.
func (s *Store) DecideApplication(ctx context.Context, c Caller, id account.ApplicationID, d Decision) (account.Application, error) {
	return s.changeApplication(ctx, c, `SELECT api.decide_application($1, $2, $3)`, id, d)
}

// ErrUnknownToken says that a page was asked for that follows no item of the list.
var ErrUnknownToken = errors.New("the page token is of no item of this list")

type queueQuery struct {
	ApplicationID *uuid.UUID `json:"application_id,omitempty"`
	Limit         int        `json:"limit,omitempty"`
	After         *uuid.UUID `json:"after,omitempty"`
}

// ReviewQueue lists what the caller's session may decide, the longest waiting first. ErrUnknownToken: after is none of this list.
func (s *Store) ReviewQueue(ctx context.Context, c Caller, limit int, after *account.ApplicationID) ([]account.Application, error) {
	return s.reviewQueue(ctx, c, queueQuery{Limit: limit, After: (*uuid.UUID)(after)})
}

// ReviewApplication reads one application of the organization of the caller's session.
func (s *Store) ReviewApplication(ctx context.Context, c Caller, id account.ApplicationID) (account.Application, error) {
	raw := id.UUID()
	found, err := s.reviewQueue(ctx, c, queueQuery{ApplicationID: &raw})
	if err != nil || len(found) == 0 {
		return account.Application{}, err
	}
	return found[0], nil
}

func (s *Store) reviewQueue(ctx context.Context, c Caller, q queueQuery) ([]account.Application, error) {
	var rows []applicationRow
	if err := s.changeWith(ctx, c, &rows, `SELECT api.review_queue($1, $2)`, q); err != nil {
		return nil, err
	}
	if rows == nil {
		return nil, ErrUnknownToken
	}
	return convert(rows, applicationRow.application), nil
}
