package postgres

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
)

// BatchRow is one registration of a batch: what certification and the user need, in one object.
type BatchRow struct {
	RowNo          int       `json:"row_no"`
	VerificationID uuid.UUID `json:"verification_id"` // of the face check that the sandbox answers
	NewApplication
	SealedAgent
	SealedCredential
	CodeProof Hex      `json:"code_proof"`
	Advice    []string `json:"advice"`
}

// BatchOutcome is what became of a row: an application, or why there is none.
type BatchOutcome struct {
	RowNo         int
	ApplicationID account.ApplicationID
	AccountID     *account.AccountID
	Status, Role  string
	Refused       error
}

// BatchMax is how many rows one call takes.
const BatchMax = 1000

// RegisterBatch runs the registrations of rows in one transaction: what is refused of them is told for its row. sandbox stands in for SMS
// codes and face checks, where the database allows it.
// replayed tells that they were run before, by a request of the same id.
func (s *Store) RegisterBatch(ctx context.Context, c Caller, rows []BatchRow, sandbox bool) (outcomes []BatchOutcome, replayed bool, err error) {
	text, err := encode(rows)
	if err != nil {
		return nil, false, err
	}
	var answer struct {
		Rows []struct {
			RowNo         int                   `json:"row_no"`
			ApplicationID account.ApplicationID `json:"application_id"`
			AccountID     *account.AccountID    `json:"account_id"`
			Status        string                `json:"status"`
			Role          string                `json:"role"`
			Refused       []json.RawMessage     `json:"refused"`
		} `json:"rows"`
	}
	replayed, err = s.changed(ctx, c, &answer, `SELECT api.register_batch($1, $2, $3)`, text, sandbox)
	if err != nil {
		return nil, false, err
	}
	out := make([]BatchOutcome, len(answer.Rows))
	for i, r := range answer.Rows {
		out[i] = BatchOutcome{RowNo: r.RowNo, ApplicationID: r.ApplicationID, AccountID: r.AccountID, Status: r.Status, Role: r.Role}
		if len(r.Refused) > 0 {
			out[i].Refused = refusal(r.Refused)
		}
	}
	return out, replayed, nil
}
