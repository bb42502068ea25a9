package identifier

import (
	"slices"
	"testing"
	"time"
)

// testDay is the day on which the tables are checked.
func testDay() time.Time { return time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC) }

// vector is one row of a table: a value, and what its check must say. want is
// the normalized value of a valid one ("" for unchanged), reasons those of the
// errors of an invalid one.
type vector struct {
	outcome  string
	value    string
	want     string
	reasons  []string
	detail   string // of the first error or warning, when given
	warnings []string
	facts    []Fact // each must be present
}

func runVectors(t *testing.T, kind Kind, code string, vectors []vector) {
	t.Helper()
	for _, v := range vectors {
		t.Run(v.outcome, func(t *testing.T) {
			t.Parallel()
			verify(t, Check(kind, v.value, testDay()), code, v)
		})
	}
}

func verify(t *testing.T, r Report, code string, v vector) {
	t.Helper()
	if r.Valid != (len(v.reasons) == 0) {
		t.Fatalf("valid = %v, errors %v", r.Valid, r.Errors)
	}
	if got := reasonsOf(r.Errors); !slices.Equal(got, v.reasons) {
		t.Errorf("reasons = %q, want %q", got, v.reasons)
	}
	for _, p := range r.Errors {
		if p.Code != code {
			t.Errorf("code = %s, want %s", p.Code, code)
		}
	}
	var warnings []string
	for _, p := range r.Warnings {
		warnings = append(warnings, p.Code)
	}
	if r.Valid && !slices.Equal(warnings, v.warnings) {
		t.Errorf("warnings = %q, want %q", warnings, v.warnings)
	}
	if all := slices.Concat(r.Errors, r.Warnings); v.detail != "" && all[0].Detail != v.detail {
		t.Errorf("detail = %q, want %q", all[0].Detail, v.detail)
	}
	want := v.want
	if want == "" {
		want = v.value
	}
	if r.Valid && r.Value != want {
		t.Errorf("value = %q, want %q", r.Value, want)
	}
	for _, f := range v.facts {
		if got := r.Fact(f.Name); got != f.Value {
			t.Errorf("fact %s = %q, want %q", f.Name, got, f.Value)
		}
	}
	if !r.Valid && len(r.Facts) > 0 {
		t.Errorf("facts of an invalid value: %v", r.Facts)
	}
}

func reasonsOf(problems []Problem) []string {
	var reasons []string
	for _, p := range problems {
		reasons = append(reasons, p.Reason)
	}
	return reasons
}

func reasons(r ...string) []string { return r }
