package render

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// writer counts writes, and answers them with n (at most) and err.
type writer struct {
	writes int
	limit  int
	err    error
}

func (w *writer) Write(b []byte) (int, error) {
	w.writes++
	return min(len(b), w.limit), w.err
}

func TestWriting(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"table", "wide", "json", "jsonl", "yaml", "csv", "name", "template={{.}}"} {
		t.Run(format+" is one write whose error is returned", func(t *testing.T) {
			t.Parallel()
			full := errors.New("disk full")
			w := &writer{err: full}
			p, err := New(w, options(t, format))
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Print(t.Context(), list()); !errors.Is(err, full) || w.writes != 1 {
				t.Errorf("error %v after %d writes", err, w.writes)
			}
		})
	}
	t.Run("a short write is an error", func(t *testing.T) {
		t.Parallel()
		p, err := New(&writer{limit: 3}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Print(t.Context(), list()); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("a closed pipe is an error", func(t *testing.T) {
		t.Parallel()
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		p, err := New(w, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Print(t.Context(), list()); !errors.Is(err, syscall.EPIPE) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("an empty result is no write", func(t *testing.T) {
		t.Parallel()
		w := &writer{err: io.ErrClosedPipe}
		p, err := New(w, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Print(t.Context(), List[application]{Columns: columns()}); err != nil || w.writes != 0 {
			t.Errorf("error %v after %d writes", err, w.writes)
		}
	})
	t.Run("a value that JSON can't hold is an error", func(t *testing.T) {
		t.Parallel()
		if out, err := render(t, Options{}, Object[func()]{Value: func() {}}); err == nil {
			t.Errorf("printed %q", out)
		}
	})
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	t.Run("prints the id in whatever format", func(t *testing.T) {
		t.Parallel()
		o := options(t, "yaml")
		o.Quiet = true
		if got := mustRender(t, o, single()); got != "app_1\n" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("uses the view's own id, made safe", func(t *testing.T) {
		t.Parallel()
		view := Object[step]{Value: step{Command: "a\nb\u202e"}, ID: func(s step) string { return s.Command }}
		if got := mustRender(t, Options{Quiet: true}, view); got != `a⏎b\u202e`+"\n" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("refuses a result without an id before there is data", func(t *testing.T) {
		t.Parallel()
		p, err := New(io.Discard, Options{Quiet: true})
		if err != nil {
			t.Fatal(err)
		}
		usage, ok := errors.AsType[*UsageError](p.Check(Object[step]{}))
		if !ok || usage.Problem != ProblemNoID || usage.Option != "--quiet" {
			t.Errorf("error %v", usage)
		}
	})
	t.Run("refuses an empty id", func(t *testing.T) {
		t.Parallel()
		_, err := render(t, options(t, "name"), Object[application]{})
		if usage, ok := errors.AsType[*UsageError](err); !ok || usage.Option != "--output" {
			t.Errorf("error %v", err)
		}
	})
}

func TestUsageErrors(t *testing.T) {
	t.Parallel()
	fields := []string{"id"}
	tests := []struct {
		name    string
		format  string
		o       Options
		option  string
		problem Problem
		text    string
	}{
		{"an unknown format", "xml", Options{}, "--output", ProblemUnknownFormat, `unknown format "xml"; formats: table, `},
		{"a template without a text", "template", Options{}, "--output", ProblemEmptyTemplate, "needs a text"},
		{"an empty template", "template=", Options{}, "--output", ProblemEmptyTemplate, "needs a text"},
		{"a template that does not parse", "template={{.id", Options{}, "--output", ProblemBadTemplate, "unclosed action"},
		{"a template function that is not there", "template={{env 1}}", Options{}, "--output", ProblemBadTemplate, "not defined"},
		{"a jq program that does not parse", "json", Options{JQ: ".["}, "--jq", ProblemBadJQ, "does not compile"},
		{"a jq function that is not there", "json", Options{JQ: "nope"}, "--jq", ProblemBadJQ, "function not defined: nope/0"},
		{"a jq module", "json", Options{JQ: `import "x" as x; .`}, "--jq", ProblemBadJQ, "module"},
		{"jq with csv", "csv", Options{JQ: "."}, "--jq", ProblemConflict, "--output csv"},
		{"jq with a template", "template=x", Options{JQ: "."}, "--jq", ProblemConflict, "--output template"},
		{"quiet with jq", "json", Options{JQ: ".", Quiet: true}, "--quiet", ProblemConflict, "--jq"},
		{"quiet with fields", "json", Options{Fields: fields, Quiet: true}, "--quiet", ProblemConflict, "--fields"},
		{"fields with names", "name", Options{Fields: fields}, "--fields", ProblemConflict, "--output name"},
		{"an empty field", "json", Options{Fields: []string{"id", " "}}, "--fields", ProblemEmptyField, "empty field"},
		{"a field with an empty part", "json", Options{Fields: []string{"a..b"}}, "--fields", ProblemEmptyField, "empty field"},
	}
	for _, tt := range tests {
		t.Run(tt.name+" is refused", func(t *testing.T) {
			t.Parallel()
			format, err := ParseFormat(tt.format)
			if err == nil {
				tt.o.Format = format
				err = tt.o.Validate()
			}
			usage, ok := errors.AsType[*UsageError](err)
			if !ok || usage.Option != tt.option || usage.Problem != tt.problem || !strings.Contains(usage.Error(), tt.text) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestJQ(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, format, program, want string }{
		{"strings are raw and numbers exact", "table", ".items[] | .id, .attempts", "app_1\n9007199254740993\napp_22\n7\n"},
		{"other values are compact JSON with sorted keys", "json", `.items[0] | {b: .organization.name, a: [null, true, .decided_at]}`,
			`{"a":[null,true,null],"b":"杭州示例科技有限公司"}` + "\n"},
		{"computed numbers are numbers", "json", "1 + 1, 1.5, 100000000000000000000 + 1", "2\n1.5\n100000000000000000001\n"},
		{"null is null", "json", ".items[0].decided_at", "null\n"},
		{"jsonl runs the program once an item", "jsonl", ".id", "app_1\napp_22\n"},
		{"halt ends the output", "json", "1, halt, 2", "1\n"},
		{"no result is no output", "json", "empty", ""},
		{"the environment is empty", "json", "env | length", "0\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := options(t, tt.format)
			o.JQ = tt.program
			if got := mustRender(t, o, list()); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	t.Run("fields are chosen first", func(t *testing.T) {
		t.Parallel()
		if got, want := mustRender(t, Options{JQ: ".", Fields: []string{"status"}}, single()), "{\"status\":\"pending-review\"}\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
	t.Run("fractions stay as they are written", func(t *testing.T) {
		t.Parallel()
		type item struct {
			Rate json.Number `json:"rate"`
		}
		view := Object[item]{Value: item{"0.10"}}
		for _, o := range []Options{{JQ: ".rate"}, options(t, "template={{.rate}}"), {Fields: []string{"rate"}, JQ: ".[]"}} {
			if got := mustRender(t, o, view); got != "0.10\n" {
				t.Errorf("got %q", got)
			}
		}
	})
	t.Run("the end of the context ends a program", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		p, err := New(io.Discard, Options{JQ: "last(repeat(1))"})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Print(ctx, list()); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
}

func TestProgramErrorsHoldNoData(t *testing.T) {
	t.Parallel()
	type item struct {
		Name  string   `json:"name"`
		Names []string `json:"names"`
	}
	view := Object[item]{Value: item{"secret: string (x)", []string{"secret"}}}
	tests := []struct{ name, format, program, want string }{
		{"jq iterates over a string", "json", ".name[]", "cannot iterate over: string"},
		{"jq adds unlike things", "json", ".name + 1", "cannot add: string"},
		{"jq parses no number", "json", ".name | tonumber", "tonumber cannot be applied to"},
		{"jq has a bad argument", "json", ".name | test(1)", "test: string"},
		{"jq raises an error", "json", "error(.name)", "result: error"},
		{"jq halts with an error", "json", ".name | halt_error", "result: halt error"},
		{"jq reads no JSON", "json", ".name | fromjson", "fromjson cannot be applied to"},
		{"jq divides by nothing", "json", "(.names | length) / 0", "cannot divide number"},
		{"jq makes keys of arrays", "json", "{(.names): 1}", "expected a string for object key but got: array"},
		{"a template ranges over a string", "template={{range .name.x}}{{end}}", "", "at <.name.x>"},
		{"a template takes an index", "template={{index .names 7}}", "", "at <index .names 7>"},
		{"a template compares unlike things", "template={{lt .name 1}}", "", "at <lt .name 1>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := options(t, tt.format)
			o.JQ = tt.program
			out, err := render(t, o, view)
			failed, ok := errors.AsType[*ProgramError](err)
			if !ok || out != "" {
				t.Fatalf("printed %q, error %v", out, err)
			}
			if text := failed.Error(); strings.Contains(text, "secret") || !strings.Contains(text, tt.want) {
				t.Errorf("error %q, want %q", text, tt.want)
			}
		})
	}
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"numbers compare and print exactly", "{{if gt .attempts 3}}{{.attempts}}{{end}}", "9007199254740993\n"},
		{"json prints a value", "{{json .organization}} {{json 1.5}} {{json (len .warnings)}} {{json 1i}}",
			`{"name":"杭州示例科技有限公司","unit_code":"91330100799655058B"} 1.5 2 null` + "\n"},
		{"join lists the elements", `{{join "; " .warnings}}`, "名称含括号; a <b> & c\n"},
		{"upper and lower change case", "{{upper .id}}{{lower .status}}", "APP_1pending-review\n"},
		{"default stands in for null and nothing", `{{default "?" .decided_at}}{{default "?" ""}}{{default "?" .id}}`, "??app_1\n"},
		{"localtime shows times as tables do", "{{localtime .created_at}} {{localtime .decided_at}} {{localtime .id}}", "2026-02-15 00:30:05 - app_1\n"},
		{"a line feed of its own is enough", "{{.id}}\n", "app_1\n"},
		{"nothing stays nothing", "{{if .decided_at}}x{{end}}", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := mustRender(t, options(t, "template="+tt.text), single()); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPrinterIsReusable(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p, err := New(&out, options(t, "jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"a", "b"} {
		if err := p.Print(t.Context(), Object[step]{Value: step{Command: s}}); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff("{\"command\":\"a\",\"why\":\"\"}\n{\"command\":\"b\",\"why\":\"\"}\n", out.String()); diff != "" {
		t.Errorf("output (-want +got):\n%s", diff)
	}
}
