package cli

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identity"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/sms"
)

var (
	han = regexp.MustCompile(`\p{Han}`)
	// halfWidth is punctuation of English that touches Chinese.
	halfWidth = regexp.MustCompile(`[\p{Han}》】”] ?[,:;()?!]|[,:;()?!][\p{Han}《【“]|[,:;?!] [\p{Han}《【“]`)
	// data is Chinese that is written with half-width punctuation: the name of an overseas unit (guide 一.3), and the guide's own texts
	// (guide 一, 三), to the letter.
	data = regexp.MustCompile(`海外有限公司\(Test |%s:… 需要|信息已提交!将于|内完成比对,请耐心|密码登陆,查看|还在审核中,请耐心|次数限制,请明天|注册申请,请前往|中文名称\(English Name\)|示例海外有限公司\(Example Overseas Ltd\)|中文\(English\)`)
	// example is a line that is typed, or of a document.
	example = regexp.MustCompile(`^  (2026-|zhejiang,|farenctl |    --| *[a-z_]+: )`)
	place   = regexp.MustCompile(`%(\[\d\])?[sqdv]|\{\w+\}`)
	// sentence is English that nobody types: three lower-case words in a row.
	sentence = regexp.MustCompile(`(?:^|[^\w<-])[a-z]{2,} [a-z]{1,} [a-z]{2,}`)
	// coded is what stays as it is in every language: commands, flags, places to fill in.
	coded = regexp.MustCompile("`[^`]*`|<[^>]*>|\\{[^}]*\\}|--[a-z-]+( [A-Z]+)?|[a-z]+(-[a-z]+)+|[a-z_]+([._][a-z_]+)+")
)

// helpTree is the command tree in a language, and a way to show its help.
func helpTree(lang account.Language, width int) (*App, *cobra.Command, *bytes.Buffer) {
	var out bytes.Buffer
	app := newApp(Streams{Out: &out, Err: &out, OutTTY: width > 0, Width: width, Getenv: func(string) string { return "" }}, lang)
	root := newRootCmd(app)
	root.SetOut(&out)
	root.InitDefaultHelpCmd()
	return app, root, &out
}

// walk visits every command.
func walk(c *cobra.Command, visit func(*cobra.Command)) {
	if c.Hidden {
		return // for the program itself
	}
	visit(c)
	for _, below := range c.Commands() {
		walk(below, visit)
	}
}

// helpTexts are the texts that a command's help is made of, by where they stand.
func helpTexts(c *cobra.Command) map[string]string {
	texts := map[string]string{c.CommandPath() + ", short": c.Short, c.CommandPath() + ", long": c.Long}
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden && f.Name != "help" {
			texts[c.CommandPath()+" --"+f.Name] = f.Usage
		}
	})
	return texts
}

func TestEveryHelpTextIsInBothLanguages(t *testing.T) {
	t.Parallel()
	english, chinese := map[string]string{}, map[string]string{}
	var paths []string
	_, root, _ := helpTree(account.English, 0)
	walk(root, func(c *cobra.Command) {
		for where, text := range helpTexts(c) {
			english[where] = text
		}
		paths = append(paths, c.CommandPath(), strings.TrimPrefix(c.CommandPath(), "farenctl "))
	})
	_, root, _ = helpTree(account.Chinese, 0)
	walk(root, func(c *cobra.Command) {
		for where, text := range helpTexts(c) {
			chinese[where] = text
		}
	})
	if len(english) < 200 || len(english) != len(chinese) {
		t.Fatalf("%d English texts, %d Chinese ones", len(english), len(chinese))
	}
	slices.SortFunc(paths, func(a, b string) int { return len(b) - len(a) })
	for where, en := range english {
		zh := chinese[where]
		switch {
		case en == "" && zh == "" && strings.HasSuffix(where, "long"):
		case en == zh || !han.MatchString(zh):
			t.Errorf("%s: not in Chinese: %q", where, zh)
		case han.MatchString(data.ReplaceAllString(en, "")):
			t.Errorf("%s: English has Chinese: %q", where, en)
		}
		rest := zh
		for _, path := range paths {
			rest = strings.ReplaceAll(rest, path, "")
		}
		if found := sentence.FindString(coded.ReplaceAllString(rest, "")); found != "" {
			t.Errorf("%s: English in Chinese: %q", where, found)
		}
	}
}

