package cli_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/farenctl/farenctl/internal/cli"
	"github.com/farenctl/farenctl/internal/config"
)

// variablesOf are the variables that the text of the program names: what is given to a function that reads one, and every word that
// cannot be anything else.
func variablesOf(t *testing.T) map[string]string {
	t.Helper()
	always := regexp.MustCompile(`^(FARENCTL|XDG)_[A-Z0-9_]+$|^LC_[A-Z]+$|^PG[A-Z]{4,}$`)
	reader := regexp.MustCompile(`(?i)(getenv|lookupenv|xdg)$`)
	found := map[string]string{}
	add := func(path string, e ast.Expr, sure bool) {
		literal, ok := e.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return
		}
		if text, err := strconv.Unquote(literal.Value); err == nil && (always.MatchString(text) || sure && regexp.MustCompile(`^[A-Z][A-Z0-9_]+$`).MatchString(text)) {
			found[text] = path
		}
	}
	for _, root := range []string{filepath.Join("..", "..", "internal"), filepath.Join("..", "..", "cmd")} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			// The benchmark and the helpers of tests are not the program.
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/bench/") || strings.Contains(path, "/pgtest/") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.BasicLit:
					add(path, n, false)
				case *ast.CallExpr:
					name := ""
					switch f := n.Fun.(type) {
					case *ast.Ident:
						name = f.Name
					case *ast.SelectorExpr:
						name = f.Sel.Name
					}
					for _, argument := range n.Args {
						add(path, argument, reader.MatchString(name))
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

func environmentHelp(t *testing.T, lang string) string {
	t.Helper()
	r := nowhere("help", "environment", "--lang", lang)
	if r.status != 0 || r.stderr != "" {
		t.Fatalf("exit status %d\n%s", r.status, r.stderr)
	}
	return r.stdout
}

// refused tells whether a run refuses a variable, because a file belongs in its place.
func refused(name string) bool {
	return inProcess(map[string]string{"HOME": "/nonexistent", name: "x"}, cli.Streams{}, "config", "show").code() == "SECRET_IN_CONFIGURATION"
}

func TestHelpEnvironmentNamesEveryVariable(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	asked := map[string]string{}
	std := cli.Streams{In: strings.NewReader(""), Out: &bytes.Buffer{}, Err: &bytes.Buffer{}, Getenv: func(name string) string {
		mu.Lock()
		defer mu.Unlock()
		asked[name] = "a run"
		return map[string]string{"HOME": "/nonexistent", "DEBUG": "tea"}[name]
	}}
	cli.Main([]string{"config", "show", "--origin"}, std)
	cli.Main([]string{"man", "-n", "--out", "/nonexistent/man"}, std)
	found := variablesOf(t)
	for name, where := range asked {
		found[name] = where
	}
	for _, name := range []string{"FARENCTL_CONFIG", "FARENCTL_SMS_SENDER", "PGHOST", "NO_COLOR", "XDG_RUNTIME_DIR", "SOURCE_DATE_EPOCH", "LD_LIBRARY_PATH", "DEBUG", "PATH", "LANG"} {
		if found[name] == "" {
			t.Errorf("%s is not found: the test does not see what is read", name)
		}
	}
	for _, lang := range []string{"en", "zh"} {
		help := environmentHelp(t, lang)
		for name, where := range found {
			told := regexp.MustCompile(`(?m)^  (.*, )?` + name + `(,.*)?$`).MatchString(help)
			if !told && !refused(name) {
				t.Errorf("--lang %s: %s is read (%s), and not told", lang, name, where)
			}
		}
	}
}

func TestHelpEnvironmentFitsATerminal(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "zh"} {
		for _, line := range strings.Split(environmentHelp(t, lang), "\n") {
			columns := 0
			for _, r := range line {
				columns++
				if r > 0x2e80 {
					columns++
				}
			}
			if columns > 80 {
				t.Errorf("%d columns: %s", columns, line)
			}
		}
	}
}

func TestEveryVariableIsToldWithItsMeaning(t *testing.T) {
	t.Parallel()
	for _, v := range append(config.Variables(), config.OtherVariables()...) {
		if v.English == "" || v.Chinese == "" || (v.DefaultEnglish == "") != (v.DefaultChinese == "") {
			t.Errorf("%+v", v)
		}
	}
}

func TestMisspeltVariableIsToldOnceWithoutItsValue(t *testing.T) {
	t.Parallel()
	run := func(args ...string) result {
		return inProcess(nil, cli.Streams{Environ: func() []string {
			return []string{"FARENCTL_OUTPTU=s3cret", "FARENCTL_LANG=", "FARENCTL_ENTIRELY_ELSE=s3cret", "FARENCTL_IDENTITY_CLIENT_SECRET=s3cret", "HOME=/", "FARENCTL_=x"}
		}}, args...)
	}
	for lang, want := range map[string]string{
		"en": "warning: unknown variable FARENCTL_OUTPTU; did you mean FARENCTL_OUTPUT?\n", "zh": "注意：未知环境变量 FARENCTL_OUTPTU；您是否想用 FARENCTL_OUTPUT？\n",
	} {
		if r := run("version", "--lang", lang); r.status != 0 || r.stderr != want || r.stdout == "" {
			t.Errorf("exit status %d\n%s%s", r.status, r.stdout, r.stderr)
		}
	}
	for _, args := range [][]string{{"version", "-q"}, {"__complete", "register", ""}} {
		if r := run(args...); r.status != 0 || r.stderr != "" {
			t.Errorf("%v: exit status %d\n%s", args, r.status, r.stderr)
		}
	}
}
