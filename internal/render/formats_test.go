package render

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

const listJSON = `{
  "items": [
    {
      "id": "app_1",
      "organization": {
        "name": "杭州示例科技有限公司",
        "unit_code": "91330100799655058B"
      },
      "status": "pending-review",
      "attempts": 9007199254740993,
      "warnings": [
        "名称含括号",
        "a <b> & c"
      ],
      "next": [
        {
          "command": "farenctl review list",
          "why": "等待"
        }
      ],
      "created_at": "2026-02-14T16:30:05Z",
      "decided_at": null
    },
    {
      "id": "app_22",
      "organization": {
        "name": "Example (Overseas) Ltd",
        "unit_code": "OV0"
      },
      "status": "approved",
      "attempts": 7,
      "warnings": [],
      "next": [],
      "created_at": "2026-02-14T16:30:05Z",
      "decided_at": "2026-02-14T17:30:05Z",
      "landline": "0571-87654321"
    }
  ],
  "next_page_token": "t2"
}
`

const objectYAML = `id: app_1
organization:
  name: 杭州示例科技有限公司
  unit_code: "91330100799655058B"
status: pending-review
attempts: 9007199254740993
warnings:
  - 名称含括号
  - a <b> & c
next:
  - command: farenctl review list
    why: 等待
created_at: "2026-02-14T16:30:05Z"
decided_at: null
`

