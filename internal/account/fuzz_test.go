package account

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// sound tells what is wrong with the faults of a form, whatever was typed: each has a code of the table, a field and
// texts without open places.
func sound(t *testing.T, faults []*Fault, fields ...string) {
	t.Helper()
	last := 0
	for _, f := range faults {
		field, _ := f.Details["field"].(string)
		at := slices.Index(fields, field)
		if at < 0 || at < last {
			t.Fatalf("%s: field %q is unknown or out of order", f.Code, field)
		}
		last = at
		if e, ok := Find(f.Code); !ok || e.Status != StatusInput && e.Status != StatusRefused {
			t.Fatalf("%s is no code of a form", f.Code)
		}
		for _, lang := range []Language{English, Chinese} {
			if text := f.Message(lang, time.UTC) + f.Hint(lang, time.UTC); text == "" || len(places(text)) > 0 {
				t.Fatalf("%s: %q", f.Code, text)
			}
		}
	}
}

func FuzzOrganizationFormCheck(f *testing.F) {
	f.Add("zhejiang", "market-entity", "杭州某某贸易有限公司", "91330100799655058B", "张三", "resident-id", "330106200002290010", true)
	f.Add("other-province", "", "a\u200bb", "91110000802100433B", "张·", "passport", "\xff", false)
	f.Add("", "law-firm", "", "9", "", "x", " ", true)
	f.Fuzz(func(t *testing.T, channel, entityType, organization, code, name, documentType, number string, accept bool) {
		form := OrganizationForm{Channel: Channel(channel), EntityType: entityType, OrganizationName: organization, UnitCode: code,
			Representative: RepresentativeForm{Name: name, DocumentType: documentType, DocumentNumber: number}, AcceptTerms: accept}
		got, warnings, faults := form.Check(testDay())
		if len(faults) == 1 && faults[0].Code == "REGION_MISMATCH" {
			return
		}
		sound(t, faults, "channel", "entity_type", "organization_name", "unit_code", "legal_representative.name",
			"legal_representative.document_type", "legal_representative.document_number", "accept_terms")
		if len(faults) > 0 {
			return
		}
		again, sameWarnings, faults := got.Check(testDay())
		if again != got || len(faults) > 0 || !slices.Equal(sameWarnings, warnings) {
			t.Fatalf("checked again: %+v, then %+v, %q", got, again, told(faults))
		}
	})
}

func FuzzUserFormCheck(f *testing.F) {
	f.Add("hz_lisi01", "Tr0ubadour!", "024522", "李四", "resident-id", "330211198506150026", "13700000001", "0571-88880000", "li@example.com")
	f.Add("13700000001", "weak", " ", "a\u200bb", "", "330211850615002", "+86 137", " ", "@")
	f.Add("\xff", "\xff", "１２３４５６", "", "uscc", "", "", "\x00", "")
	f.Fuzz(func(t *testing.T, username, password, code, name, documentType, number, phone, landline, email string) {
		form := UserForm{Username: username, Password: password, SMSCode: code, Agent: AgentForm{Name: name, DocumentType: documentType,
			DocumentNumber: number, Phone: phone, Landline: landline, Email: email}}
		got, born, faults := form.Check(testDay(), true)
		sound(t, faults, "username", "password", "agent.name", "agent.document_type", "agent.document_number", "agent.landline",
			"agent.phone", "agent.email", "sms_code")
		if got.Password != password {
			t.Fatal("the password was changed")
		}
		if _, err := time.Parse("20060102", born); born != "" && err != nil {
			t.Fatalf("born %q", born)
		}
		if len(faults) > 0 {
			return
		}
		again, _, faults := got.Check(testDay(), true)
		if again != got || len(faults) > 0 {
			t.Fatalf("checked again: %+v, then %+v, %q", got, again, told(faults))
		}
	})
}

func FuzzCheckRegisterRow(f *testing.F) {
	f.Add("91330100799655058B", "杭州某某贸易有限公司", "张三", "resident-id", "330106200002290010", "active", "330100400013364", "79965505-8")
	f.Add("9", "\x00", "李4", "", "110105491231002", "", " ", "\xff")
	f.Fuzz(func(t *testing.T, code, name, representative, documentType, number, status, registration, organization string) {
		row := RegisterRow{UnitCode: code, Name: name, Representative: representative, DocumentType: documentType, DocumentNumber: number,
			Status: status, RegistrationNumber: registration, OrganizationCode: organization}
		got, faults := CheckRegisterRow(row, testDay())
		sound(t, faults, "unit_code", "name", "legal_representative", "document_type", "document_number", "status", "registration_number", "organization_code")
		if len(faults) > 0 {
			return
		}
		again, faults := CheckRegisterRow(got, testDay())
		if again != got || len(faults) > 0 {
			t.Fatalf("checked again: %+v, then %+v, %q", got, again, told(faults))
		}
	})
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{"app_01m891hsn6eg4a3k9v8mag48hr", "2026-11-26T12:00:00+08:00", "0000-01-01", "9999-12-31 23:59", "2d", "-39999d", "2562047h47m16s", "\xff", "ver_\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if id, err := ParseApplicationID(s); err == nil {
			if again, err := ParseApplicationID(id.String()); err != nil || again != id {
				t.Fatalf("%q is %s, and that %s, %v", s, id, again, err)
			}
		}
		if at, ok := ParseClock(s, time.UTC); ok {
			if again, ok := ParseClock(at.UTC().Format(time.RFC3339Nano), time.UTC); !ok || !again.Equal(at) {
				t.Fatalf("%q is %s, and that %s", s, at, again)
			}
		}
		if d, ok := ParseAdvance(s); ok && strings.HasSuffix(strings.TrimSpace(s), "d") && d%(24*time.Hour) != 0 {
			t.Fatalf("%q is %s", s, d)
		}
	})
}
