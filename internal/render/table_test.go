package render

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"pgregory.net/rapid"
)

func TestNarrowTerminal(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		width int
		want  string
	}{
		{"a table that fits is left alone", 85, `
ID      单位                    STATUS                  ATTEMPTS  CREATED
app_1   杭州示例科技有限公司    pending-review  9007199254740993  2026-02-15 00:30:05
app_22  Example (Overseas) Ltd  通过                           7  2026-02-15 00:30:05
`},
		{"the widest text gives way first", 76, `
ID      单位           STATUS                  ATTEMPTS  CREATED
app_1   杭州示例科技…  pending-review  9007199254740993  2026-02-15 00:30:05
app_22  Example (Ove…  通过                           7  2026-02-15 00:30:05
`},
		{"texts give all where that is enough", 56, `
ID      单…  STA…          ATTEMPTS  CREATED
app_1   杭…  pen…  9007199254740993  2026-02-15 00:30:05
app_22  Ex…  通过                 7  2026-02-15 00:30:05
`},
		{"ids, times and numbers stay whole, and texts readable, when nothing fits", 3, `
ID      单位      STATUS            ATTEMPTS  CREATED
app_1   杭州示…   pending…  9007199254740993  2026-02-15 00:30:05
app_22  Example…  通过                     7  2026-02-15 00:30:05
`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := mustRender(t, Options{Width: tt.width}, list())
			if diff := cmp.Diff(strings.TrimPrefix(tt.want, "\n"), got); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("an object is never cut", func(t *testing.T) {
		t.Parallel()
		if got := mustRender(t, Options{Width: 3}, single()); !strings.Contains(got, "单位      杭州示例科技有限公司\n") {
			t.Errorf("output:\n%s", got)
		}
	})
	sentences := []Column[step]{{Key: "command", Title: "CODE", Kind: ID}, {Key: "why", Title: "MEANING", Kind: Prose}}
	told := step{"SMS_CODE_INVALID", "the code is wrong, or another was sent since;请核对,或重新获取。"}
	t.Run("an object's value goes on under its column", func(t *testing.T) {
		t.Parallel()
		want := "CODE     SMS_CODE_INVALID\nMEANING  the code is wrong, or\n         another was sent\n         since;请核对,或重新获\n         取。\n"
		if diff := cmp.Diff(want, mustRender(t, Options{Width: 30}, Object[step]{Value: told, Columns: sentences})); diff != "" {
			t.Errorf("output (-want +got):\n%s", diff)
		}
	})
	t.Run("points of an object stand below each other", func(t *testing.T) {
		t.Parallel()
		columns := []Column[step]{{Key: "command", Title: "CODE", Kind: ID}, {Key: "why", Title: "CAUSES", Kind: Points, Lines: func(s step) []string {
			if s.Why == "" {
				return nil
			}
			return []string{s.Why, "another"}
		}}}
		want := "CODE    SMS_CODE_INVALID\nCAUSES  - the code is wrong,\n          or another was\n          sent since;请核对,\n          或重新获取。\n        - another\n"
		if diff := cmp.Diff(want, mustRender(t, Options{Width: 28}, Object[step]{Value: told, Columns: columns})); diff != "" {
			t.Errorf("output (-want +got):\n%s", diff)
		}
		if got := mustRender(t, Options{Format: mustFormat(t, "wide")}, Object[step]{Value: step{Command: "x"}, Columns: columns}); got != "CODE    x\nCAUSES  -\n" {
			t.Errorf("without one:\n%s", got)
		}
	})
	t.Run("a sentence of a list goes on under its column", func(t *testing.T) {
		t.Parallel()
		want := `
CODE              MEANING
SMS_CODE_INVALID  the code is wrong,
                  or another was
                  sent since;请核对,
                  或重新获取。
OTHER             short
`
		got := mustRender(t, Options{Width: 36}, List[step]{Items: []step{told, {"OTHER", "short"}}, Columns: sentences})
		if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), got); diff != "" {
			t.Errorf("output (-want +got):\n%s", diff)
		}
	})
	t.Run("without a terminal a sentence is one line", func(t *testing.T) {
		t.Parallel()
		if got := mustRender(t, Options{}, List[step]{Items: []step{told}, Columns: sentences}); strings.Count(got, "\n") != 2 {
			t.Errorf("output:\n%s", got)
		}
	})
}

