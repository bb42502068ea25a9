package account

import (
	"strings"
	"time"

	"github.com/farenctl/farenctl/internal/identifier"
)

// AgentUpdateForm is what changes of an account's agent (guide 一.5: 变更经办人信息). With a name or document it is another person, who needs
// name, document and phone; else the phone, e-mail address or landline that changes.
type AgentUpdateForm struct {
	Agent   AgentForm
	SMSCode string
}

// NewPerson tells that the account goes to another person.
func (f AgentUpdateForm) NewPerson() bool {
	return strings.TrimSpace(f.Agent.Name+f.Agent.DocumentNumber) != ""
}

// Check checks the form and gives it normalized. needCode says whether a new phone needs an SMS code.
func (f AgentUpdateForm) Check(today time.Time, needCode bool) (AgentUpdateForm, []*Fault) {
	c := &checks{today: today}
	agent := AgentForm{Phone: c.optional("agent.phone", identifier.Mobile, f.Agent.Phone), Email: c.optional("agent.email", identifier.Email, f.Agent.Email),
		Landline: c.optional("agent.landline", identifier.Landline, f.Agent.Landline)}
	if f.NewPerson() {
		name, kind, number := c.person(fieldsOf("agent"), f.Agent.Name, f.Agent.DocumentType, f.Agent.DocumentNumber, identifier.DocumentTypes())
		agent.Name, agent.DocumentType, agent.DocumentNumber = name, string(kind), number.Value
		if strings.TrimSpace(f.Agent.Phone) == "" {
			c.add("FIELD_REQUIRED", "agent.phone")
		}
	}
	f.Agent = agent
	if agent.Phone != "" && needCode {
		f.SMSCode = c.smsCode(f.SMSCode)
	}
	return f, c.faults
}
