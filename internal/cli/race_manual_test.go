package cli_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/farenctl/farenctl/internal/document/documenttest"
	"github.com/farenctl/farenctl/internal/pgtest"
)

// newManualWorld is newWorld on a day whose next is worked, with scans for the documents.
func newManualWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	pgtest.On(t, w.super, "2026-03-10 12:00")
	for i, name := range []string{"licence.jpg", "agent.jpg", "proof.jpg"} {
		if err := os.WriteFile(w.path(name), documenttest.Page(i+1), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// overseas submits the registration of the i-th person of one overseas unit, whose name each writes in another way.
func (w *world) overseas(i int) []string {
	w.t.Helper()
	name, document, phone := person(i)
	open, closing := "(", ")"
	if i%2 == 1 {
		open, closing = "（", "）"
	}
	text := fmt.Sprintf(`{channel: overseas, organization_name: '示例海外%s有限公司%sExample Overseas Ltd%s', accept_terms: true, username: ov_rival_%d, password: %s,
  agent: {name: %s, document_number: '%s', phone: '%s', email: rival%d@example.com}, documents: {licence: licence.jpg, agent_document: agent.jpg}}`,
		strings.Repeat(" ", i%3), open, closing, i, demoPassword, name, document, phone, i)
	return []string{"register", "submit", "-f", w.write(fmt.Sprintf("overseas%d.yaml", i), text), "--sandbox", "-q"}
}

// project submits that of one project code.
func (w *world) project(i int) []string {
	w.t.Helper()
	name, document, phone := person(i)
	text := fmt.Sprintf(`{channel: project, organization_name: '示例路道路工程%d标段', unit_code: X1330211040113985T, has_uscc_document: false, accept_terms: true,
  username: pr_rival_%d, password: %s, agent: {name: %s, document_number: '%s', phone: '%s', ethnic_group: 汉}, documents: {proof: proof.jpg}}`,
		i, i, demoPassword, name, document, phone)
	return []string{"register", "submit", "-f", w.write(fmt.Sprintf("project%d.yaml", i), text), "--sandbox", "-q"}
}

func TestApplicationsOfOneManualUnitMeetInOneOrganization(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		hold   string
		submit func(*world, int) []string
	}{
		"overseas": {`LOCK TABLE faren.overseas_claim IN SHARE MODE`, (*world).overseas},
		"project":  {`LOCK TABLE faren.unit_code_claim IN SHARE MODE`, (*world).project},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newManualWorld(t)
			results := w.race(c.hold, func(i int) []string { return c.submit(w, i) })
			expect(t, results, map[string]int{"0": rivals})
			if n := w.count(`SELECT count(DISTINCT org_id) FROM faren.application WHERE status = 'pending-comparison'`); n != 1 {
				t.Errorf("the applications are in %d organizations, want 1", n)
			}
			if n := w.count(`SELECT count(*) FROM faren.organization WHERE provisional`); n != 0 {
				t.Errorf("%d provisional organizations are left", n)
			}
			w.holds()

			// All of them approved at once: one is the first.
			ids := make([]string, rivals)
			for i, r := range results {
				ids[i] = strings.TrimSpace(r.stdout)
			}
			results = w.race(`SELECT FROM faren.organization WHERE NOT provisional FOR UPDATE`, func(i int) []string {
				return []string{"review", "approve", ids[i], "-q"}
			})
			expect(t, results, map[string]int{"0": rivals})
			if n := w.count(`SELECT count(*) FROM faren.account WHERE role = 'administrator'`); n != 1 {
				t.Errorf("%d administrators, want 1", n)
			}
			if n := w.count(`SELECT count(*) FROM faren.account WHERE role = 'agent'`); n != rivals-1 {
				t.Errorf("%d agents, want %d", n, rivals-1)
			}
			w.holds()
		})
	}
}

