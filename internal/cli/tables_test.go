package cli_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/farenctl/farenctl/internal/cli"
)

// narrow runs the program in this process on a terminal of 80 columns.
func (w *world) narrow(args ...string) (out, told string, status int) {
	w.t.Helper()
	env := w.variables()
	env["NO_COLOR"] = "1"
	r := inProcess(env, cli.Streams{OutTTY: true, Width: 80, UID: os.Getuid()}, args...)
	return r.stdout, r.stderr, r.status
}

// widest makes what is free text in the records as long as it gets.
func (w *world) widest() {
	w.t.Helper()
	w.exec(`UPDATE faren.organization SET name = '杭州市钱塘新区示例国际贸易与信息技术服务有限责任公司（中外合资）第一分公司'`)
	w.exec(`UPDATE faren.agent SET name_mask = '*·古丽娜扎尔·阿卜杜热合曼'`)
	w.exec(`UPDATE faren.credential SET username_display = 'a-very-long-user-name-of-somebody@mail.international-trading.example.com'`)
	w.exec(`UPDATE faren.register_entry SET name = '杭州市钱塘新区示例国际贸易与信息技术服务有限责任公司（中外合资）第一分公司' WHERE unit_code = $1`, hangzhou.code)
}

func TestTablesFitATerminalOf80Columns(t *testing.T) {
	t.Parallel()
	w := newManualWorld(t)
	must := func(args ...string) string { return strings.TrimSpace(w.must(args...)) }
	// An account of every role, applications that wait for both kinds of decision, a recovery, checks and messages.
	staff := make([]string, 3)
	for i := range staff {
		name, document, phone := person(i)
		staff[i] = must("register", "submit", "-f", w.document(fmt.Sprintf("staff%d.yaml", i), fmt.Sprintf("username=hz_staff%d", i), "agent.name="+name,
			"agent.document_number="+document, "agent.phone="+phone), "--sandbox", "-q")
	}
	for _, id := range staff[:2] {
		check := must("verify", "face", "start", "--purpose", "review", "--for", id, "-q")
		must("verify", "face", "simulate", check, "--outcome", "passed", "-q")
		must("review", "approve", id, "-q")
	}
	must("agent", "authorize", "hz_staff0", "-q")
	must("agent", "deactivate", "hz_staff1", "--yes", "-q")
	legal := must("agent", "list", "--role", "legal-representative", "-q")
	overseas := must(w.overseas(5)...)
	must(w.project(6)...)
	check := must("verify", "face", "start", "--purpose", "review", "--for", staff[2], "-q")
	recovery := must("recover", "start", "--by", "username", "--username", "hz_staff0", "-q")
	message := must("sms", "list", "--kind", "agent-changed", "--limit", "1", "-q")
	w.widest()

	for _, args := range [][]string{
		{"register", "list"},
		{"register", "show", staff[2]},
		{"register", "show", overseas},
		{"review", "list"},
		{"review", "list", "--kind", "comparison"},
		{"review", "show", staff[2]},
		{"review", "stats"},
		{"agent", "list"},
		{"agent", "show", legal},
		{"audit", "list"},
		{"sms", "list"},
		{"sms", "show", message},
		{"sms", "stats"},
		{"session", "list"},
		{"timeline", staff[0]},
		{"timeline", hangzhou.code},
		{"whoami"},
		{"recover", "show", recovery},
		{"verify", "face", "status", check},
		{"verify", "face", "simulate", check, "--outcome", "failed"},
		{"verify", "format", "uscc", hangzhou.code, "91330106MA0000015A"},
		{"registry", "show", hangzhou.code},
		{"registry", "stats"},
		{"calendar", "list"},
		{"calendar", "show", "2026"},
		{"clock", "show"},
		{"operator", "list"},
		{"policy", "list"},
		{"policy", "get", "comparison.working_days"},
		{"config", "show"},
		{"config", "show", "--origin"},
		{"db", "status"},
		{"doctor"},
		{"explain"},
		{"explain", "SANDBOX_REFUSED"},
		{"version"},
		{"register", "--help"},
		{"help", "exit-codes"},
		{"help", "environment"},
	} {
		for _, lang := range []string{"en", "zh"} {
			name := strings.Join(args, " ") + ", " + lang
			out, told, status := w.narrow(append(args, "--lang", lang)...)
			if out == "" || status != 0 && args[0] != "doctor" && args[1] != "format" && args[1] != "simulate" && args[1] != "face" {
				if status == 5 && args[2] == "simulate" {
					continue // the second language finds it ended
				}
				t.Errorf("%s: exit status %d\n%s", name, status, told)
				continue
			}
			for line := range strings.SplitSeq(out, "\n") {
				if size := twwidth.WidthWithOptions(line, twwidth.Options{}); size > 80 {
					t.Errorf("%s: %d columns: %s", name, size, line)
				}
			}
			// What one goes on with is whole. A history tells of events, and ids in its wide form.
			if ids, _, status := w.narrow(append(args, "-q")...); status == 0 && args[len(args)-1] != "--help" && args[0] != "help" {
				for id := range strings.FieldsSeq(ids) {
					if strings.Contains(id, "_") && args[0] != "doctor" && args[0] != "timeline" && !strings.Contains(out, id) {
						t.Errorf("%s: %s is not whole\n%s", name, id, out)
					}
				}
			}
			if strings.Contains(out, "…") && !strings.Contains(name, "list") && args[0] != "explain" && args[0] != "help" && args[len(args)-1] != "--help" {
				t.Errorf("%s: something is cut off\n%s", name, out)
			}
			if testing.Verbose() {
				t.Logf("%s\n%s", name, out)
			}
		}
	}
}
