package service

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// registerColumns are the header names of a register's file, requiredColumns those that must be there.
var (
	registerColumns = []string{"unit_code", "name", "legal_representative", "document_type", "document_number", "status", "registration_number", "organization_code"}
	requiredColumns = []string{"unit_code", "name", "legal_representative", "document_number"}
)

const (
	maxLine     = 64 << 10
	maxRejected = 10_000
)

// ImportOptions say how a register is imported. Strict: all rows or none. Progress is told how many bytes were read.
type ImportOptions struct {
	Strict   bool
	Progress func(read int64)
}

var errStrict = errors.New("a row was not taken")

// ImportRegister loads a CSV file (UTF-8, with or without a byte order mark; header names as in registerColumns) into
// the business register. Rows that are not valid are reported with line and code, and the rest is loaded, in one
// transaction; with Strict nothing is loaded when one is not valid (ROWS_REFUSED tells both).
func (s *Service) ImportRegister(ctx context.Context, file io.Reader, o ImportOptions) (account.ImportResult, error) {
	rows, err := openRegister(file, o.Progress)
	if err != nil {
		return account.ImportResult{}, err
	}
	b, err := s.sealing(ctx)
	if err != nil {
		return account.ImportResult{}, err
	}
	result := account.ImportResult{Rejected: []account.RejectedRow{}}
	merged, err := b.store.ImportRegister(ctx, func() (postgres.Caller, error) { return s.caller(b) }, o.Strict, func(add func(postgres.SealedRegisterRow) error) error {
		if err := importRows(ctx, b.keys, rows, &result, add); err != nil {
			return err
		}
		if o.Strict && len(result.Rejected) > 0 {
			return errStrict
		}
		return nil
	})
	if errors.Is(err, errStrict) {
		return result, account.NewFault("ROWS_REFUSED", "count", len(result.Rejected))
	}
	if err != nil && !account.HasCode(err, "ROWS_REFUSED") {
		return account.ImportResult{}, err
	}
	result.Added, result.Replaced = merged.Added, merged.Replaced
	for _, d := range merged.Doubles {
		result.Rejected = append(result.Rejected, account.RejectedRow{Line: d.Line, Field: "unit_code", Code: "ROW_DUPLICATE", Later: d.Later})
	}
	slices.SortStableFunc(result.Rejected, func(a, b account.RejectedRow) int { return int(a.Line - b.Line) })
	if len(result.Rejected) > 0 {
		return result, account.NewFault("ROWS_REFUSED", "count", len(result.Rejected))
	}
	return result, nil
}

func importRows(ctx context.Context, keys *seal.Keyring, file *registerFile, result *account.ImportResult, add func(postgres.SealedRegisterRow) error) error {
	for {
		row, faults, err := file.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return account.NewFault("FILE_INVALID", "format", "CSV", "problem", "read").WithCause(err)
		}
		if err := ctx.Err(); err != nil {
			return account.NewFault("INTERRUPTED").WithCause(err)
		}
		result.Rows++
		if len(faults) > 0 {
			result.Rejected = append(result.Rejected, rejected(file.line, faults[0]))
			if len(result.Rejected) > maxRejected {
				return account.NewFault("FILE_INVALID", "format", "CSV", "problem", "too many bad rows")
			}
			continue
		}
		sealed, err := sealRegisterRow(keys, file.line, row)
		if err != nil {
			return fmt.Errorf("seal a row: %w", err)
		}
		if err := add(sealed); err != nil {
			return err
		}
	}
}

func rejected(line int64, f *account.Fault) account.RejectedRow {
	row := account.RejectedRow{Line: line, Code: f.Code}
	row.Field, _ = f.Details["field"].(string)
	row.Reason, _ = f.Details["reason"].(string)
	return row
}

func sealRegisterRow(keys *seal.Keyring, line int64, row account.RegisterRow) (postgres.SealedRegisterRow, error) {
	name, err := keys.Seal([]byte(row.Representative), seal.AAD{Table: "register_entry", Row: row.UnitCode, Column: "representative"})
	if err != nil {
		return postgres.SealedRegisterRow{}, err
	}
	document, err := keys.Seal([]byte(row.DocumentNumber), seal.AAD{Table: "register_entry", Row: row.UnitCode, Column: "document"})
	if err != nil {
		return postgres.SealedRegisterRow{}, err
	}
	sealed := postgres.SealedRegisterRow{
		Line: line, UnitCode: row.UnitCode, Name: row.Name, NameKey: identifier.OrganizationKey(row.Name),
		RepresentativeMask:  identifier.MaskName(row.Representative),
		RepresentativeIndex: keys.Index(domainName, identifier.PersonKey(row.Representative)), RepresentativeSealed: name,
		DocumentType: row.DocumentType, DocumentMask: identifier.MaskDocument(identifier.Kind(row.DocumentType), row.DocumentNumber),
		DocumentIndex: keys.Index(domainDocument, row.DocumentNumber), DocumentSealed: document, Status: row.Status,
	}
	if row.RegistrationNumber != "" {
		sealed.RegistrationNumber = &row.RegistrationNumber
	}
	if row.OrganizationCode != "" {
		sealed.OrganizationCode = &row.OrganizationCode
	}
	return sealed, nil
}