func TestHelpFitsTheTerminal(t *testing.T) {
	t.Parallel()
	for _, lang := range []account.Language{account.English, account.Chinese} {
		for width, limit := range map[int]int{80: 80, 200: pipeWidth, 0: pipeWidth} {
			app, root, out := helpTree(lang, width)
			walk(root, func(c *cobra.Command) {
				out.Reset()
				if err := c.Help(); err != nil {
					t.Fatal(err)
				}
				for line := range strings.SplitSeq(out.String(), "\n") {
					if size := render.TextWidth(line); size > limit && strings.Count(line, ",") < 8 { // but for a row of CSV
						t.Errorf("%s, %s: %d columns at %d: %s", c.CommandPath(), lang, size, width, line)
					}
				}
				if lang == account.Chinese && !strings.Contains(out.String(), "退出状态") {
					for _, word := range []string{"Usage", "Flags", "Examples", "Commands", "for more information", "[command]", "[flags]", "(default", "help for"} {
						if strings.Contains(out.String(), word) {
							t.Errorf("%s: %q in Chinese help", c.CommandPath(), word)
						}
					}
				}
			})
			if lang == account.Chinese && app.typeWord("string") != "文本" {
				t.Error("types are not told in Chinese")
			}
		}
	}
}

// sources gives the program's own Go files, without tests.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		for _, tool := range []string{"bench", "pinyin/gen", "pgtest", "documenttest", "identitytest", "smstest", "certificatetest", "cli/gen"} {
			if strings.Contains(path, "/"+tool+"/") {
				return nil
			}
		}
		files[path], err = parser.ParseFile(token.NewFileSet(), path, nil, 0)
		return err
	})
	if err != nil || len(files) < 150 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	return files
}

// literal gives the text of a string literal.
func literal(e ast.Node) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// called is the name of the function or method that is called.
func called(n ast.Node) (*ast.CallExpr, string) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return nil, ""
	}
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return call, f.Name
	case *ast.SelectorExpr:
		return call, f.Sel.Name
	}
	return nil, ""
}

// pairs are the functions that take a text in English and in Chinese.
var pairs = []string{"tr", "Pick", "Say", "invalid"}

// words are English words, of which no language is made that is not English.
var englishWord = regexp.MustCompile(`[a-z]{2,}`)

func plainEnglish(text string) bool {
	text = regexp.MustCompile(`%[a-z]|%\[\d\][a-z]`).ReplaceAllString(coded.ReplaceAllString(text, ""), "")
	return englishWord.MatchString(text)
}

func TestChineseTextsHaveTheirOwnPunctuation(t *testing.T) {
	t.Parallel()
	seen := 0
	for path, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			text, ok := literal(n)
			if !ok || !han.MatchString(text) {
				return true
			}
			seen++
			for line := range strings.SplitSeq(text, "\n") {
				if example.MatchString(line) {
					continue
				}
				// What is filled in is a word of the sentence.
				line = place.ReplaceAllString(data.ReplaceAllString(line, ""), "字")
				if found := halfWidth.FindString(line); found != "" {
					t.Errorf("%s: %q in %q", path, found, line)
				}
			}
			return true
		})
	}
	if seen < 800 {
		t.Errorf("only %d Chinese texts", seen)
	}
}

func TestTextsForPeopleArePairs(t *testing.T) {
	t.Parallel()
	seen := 0
	for path, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, name := called(n)
			switch {
			case call == nil:
			case slices.Contains(pairs, name) && len(call.Args) >= 2:
				en, isText := literal(call.Args[0])
				zh, isChinese := literal(call.Args[1])
				if !isText || !isChinese {
					break
				}
				seen++
				if plainEnglish(en) && !han.MatchString(zh) && en != zh {
					t.Errorf("%s: %q has no Chinese, but %q", path, en, zh)
				}
				if han.MatchString(data.ReplaceAllString(en, "")) && !strings.Contains(en, "【】") {
					t.Errorf("%s: Chinese in English: %q", path, en)
				}
			case name == "NewFault":
				for i := 1; i+1 < len(call.Args); i += 2 {
					if key, _ := literal(call.Args[i]); key == "problem" {
						refuseEnglish(t, path, call.Args[i+1])
					}
				}
			case slices.Contains([]string{"note", "ask", "line", "choose", "fail", "warn", "ok"}, name) && !strings.HasPrefix(path, "../identifier/") && !strings.HasSuffix(path, "/roff.go") && !strings.HasPrefix(path, "../fixture/"):
				for _, arg := range call.Args {
					refuseEnglish(t, path, arg)
				}
			}
			return true
		})
	}
	if seen < 600 {
		t.Errorf("only %d pairs", seen)
	}
}

