package service

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/batch"
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
	merged, err := b.store.ImportRegister(ctx, func() (postgres.Caller, error) { return s.caller(b) }, o.Strict, func(staging *postgres.Staging) error {
		if err := importRows(ctx, b.keys, rows, &result, staging); err != nil {
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
// closes spoils its own line only, and memory stays small whatever the file. What a line says (parse) may be found out on several
// goroutines at once.
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
	first, err := r.text()
	if errors.Is(err, io.EOF) {
		return nil, account.NewFault("FILE_INVALID", "format", "CSV", "problem", account.Say("the file is empty", "文件为空"))
	}
	var header []string
	if err == nil {
		header, err = batch.Split(string(first))
	}
	if err != nil {
		return nil, account.NewFault("FILE_INVALID", "format", "CSV", "problem", account.Say("its first line is no header", "首行不是表头")).WithCause(err)
	}
	r.width = len(header)
	r.columns = make([]int, len(registerColumns))
	for i, name := range registerColumns {
		r.columns[i] = slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
		if r.columns[i] < 0 && slices.Contains(requiredColumns, name) {
			return nil, account.NewFault("FILE_INVALID", "format", "CSV", "problem", account.Say("no column %s", "缺少 %s 列", name))
		}
	}
	return r, nil
}

// text reads the next line that is not blank; it holds until the next call.
func (r *registerFile) text() ([]byte, error) {
	for r.lines.Scan() {
		r.line++
		text := bytes.TrimSuffix(r.lines.Bytes(), []byte("\r"))
		if !r.started {
			// A byte order mark, as spreadsheets write it.
			text = bytes.TrimPrefix(text, []byte("\uFEFF"))
			r.started = true
		}
		if len(bytes.TrimSpace(text)) > 0 {
			return text, nil
		}
	}
	if err := r.lines.Err(); err != nil {
		return nil, err
	}
	return nil, io.EOF
}

// parse gives the row that a line holds, checked and normalized, with what is wrong with it.
func (r *registerFile) parse(line string, today time.Time) (account.RegisterRow, []*account.Fault) {
	values, err := batch.Split(line)
	if err != nil || len(values) != r.width {
		return account.RegisterRow{}, []*account.Fault{account.NewFault("ROW_INVALID")}
	}
	at := func(i int) string {
		if r.columns[i] < 0 {
			return ""
		}
		return strings.TrimSpace(values[r.columns[i]])
	}
	return account.CheckRegisterRow(account.RegisterRow{UnitCode: at(0), Name: at(1), Representative: at(2), DocumentType: at(3),
		DocumentNumber: at(4), Status: at(5), RegistrationNumber: at(6), OrganizationCode: at(7)}, today)
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
