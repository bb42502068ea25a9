package render

import (
	"bytes"
	"testing"
	"time"
)

type unit struct {
	Name string `json:"name"`
	Code string `json:"unit_code"`
}

type step struct {
	Command string `json:"command"`
	Why     string `json:"why"`
}

type application struct {
	ID        string     `json:"id"`
	Unit      *unit      `json:"organization"`
	Status    string     `json:"status"`
	Attempts  int64      `json:"attempts"`
	Warnings  []string   `json:"warnings"`
	Next      []step     `json:"next"`
	CreatedAt time.Time  `json:"created_at"`
	DecidedAt *time.Time `json:"decided_at"`
	Landline  string     `json:"landline,omitempty"`
}

var created = time.Date(2026, 2, 14, 16, 30, 5, 0, time.UTC)

// samples are two applications of made-up organizations.
func samples() []application {
	decided := created.Add(time.Hour)
	return []application{
		{
			ID: "app_1", Unit: &unit{"杭州示例科技有限公司", "91330100799655058B"}, Status: "pending-review",
			Attempts: 9007199254740993, Warnings: []string{"名称含括号", "a <b> & c"},
			Next:      []step{{"farenctl review list", "等待"}},
			CreatedAt: created,
		},
		{
			ID: "app_22", Unit: &unit{"Example (Overseas) Ltd", "OV0"}, Status: "approved",
			Attempts: 7, Warnings: []string{}, Next: []step{}, CreatedAt: created, DecidedAt: &decided, Landline: "0571-87654321",
		},
	}
}

func columns() []Column[application] {
	return []Column[application]{
		{Key: "id", Kind: ID},
		{Key: "organization.name", Title: "单位"},
		{Key: "status", Value: func(a application) string {
			if a.Status == "approved" {
				return "通过"
			}
			return a.Status
		}},
		{Key: "attempts", Align: AlignRight},
		{Key: "created_at", Title: "CREATED", Kind: Time},
		{Key: "decided_at", Title: "DECIDED", Kind: Time, Wide: true},
		{Key: "next", Wide: true, Lines: func(a application) []string {
			var out []string
			for _, s := range a.Next {
				out = append(out, s.Command)
			}
			return out
		}},
		{Key: "extra", Wide: true, Value: func(application) string { return "own" }},
	}
}

func list() List[application] {
	return List[application]{Items: samples(), NextPageToken: "t2", Columns: columns()}
}

func single() Object[application] {
	return Object[application]{Value: samples()[0], Columns: columns()}
}

// options are the options for a value of --output.
func options(t *testing.T, format string) Options {
	t.Helper()
	f, err := ParseFormat(format)
	if err != nil {
		t.Fatalf("ParseFormat(%q): %v", format, err)
	}
	return Options{Format: f}
}

// render prints a view and returns the output.
func render(t *testing.T, o Options, v View) (string, error) {
	t.Helper()
	var out bytes.Buffer
	p, err := New(&out, o)
	if err != nil {
		return "", err
	}
	err = p.Print(t.Context(), v)
	return out.String(), err
}

func mustRender(t *testing.T, o Options, v View) string {
	t.Helper()
	out, err := render(t, o, v)
	if err != nil {
		t.Fatalf("Print: %v", err)
	}
	return out
}