func TestOneOfManyManualApplicationsGetsWhatAllWant(t *testing.T) {
	t.Parallel()
	first, firstDocument, _ := person(0)
	for name, c := range map[string]struct {
		hold, refusal string
		change        func(i int) *strings.Replacer
	}{
		"one phone": {`LOCK TABLE faren.phone_claim IN SHARE MODE`, "5 PHONE_IN_USE", func(i int) *strings.Replacer {
			_, _, phone := person(i)
			return strings.NewReplacer(phone, "13911111111")
		}},
		"one user name": {`LOCK TABLE faren.username_claim IN SHARE MODE`, "5 USERNAME_TAKEN", func(i int) *strings.Replacer {
			return strings.NewReplacer(fmt.Sprintf("ov_rival_%d,", i), "ov_wanted,")
		}},
		"one agent": {`LOCK TABLE faren.agent_claim IN SHARE MODE`, "5 APPLICATION_PENDING", func(i int) *strings.Replacer {
			name, document, _ := person(i)
			return strings.NewReplacer(name, first, document, firstDocument)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newManualWorld(t)
			// Somebody else has the organization already, so that the rivals differ in the one thing only.
			w.must(w.overseas(rivals)...)
			results := w.race(c.hold, func(i int) []string {
				args := w.overseas(i)
				text, err := os.ReadFile(args[3])
				if err != nil {
					t.Fatal(err)
				}
				w.write(fmt.Sprintf("overseas%d.yaml", i), c.change(i).Replace(string(text)))
				return args
			})
			expect(t, results, map[string]int{"0": 1, c.refusal: rivals - 1})
			if n := w.count(`SELECT count(*) FROM faren.application WHERE status NOT IN ('pending-comparison', 'approved', 'withdrawn')`); n != 0 {
				t.Errorf("%d applications were left half done", n)
			}
			w.holds()
		})
	}
}

func TestOneOfManyComparisonsCounts(t *testing.T) {
	t.Parallel()
	w := newManualWorld(t)
	application := w.must(w.overseas(0)...)
	results := w.race(`SELECT FROM faren.application WHERE status = 'pending-comparison' FOR UPDATE`, func(i int) []string {
		if i%2 == 0 {
			return []string{"review", "approve", application, "-q"}
		}
		return []string{"review", "reject", application, "--reason", "开业证书不清晰", "-q"}
	})
	expect(t, results, map[string]int{"0": 1, "5 ALREADY_DECIDED": rivals - 1})
	if n := w.count(`SELECT count(*) FROM faren.sms WHERE kind IN ('comparison-passed', 'comparison-failed')`); n != 1 {
		t.Errorf("%d messages to the applicant, want 1", n)
	}
	w.holds()
}

func TestOneOfManyResubmissionsCounts(t *testing.T) {
	t.Parallel()
	w := newManualWorld(t)
	application := w.must(w.overseas(0)...)
	w.must("review", "reject", application, "--reason", "开业证书不清晰", "-q")
	// Half of them under another name, which is another organization.
	results := w.race(`SELECT FROM faren.application WHERE status = 'mismatched' FOR UPDATE`, func(i int) []string {
		args := []string{"register", "resubmit", application, "--licence-file", "proof.jpg", "-q"}
		if i%2 == 1 {
			args = append(args, "--organization-name", "更名海外有限公司(Renamed Overseas Ltd)")
		}
		return args
	})
	expect(t, results, map[string]int{"0": 1, "5 WRONG_STATE": rivals - 1})
	if n := w.count(`SELECT count(*) FROM faren.document WHERE replaced_at IS NULL`); n != 2 {
		t.Errorf("%d current documents, want 2", n)
	}
	if n := w.count(`SELECT count(*) FROM faren.application WHERE application_id = (SELECT application_id FROM faren.document LIMIT 1)`); n != 1 {
		t.Errorf("the application is there %d times", n)
	}
	w.holds()
}

func TestSweepAndContactExpireAnApplicationOnce(t *testing.T) {
	t.Parallel()
	w := newManualWorld(t)
	application := w.must(w.overseas(0)...)
	w.must("review", "reject", application, "--reason", "开业证书不清晰", "-q")
	w.exec(`UPDATE faren.setting SET clock_offset = clock_offset + interval '31 days'`)
	results := w.race("", func(i int) []string {
		if i%2 == 0 {
			return []string{"register", "expire", "-q"}
		}
		return []string{"register", "resubmit", application, "--licence-file", "proof.jpg", "-q"}
	})
	expect(t, results, map[string]int{"0": rivals / 2, "5 WRONG_STATE": rivals / 2})
	if n := w.count(`SELECT count(*) FROM faren.audit_event WHERE action = 'application.expire'`); n != 1 {
		t.Errorf("the application expired %d times, want once", n)
	}
	w.holds()
}
