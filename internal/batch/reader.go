package batch

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/farenctl/farenctl/internal/account"
)

// The formats of a file.
const (
	JSONL = "jsonl" // a registration document as one JSON object a line
	CSV   = "csv"   // a header with dotted field names, and one registration a line
)

// Formats gives the formats of a file.
func Formats() []string { return []string{JSONL, CSV} }

// maxLine bounds a line, and with it the memory of a row, in bytes.
const maxLine = 64 << 10

// Row is one registration of a file. Line counts from 1, with a header. Refused says why the line is none; Registration is then empty.
type Row struct {
	Line         int64
	Registration account.Registration
	Refused      *account.Fault
	Raw          []byte   // the line; nil when it was too long or not UTF-8
	fields       []string // of CSV
}

// Position is how far a file was read: bytes, lines, and the SHA-256 of all of them.
type Position struct {
	Offset int64
	Line   int64
	Sum    [sha256.Size]byte
}

// Reader reads rows. No value can hold a line break, so that a quote which never closes spoils its own line only.
type Reader struct {
	from    *bufio.Reader
	format  string
	columns []column
	names   []string
	at      Position
	sum     hash.Hash
}

// NewReader reads the header of a CSV file. FILE_INVALID: it has none, or one with unknown names.
func NewReader(from io.Reader, format string) (*Reader, error) {
	r := &Reader{from: bufio.NewReaderSize(from, 256<<10), format: format, sum: sha256.New()}
	if format != CSV {
		return r, nil
	}
	header, tooLong, err := r.line()
	if errors.Is(err, io.EOF) {
		return nil, account.NewFault("FILE_INVALID", "format", "CSV", "problem", account.Say("the file is empty", "文件为空"))
	}
	if err != nil {
		return nil, unreadable(format, err)
	}
	names, err := Split(string(bytes.TrimPrefix(header, []byte("\uFEFF"))))
	if err != nil || tooLong {
		return nil, account.NewFault("FILE_INVALID", "format", "CSV", "problem", account.Say("its first line is no header", "首行不是表头"))
	}
	for i, name := range names {
		name = strings.TrimSpace(name)
		set, known := columns[name]
		if !known {
			return nil, account.NewFault("FILE_INVALID", "format", "CSV", "problem", account.Say("column %d of the header: unknown field %s", "表头第 %d 列：未知的字段 %s", i+1, fieldName(name)))
		}
		if position(r.names, name) >= 0 {
			return nil, account.NewFault("FILE_INVALID", "format", "CSV", "problem", account.Say("two columns are called %s", "有两列名为 %s", name))
		}
		r.columns, r.names = append(r.columns, set), append(r.names, name)
	}
	return r, nil
}

func position(names []string, wanted string) int {
	for i, name := range names {
		if name == wanted {
			return i
		}
	}
	return -1
}

func unreadable(format string, err error) error {
	return account.NewFault("FILE_INVALID", "format", strings.ToUpper(format), "problem", account.Say("it cannot be read", "无法读取")).WithCause(err)
}

// Position tells how far the file was read.
func (r *Reader) Position() Position {
	at := r.at
	r.sum.Sum(at.Sum[:0])
	return at
}

// Skip reads on to where an earlier run had come. BATCH_FILE_CHANGED: this is not the file that it read.
func (r *Reader) Skip(to Position) error {
	for r.at.Offset < to.Offset {
		if _, _, err := r.line(); err != nil {
			break
		}
	}
	if r.Position() != to {
		return account.NewFault("BATCH_FILE_CHANGED", "file", "FILE")
	}
	return nil
}

// Next gives the next row that is not blank; io.EOF at the end.
func (r *Reader) Next() (Row, error) {
	for {
		text, tooLong, err := r.line()
		if errors.Is(err, io.EOF) {
			return Row{}, io.EOF
		}
		if err != nil {
			return Row{}, unreadable(r.format, err)
		}
		row := Row{Line: r.at.Line}
		switch {
		case tooLong:
			row.Refused = account.NewFault("INPUT_TOO_LARGE", "limit", maxLine)
			return row, nil
		case len(bytes.TrimSpace(text)) == 0:
			continue
		case !utf8.Valid(text):
			row.Refused = account.NewFault("TEXT_INVALID")
			return row, nil
		}
		row.Raw = bytes.Clone(text)
		if r.format == CSV {
			r.readFields(&row)
		} else {
			readObject(&row)
		}
		if row.Refused != nil {
			row.Registration = account.Registration{}
		}
		return row, nil
	}
}

// line reads one line without its end. Of one that is too long nothing is kept.
func (r *Reader) line() (text []byte, tooLong bool, err error) {
	var long []byte
	for {
		part, err := r.from.ReadSlice('\n')
		r.at.Offset += int64(len(part))
		r.sum.Write(part) //nolint:errcheck // a hash takes everything
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(part)+len(long) == 0 && !tooLong:
			return nil, false, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, false, err
		}
		if tooLong = tooLong || len(long)+len(part) > maxLine; tooLong {
			long = nil
		} else if errors.Is(err, bufio.ErrBufferFull) || long != nil {
			long = append(long, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		r.at.Line++
		if tooLong {
			return nil, true, nil
		}
		if long != nil {
			part = long
		}
		return bytes.TrimSuffix(bytes.TrimSuffix(part, []byte("\n")), []byte("\r")), false, nil
	}
}

func readObject(row *Row) {
	decoder := json.NewDecoder(bytes.NewReader(row.Raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&row.Registration); err != nil {
		row.Refused = account.NewFault("ROW_INVALID_JSON", "problem", FieldProblem(err))
		return
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		row.Refused = account.NewFault("ROW_INVALID_JSON", "problem", account.Say("something stands behind the object", "对象之后还有其他内容"))
	}
}

func (r *Reader) readFields(row *Row) {
	fields, err := Split(string(row.Raw))
	if err != nil || len(fields) != len(r.columns) {
		row.Refused = account.NewFault("ROW_INVALID")
		return
	}
	row.fields = fields
	for i, set := range r.columns {
		if value := strings.TrimSpace(fields[i]); value != "" && !set(&row.Registration, value) {
			row.Refused = account.NewFault("VALUE_INVALID", "field", r.names[i], "allowed", []string{"true", "false"})
			return
		}
	}
}

// Split reads the fields of one line of CSV, none of which can hold a line break.
func Split(line string) ([]string, error) {
	if !strings.Contains(line, `"`) {
		return strings.Split(line, ","), nil
	}
	return csv.NewReader(strings.NewReader(line)).Read()
}

// Again gives a row as JSON that can be fed again; nil when the line could not be read at all.
func (r *Reader) Again(row Row) []byte {
	if row.Raw == nil || r.format == JSONL {
		return row.Raw
	}
	if row.fields == nil {
		return nil
	}
	document := map[string]any{}
	for i, name := range r.names {
		value := strings.TrimSpace(row.fields[i])
		if value == "" {
			continue
		}
		object := document
		if outer, inner, nested := strings.Cut(name, "."); nested {
			below, _ := document[outer].(map[string]any)
			if below == nil {
				below = map[string]any{}
				document[outer] = below
			}
			object, name = below, inner
		}
		object[name] = value
		if booleans[r.names[i]] && (value == "true" || value == "false") {
			object[name] = value == "true"
		}
	}
	text, err := json.Marshal(document)
	if err != nil {
		return nil
	}
	return text
}
