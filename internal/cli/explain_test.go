package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/config"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/render"
)

// manualTexts are the texts of the manual and of the hints, by what they are of.
func manualTexts() map[string][]string {
	texts := map[string][]string{}
	add := func(name string, x account.Explanation) {
		for _, t := range append([]account.Text{x.Meaning}, slices.Concat(x.Causes, x.Applicant, x.Support)...) {
			texts[name] = append(texts[name], t.English, t.Chinese)
		}
	}
	for _, e := range account.Entries() {
		x, _ := account.Explain(e.Code)
		add(string(e.Code), x)
		texts[string(e.Code)] = append(texts[string(e.Code)], e.HintEnglish, e.HintChinese)
	}
	for _, s := range account.Situations() {
		add(s.Name, s.Explanation)
	}
	return texts
}

// typed reads a command as the program would: why it cannot be run, or "".
func typed(line string) string {
	words := strings.Fields(line)
	cmd := tree(account.English)
	for words = words[1:]; len(words) > 0 && !strings.HasPrefix(words[0], "-"); words = words[1:] {
		i := slices.IndexFunc(cmd.Commands(), func(c *cobra.Command) bool { return c.Name() == words[0] || slices.Contains(c.Aliases, words[0]) })
		if i < 0 {
			break
		}
		cmd = cmd.Commands()[i]
	}
	if cmd.Name() == "help" {
		if found, _, err := cmd.Root().Find(words); err != nil || found == cmd.Root() {
			return "no such help"
		}
		return ""
	}
	cmd.InitDefaultHelpFlag()
	if err := cmd.ParseFlags(words); err != nil {
		return err.Error()
	}
	for i, word := range words {
		name, isFlag := strings.CutPrefix(word, "--")
		name, value, inline := strings.Cut(name, "=")
		if !inline && i+1 < len(words) {
			value = words[i+1]
		}
		if !isFlag {
			continue
		}
		f := cmd.Flag(name)
		if f == nil {
			return "no flag --" + name
		}
		if values := f.Annotations[flagValues]; len(values) > 0 && strings.ToUpper(value) != value && !slices.Contains(values, value) {
			return value + " is no value of --" + name
		}
	}
	if help, err := cmd.Flags().GetBool("help"); err == nil && help {
		return ""
	}
	if err := cmd.ValidateArgs(cmd.Flags().Args()); err != nil && len(cmd.Flags().Args()) > 0 {
		return err.Error() // without any argument a text only speaks of the command
	}
	return ""
}

func TestCommandsOfTheManualAreThere(t *testing.T) {
	t.Parallel()
	backticks := regexp.MustCompile("`([^`]*)`")
	roles := regexp.MustCompile(`faren_[a-z]+`)
	names := map[string]bool{}
	for _, v := range config.Variables() {
		names[v.Setting] = true
	}
	policy := regexp.MustCompile(`\('([a-z_]+\.[a-z_]+)', '`)
	files, err := filepath.Glob("../postgres/migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range policy.FindAllStringSubmatch(string(text), -1) {
			names[m[1]] = true
		}
	}
	commands := map[string]string{}
	for name, texts := range manualTexts() {
		for _, text := range texts {
			for _, role := range roles.FindAllString(text, -1) {
				if !slices.Contains(postgres.GroupRoles(), role) {
					t.Errorf("%s: no role %s", name, role)
				}
			}
			for _, m := range backticks.FindAllStringSubmatch(text, -1) {
				switch line := strings.NewReplacer("{", "<", "}", ">").Replace(m[1]); {
				case strings.HasPrefix(line, "farenctl "):
					commands[line] = name
				case strings.HasPrefix(line, "agent "):
					commands["farenctl "+line] = name
				case !names[line] && line != "<command> --help" && line != "<next>" && line != "chmod 600 <file>":
					t.Errorf("%s: `%s` is no command, setting or policy", name, line)
				}
			}
		}
	}
	if len(commands) < 120 {
		t.Errorf("only %d commands", len(commands))
	}
	for line, name := range commands {
		if problem := typed(line); problem != "" {
			t.Errorf("%s: `%s`: %s", name, line, problem)
		}
	}
	for _, line := range []string{"farenctl agent unlok <account>", "farenctl agent unlock <account> --forse", "farenctl agent unlock a b",
		"farenctl verify sms --phone P --purpose registr", "farenctl help unheard-of"} {
		if typed(line) == "" {
			t.Errorf("`%s` passes", line)
		}
	}
}

// explained runs explain on a terminal of 80 columns.
func explained(args ...string) (out, told string, status int) {
	var stdout, stderr strings.Builder
	status = Main(append([]string{"explain"}, args...), Streams{In: strings.NewReader(""), Out: &stdout, Err: &stderr, OutTTY: true, Width: 80,
		Getenv: func(name string) string { return map[string]string{"NO_COLOR": "1"}[name] }})
	return stdout.String(), stderr.String(), status
}

func TestExplanationsFitATerminalOf80Columns(t *testing.T) {
	t.Parallel()
	for _, name := range account.Names() {
		for lang, labels := range map[string][]string{"en": {"MEANING", "CAUSES", "APPLICANT", "SUPPORT"}, "zh": {"含义", "原因", "申请人", "客服和管理员"}} {
			out, told, status := explained(name, "--lang", lang)
			if status != 0 || told != "" {
				t.Errorf("%s: exit status %d\n%s", name, status, told)
			}
			for _, label := range labels {
				if !strings.Contains("\n"+out, "\n"+label+"  ") {
					t.Errorf("%s: no %s\n%s", name, label, out)
				}
			}
			for line := range strings.SplitSeq(out, "\n") {
				if size := render.TextWidth(line); size > 80 {
					t.Errorf("%s: %d columns: %s", name, size, line)
				}
			}
			if testing.Verbose() {
				t.Logf("\n%s", out)
			}
		}
	}
}
