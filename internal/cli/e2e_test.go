package cli_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/farenctl/farenctl/internal/cli"
	"github.com/farenctl/farenctl/internal/pgtest"
)

var update = flag.Bool("update", false, "write what the program prints into the golden files of the scripts")

// suite lets testscript put the program in the PATH before the server of the tests starts.
type suite struct{ m *testing.M }

func (s suite) Run() int { return pgtest.Run(s.m) }

// TestMain makes this binary the program itself when it is run under the name farenctl, by a script, by a race or as the
// watcher of a private server; and the watcher of the tests' server under that one's word.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "pgtest-watch" {
		os.Exit(pgtest.Run(m))
	}
	testscript.Main(suite{m}, map[string]func(){
		"farenctl": func() {
			waitAtGate()
			if os.Getenv(rehearsal) != "" {
				os.Exit(rehearse(os.Args[1:], cli.OSStreams()))
			}
			if os.Getenv(faultVariable) != "" {
				os.Exit(outlast(os.Args[1:], cli.OSStreams()))
			}
			if os.Getenv(meetVariable) != "" {
				os.Exit(meet(os.Args[1:], cli.OSStreams()))
			}
			status := cli.Main(os.Args[1:], cli.OSStreams())
			tellPeak()
			os.Exit(status)
		},
	})
}

// TestScripts plays every script of testdata/script, each in parallel on a database of its own. With -update the golden
// files inside the scripts are written anew: look at the difference before you keep it.
func TestScripts(t *testing.T) {
	t.Parallel()
	sample, err := os.ReadFile(filepath.Join("..", "..", "testdata", "registry", "sample.csv"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                filepath.Join("..", "..", "testdata", "script"),
		Setup:              func(env *testscript.Env) error { return setUp(env, sample) },
		Cmds:               scriptCommands(),
		RequireUniqueNames: true,
		UpdateScripts:      *update,
	})
}
