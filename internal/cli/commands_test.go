package cli

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/farenctl/farenctl/internal/account"
)

// tree is the program as cobra has it.
func tree(lang account.Language) *cobra.Command {
	root := newRootCmd(newApp(Streams{Getenv: func(string) string { return "" }}, lang))
	root.InitDefaultHelpCmd()
	return root
}

func listed(t *testing.T, args ...string) map[string]commandItem {
	t.Helper()
	var out, told strings.Builder
	status := Main(append([]string{"commands", "-o", "json"}, args...), Streams{In: strings.NewReader(""), Out: &out, Err: &told, Getenv: func(string) string { return "" }})
	var list struct {
		Items []commandItem `json:"items"`
	}
	if err := json.Unmarshal([]byte(out.String()), &list); err != nil || status != 0 || told.Len() != 0 {
		t.Fatalf("exit status %d, %v\n%s%s", status, err, out.String(), told.String())
	}
	items := map[string]commandItem{}
	for _, item := range list.Items {
		if _, twice := items[item.Path]; twice {
			t.Errorf("%s is listed twice", item.Path)
		}
		items[item.Path] = item
	}
	return items
}

func TestCommandsListsTheWholeTree(t *testing.T) {
	t.Parallel()
	items := listed(t)
	seen := 0
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		item, found := items[cmd.CommandPath()]
		if cmd.Hidden {
			if found {
				t.Errorf("%s is hidden, and listed", cmd.CommandPath())
			}
			return
		}
		seen++
		if !found || item.Use != cmd.Use || item.Short != cmd.Short || item.Examples != cmd.Example {
			t.Errorf("%s: listed as %+v", cmd.CommandPath(), item)
		}
		var want, got []string
		cmd.InitDefaultHelpFlag()
		cmd.NonInheritedFlags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden {
				want = append(want, f.Name+" "+f.Shorthand+" "+f.Value.Type()+" "+f.DefValue)
			}
		})
		for _, f := range item.Flags {
			if !f.Required || cmd.InheritedFlags().Lookup(f.Name) == nil {
				got = append(got, f.Name+" "+f.Shorthand+" "+f.Type+" "+f.Default)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: flags (-want +got)\n%s", cmd.CommandPath(), diff)
		}
		for _, below := range cmd.Commands() {
			walk(below)
		}
	}
	walk(tree(account.English))
	if seen != len(items) {
		t.Errorf("%d commands are listed, want %d", len(items), seen)
	}
	if len(items["farenctl"].Flags) < 15 {
		t.Error("the program itself does not have the flags of every command")
	}
}

// TestRequiredFlagsAreThoseThatAreMissed runs every command without any flag: it has to name those that its usage line requires.
func TestRequiredFlagsAreThoseThatAreMissed(t *testing.T) {
	t.Parallel()
	words := map[string]string{"<application>": "app_00000000000000000000000001", "<verification>": "ver_00000000000000000000000001",
		"<recovery>": "rec_00000000000000000000000001"}
	checked := 0
	for path, item := range listed(t) {
		args := strings.Fields(path)[1:]
		for _, a := range item.Arguments {
			if word, known := words[a.Name]; known {
				args = append(args, word)
			} else if a.Required {
				args = append(args, "x")
			}
		}
		var required []string
		for _, f := range item.Flags {
			if f.Required {
				required = append(required, f.Name)
			}
		}
		if len(required) == 0 {
			continue
		}
		checked++
		var told strings.Builder
		env := map[string]string{"FARENCTL_DATABASE_URL": "postgres://u@127.0.0.1:1/d?sslmode=disable"}
		status := Main(args, Streams{In: strings.NewReader(""), Out: &strings.Builder{}, Err: &told, Getenv: func(name string) string { return env[name] }})
		if status != account.StatusUsage || !strings.Contains(told.String(), "`"+path+" --help`") {
			t.Errorf("%s: exit status %d\n%s", path, status, told.String())
		}
		for _, name := range required {
			if !strings.Contains(told.String(), "--"+name) {
				t.Errorf("%s: --%s is not missed\n%s", path, name, told.String())
			}
		}
	}
	if checked < 10 {
		t.Errorf("only %d commands have required flags", checked)
	}
}

