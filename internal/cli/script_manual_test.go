package cli_test

import (
	"errors"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/farenctl/farenctl/internal/document/documenttest"
	"github.com/farenctl/farenctl/internal/pgtest"
)

// manualCommands are the commands of the scripts of the manual channels.
func manualCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"clock": scriptClock, "picture": scriptPicture, "manual": scriptManual}
}

// scriptClock is `clock 'YYYY-MM-DD HH:MM'`: the test clock shows that time in China. Deadlines need a year that the calendar knows.
func scriptClock(ts *testscript.TestScript, neg bool, args []string) {
	t, ok := ts.Value(testKey{}).(testing.TB)
	if neg || len(args) != 1 || !ok {
		ts.Fatalf("usage: clock 'YYYY-MM-DD HH:MM'")
	}
	pgtest.On(t, superOf(ts), args[0])
}

// scriptPicture is `picture FILE NAME`: a sample document, the page of a number or the variant of a name.
func scriptPicture(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: picture FILE {NUMBER | VARIANT}")
	}
	var data []byte
	if seed, err := strconv.Atoi(args[1]); err == nil {
		data = documenttest.Page(seed)
	} else if slices.Contains(documenttest.Variants(), args[1]) {
		data = documenttest.Variant(args[1])
	} else {
		ts.Fatalf("%s: one of %v", args[1], documenttest.Variants())
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o600))
}

// scriptManual is `manual FILE CHANNEL [field=value]...`: a registration document of a manual channel, whose scans lie beside it.
// The values are changed as in `document`.
func scriptManual(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: manual FILE {overseas | project} [field=value]...")
	}
	registration, err := manualRegistration(args[1])
	ts.Check(err)
	text, err := changed(registration, args[2:])
	ts.Check(err)
	writeSecret(ts, args[0], text)
}

func manualRegistration(channel string) (map[string]any, error) {
	switch channel {
	case "overseas":
		return map[string]any{
			"channel": channel, "organization_name": "示例海外有限公司(Example Overseas Ltd)", "accept_terms": true, "username": "overseas_one", "password": demoPassword,
			"agent":     map[string]any{"name": "陈小明", "document_number": "330106199205050011", "phone": "13700000002", "email": "chen@example.com"},
			"documents": map[string]any{"licence": "licence.jpg", "agent_document": "agent.jpg"},
		}, nil
	case "project":
		return map[string]any{
			"channel": channel, "organization_name": "示例路道路工程(一期)", "unit_code": "X1330211040113985T", "has_uscc_document": false, "accept_terms": true,
			"username": "project_one", "password": demoPassword,
			"agent":     map[string]any{"name": "林小红", "document_number": "330106199306060024", "phone": "13700000003", "ethnic_group": "汉"},
			"documents": map[string]any{"proof": "proof.jpg"},
		}, nil
	}
	return nil, errors.New(channel + ": overseas or project")
}
