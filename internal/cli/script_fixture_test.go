package cli_test

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

func fixtureCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"snapshot": scriptSnapshot}
}

// scriptSnapshot is `snapshot FILE [TABLE]...`: the whole database, a line for each table with a digest of its rows, but for the named
// tables.
func scriptSnapshot(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: snapshot FILE [TABLE]...")
	}
	rows, err := superOf(ts).Query(`SELECT c.relname, (xpath('/row/d/text()', query_to_xml(format(
		'SELECT count(*) || '' '' || md5(coalesce(string_agg(x::text, E''\n'' ORDER BY x::text), '''')) AS d FROM faren.%I x', c.relname), false, true, '')))[1]::text
		FROM pg_class c WHERE c.relnamespace = 'faren'::regnamespace AND c.relkind = 'r' ORDER BY 1`)
	ts.Check(err)
	defer rows.Close() //nolint:errcheck // only read
	var out strings.Builder
	for rows.Next() {
		var table, digest string
		ts.Check(rows.Scan(&table, &digest))
		if !slices.Contains(args[1:], table) {
			fmt.Fprintln(&out, table, digest)
		}
	}
	ts.Check(rows.Err())
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(out.String()), 0o600))
}