func TestSynopsisReadsUsageLines(t *testing.T) {
	t.Parallel()
	for use, want := range map[string]string{
		"x <a> <b>": "<a>! <b>!", "x [<a>]": "<a>", "x <a>...": "<a>!+", "x [<a>...]": "<a>+", "x {FILE | -}": "{FILE | -}!(-)", "x {on | off} [flags]": "{on | off}!(on,off)",
		"x <a> {<b> | default} [--q | --r]": "<a>! {<b> | default}!(default)", "x {<a> | --quiet | --jq J}": "<a>", "x --jq J <a>": "<a>! --jq",
		"x {--jq J | --fields <f>}": "", "x -q --output={a | b} <c>": "<c>! --quiet --output", "x -o {a | b} <c>": "<c>! --output",
	} {
		cmd := &cobra.Command{Use: use}
		newApp(Streams{}, account.English).addGlobalFlags(cmd.Flags())
		arguments, required := synopsis(cmd)
		var got []string
		for _, a := range arguments {
			text := a.Name
			if a.Required {
				text += "!"
			}
			if a.Repeated {
				text += "+"
			}
			if len(a.Values) > 0 {
				text += "(" + strings.Join(a.Values, ",") + ")"
			}
			got = append(got, text)
		}
		for _, name := range required {
			got = append(got, "--"+name)
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%s: %s, want %s", use, text, want)
		}
	}
}

func TestTopicsAreListedByHelpAndTell(t *testing.T) {
	t.Parallel()
	for _, lang := range []account.Language{account.English, account.Chinese} {
		for _, topic := range topics(newApp(Streams{}, lang)) {
			var out strings.Builder
			if status := Main([]string{"help", topic.Name(), "--lang", string(lang)}, Streams{Out: &out, Getenv: func(string) string { return "" }}); status != 0 || out.Len() < 200 {
				t.Errorf("help %s: exit status %d\n%s", topic.Name(), status, out.String())
			}
			out.Reset()
			if status := Main([]string{"--lang", string(lang), "--help"}, Streams{Out: &out, Getenv: func(string) string { return "" }}); status != 0 || !strings.Contains(out.String(), "farenctl "+topic.Name()) {
				t.Errorf("%s is not listed by help", topic.Name())
			}
		}
	}
}

func TestNearestIsWhatWasMeant(t *testing.T) {
	t.Parallel()
	words := []string{"output", "out", "quiet", "unit-code", "profile", "ticket", "timeout"}
	for typed, want := range map[string]string{
		"ouput": "output", "outptu": "output", "oputput": "output", "unitcode": "unit-code", "unti-code": "unit-code", "prof": "profile", "QUIET": "quiet",
		"colour": "", "x": "", "": "", "ti": "", "profiles": "profile",
	} {
		if got := nearest(typed, words); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	for typed, want := range map[string][]string{"ou": {"out"}, "outut": {"output"}, "tickets": {"ticket"}, "prof": {"profile"}, "colour": nil} {
		if got := nearestFew(typed, words); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	if got := nearestFew("SMS_CODE_IMVALID", []string{"SMS_CODE_EXPIRED", "CODE_INVALID", "SMS_CODES_INVALID", "SMS_CODE_INVALID"}); !slices.Equal(got, []string{"SMS_CODE_INVALID", "SMS_CODES_INVALID"}) {
		t.Errorf("few: %q", got)
	}
	if !slices.IsSorted([]int{distance("", ""), distance("ab", "ba"), distance("abc", "a"), distance("", "abcd")}) {
		t.Error("distances")
	}
}
