package cli_test

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/pgtest"
)

// lookUps are completions of every kind that asks the database.
var lookUps = [][]string{
	{"register", "show", ""}, {"register", "show", "hz"}, {"agent", "show", ""}, {"login", ""}, {"session", "revoke", ""}, {"sms", "show", ""},
	{"verify", "face", "status", ""}, {"registry", "show", ""}, {"policy", "get", ""}, {"policy", "set", "captcha.required", ""}, {"calendar", "show", ""},
	{"register", "list", "--unit-code", ""}, {"verify", "face", "start", "--for", ""}, {"operator", "grant", ""}, {"operator", "remove", "--confirm", ""},
}

func TestCompletionIsSilentWhereNobodyAnswers(t *testing.T) {
	t.Parallel()
	deaf := func(network, address string) net.Listener {
		l, err := net.Listen(network, address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		// Connections are taken by the kernel, and nobody ever reads them.
		return l
	}
	_, port, err := net.SplitHostPort(deaf("tcp", "127.0.0.1:0").Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	deaf("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, database: pgtest.Empty(t), dir: t.TempDir(), self: self}
	for name, there := range map[string]struct {
		url   string
		asked [][]string
	}{
		"over TCP": {"postgres://u@127.0.0.1:" + port + "/d?sslmode=disable", lookUps}, "over TLS": {"postgres://u@127.0.0.1:" + port + "/d?sslmode=require", lookUps[:1]},
		"over a socket": {"host=" + dir + " user=u dbname=d", lookUps[:1]}, "where nothing listens": {"postgres://u@127.0.0.1:1/d?sslmode=disable", lookUps},
	} {
		t.Run(name, func(t *testing.T) {
			for _, words := range there.asked {
				began := time.Now()
				r := w.run(append([]string{"__complete", "--database-url", there.url}, words...)...)
				// The driver alone would wait ten seconds; the rest is for a busy machine.
				if took := time.Since(began); took > 3*time.Second {
					t.Errorf("%v took %s", words, took)
				}
				if r.status != 0 || r.stdout != ":36\n" || r.stderr != "" {
					t.Errorf("%v: exit status %d\n%s%s", words, r.status, r.stdout, r.stderr)
				}
			}
		})
	}
}

// item is what `farenctl commands` tells of a command.
type item struct {
	Path, Kind, Use string
	Arguments       []struct {
		Name               string
		Required, Repeated bool
		Values             []string
	}
	Flags []struct {
		Name, Type, Usage string
		Required          bool
		Values            []string
	}
}

// allCommands are the items of the whole program.
func allCommands(t *testing.T) []item {
	t.Helper()
	r := nowhere("commands", "-o", "json")
	var list struct{ Items []item }
	if err := json.Unmarshal([]byte(r.stdout), &list); err != nil || r.status != 0 || r.stderr != "" || len(list.Items) < 50 {
		t.Fatalf("exit status %d, %v\n%s%s", r.status, err, r.stdout, r.stderr)
	}
	return list.Items
}

// Bits of a completion's answer that the shell scripts go by.
const noFiles, filesByExtension, directoriesOnly = 4, 8, 16

func TestEveryFlagCompletesAsItsUsageSays(t *testing.T) {
	t.Parallel()
	for _, c := range allCommands(t) {
		for _, f := range c.Flags {
			if f.Type == "bool" {
				continue
			}
			words := append([]string{"__complete"}, strings.Fields(c.Path)[1:]...)
			r := nowhere(append(words, "--"+f.Name, "")...)
			lines := strings.Split(strings.TrimSpace(r.stdout), "\n")
			directive, err := strconv.Atoi(strings.TrimPrefix(lines[len(lines)-1], ":"))
			offered := lines[:len(lines)-1]
			if r.status != 0 || r.stderr != "" || err != nil {
				t.Errorf("%s --%s: exit status %d, %v\n%s%s", c.Path, f.Name, r.status, err, r.stdout, r.stderr)
				continue
			}
			isFile := f.Name == "bundle" || f.Name == "state" || f.Name == "report" || strings.HasSuffix(f.Name, "-file") || strings.HasSuffix(f.Name, "-out") || f.Name == "out" || f.Name == "file" || f.Name == "config" || f.Name == "certificate" || f.Name == "key" || f.Name == "public-key" ||
				f.Name == "checkpoints" || f.Name == "out-dir"
			switch {
			case isFile && directive != 0 && directive != filesByExtension && directive != directoriesOnly:
				t.Errorf("%s --%s offers no files", c.Path, f.Name)
			case !isFile && directive&noFiles == 0:
				t.Errorf("%s --%s offers files", c.Path, f.Name)
			case strings.Contains(f.Usage, " | ") && len(f.Values) == 0:
				t.Errorf("%s --%s has a closed list (%s) that completion does not know: name it by choices", c.Path, f.Name, f.Usage)
			case len(f.Values) > 0 && strings.Join(offered, " ") != strings.Join(f.Values, " "):
				t.Errorf("%s --%s offers %v, want %v", c.Path, f.Name, offered, f.Values)
			}
		}
	}
}

func TestEveryArgumentOffersWhatItsUsageSays(t *testing.T) {
	t.Parallel()
	for _, c := range allCommands(t) {
		if c.Kind != "command" || len(c.Arguments) == 0 {
			continue
		}
		words := append([]string{"__complete"}, strings.Fields(c.Path)[1:]...)
		for _, a := range c.Arguments {
			out := nowhere(append(words, "")...).stdout
			for _, value := range a.Values {
				if value != "-" && c.Path != "farenctl policy set" && !strings.Contains("\n"+out, "\n"+value) {
					t.Errorf("%s: %q is not offered for %s\n%s", c.Path, value, a.Name, out)
				}
			}
			words = append(words, "x")
		}
	}
}
