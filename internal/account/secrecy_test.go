package account

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/farenctl/farenctl/internal/identifier"
)

// shown is all that a user or a log may see of faults and warnings.
func shown(tb testing.TB, faults []*Fault, warnings []Warning) string {
	tb.Helper()
	var b strings.Builder
	all := slices.Clone(faults)
	var joined *Fault
	if errors.As(JoinFaults(faults), &joined) {
		all = append(all, joined)
	}
	for _, f := range all {
		details, err := json.Marshal(f.Object(Chinese))
		if err != nil {
			tb.Fatal(err)
		}
		b.Write(details)
		for _, lang := range []Language{English, Chinese} {
			b.WriteString("\n" + f.Error() + "\n" + f.Message(lang, time.UTC) + "\n" + f.Hint(lang, time.UTC) + "\n")
		}
	}
	for _, w := range warnings {
		b.WriteString(w.Message(English) + w.Message(Chinese) + w.Reason + w.Found + "\n")
	}
	return b.String()
}

// leaked names the fields whose value, as typed or as normalized, stands in what is shown.
func leaked(text string, values map[string]string) []string {
	var fields []string
	lower := strings.ToLower(text)
	for field, value := range values {
		value = strings.TrimSpace(value)
		normal := identifier.NormalizeCode(value)
		if value != "" && (strings.Contains(lower, strings.ToLower(value)) || strings.Contains(lower, strings.ToLower(normal))) {
			fields = append(fields, field)
		}
	}
	slices.Sort(fields)
	return fields
}

func organizationSecrets(f OrganizationForm) map[string]string {
	return map[string]string{"organization_name": f.OrganizationName, "unit_code": f.UnitCode, "name": f.Representative.Name,
		"document_type": f.Representative.DocumentType, "document_number": f.Representative.DocumentNumber}
}

func userSecrets(f UserForm) map[string]string {
	return map[string]string{"username": f.Username, "password": f.Password, "sms_code": f.SMSCode, "name": f.Agent.Name, "phone": f.Agent.Phone,
		"document_type": f.Agent.DocumentType, "document_number": f.Agent.DocumentNumber, "landline": f.Agent.Landline, "email": f.Agent.Email}
}

func rowSecrets(r RegisterRow) map[string]string {
	return map[string]string{"unit_code": r.UnitCode, "name": r.Name, "representative": r.Representative, "document_type": r.DocumentType,
		"document_number": r.DocumentNumber, "status": r.Status, "registration_number": r.RegistrationNumber, "organization_code": r.OrganizationCode}
}

// distinct draws values, right and wrong ones, of which no text of ours holds one by accident: rare characters, many
// digits, or nearly a document number, phone, code.
func distinct() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringOfN(rapid.RuneFrom([]rune("龘靐齉爨麤·")), 2, 60, -1),
		rapid.StringOfN(rapid.RuneFrom([]rune("龘靐\u200b\x00\u0301𠮷")), 4, 300, -1),
		rapid.StringMatching(`[0-9]{6,21}[X龘]?`),
		rapid.StringMatching(`1[0-9]{10}`),
		rapid.StringMatching(`[A-Z]{1,3}[0-9]{7,12}`),
		rapid.StringMatching(`Qz#[0-9]{3}[a-z~]{2,16}`),
		rapid.StringMatching(`[a-z]{2}_[0-9]{4}@?[q-z.]{3,9}`),
		rapid.SampledFrom([]string{"", "91330100799655058B", "91110000802100433B", "330106200002290010", "0571-88880000", "{龘}", "\xff龘靐"}),
	)
}

func TestFaultsOfFormsNeverHoldWhatWasTyped(t *testing.T) {
	t.Parallel()
	value := distinct()
	kinds := rapid.OneOf(rapid.SampledFrom(append(DocumentTypeNames(), "")), value)
	// A type that is one of ours stands in the list of those that are allowed.
	forget := func(values map[string]string) map[string]string {
		if slices.Contains(DocumentTypeNames(), values["document_type"]) {
			delete(values, "document_type")
		}
		return values
	}
	rapid.Check(t, func(rt *rapid.T) {
		organization := OrganizationForm{Channel: rapid.SampledFrom([]Channel{Zhejiang, OtherProvince, "龘"}).Draw(rt, "channel"),
			EntityType:       rapid.SampledFrom([]string{"", "law-firm", "靐"}).Draw(rt, "entity type"),
			OrganizationName: value.Draw(rt, "organization name"), UnitCode: value.Draw(rt, "unit code"),
			Representative: RepresentativeForm{Name: value.Draw(rt, "name"), DocumentType: kinds.Draw(rt, "type"), DocumentNumber: value.Draw(rt, "number")},
			AcceptTerms:    rapid.Bool().Draw(rt, "terms")}
		_, warnings, faults := organization.Check(testDay())
		if fields := leaked(shown(t, faults, warnings), forget(organizationSecrets(organization))); len(fields) > 0 {
			rt.Fatalf("%q stand in %s", fields, shown(t, faults, warnings))
		}
		user := UserForm{Username: value.Draw(rt, "username"), Password: value.Draw(rt, "password"), SMSCode: value.Draw(rt, "code"),
			Agent: AgentForm{Name: value.Draw(rt, "agent"), DocumentType: kinds.Draw(rt, "agent type"), DocumentNumber: value.Draw(rt, "agent number"),
				Phone: value.Draw(rt, "phone"), Landline: value.Draw(rt, "landline"), Email: value.Draw(rt, "email")}}
		_, _, faults = user.Check(testDay(), true)
		if fields := leaked(shown(t, faults, nil), forget(userSecrets(user))); len(fields) > 0 {
			rt.Fatalf("%q stand in %s", fields, shown(t, faults, nil))
		}
		row := RegisterRow{UnitCode: value.Draw(rt, "row code"), Name: value.Draw(rt, "row name"), Representative: value.Draw(rt, "representative"),
			DocumentType: kinds.Draw(rt, "row type"), DocumentNumber: value.Draw(rt, "row number"), Status: value.Draw(rt, "status"),
			RegistrationNumber: value.Draw(rt, "registration number"), OrganizationCode: value.Draw(rt, "organization code")}
		_, faults = CheckRegisterRow(row, testDay())
		if fields := leaked(shown(t, faults, nil), forget(rowSecrets(row))); len(fields) > 0 {
			rt.Fatalf("%q stand in %s", fields, shown(t, faults, nil))
		}
	})
}