func TestTableOptions(t *testing.T) {
	t.Parallel()
	short := List[step]{Items: []step{{"a", "b"}}}
	t.Run("color makes the header bold and nothing else", func(t *testing.T) {
		t.Parallel()
		if got, want := mustRender(t, Options{Color: true}, short), "\x1b[1mCOMMAND  WHY\x1b[0m\na        b\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
	t.Run("color makes the labels of an object bold", func(t *testing.T) {
		t.Parallel()
		got := mustRender(t, Options{Color: true}, Object[step]{Value: step{"a", "b"}})
		if want := "\x1b[1mCOMMAND\x1b[0m  a\n\x1b[1mWHY\x1b[0m      b\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
	t.Run("words stand for codes in tables and not in data", func(t *testing.T) {
		t.Parallel()
		view := Object[step]{Value: step{"sent", "b"}, Columns: []Column[step]{{Key: "command", Title: "状态", Word: func(code string) string { return "已" + code }}}}
		for format, want := range map[string]string{"table": "状态  已sent\n", "wide": "状态  已sent\n", "csv": "command\nsent\n", "jsonl": `{"command":"sent","why":"b"}` + "\n"} {
			f, err := ParseFormat(format)
			if err != nil {
				t.Fatal(err)
			}
			if got := mustRender(t, Options{Format: f}, view); got != want {
				t.Errorf("%s: got %q, want %q", format, got, want)
			}
		}
	})
	t.Run("times are in the location", func(t *testing.T) {
		t.Parallel()
		got := mustRender(t, Options{Location: time.UTC, Fields: []string{"created_at"}}, single())
		if want := "CREATED  2026-02-14 16:30:05\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
	t.Run("a zero time is a dash", func(t *testing.T) {
		t.Parallel()
		got := mustRender(t, Options{Fields: []string{"created_at"}}, Object[application]{Columns: columns()})
		if want := "CREATED  -\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
	t.Run("a line break in a cell is one line of output", func(t *testing.T) {
		t.Parallel()
		got := mustRender(t, Options{}, List[step]{Items: []step{{"a\r\nb\n", "\x1b]0;x\x07\u202e"}}})
		if want := "COMMAND  WHY\na⏎b⏎     " + `\u001b]0;x\u0007\u202e` + "\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestFormatTime(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		t    *time.Time
		loc  *time.Location
		want string
	}{
		{"no time is a dash", nil, nil, "-"},
		{"the zero time is a dash", &time.Time{}, nil, "-"},
		{"without a location it is China's", &created, nil, "2026-02-15 00:30:05"},
		{"a location is used", &created, time.UTC, "2026-02-14 16:30:05"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := FormatTime(tt.t, tt.loc); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// texts that stress widths, escapes and cuts.
func anyText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.StringOfN(rapid.RuneFrom([]rune("a中é \t\n\r\x1b\u200b\u202e·…｡ﾟ汉字ABC0-\u0301\U000e0001😀\\")), 0, 40, -1),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 20), func(b []byte) string { return string(b) }),
	)
}

type row struct {
	ID, A, B string
}

func anyRows(t *rapid.T) List[row] {
	rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) row {
		return row{
			ID: rapid.StringMatching(`[a-z]{1,12}`).Draw(t, "id"),
			A:  anyText().Draw(t, "a"),
			B:  anyText().Draw(t, "b"),
		}
	}), 1, 5).Draw(t, "rows")
	return List[row]{Items: rows, Columns: []Column[row]{
		{Key: "A", Title: "甲", Value: func(r row) string { return r.A }},
		{Key: "ID", Kind: ID},
		{Key: "B", Value: func(r row) string { return r.B }},
	}}
}

func printed(t *rapid.T, o Options, v View) string {
	var out bytes.Buffer
	p, err := New(&out, o)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	if err := p.Print(t.Context(), v); err != nil {
		t.Fatalf("Print: %v", err)
	}
	return out.String()
}

func TestTableLinesAreSafeAndFit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		view := anyRows(t)
		width := rapid.IntRange(20, 100).Draw(t, "width") // ids take 12, the rest 4 and 2
		out := printed(t, Options{Width: width}, view)
		lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
		if len(lines) != len(view.Items)+1 {
			t.Fatalf("%d lines for %d items:\n%q", len(lines), len(view.Items), out)
		}
		for i, line := range lines {
			if w := twwidth.WidthWithOptions(line, twwidth.Options{}); w > width {
				t.Errorf("line of %d columns on a terminal of %d: %q", w, width, line)
			}
			if strings.ContainsFunc(line, unsafeRune) || strings.HasSuffix(line, " ") {
				t.Errorf("unsafe character or blank at the end: %q", line)
			}
			if i > 0 && !strings.Contains(line, "  "+view.Items[i-1].ID) {
				t.Errorf("id %q is not whole: %q", view.Items[i-1].ID, line)
			}
		}
	})
}

func TestTableColumnsStartAtTheSameColumn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		view := anyRows(t)
		at := 2 // the width of the first header
		for _, r := range view.Items {
			at = max(at, cellWidth(cellTexts(record{own: func(int) []string { return []string{r.A} }}, column{own: 0}, nil)[0]))
		}
		for i, line := range strings.Split(strings.TrimSuffix(printed(t, Options{}, view), "\n"), "\n") {
			want := "ID"
			if i > 0 {
				want = view.Items[i-1].ID
			}
			n := 0
			for j, r := range line {
				if n == at+len(gap) && strings.HasPrefix(line[j:], want) {
					break
				}
				if n > at+len(gap) {
					t.Errorf("no %q at column %d of %q", want, at+len(gap), line)
					break
				}
				n += runeWidth(r)
			}
		}
	})
}

