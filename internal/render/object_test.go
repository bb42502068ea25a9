package render

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

func TestObjectLinesWithoutValue(t *testing.T) {
	t.Parallel()
	type thing struct {
		ID   string  `json:"id"`
		Note *string `json:"note"`
	}
	view := Object[thing]{Value: thing{ID: "x1"}, Columns: []Column[thing]{{Key: "id"}, {Key: "note"}}}
	for name, c := range map[string]struct {
		options Options
		shown   bool
	}{
		"are left out of a table":        {Options{}, false},
		"show in wide":                   {Options{Format: mustFormat(t, "wide")}, true},
		"show when they were asked for":  {Options{Fields: []string{"note"}}, true},
		"are null in JSON, as ever":      {Options{Format: mustFormat(t, "json")}, true},
		"are empty fields in CSV's rows": {Options{Format: mustFormat(t, "csv")}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			printer, err := New(&out, c.options)
			if err != nil {
				t.Fatal(err)
			}
			if err := printer.Print(context.Background(), view); err != nil {
				t.Fatal(err)
			}
			if shown := strings.Contains(strings.ToLower(out.String()), "note"); shown != c.shown {
				t.Errorf("shown: %v, want %v:\n%s", shown, c.shown, out.String())
			}
		})
	}
}

func mustFormat(t *testing.T, name string) Format {
	t.Helper()
	f, err := ParseFormat(name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
