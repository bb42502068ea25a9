package postgres

import (
	"context"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
)

// Staging takes the rows of one import on their way into the register's staging table.
type Staging struct {
	ctx  context.Context
	key  string
	copy copier
}

// copier is the driver's COPY. Its Exec formats and locks value by value; text that is ready goes past that.
type copier interface {
	driver.Stmt
	CopyData(ctx context.Context, line string) (driver.Result, error)
}

// Batch makes an empty batch of rows for this import. Batches may be made and filled on several goroutines.
func (s *Staging) Batch() *RegisterBatch { return &RegisterBatch{key: s.key} }

// Add sends a batch. The batch may be filled again afterwards.
func (s *Staging) Add(b *RegisterBatch) error {
	if err := s.ctx.Err(); err != nil {
		return fault(s.ctx, err)
	}
	if len(b.text) == 0 {
		return nil
	}
	// CopyData ends what it is given with a line break of its own. It needs no context: the one that counts was looked at.
	_, err := s.copy.CopyData(context.WithoutCancel(s.ctx), string(b.text[:len(b.text)-1]))
	b.text = b.text[:0]
	if err != nil {
		return fault(s.ctx, err)
	}
	return nil
}

// stage runs feed with a COPY into the staging table under way.
func stage(ctx context.Context, conn *sqlx.Conn, id uuid.UUID, feed func(*Staging) error) error {
	var staged error
	err := conn.Raw(func(c any) error {
		// What becomes of the connection is for the end of its transaction: an error of a cut one that Raw hears of makes it wait for that.
		staged = copyInto(ctx, c, id, feed)
		return nil
	})
	return errors.Join(staged, err)
}

func copyInto(ctx context.Context, c any, id uuid.UUID, feed func(*Staging) error) error {
	preparer, ok := c.(driver.ConnPrepareContext)
	if !ok {
		return errors.New("the driver cannot COPY")
	}
	statement, err := preparer.PrepareContext(ctx, `COPY faren.register_staging (import_id, line, unit_code, name, name_key, representative_mask,
		representative_index, representative_sealed, document_type, document_mask, document_index, document_sealed, status,
		registration_number, organization_code) FROM STDIN`)
	if err != nil {
		return fault(ctx, err)
	}
	defer statement.Close() //nolint:errcheck // the error that counts is that of the Close below; this one is for an early end
	into, ok := statement.(copier)
	if !ok {
		return fmt.Errorf("the driver's COPY is a %T", statement)
	}
	if err := feed(&Staging{ctx: ctx, key: id.String(), copy: into}); err != nil {
		return err
	}
	if err := into.Close(); err != nil {
		return fault(ctx, err)
	}
	return nil
}

// RegisterBatch is some rows in COPY's text format.
type RegisterBatch struct {
	key  string
	text []byte
}

// Append adds a row.
func (b *RegisterBatch) Append(r *SealedRegisterRow) {
	t := b.text
	t = append(t, b.key...)
	t = append(t, '\t')
	t = strconv.AppendInt(t, r.Line, 10)
	for _, value := range [...]string{r.UnitCode, r.Name, r.NameKey, r.RepresentativeMask} {
		t = appendText(append(t, '\t'), value)
	}
	t = appendBytes(append(t, '\t'), r.RepresentativeIndex)
	t = appendBytes(append(t, '\t'), r.RepresentativeSealed)
	t = appendText(append(t, '\t'), r.DocumentType)
	t = appendText(append(t, '\t'), r.DocumentMask)
	t = appendBytes(append(t, '\t'), r.DocumentIndex)
	t = appendBytes(append(t, '\t'), r.DocumentSealed)
	t = appendText(append(t, '\t'), r.Status)
	for _, value := range [...]*string{r.RegistrationNumber, r.OrganizationCode} {
		t = append(t, '\t')
		if value == nil {
			t = append(t, `\N`...)
		} else {
			t = appendText(t, *value)
		}
	}
	t = append(t, '\n')
	b.text = t
}

// copyEscapes are the characters that mean something to COPY's text format.
var copyEscapes = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)

func appendText(t []byte, value string) []byte {
	for i := range len(value) { // most values are short, and have none
		if c := value[i]; c == '\\' || c == '\t' || c == '\n' || c == '\r' {
			return append(t, copyEscapes.Replace(value)...)
		}
	}
	return append(t, value...)
}

func appendBytes(t, value []byte) []byte {
	if value == nil {
		return append(t, `\N`...)
	}
	return hex.AppendEncode(append(t, `\\x`...), value)
}