func TestGroupsStandAboveTheirFirstLine(t *testing.T) {
	t.Parallel()
	type event struct {
		At   string `json:"at"`
		What string `json:"what"`
	}
	view := List[event]{Group: func(e event) string { return "day " + e.At[:1] },
		Items:   []event{{"1a", "something that goes on below"}, {"1b", "short"}, {"2a", "other"}},
		Columns: []Column[event]{{Key: "at", Kind: ID}, {Key: "what", Kind: Prose}}}
	const want = `AT  WHAT
day 1
1a  something that
    goes on below
1b  short
day 2
2a  other
`
	if got := mustRender(t, Options{Width: 20}, view); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got := mustRender(t, options(t, FormatCSV), view); strings.Contains(got, "day") {
		t.Errorf("CSV has groups:\n%s", got)
	}
}

func TestCSVReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.SliceOfN(rapid.StringOf(rapid.RuneFrom([]rune("a,\"\n =汉\t;"))), 2, 2), 1, 5).Draw(t, "records")
		var out []byte
		for _, fields := range want {
			out = appendCSV(out, append([]string(nil), fields...))
		}
		got, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
		if err != nil {
			t.Fatalf("read back %q: %v", out, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("records (-want +got):\n%s", diff)
		}
	})
}

func BenchmarkTable(b *testing.B) {
	var items []application
	for i := range 1000 {
		a := samples()[0]
		a.ID = fmt.Sprintf("app_%d", i)
		items = append(items, a)
	}
	p, err := New(&bytes.Buffer{}, Options{Width: 70})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := p.Print(b.Context(), List[application]{Items: items, Columns: columns()}); err != nil {
			b.Fatal(err)
		}
	}
}
