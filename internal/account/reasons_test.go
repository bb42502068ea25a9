package account

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/document"
	"github.com/farenctl/farenctl/internal/identifier"
)

// testDay is the day on which forms are checked here.
func testDay() time.Time { return time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC) }

func TestEveryReasonHasBothTextsAndIsGiven(t *testing.T) {
	t.Parallel()
	given := map[string]bool{}
	note := func(r identifier.Report) {
		for _, p := range slices.Concat(r.Errors, r.Warnings) {
			given[p.Reason] = true
		}
	}
	for _, c := range []struct {
		kind  identifier.Kind
		value string
	}{
		{identifier.Mobile, "1370000000a"}, {identifier.Mobile, "1"}, {identifier.Mobile, "12000000000"}, {identifier.Mobile, " "},
		{identifier.Mobile, "\xff"}, {identifier.Mobile, strings.Repeat("1", 600)}, {identifier.Landline, "1-2"},
		{identifier.ResidentID, "110105190002290017"}, {identifier.USCC, "91330100799655058C"}, {identifier.USCC, "9133A100799655058B"},
		{identifier.PersonName, "张\u200b三"}, {identifier.PersonName, "e" + strings.Repeat("\u0301", 9)}, {identifier.PersonName, "张·"},
		{identifier.OverseasName, "Some(Some Ltd)"}, {identifier.OverseasName, "某某公司(公司)"},
		{identifier.Email, ".a@example.com"}, {identifier.Email, "a@example"}, {identifier.EthnicGroup, "99"}, {"no-such-kind", "x"},
		{identifier.Username, "13700000001"},
	} {
		note(identifier.Check(c.kind, c.value, testDay()))
	}
	for _, username := range []string{"13700000001", "330106200002290010", "91330100799655058B"} {
		note(identifier.CheckUsername(username, ""))
	}
	problem, _ := identifier.CheckEntityPrefix("law-firm", "91330100799655058B")
	given[problem.Reason] = true
	for _, reason := range document.Reasons() {
		given[reason] = true
	}
	_, _, faults := UserForm{Username: "zhang_san", Password: "x", PasswordHash: "y"}.Check(testDay(), false)
	for _, f := range faults {
		if reason, ok := f.Details["reason"].(string); ok {
			given[reason] = true
		}
	}

	if got, want := slices.Sorted(maps.Keys(given)), slices.Sorted(maps.Keys(reasons)); !slices.Equal(got, want) {
		t.Errorf("given:\n%q\nwith a text:\n%q", got, want)
	}
	for word, text := range reasons {
		if text.english == "" || text.chinese == "" || strings.ContainsAny(text.english+text.chinese, "{}") {
			t.Errorf("%s: %+v", word, text)
		}
	}
}

// What identifier writes as a reason anywhere in its sources has a text, also where the values above do not lead.
func TestEveryReasonWordInTheSourcesHasAText(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../identifier/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	words := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			for _, e := range reasonExpressions(n) {
				if literal, ok := e.(*ast.BasicLit); ok {
					if word, err := strconv.Unquote(literal.Value); err == nil && word != "" {
						words[word] = true
					}
				}
			}
			return true
		})
	}
	if len(words) < 20 {
		t.Fatalf("only %q found", slices.Sorted(maps.Keys(words)))
	}
	for word := range words {
		if _, ok := reasons[word]; !ok {
			t.Errorf("%q has no text", word)
		}
	}
}

// reasonExpressions gives the expressions that a node uses as reasons: constants called reason…, first arguments of
// fail, second ones of warn, Reason fields, and what functions with a first result called reason return.
func reasonExpressions(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.ValueSpec:
		if strings.HasPrefix(n.Names[0].Name, "reason") {
			return n.Values
		}
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.SelectorExpr); ok {
			switch {
			case f.Sel.Name == "fail" && len(n.Args) > 0:
				return n.Args[:1]
			case f.Sel.Name == "warn" && len(n.Args) > 1:
				return n.Args[1:2]
			}
		}
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Reason" {
			return []ast.Expr{n.Value}
		}
	case *ast.FuncDecl:
		results := n.Type.Results
		if results == nil || len(results.List[0].Names) == 0 || results.List[0].Names[0].Name != "reason" {
			return nil
		}
		var returned []ast.Expr
		ast.Inspect(n, func(inner ast.Node) bool {
			if r, ok := inner.(*ast.ReturnStmt); ok && len(r.Results) > 0 {
				returned = append(returned, r.Results[0])
			}
			return true
		})
		return returned
	}
	return nil
}
