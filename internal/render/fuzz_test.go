package render

import (
	"context"
	"errors"
	"testing"
	"time"
)

// What a program or template makes is something, or an error of its own kind, whatever it says.
func FuzzPrograms(f *testing.F) {
	for _, s := range []string{".", ".items[].id", "[range(1e9)]", "def f: f; f", `"\(.)"`, "{{.}}", "{{range 1000000000}}x{{end}}", `{{json .}}{{join "," .items}}`, "\xff", "{{"} {
		f.Add(s)
	}
	tree := object{{"items", []any{object{{"id", "a\x1b"}, {"n", nil}}}}}
	f.Fuzz(func(t *testing.T, program string) {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		var usage *UsageError
		var failed *ProgramError
		code, err := compileJQ(program)
		if err == nil {
			if _, err = runJQ(ctx, nil, code, tree); err != nil && ctx.Err() != nil {
				err = nil
			}
		}
		if err != nil && !errors.As(err, &usage) && !errors.As(err, &failed) {
			t.Fatalf("jq: %v", err)
		}
		if _, err := compileTemplate(program, time.UTC); err != nil && !errors.As(err, &usage) {
			t.Fatalf("template: %v", err)
		}
	})
}
