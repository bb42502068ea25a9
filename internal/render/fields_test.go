package render

import (
	"encoding/json"
	"errors"
	"io"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFields(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		format string
		fields []string
		view   View
		want   string
	}{
		{"choose table columns in their order, wide ones too", "table", []string{"decided_at", "id"}, list(),
			"DECIDED              ID\n-                    app_1\n2026-02-15 01:30:05  app_22\n"},
		{"show a JSON value that is no column", "table", []string{"id", "organization.unit_code"}, list(),
			"ID      ORGANIZATION.UNIT_CODE\napp_1   91330100799655058B\napp_22  OV0\n"},
		{"choose the lines of an object", "table", []string{"status"}, single(), "STATUS  pending-review\n"},
		{"choose CSV columns", "csv", []string{"extra", "landline"}, list(), "extra,landline\nown,\nown,0571-87654321\n"},
		{"write a lone empty CSV field as quotes", "csv", []string{"decided_at"}, single(), "decided_at\n\"\"\n"},
		{"are trimmed and not repeated", "csv", []string{" id", "id "}, single(), "id\napp_1\n"},
		{"choose JSON keys, null where an item has none", "jsonl", []string{"landline", "id"}, list(),
			"{\"landline\":null,\"id\":\"app_1\"}\n{\"landline\":\"0571-87654321\",\"id\":\"app_22\"}\n"},
		{"go down into objects and arrays", "jsonl", []string{"organization.unit_code", "next.why"}, single(),
			"{\"organization\":{\"unit_code\":\"91330100799655058B\"},\"next\":[{\"why\":\"等待\"}]}\n"},
		{"show the values of array elements in a table", "table", []string{"next.why"}, single(), "NEXT.WHY  等待\n"},
		{"take the whole before a part of it", "jsonl", []string{"organization", "organization.name"}, single(),
			"{\"organization\":{\"name\":\"杭州示例科技有限公司\",\"unit_code\":\"91330100799655058B\"}}\n"},
		{"leave null alone", "jsonl", []string{"organization.name"}, Object[application]{}, "{\"organization\":null}\n"},
		{"choose YAML keys", "yaml", []string{"status"}, single(), "status: pending-review\n"},
		{"choose template data", "template={{json .}}", []string{"status"}, single(), "{\"status\":\"pending-review\"}\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := options(t, tt.format)
			o.Fields = tt.fields
			if diff := cmp.Diff(tt.want, mustRender(t, o, tt.view)); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnknownField(t *testing.T) {
	t.Parallel()
	paths := []string{
		"id", "organization", "organization.name", "organization.unit_code", "status", "attempts", "warnings",
		"next", "next.command", "next.why", "created_at", "decided_at", "landline",
	}
	check := func(t *testing.T, format, field string, want []string) {
		t.Helper()
		o := options(t, format)
		o.Fields = []string{"id", field}
		p, err := New(io.Discard, o)
		if err != nil {
			t.Fatal(err)
		}
		unknown, ok := errors.AsType[*UnknownFieldError](p.Check(List[application]{Columns: columns()}))
		if !ok || unknown.Field != field {
			t.Fatalf("error %v", unknown)
		}
		if diff := cmp.Diff(want, unknown.Known); diff != "" {
			t.Errorf("known (-want +got):\n%s", diff)
		}
	}
	t.Run("in JSON lists the paths", func(t *testing.T) {
		t.Parallel()
		check(t, "json", "nmae", paths)
	})
	t.Run("in JSON a column of the table only is unknown", func(t *testing.T) {
		t.Parallel()
		check(t, "json", "extra", paths)
	})
	t.Run("in a table lists the columns first", func(t *testing.T) {
		t.Parallel()
		var want []string
		for _, c := range columns() {
			want = append(want, c.Key)
		}
		for _, path := range paths {
			if !slices.Contains(want, path) {
				want = append(want, path)
			}
		}
		check(t, "table", "organization.nmae", want)
	})
	t.Run("below a plain value is unknown", func(t *testing.T) {
		t.Parallel()
		check(t, "yaml", "created_at.year", paths)
	})
	t.Run("has a text that names both", func(t *testing.T) {
		t.Parallel()
		err := &UnknownFieldError{Field: "x", Known: []string{"a", "b"}}
		if got, want := err.Error(), `--fields: unknown field "x"; known fields: a, b`; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

type Base struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	private int
}

type tree struct {
	*Base
	Addr     netip.Addr        `json:"addr"`
	Raw      json.RawMessage   `json:"raw"`
	Labels   map[string]string `json:"labels"`
	Any      any               `json:"any"`
	Children []tree            `json:"children"`
	Bytes    []byte            `json:"bytes"`
	Pairs    *[2]unit          `json:"pairs"`
	Hidden   string            `json:"-"`
	Untagged int
}

func TestSchema(t *testing.T) {
	t.Parallel()
	s := List[tree]{}.layout(FormatTable).schema
	t.Run("paths follow encoding/json and end at recursion", func(t *testing.T) {
		t.Parallel()
		want := []string{"id", "at", "addr", "raw", "labels", "any", "children", "bytes", "pairs", "pairs.name", "pairs.unit_code", "Untagged"}
		if diff := cmp.Diff(want, s.paths()); diff != "" {
			t.Errorf("paths (-want +got):\n%s", diff)
		}
		data, err := json.Marshal(tree{Base: &Base{private: 1}})
		if err != nil {
			t.Fatal(err)
		}
		value, err := decodeTree(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range value.(object) {
			if !s.knows(m.key) {
				t.Errorf("key %q is in the JSON and unknown", m.key)
			}
		}
	})
	t.Run("leaves are plain values outside arrays", func(t *testing.T) {
		t.Parallel()
		want := []string{"id", "at", "addr", "raw", "labels", "any", "children", "bytes", "pairs", "Untagged"}
		if diff := cmp.Diff(want, s.leaves()); diff != "" {
			t.Errorf("leaves (-want +got):\n%s", diff)
		}
	})
	for path, want := range map[string]bool{
		"children.children.id": true, "labels.x.y": true, "any.x": true, "raw.x": true, "pairs.name": true,
		"at.x": false, "addr.x": false, "bytes.x": false, "Hidden": false, "private": false, "id.x": false, "x": false,
	} {
		verb := "is unknown"
		if want {
			verb = "is known"
		}
		t.Run(path+" "+verb, func(t *testing.T) {
			t.Parallel()
			if got := s.knows(path); got != want {
				t.Errorf("knows(%q) = %v", path, got)
			}
		})
	}
}
