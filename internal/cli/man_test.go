package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/farenctl/farenctl/internal/cli"
)

// writePages runs man, with a date.
func writePages(t *testing.T, dir string, args ...string) (status int, told string) {
	t.Helper()
	r := inProcess(map[string]string{"SOURCE_DATE_EPOCH": "1767225600"}, cli.Streams{}, append([]string{"man", "--out", dir}, args...)...)
	return r.status, r.stderr
}

func TestManualHasAPageForEachCommand(t *testing.T) {
	t.Parallel()
	formatter, _ := exec.LookPath("groff")
	for _, lang := range []string{"en", "zh"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			dir, again := filepath.Join(t.TempDir(), "new", "man"), t.TempDir()
			for _, d := range []string{dir, again, again} {
				if status, told := writePages(t, d, "--lang", lang); status != 0 || told != "" {
					t.Fatalf("exit status %d\n%s", status, told)
				}
			}
			commands := allCommands(t)
			for _, c := range commands {
				section := map[bool]string{true: "7", false: "1"}[c.Kind == "topic"]
				name := strings.ReplaceAll(c.Path, " ", "-") + "." + section
				page, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				if second, err := os.ReadFile(filepath.Join(again, name)); err != nil || string(second) != string(page) {
					t.Errorf("%s: made again it is another: %v", name, err)
				}
				if !strings.Contains(string(page), `"2026\-01\-01"`) {
					t.Errorf("%s: no date\n%s", name, page)
				}
				for _, f := range c.Flags {
					if c.Path == "farenctl" && !strings.Contains(string(page), `\-\-`+strings.ReplaceAll(f.Name, "-", `\-`)+`\fR`) {
						t.Errorf("%s: --%s is missing", name, f.Name)
					}
				}
				for _, line := range strings.Split(string(page), "\n") {
					if strings.HasPrefix(line, "'") || strings.HasPrefix(line, ".") && !strings.Contains(" TH SH PP TP nf fi nh ad ", " "+strings.Fields(line[1:] + " x")[0]+" ") {
						t.Errorf("%s: a text became a request: %s", name, line)
					}
				}
			}
			if files, err := os.ReadDir(dir); err != nil || len(files) != len(commands) {
				t.Errorf("%d pages, want %d: %v", len(files), len(commands), err)
			}
			if formatter == "" {
				t.Log("groff is not there: what it thinks of the pages was not asked")
				return
			}
			pages, err := filepath.Glob(filepath.Join(dir, "*"))
			if err != nil {
				t.Fatal(err)
			}
			for _, page := range pages {
				if told, err := exec.Command(formatter, "-k", "-Tutf8", "-man", "-ww", "-z", page).CombinedOutput(); err != nil || len(told) > 0 {
					t.Errorf("groff: %v\n%s", err, told)
				}
			}
		})
	}
}

func TestManualKeepsTextAsItIs(t *testing.T) {
	t.Parallel()
	formatter, err := exec.LookPath("groff")
	if err != nil {
		t.Log("groff is not there: the source alone is looked at")
	}
	dir := t.TempDir()
	if status, told := writePages(t, dir, "--lang", "en"); status != 0 {
		t.Fatal(told)
	}
	page := filepath.Join(dir, "farenctl-register-start.1")
	source, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	// A line that goes on behind a backslash, as it has to be typed.
	if !strings.Contains(string(source), `\-\-entity\-type market\-entity \e`) {
		t.Errorf("the example lost its backslash\n%s", source)
	}
	if formatter == "" {
		return
	}
	text, err := exec.Command(formatter, "-k", "-Tutf8", "-P-cbou", "-man", page).Output()
	if err != nil || !strings.Contains(string(text), `farenctl register start --channel zhejiang --entity-type market-entity \`) ||
		!strings.Contains(string(text), `'示例海外有限公司(Example Overseas Ltd)'`) {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestManualThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if status, told := writePages(t, file); status != 2 || !strings.Contains(told, "farenctl: USAGE: "+file) {
		t.Errorf("exit status %d\n%s", status, told)
	}
	dry := filepath.Join(t.TempDir(), "dry")
	if status, told := writePages(t, dry, "--dry-run"); status != 0 {
		t.Errorf("exit status %d\n%s", status, told)
	}
	if _, err := os.Stat(dry); err == nil {
		t.Error("a dry run made the directory")
	}
}
