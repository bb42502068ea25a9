package postgres_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/postgres"
)

// workday is a Tuesday before a Wednesday that is worked; the calendar does not reach to the day on which a test runs.
const workday = "2026-03-10 12:00"

// newOffice is a world whose clock stands on a day of which the calendar knows the next ones.
func newOffice(t testing.TB) *world {
	t.Helper()
	w := newWorld(t)
	pgtest.On(t, w.super, workday)
	return w
}

// unit is what registers through a manual channel: without a code it is overseas.
type unit struct{ name, code, codeType string }

func abroad(number int) unit {
	return unit{name: fmt.Sprintf("海外%d公司(Overseas %d Ltd)", number, number)}
}

func site(number int) unit {
	return unit{name: fmt.Sprintf("测试路%d标段", number), code: fmt.Sprintf("X13302110401%05dT", number), codeType: "project-code"}
}

// licensed is a unit of the business register that presents its certificate.
func (w *world) licensed(number int) unit {
	w.t.Helper()
	f := w.register(number, someone(1))
	return unit{name: f.NameKey, code: f.UnitCode, codeType: "uscc"}
}

func (u unit) channel() account.Channel {
	if u.code == "" {
		return account.Overseas
	}
	return account.Project
}

func (u unit) stated() postgres.StatedUnit {
	s := postgres.StatedUnit{Name: u.name, NameKey: identifier.OrganizationKey(u.name), Warnings: []account.Warning{}, Documents: []postgres.SealedDocument{}}
	if u.code != "" {
		s.UnitCode, s.UnitCodeType = &u.code, &u.codeType
	}
	return s
}

// scans are documents of the kinds, each with content of its own.
func scans(kinds ...string) []postgres.SealedDocument {
	all := []postgres.SealedDocument{}
	for _, kind := range kinds {
		content := []byte("sealed " + kind + " " + uuid.NewString())
		sum := sha256.Sum256(content)
		all = append(all, postgres.SealedDocument{DocumentID: must(uuid.NewV7()), Kind: kind, SHA256: sum[:], Size: 20, Width: 200, Height: 100, Content: content})
	}
	return all
}

// opening is the first step of u's application by p.
func (w *world) opening(u unit, p person) postgres.NewManualApplication {
	a := postgres.NewManualApplication{ApplicationID: must(uuid.NewV7()), Channel: u.channel(), Agent: w.user(p).Agent, Sandbox: true,
		Warnings: []account.Warning{}, Documents: []postgres.SealedDocument{}}
	if a.Channel == account.Project {
		a.Agent.EthnicSealed = []byte{1}
		return a
	}
	s := u.stated()
	a.Name, a.NameKey, a.Documents = &s.Name, &s.NameKey, scans("licence", "agent-document")
	a.Agent.EmailMask, a.Agent.EmailSealed = new("*@example.com"), []byte{1}
	return a
}

// proven is u as record_unit takes it.
func (u unit) proven() postgres.StatedUnit {
	s := u.stated()
	s.Documents = scans("proof")
	return s
}

// comparison is user name and password of p.
func (w *world) comparison(p person) postgres.NewComparison {
	return postgres.NewComparison{Credential: w.user(p).Credential, IssuedCode: "issued " + uuid.NewString()}
}

// open starts an application; its face check comes next.
func (w *world) open(u unit, p person) account.ApplicationID {
	w.t.Helper()
	a, err := w.store.StartManualApplication(context.Background(), w.caller(), w.opening(u, p))
	if err != nil {
		w.t.Fatalf("open: %s", chain(err))
	}
	return a.ID
}

// passed is an application whose face check has passed.
func (w *world) passed(u unit, p person) account.ApplicationID {
	w.t.Helper()
	id := w.open(u, p)
	v, err := w.startCheck(id, account.PurposeRegister, w.caller())
	if err != nil {
		w.t.Fatalf("start the face check: %s", chain(err))
	}
	if _, err := w.store.CompleteVerification(context.Background(), w.caller(), v, account.Passed, nil); err != nil {
		w.t.Fatalf("complete the face check: %s", chain(err))
	}
	return id
}

// ready is an application that awaits its user.
func (w *world) ready(u unit, p person) account.ApplicationID {
	w.t.Helper()
	id := w.passed(u, p)
	if u.channel() == account.Project {
		if _, err := w.store.RecordUnit(context.Background(), w.caller(), id, u.proven()); err != nil {
			w.t.Fatalf("record the unit: %s", chain(err))
		}
	}
	return id
}

// compared is an application that waits for comparison by staff.
func (w *world) compared(u unit, p person) account.Application {
	w.t.Helper()
	a, err := w.store.SubmitForComparison(context.Background(), w.caller(), w.ready(u, p), w.comparison(p))
	if err != nil {
		w.t.Fatalf("submit for comparison: %s", chain(err))
	}
	return a
}

// settle decides as staff.
func (w *world) settle(id account.ApplicationID, decision string) account.Application {
	w.t.Helper()
	a, err := w.store.DecideApplication(context.Background(), w.caller(), id, decisionOf(decision))
	if err != nil {
		w.t.Fatalf("%s: %s", decision, chain(err))
	}
	return a
}

func (w *world) mismatched(u unit, p person) account.Application {
	w.t.Helper()
	return w.settle(w.compared(u, p).ID, "reject")
}

// resubmission puts an application before staff as it is.
func resubmission() postgres.Resubmission {
	return postgres.Resubmission{Sandbox: true, IssuedCode: "issued " + uuid.NewString(), Documents: []postgres.SealedDocument{}}
}

// agentOf is the id that is sealed for.
func (w *world) agentOf(id account.ApplicationID) uuid.UUID {
	w.t.Helper()
	agent, _, err := w.store.AgentOf(context.Background(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return agent
}