// registerFile reads a register's file line by line: no value of it can hold a line break, so that a quote which never
// closes spoils its own line only, and memory stays small whatever the file.
type registerFile struct {
	lines   *bufio.Scanner
	columns []int // where each of registerColumns stands; -1: absent
	width   int
	line    int64
	started bool
}

// openRegister reads the header.
func openRegister(file io.Reader, progress func(int64)) (*registerFile, error) {
	r := &registerFile{lines: bufio.NewScanner(&countingReader{from: file, progress: progress})}
	r.lines.Buffer(make([]byte, 64<<10), maxLine)
	header, err := r.record()
	if errors.Is(err, io.EOF) {
		return nil, account.NewFault("FILE_INVALID", "format", "CSV", "problem", "the file is empty")
	}
	if err != nil {
		return nil, account.NewFault("FILE_INVALID", "format", "CSV", "problem", "its first line is no header").WithCause(err)
	}
	r.width = len(header)
	r.columns = make([]int, len(registerColumns))
	for i, name := range registerColumns {
		r.columns[i] = slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
		if r.columns[i] < 0 && slices.Contains(requiredColumns, name) {
			return nil, account.NewFault("FILE_INVALID", "format", "CSV", "problem", "no column "+name)
		}
	}
	return r, nil
}

var errRecord = errors.New("not one CSV record")

// record reads the next line that is not blank. errRecord is of this line alone.
func (r *registerFile) record() ([]string, error) {
	for r.lines.Scan() {
		r.line++
		text := strings.TrimSuffix(r.lines.Text(), "\r")
		if !r.started {
			// A byte order mark, as spreadsheets write it.
			text = strings.TrimPrefix(text, "\uFEFF")
			r.started = true
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		if !strings.Contains(text, `"`) {
			return strings.Split(text, ","), nil
		}
		fields, err := csv.NewReader(strings.NewReader(text)).Read()
		if err != nil {
			return nil, errRecord
		}
		return fields, nil
	}
	if err := r.lines.Err(); err != nil {
		return nil, err
	}
	return nil, io.EOF
}

// next gives the next row, checked and normalized, with what is wrong with it.
func (r *registerFile) next() (account.RegisterRow, []*account.Fault, error) {
	record, err := r.record()
	if errors.Is(err, errRecord) || (err == nil && len(record) != r.width) {
		return account.RegisterRow{}, []*account.Fault{account.NewFault("ROW_INVALID")}, nil
	}
	if err != nil {
		return account.RegisterRow{}, nil, err
	}
	at := func(i int) string {
		if r.columns[i] < 0 {
			return ""
		}
		return strings.TrimSpace(record[r.columns[i]])
	}
	row, faults := account.CheckRegisterRow(account.RegisterRow{UnitCode: at(0), Name: at(1), Representative: at(2), DocumentType: at(3),
		DocumentNumber: at(4), Status: at(5), RegistrationNumber: at(6), OrganizationCode: at(7)}, today())
	return row, faults, nil
}

type countingReader struct {
	from     io.Reader
	progress func(int64)
	read     int64
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	r.read += int64(n)
	if r.progress != nil {
		r.progress(r.read)
	}
	return n, err
}

// RegisterEntry reads one organization of the business register.
func (s *Service) RegisterEntry(ctx context.Context, unitCode string) (account.RegisterEntry, error) {
	b, err := s.backend(ctx)
	if err != nil {
		return account.RegisterEntry{}, err
	}
	return b.store.RegisterEntry(ctx, identifier.NormalizeCode(unitCode))
}

// RegisterStats counts the business register.
func (s *Service) RegisterStats(ctx context.Context) (account.RegisterStats, error) {
	b, err := s.backend(ctx)
	if err != nil {
		return account.RegisterStats{}, err
	}
	return b.store.RegisterStats(ctx)
}
