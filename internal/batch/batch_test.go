package batch_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/batch"
)

func code(err error) account.Code {
	var f *account.Fault
	if errors.As(err, &f) {
		return f.Code
	}
	return ""
}

// all reads a file to its end and says of each row its line, its user name, or why it is none.
func all(t *testing.T, text, format string) []string {
	t.Helper()
	r, err := batch.NewReader(strings.NewReader(text), format)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		what := row.Registration.Username
		if row.Refused != nil {
			what = string(row.Refused.Code)
		}
		out = append(out, fmt.Sprint(row.Line, " ", what))
	}
}

func TestRowsAreReadLineByLine(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 70_000)
	for name, c := range map[string]struct {
		text, format string
		want         []string
	}{
		"JSON lines":                  {"{\"username\": \"a\"}\n\n  \n{\"username\": \"b\"}", batch.JSONL, []string{"1 a", "4 b"}},
		"Windows line ends":           {"{\"username\": \"a\"}\r\n{\"username\": \"b\"}\r\n", batch.JSONL, []string{"1 a", "2 b"}},
		"an unknown field":            {`{"user": "a"}` + "\n" + `{"username": "b"}`, batch.JSONL, []string{"1 ROW_INVALID_JSON", "2 b"}},
		"two objects on a line":       {`{"username": "a"} {"username": "b"}`, batch.JSONL, []string{"1 ROW_INVALID_JSON"}},
		"a line that is too long":     {`{"username": "` + long + "\"}\n" + `{"username": "b"}`, batch.JSONL, []string{"1 INPUT_TOO_LARGE", "2 b"}},
		"a huge line":                 {strings.Repeat(long, 10) + "\n" + `{"username": "b"}`, batch.JSONL, []string{"1 INPUT_TOO_LARGE", "2 b"}},
		"not UTF-8":                   {"{\"username\": \"\xff\"}\n", batch.JSONL, []string{"1 TEXT_INVALID"}},
		"CSV":                         {"username,agent.name\na,张三\n\nb,\n", batch.CSV, []string{"2 a", "4 b"}},
		"CSV with a byte order mark":  {"\uFEFFusername\na\n", batch.CSV, []string{"2 a"}},
		"CSV with quotes":             {"username,password_hash\na,\"$argon2id$v=19$m=1,t=2,p=1\"\nb,\"open\nc,d\n", batch.CSV, []string{"2 a", "3 ROW_INVALID", "4 c"}},
		"CSV with too few fields":     {"username,agent.name\na\n", batch.CSV, []string{"2 ROW_INVALID"}},
		"CSV with a bad truth":        {"username,accept_terms\na,yes\n", batch.CSV, []string{"2 VALUE_INVALID"}},
		"CSV with a million columns":  {"username\n" + strings.Repeat(",", 60_000) + "\nb\n", batch.CSV, []string{"2 ROW_INVALID", "3 b"}},
		"an empty file of JSON lines": {"", batch.JSONL, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, all(t, c.text, c.format)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
	for name, text := range map[string]string{"an empty file": "", "an unknown column": "user\n", "a column twice": "username,username\n", "a quote in the header": "\"username\n"} {
		if _, err := batch.NewReader(strings.NewReader(text), batch.CSV); code(err) != "FILE_INVALID" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every field of the document has its column, and a row of CSV can be fed again as JSON with nothing lost.
func TestRowOfCSVIsTheSameRegistrationWhenFedAgain(t *testing.T) {
	t.Parallel()
	names := batch.Columns()
	if len(names) != 24 {
		t.Fatalf("%d columns", len(names))
	}
	values := make([]string, len(names))
	for i, name := range names {
		values[i] = "value " + name
		switch name {
		case "accept_terms", "has_uscc_document", "confirm_code":
			values[i] = "true"
		}
	}
	r, err := batch.NewReader(strings.NewReader(strings.Join(names, ",")+"\n"+strings.Join(values, ",")+"\n"), batch.CSV)
	if err != nil {
		t.Fatal(err)
	}
	first, err := r.Next()
	if err != nil || first.Refused != nil {
		t.Fatal(err, first.Refused)
	}
	again, err := batch.NewReader(strings.NewReader(string(r.Again(first))), batch.JSONL)
	if err != nil {
		t.Fatal(err)
	}
	second, err := again.Next()
	if err != nil || second.Refused != nil {
		t.Fatal(err, second.Refused)
	}
	if diff := cmp.Diff(first.Registration, second.Registration); diff != "" {
		t.Errorf("fed again (-first +second):\n%s", diff)
	}
	if first.Registration.Agent.EthnicGroup != "value agent.ethnic_group" || first.Registration.Documents.Proof != "value documents.proof" {
		t.Errorf("values stand elsewhere: %+v", first.Registration)
	}
}

func TestReadingGoesOnInTheSameFileOnly(t *testing.T) {
	t.Parallel()
	const text = "{\"username\": \"a\"}\n{\"username\": \"b\"}\n{\"username\": \"c\"}\n"
	r, _ := batch.NewReader(strings.NewReader(text), batch.JSONL)
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	at := r.Position()
	on, _ := batch.NewReader(strings.NewReader(text), batch.JSONL)
	if err := on.Skip(at); err != nil {
		t.Fatal(err)
	}
	if row, err := on.Next(); err != nil || row.Line != 2 || row.Registration.Username != "b" {
		t.Errorf("it goes on with %+v, %v", row, err)
	}
	for name, other := range map[string]string{"changed": strings.Replace(text, "a", "x", 1), "shorter": text[:5], "with a line less": text[len(text)/3+1:]} {
		on, _ := batch.NewReader(strings.NewReader(other), batch.JSONL)
		if err := on.Skip(at); code(err) != "BATCH_FILE_CHANGED" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestJournalGoesOnAfterWhateverAKillLeft(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	run := batch.Run{ID: uuid.New(), Format: batch.JSONL}
	j, err := batch.Open(path, run, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := batch.Open(path, run, true); code(err) != "BATCH_IN_USE" {
		t.Errorf("a second process: %v", err)
	}
	mark := batch.Mark{Chunk: 1, Offset: 10, Line: 2, Sum: make([]byte, 32), Rows: 2, Statuses: map[string]int64{"approved": 2}, Codes: map[string]int64{}}
	if err := j.Advance(mark); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(false); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	header := strings.IndexByte(string(whole), '\n') + 1
	for cut := range len(whole) + 1 {
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := batch.Open(path, batch.Run{ID: uuid.New(), Format: batch.JSONL}, true)
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		switch {
		case cut < header && (j.Run.ID == run.ID || j.Mark.Chunk != 0):
			t.Errorf("cut at %d: it is no new run", cut)
		case cut >= header && j.Run.ID != run.ID:
			t.Errorf("cut at %d: it is another run", cut)
		case cut == len(whole) && cmp.Diff(mark, j.Mark) != "" || cut < len(whole) && j.Mark.Chunk != 0:
			t.Errorf("cut at %d: mark %+v", cut, j.Mark)
		}
		if err := j.Advance(mark); err != nil {
			t.Fatal(err)
		}
		if err := j.Close(false); err != nil {
			t.Fatal(err)
		}
		if j, err = batch.Open(path, batch.Run{Format: batch.JSONL}, true); err != nil || cmp.Diff(mark, j.Mark) != "" {
			t.Fatalf("cut at %d: what came after it is lost: %v", cut, err)
		}
		_ = j.Close(false)
	}
	for name, other := range map[string]batch.Run{"other options": {Format: batch.JSONL, Sandbox: true}, "another report": {Format: batch.JSONL, Report: "r"}} {
		if _, err := batch.Open(path, other, true); code(err) != "BATCH_UNFINISHED" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := batch.Open(path, run, false); code(err) != "BATCH_UNFINISHED" {
		t.Errorf("without resume: %v", err)
	}
	for _, other := range []string{"something else\n", "no line end", `{"channel": "zhejiang"}`} {
		if err := os.WriteFile(path, []byte(other), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := batch.Open(path, run, true); code(err) != "BATCH_UNFINISHED" {
			t.Errorf("another file: %v", err)
		}
		if text, _ := os.ReadFile(path); string(text) != other {
			t.Errorf("another file was changed: %q", text)
		}
	}
}

func FuzzRowsAreReadOrRefused(f *testing.F) {
	f.Add("{\"username\": \"a\"}\n", true)
	f.Add("username,agent.name\na,b\n", false)
	f.Add("\"a\n\r\n,,\xff{", false)
	f.Fuzz(func(t *testing.T, text string, lines bool) {
		format := map[bool]string{true: batch.JSONL, false: batch.CSV}[lines]
		r, err := batch.NewReader(strings.NewReader(text), format)
		if err != nil {
			return
		}
		last := int64(0)
		for {
			row, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || row.Line <= last {
				t.Fatalf("line %d after %d: %v", row.Line, last, err)
			}
			last = row.Line
		}
		if at := r.Position(); at.Offset != int64(len(text)) {
			t.Errorf("%d bytes read of %d", at.Offset, len(text))
		}
	})
}
