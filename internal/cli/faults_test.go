package cli_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/uuid"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/farenctl/farenctl/internal/cli"
	"github.com/farenctl/farenctl/internal/pgtest"
)

// faultVariable makes the program, run by this test binary, meet a fault at one message of the database's protocol: WHERE NUMBER, as in "after 24". WHERE is
// before, in or after: the connection is cut there; or kill-before, kill-after: the process is killed there.
const faultVariable = "FARENCTL_TEST_FAULT"

// allFaults, set by hand, tries every message instead of a choice.
const allFaults = "FARENCTL_TEST_ALL_FAULTS"

// lastMessage is beyond the messages of every command but those of several calls.
const lastMessage = 60

var faultPlaces = []string{"before", "in", "after", "kill-before", "kill-after"}

// faults are the ones that are tried. A connection begins with some 17 messages, then comes the look at the schema, and from the 23rd on what the command
// is about: the call, its answer, and what stands behind it.
func faults() []string {
	if os.Getenv(allFaults) == "" {
		return []string{"before 24", "kill-after 28"}
	}
	var all []string
	for n := 1; n <= lastMessage; n++ {
		for _, place := range faultPlaces {
			all = append(all, fmt.Sprint(place, " ", n))
		}
	}
	return all
}

// TestCommandsOutlastACutOfTheConnection plays scripts whose every command line meets a fault, and is run again under the same idempotency key when it
// does not know what became of it: whatever the scripts say of results and of the database holds, so that nothing is half done and nothing done twice.
func TestCommandsOutlastACutOfTheConnection(t *testing.T) {
	t.Parallel()
	sample, err := os.ReadFile(filepath.Join("..", "..", "testdata", "registry", "sample.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for i, fault := range faults() {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			files := faulted
			if os.Getenv(allFaults) == "" { // a quarter of the scripts meets each
				files = slices.Collect(every(faulted, 4, i%4))
			}
			testscript.Run(t, testscript.Params{
				Files: scriptFiles(files),
				Setup: func(env *testscript.Env) error {
					err := setUp(env, sample)
					env.Setenv(faultVariable, fault)
					return err
				},
				Cmds: scriptCommands(),
			})
		})
	}
}

// faulted are scripts that between them run every command that changes something, and whose outcome does not rest on how often a command was begun.
var faulted = []string{"story_zhejiang", "story_overseas", "story_project", "story_recover", "agent_add", "agent_care", "agent_update", "calendar_import",
	"clock_set", "clock_advance", "clock_reset", "policy_set", "register_resubmit", "registry_import", "review_reject", "session_revoke", "verify_face_resolve"}

func every(all []string, step, from int) func(func(string) bool) {
	return func(yield func(string) bool) {
		for i := from; i < len(all); i += step {
			if !yield(all[i]) {
				return
			}
		}
	}
}

func scriptFiles(names []string) []string {
	files := make([]string, len(names))
	for i, name := range names {
		files[i] = filepath.Join("..", "..", "testdata", "script", name+".txtar")
	}
	return files
}

// outlast runs a command line that meets the fault, and where that leaves open what became of it, again.
func outlast(args []string, std cli.Streams) int {
	const failed = 99
	given, err := io.ReadAll(std.In)
	if err != nil {
		fmt.Fprintln(std.Err, "fault:", err)
		return failed
	}
	line := args
	if !unrepeatable(args) {
		line = append([]string{"--idempotency-key=" + uuid.NewString()}, args...)
	}
	run := func(environment ...string) (int, string, string) {
		var out, told bytes.Buffer
		cmd := exec.Command(os.Args[0])
		cmd.Args = append([]string{"farenctl"}, line...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(given), &out, &told
		cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, faultVariable+"=") }), environment...)
		err := cmd.Run()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			return failed, "", err.Error()
		}
		return cmd.ProcessState.ExitCode(), out.String(), told.String() // -1: killed
	}
	keyed := len(line) > len(args)
	status, out, told := run(meetVariable + "=" + os.Getenv(faultVariable))
	if open := slices.Contains([]int{-1, 69, 75}, status); open || keyed {
		again, repeated, toldAgain := run()
		repeated = withoutNotes(repeated)
		if !open && (again != status || repeated != withoutNotes(out)) {
			fmt.Fprintf(std.Err, "fault: a repeat ended with %d:\n%s%s\nthe first run with %d:\n%s%s", again, repeated, toldAgain, status, out, told)
			return failed
		}
		status, out, told = again, repeated, replayedNote.ReplaceAllString(toldAgain, "")
	}
	io.WriteString(std.Out, out)  //nolint:errcheck // the script sees what is missing
	io.WriteString(std.Err, told) //nolint:errcheck // as above
	return status
}

// replayedNote tells a person of a repeat, which no script asked for.
var replayedNote = regexp.MustCompile(`(?m)^(?:replayed: |重放：).*\n`)

// meetVariable is the fault that this very process meets.
const meetVariable = "FARENCTL_TEST_MEET"

// meet runs the program with a proxy before its database.
func meet(args []string, std cli.Streams) int {
	place, number, _ := strings.Cut(os.Getenv(meetVariable), " ")
	n, err := strconv.Atoi(number)
	address := std.Getenv("FARENCTL_DATABASE_URL")
	if err != nil || !slices.Contains(faultPlaces, place) {
		fmt.Fprintln(std.Err, "fault: no such fault")
		return 99
	}
	if !strings.HasPrefix(address, "host=") || strings.HasPrefix(strings.Join(args, " "), "review document ") {
		return cli.Main(args, std) // not the database of the tests; or a killed process leaves the file that it began
	}
	dir, err := os.MkdirTemp("", "pq")
	if err != nil {
		fmt.Fprintln(std.Err, "fault:", err)
		return 99
	}
	defer os.RemoveAll(dir) //nolint:errcheck // of the machine's temporary files
	proxy, err := pgtest.Listen(dir, address)
	if err != nil {
		fmt.Fprintln(std.Err, "fault:", err)
		return 99
	}
	where, then := pgtest.CutBefore, func() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL) }
	switch place {
	case "in":
		where = pgtest.CutIn
	case "after", "kill-after":
		where = pgtest.CutAfter
	}
	if !strings.HasPrefix(place, "kill-") {
		then = nil
	}
	proxy.CutAt(n, where, then)
	inner := std.Getenv
	std.Getenv = func(name string) string {
		if name == "FARENCTL_DATABASE_URL" {
			return proxy.DSN()
		}
		return inner(name)
	}
	return cli.Main(args, std)
}