// refuseEnglish finds English of one language only in an expression: literals outside of a pair.
func refuseEnglish(t *testing.T, path string, e ast.Node) {
	t.Helper()
	ast.Inspect(e, func(n ast.Node) bool {
		if _, name := called(n); slices.Contains(pairs, name) {
			return false
		}
		if text, ok := literal(n); ok && plainEnglish(text) && !strings.ContainsAny(text, "`") && !strings.HasPrefix(text, "-") && !strings.HasPrefix(text, "farenctl ") && text != "default" {
			t.Errorf("%s: only in English: %q", path, text)
		}
		return true
	})
}

func TestEveryWordOfAClosedListHasItsChinese(t *testing.T) {
	t.Parallel()
	for list, codes := range map[account.TermList][]string{
		account.ApplicationTerms:  account.ApplicationStatuses(),
		account.AccountTerms:      account.AccountStatuses(),
		account.RoleTerms:         account.Roles(),
		account.ChannelTerms:      account.Channels(),
		account.ReviewTerms:       append(account.ReviewKinds(), account.ReviewNone),
		account.CheckTerms:        append(account.FaceOutcomes(), account.Pending),
		account.PurposeTerms:      append(append(account.FacePurposes(), account.CodePurposes()...), account.PurposeSignIn),
		account.RecoveryTerms:     {account.RecoveryStarted, account.RecoveryProven, account.RecoveryReset, account.Expired},
		account.MethodTerms:       append(account.RecoveryMethods(), "sms", "face"),
		account.SMSTerms:          account.SMSStatuses(),
		account.SMSKindTerms:      sms.Kinds(),
		account.SMSFailureTerms:   {sms.CodeTimeout, sms.CodeUnreachable, sms.CodeCut, sms.CodeUnreadable, sms.CodeNoTemplate, "expired", "number-changed", "claim-ran-out"},
		account.SMSCodeTerms:      {account.CodeLive, account.CodeUsed, account.CodeExpired, account.CodeSuperseded, account.CodeExhausted},
		account.DocumentTerms:     account.DocumentKinds(),
		account.DocumentTypeTerms: account.DocumentTypeNames(),
		account.DayTerms:          {account.DayOff, account.DayWork},
		account.EnvironmentTerms:  postgres.Environments(),
		account.FailureTerms: {
			identity.FailureDenied, identity.FailureSpent, identity.FailureSignature, identity.FailureIssuer, identity.FailureAudience, identity.FailureExpired,
			identity.FailureTime, identity.FailureAMR, identity.FailureClaims, identity.FailureMissing,
		},
	} {
		for _, code := range codes {
			if word := account.Term(account.Chinese, list, code); !han.MatchString(word) {
				t.Errorf("%s: %q has no Chinese word", list, code)
			}
			if word := account.Term(account.English, list, code); word != code {
				t.Errorf("%s: %q is %q in English", list, code, word)
			}
		}
	}
	// What the database checks in its own words has to be in some list.
	constraint := regexp.MustCompile(`CONSTRAINT \w*(?:status|role|channel|kind|purpose|method|proven_by|environment) CHECK \((?:\w+ IS NULL OR )?\w+ IN \(([^)]*)\)`)
	files, err := filepath.Glob("../postgres/migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	lists := []account.TermList{
		account.ApplicationTerms, account.AccountTerms, account.RoleTerms, account.ChannelTerms, account.ReviewTerms, account.CheckTerms, account.PurposeTerms,
		account.MethodTerms, account.SessionKindTerms, account.SMSTerms, account.SMSKindTerms, account.RegisterTerms, account.DocumentTerms, account.EnvironmentTerms,
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range constraint.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(found[0], "policy_kind") || strings.Contains(found[0], "guess_kind") {
				continue // never shown in a table
			}
			for code := range strings.SplitSeq(found[1], ",") {
				code = strings.Trim(code, " '\n")
				if !slices.ContainsFunc(lists, func(l account.TermList) bool { return account.Term(account.Chinese, l, code) != code }) {
					t.Errorf("%s: %q has no Chinese word", name, code)
				}
			}
		}
	}
}
