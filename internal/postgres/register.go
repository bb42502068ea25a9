package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"github.com/farenctl/farenctl/internal/account"
)

// SealedRegisterRow is one row of the business register as the database holds it. Line is its line in the file.
type SealedRegisterRow struct {
	Line                 int64
	UnitCode             string
	Name                 string
	NameKey              string
	RepresentativeMask   string
	RepresentativeIndex  []byte
	RepresentativeSealed []byte
	DocumentType         string
	DocumentMask         string
	DocumentIndex        []byte
	DocumentSealed       []byte
	Status               string
	RegistrationNumber   *string
	OrganizationCode     *string
}

// MergeResult counts what an import changed. Doubles are lines that a later line of the file replaced.
type MergeResult struct {
	Added    int64 `json:"added"`
	Replaced int64 `json:"replaced"`
	Doubles  []struct {
		Line     int64  `json:"line"`
		UnitCode string `json:"unit_code"`
		Later    int64  `json:"later"`
	} `json:"doubles"`
}

// ImportRegister copies rows into the staging table and merges them, in one transaction: all of them are there
// afterwards or none. feed hands its rows to the staging; an error of feed rolls everything back. caller is asked for once all
// rows are read. strict takes none when a unit code stands on several lines: ROWS_REFUSED, and the result names them. It is not retried.
func (s *Store) ImportRegister(ctx context.Context, caller func() (Caller, error), strict bool, feed func(*Staging) error) (MergeResult, error) {
	var answer struct {
		Result  MergeResult `json:"result"`
		Refused []struct {
			Code account.Code `json:"code"`
			MergeResult
		} `json:"refused"`
		Replayed bool `json:"replayed"`
	}
	err := s.transaction(ctx, func(conn *sqlx.Conn, tx *sqlx.Tx) error {
		// A big file takes longer than a single change may.
		if _, err := tx.ExecContext(ctx, `SET LOCAL statement_timeout = 0`); err != nil {
			return fault(ctx, err)
		}
		id := uuid.New()
		if err := stage(ctx, conn, id, feed); err != nil {
			return err
		}
		c, err := caller()
		if err != nil {
			return err
		}
		encoded, err := c.encode()
		if err != nil {
			return err
		}
		var raw []byte
		if err := tx.QueryRowxContext(ctx, `SELECT api.merge_register($1, $2, $3)`, encoded, id, strict).Scan(&raw); err != nil {
			return fault(ctx, err)
		}
		if err := json.Unmarshal(raw, &answer); err != nil {
			return fmt.Errorf("decode the database's answer: %w", err)
		}
		return nil
	})
	if err != nil {
		return MergeResult{}, err
	}
	s.replayed.Store(answer.Replayed)
	if len(answer.Refused) > 0 {
		refused := answer.Refused[0]
		return refused.MergeResult, account.NewFault(refused.Code, "count", len(refused.Doubles))
	}
	return answer.Result, nil
}

// RegisterEntry reads one organization of the business register.
func (s *Store) RegisterEntry(ctx context.Context, unitCode string) (account.RegisterEntry, error) {
	type entryRow struct {
		UnitCode           string    `db:"unit_code"`
		Name               string    `db:"name"`
		Mask               string    `db:"representative_mask"`
		DocumentType       string    `db:"document_type"`
		DocumentMask       string    `db:"document_mask"`
		Status             string    `db:"status"`
		RegistrationNumber *string   `db:"registration_number"`
		OrganizationCode   *string   `db:"organization_code"`
		UpdatedAt          time.Time `db:"updated_at"`
	}
	row, found, err := one[entryRow](ctx, s, `SELECT unit_code, name, representative_mask, document_type, document_mask, status,
		registration_number, organization_code, updated_at FROM api.register_entry WHERE unit_code = $1`, unitCode)
	if err == nil && !found {
		err = account.NewFault("REGISTER_ENTRY_NOT_FOUND")
	}
	return account.RegisterEntry{
		UnitCode: row.UnitCode, Name: row.Name, Status: row.Status, RegistrationNumber: row.RegistrationNumber,
		LegalRepresentative: account.Representative{Name: row.Mask, DocumentType: row.DocumentType, DocumentNumber: row.DocumentMask},
		OrganizationCode:    row.OrganizationCode, UpdatedAt: row.UpdatedAt.UTC(),
	}, err
}

// RegisterStats counts the business register.
func (s *Store) RegisterStats(ctx context.Context) (account.RegisterStats, error) {
	type statsRow struct {
		Total     int64      `db:"total"`
		Active    int64      `db:"active"`
		Revoked   int64      `db:"revoked"`
		Cancelled int64      `db:"cancelled"`
		Zhejiang  int64      `db:"zhejiang"`
		UpdatedAt *time.Time `db:"updated_at"`
	}
	row, _, err := one[statsRow](ctx, s, `SELECT count(*) AS total, count(*) FILTER (WHERE status = 'active') AS active,
		count(*) FILTER (WHERE status = 'revoked') AS revoked, count(*) FILTER (WHERE status = 'cancelled') AS cancelled,
		count(*) FILTER (WHERE substr(unit_code, 3, 2) = '33') AS zhejiang, max(updated_at) AS updated_at FROM api.register_entry`)
	return account.RegisterStats{Total: row.Total, Active: row.Active, Revoked: row.Revoked, Cancelled: row.Cancelled,
		Zhejiang: row.Zhejiang, UpdatedAt: utcp(row.UpdatedAt)}, err
}
