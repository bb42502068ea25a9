package cli_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	_ "github.com/lib/pq" // the driver of the dumps
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/farenctl/farenctl/internal/cli"
)

// rehearsal makes the program, run by this test binary, rehearse every command line; its value is the address of the superuser.
const rehearsal = "FARENCTL_TEST_REHEARSAL"

// rehearsed are the scripts that between them run every command that changes something.
var rehearsed = []string{"story_zhejiang", "story_overseas", "story_project", "story_recover", "agent_add", "agent_care", "agent_update", "agent_unlock", "calendar_import",
	"clock_set", "clock_advance", "clock_reset", "policy_set", "register_expire", "register_resubmit", "registry_import", "review_reject", "session_revoke", "sms_retry",
	"verify_face_resolve", "fixture_delete", "operator_add", "operator_grant", "operator_revoke", "operator_remove"}

// TestCommandsCanBeTriedAndRepeated plays scripts whose every command line is first tried with --dry-run, which may change nothing in the
// whole database, and then run twice under an idempotency key: the second run may change nothing, and gives the first one's result.
func TestCommandsCanBeTriedAndRepeated(t *testing.T) {
	t.Parallel()
	sample, err := os.ReadFile(filepath.Join("..", "..", "testdata", "registry", "sample.csv"))
	if err != nil {
		t.Fatal(err)
	}
	files := make([]string, len(rehearsed))
	for i, name := range rehearsed {
		files[i] = filepath.Join("..", "..", "testdata", "script", name+".txtar")
	}
	testscript.Run(t, testscript.Params{
		Files: files,
		Setup: func(env *testscript.Env) error {
			err := setUp(env, sample)
			env.Setenv(rehearsal, env.Getenv("SUPER_URL"))
			return err
		},
		Cmds: scriptCommands(),
	})
}

// rehearse runs a command line after it was tried, and then again. What a rehearsal finds ends the program with a status that no script
// wants.
func rehearse(args []string, std cli.Streams) int {
	const failed = 99
	given, err := io.ReadAll(std.In)
	if err != nil {
		fmt.Fprintln(std.Err, "rehearsal: standard input:", err)
		return failed
	}
	run := func(flag string) (int, string, string) {
		var out, told bytes.Buffer
		once := std
		once.In, once.Out, once.Err = bytes.NewReader(given), &out, &told
		line := args
		if flag != "" {
			line = append([]string{flag}, args...)
		}
		return cli.Main(line, once), out.String(), told.String()
	}
	start, err := dump()
	if err != nil {
		fmt.Fprintln(std.Err, "rehearsal:", err)
		return failed
	}
	tried, _, whyNot := run("--dry-run")
	if found := changes(start); found != "" {
		fmt.Fprintln(std.Err, "rehearsal: a dry run changed", found)
		return failed
	}
	key := "--idempotency-key=" + uuid.NewString()
	if unrepeatable(args) {
		key = ""
	}
	status, out, told := run(key)
	io.WriteString(std.Out, out)  //nolint:errcheck // the script sees what is missing
	io.WriteString(std.Err, told) //nolint:errcheck // as above
	if status == 0 && tried != 0 && !strings.Contains(whyNot, "DRY_RUN_IMPOSSIBLE") {
		fmt.Fprintf(std.Err, "rehearsal: it succeeds, but tried it ended with %d: %s\n", tried, whyNot)
		return failed
	}
	if key == "" {
		return status
	}
	if start, err = dump(); err != nil {
		fmt.Fprintln(std.Err, "rehearsal:", err)
		return failed
	}
	again, repeated, toldAgain := run(key)
	if found := changes(start); found != "" {
		fmt.Fprintln(std.Err, "rehearsal: a repeat changed", found)
		return failed
	}
	if again != status || withoutNotes(repeated) != withoutNotes(out) {
		fmt.Fprintf(std.Err, "rehearsal: a repeat ended with %d:\n%s%s\nthe first run with %d:\n%s", again, repeated, toldAgain, status, out)
		return failed
	}
	return status
}

// unrepeatable are commands that a key does not go with, or that look at what changes of itself.
func unrepeatable(args []string) bool {
	line := " " + strings.Join(args, " ") + " "
	for _, part := range []string{" login ", " captcha ", " --reveal ", " review document ", " dispatch ", " clock show ", " doctor "} {
		if strings.Contains(line, part) {
			return true
		}
	}
	return false
}

// withoutNotes is a result without the mark of a repeat.
func withoutNotes(out string) string {
	for _, mark := range []string{",\n  \"replayed\": true", ",\"replayed\":true"} {
		out = strings.Replace(out, mark, "", 1)
	}
	return out
}

// dump is the whole database: a digest of each table.
func dump() (map[string]string, error) {
	db, err := sql.Open("postgres", os.Getenv(rehearsal))
	if err != nil {
		return nil, err
	}
	defer db.Close() //nolint:errcheck // only read
	ctx := context.Background()
	rows, err := db.QueryContext(ctx, `SELECT c.relname, (xpath('/row/d/text()', query_to_xml(format(
		'SELECT count(*) || '' '' || md5(coalesce(string_agg(x::text, E''\n'' ORDER BY x::text), '''')) AS d FROM faren.%I x', c.relname), false, true, '')))[1]::text
		FROM pg_class c WHERE c.relnamespace = 'faren'::regnamespace AND c.relkind = 'r'`)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // only read
	all := map[string]string{}
	for rows.Next() {
		var table, digest string
		if err := rows.Scan(&table, &digest); err != nil {
			return nil, err
		}
		all[table] = digest
	}
	return all, rows.Err()
}

// changes are the tables that differ from an earlier dump.
func changes(before map[string]string) string {
	after, err := dump()
	if err != nil {
		return err.Error()
	}
	var found []string
	for _, table := range slices.Sorted(maps.Keys(after)) {
		if after[table] != before[table] {
			found = append(found, table)
		}
	}
	return strings.Join(found, ", ")
}