func TestFormats(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		format string
		view   View
		want   string
	}{
		{"a list in a table is aligned under one header", "table", list(), `
ID      单位                    STATUS                  ATTEMPTS  CREATED
app_1   杭州示例科技有限公司    pending-review  9007199254740993  2026-02-15 00:30:05
app_22  Example (Overseas) Ltd  通过                           7  2026-02-15 00:30:05
`},
		{"wide adds the wide columns", "wide", list(), `
ID      单位                    STATUS                  ATTEMPTS  CREATED              DECIDED              NEXT                  EXTRA
app_1   杭州示例科技有限公司    pending-review  9007199254740993  2026-02-15 00:30:05  -                    farenctl review list  own
app_22  Example (Overseas) Ltd  通过                           7  2026-02-15 00:30:05  2026-02-15 01:30:05  -                     own
`},
		{"an object in a table has a label a line", "wide", single(), `
ID        app_1
单位      杭州示例科技有限公司
STATUS    pending-review
ATTEMPTS  9007199254740993
CREATED   2026-02-15 00:30:05
DECIDED   -
NEXT      farenctl review list
EXTRA     own
`},
		{"a list in JSON has items and a page token", "json", list(), "\n" + listJSON},
		{"a list in JSONL is one compact object a line", "jsonl", list(), `
{"id":"app_1","organization":{"name":"杭州示例科技有限公司","unit_code":"91330100799655058B"},"status":"pending-review","attempts":9007199254740993,"warnings":["名称含括号","a <b> & c"],"next":[{"command":"farenctl review list","why":"等待"}],"created_at":"2026-02-14T16:30:05Z","decided_at":null}
{"id":"app_22","organization":{"name":"Example (Overseas) Ltd","unit_code":"OV0"},"status":"approved","attempts":7,"warnings":[],"next":[],"created_at":"2026-02-14T16:30:05Z","decided_at":"2026-02-14T17:30:05Z","landline":"0571-87654321"}
`},
		{"an object in YAML keeps key order and exact numbers", "yaml", single(), "\n" + objectYAML},
		{"a list in CSV has keys, JSON values and every column", "csv", list(), `
id,organization.name,status,attempts,created_at,decided_at,next,extra
app_1,杭州示例科技有限公司,pending-review,9007199254740993,2026-02-14T16:30:05Z,,"[{""command"":""farenctl review list"",""why"":""等待""}]",own
app_22,Example (Overseas) Ltd,approved,7,2026-02-14T16:30:05Z,2026-02-14T17:30:05Z,[],own
`},
		{"names are one id a line", "name", list(), "\napp_1\napp_22\n"},
		{"a template sees the JSON keys", `template={{range .items}}{{.id}} {{.organization.name}};{{end}}{{.next_page_token}}`, list(),
			"\napp_1 杭州示例科技有限公司;app_22 Example (Overseas) Ltd;t2\n"},
		{"an object without columns shows each field", "table", Object[step]{Value: step{"a", "b"}}, `
COMMAND  a
WHY      b
`},
		{"values without fields are one column", "table", List[string]{Items: []string{"甲", "b"}}, "\nVALUE\n甲\nb\n"},
		{"values without fields are one CSV field", "csv", List[[2]int]{Items: [][2]int{{1, 2}}}, "\nvalue\n\"[1,2]\"\n"},
		{"several texts are several lines under one label", "table",
			Object[application]{Value: samples()[0], Columns: []Column[application]{{Key: "warnings"}, {Key: "id"}}}, `
WARNINGS  名称含括号
          a <b> & c
ID        app_1
`},
		{"several texts are one cell in a list", "table",
			List[application]{Items: samples(), Columns: []Column[application]{{Key: "warnings"}}}, `
WARNINGS
名称含括号, a <b> & c
-
`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := mustRender(t, options(t, tt.format), tt.view)
			if diff := cmp.Diff(strings.TrimPrefix(tt.want, "\n"), got); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEmptyList(t *testing.T) {
	t.Parallel()
	const document = "{\n  \"items\": [],\n  \"next_page_token\": null\n}\n"
	tests := []struct{ name, format, want string }{
		{"a table prints nothing", "table", ""},
		{"a wide table prints nothing", "wide", ""},
		{"names print nothing", "name", ""},
		{"JSONL prints nothing", "jsonl", ""},
		{"JSON has an empty array and no token", "json", document},
		{"YAML has an empty array and no token", "yaml", "items: []\nnext_page_token: null\n"},
		{"CSV has its header", "csv", "id,organization.name,status,attempts,created_at,decided_at,next,extra\n"},
		{"a template runs on no items", "template={{len .items}}", "0\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := mustRender(t, options(t, tt.format), List[application]{Columns: columns()}); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// hard are strings that formats get wrong.
var hard = []string{
	"", " ", "no", "null", "~", "true", "0123", "1e3", "12:30:00", "2026-01-01", "-", "- a", "#x", "a: b", "<<", "=1+2", "+86",
	"a\nb", "a\r\nb", "\ttab", "trail ", "\x1b[31mred\x1b[0m", "\u202eevil\u202c", "zero\u200bwidth", "\u2028", "\u0085", "\x7f", "\u0000",
	"\U000e0001tag", "汉\"字\"", "back\\slash \\u202e", "a,b", "😀", "\ufeffbom", "'single'", "@at", "`tick`", "%", "&anchor", "*alias", "!tag", "|", ">",
}

func TestDataSurvivesEveryFormat(t *testing.T) {
	t.Parallel()
	type item struct {
		ID    string         `json:"id"`
		Texts []string       `json:"texts"`
		Keyed map[string]int `json:"keyed"`
	}
	view := Object[item]{Value: item{ID: "x", Texts: hard, Keyed: map[string]int{}}}
	for i, s := range hard {
		view.Value.Keyed[s] = i
	}
	check := func(t *testing.T, out string, decode func([]byte, any) error) {
		t.Helper()
		var got struct {
			ID    string
			Texts []string
			Keyed map[string]int
		}
		if err := decode([]byte(out), &got); err != nil {
			t.Fatalf("decode: %v\n%s", err, out)
		}
		if diff := cmp.Diff(item(got), view.Value); diff != "" {
			t.Errorf("data (-got +want):\n%s", diff)
		}
		if strings.ContainsFunc(strings.ReplaceAll(out, "\n", ""), unsafeRune) {
			t.Errorf("the output holds an unsafe character: %q", out)
		}
	}
	t.Run("json", func(t *testing.T) {
		t.Parallel()
		check(t, mustRender(t, options(t, "json"), view), json.Unmarshal)
	})
	t.Run("jsonl", func(t *testing.T) {
		t.Parallel()
		check(t, mustRender(t, options(t, "jsonl"), view), json.Unmarshal)
	})
	t.Run("yaml", func(t *testing.T) {
		t.Parallel()
		check(t, mustRender(t, options(t, "yaml"), view), yaml.Unmarshal)
	})
	t.Run("jq", func(t *testing.T) {
		t.Parallel()
		o := options(t, "json")
		o.JQ = "."
		check(t, mustRender(t, o, view), json.Unmarshal)
	})
	t.Run("csv", func(t *testing.T) {
		t.Parallel()
		type cell struct {
			V string `json:"v"`
		}
		var items []cell
		want := [][]string{{"v"}}
		for _, s := range hard {
			items = append(items, cell{s})
			want = append(want, []string{strings.ReplaceAll(s, "\r\n", "\n")}) // as csv.Reader does
		}
		out := mustRender(t, options(t, "csv"), List[cell]{Items: items})
		got, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		if err != nil {
			t.Fatalf("decode: %v", err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("data (-want +got):\n%s", diff)
		}
	})
}

func TestYAMLQuotesWhatYAML11ReadsOtherwise(t *testing.T) {
	t.Parallel()
	type item struct {
		A string `json:"a"`
		B string `json:"b"`
	}
	got := mustRender(t, options(t, "yaml"), Object[item]{Value: item{"No", "12:30:00"}})
	if want := "a: \"No\"\nb: \"12:30:00\"\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRawDataOnATerminal(t *testing.T) {
	t.Parallel()
	type item struct {
		ID string `json:"id"`
	}
	view := List[item]{Items: []item{{"a\x1b[2J\u202e"}}}
	raw, safe := "a\x1b[2J\u202e\n", `a\u001b[2J\u202e`+"\n"
	tests := []struct {
		name string
		o    Options
		head string
	}{
		{"csv", options(t, "csv"), "id\n"},
		{"template", options(t, "template={{range .items}}{{.id}}{{end}}"), ""},
		{"jq", Options{JQ: ".items[].id"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name+" keeps the data in a pipe and escapes it on a terminal", func(t *testing.T) {
			t.Parallel()
			if got := mustRender(t, tt.o, view); got != tt.head+raw {
				t.Errorf("pipe: got %q, want %q", got, tt.head+raw)
			}
			tt.o.Width = 80
			if got := mustRender(t, tt.o, view); got != tt.head+safe {
				t.Errorf("terminal: got %q, want %q", got, tt.head+safe)
			}
		})
	}
}

func TestParseFormat(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"table", "wide", "json", "jsonl", "yaml", "csv", "name", "template={{.id}}"} {
		t.Run(s+" is a format", func(t *testing.T) {
			t.Parallel()
			f, err := ParseFormat(s)
			if err != nil || f.String() != s {
				t.Errorf("ParseFormat(%q) = %q, %v", s, f, err)
			}
			if want := s == "json" || s == "jsonl" || s == "yaml"; f.Structured() != want {
				t.Errorf("Structured() = %v, want %v", f.Structured(), want)
			}
		})
	}
	t.Run("nothing is the table", func(t *testing.T) {
		t.Parallel()
		f, err := ParseFormat("")
		if err != nil || f.Name() != FormatTable || (Format{}).String() != FormatTable {
			t.Errorf("ParseFormat(\"\") = %q, %v", f, err)
		}
	})
}
