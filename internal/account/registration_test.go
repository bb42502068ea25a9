package account

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// told writes faults as "field CODE reason", in their order.
func told(faults []*Fault) []string {
	var all []string
	for _, f := range faults {
		field, _ := f.Details["field"].(string)
		line := field + " " + string(f.Code)
		if reason, ok := f.Details["reason"].(string); ok {
			line += " " + reason
		}
		all = append(all, line)
	}
	return all
}

// goodOrganization is a form without fault: the code is a public one, the person is made up.
func goodOrganization() OrganizationForm {
	return OrganizationForm{
		Channel: Zhejiang, EntityType: "market-entity", OrganizationName: "杭州某某贸易有限公司", UnitCode: "91330100799655058B",
		Representative: RepresentativeForm{Name: "张三", DocumentType: "resident-id", DocumentNumber: "330106200002290010"}, AcceptTerms: true,
	}
}

func TestOrganizationFormCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		outcome  string
		change   func(*OrganizationForm)
		want     []string
		warnings []Code
	}{
		{"good", func(*OrganizationForm) {}, nil, nil},
		{"good without document type", func(f *OrganizationForm) { f.Representative.DocumentType = "" }, nil, nil},
		{"good with the division of the state", func(f *OrganizationForm) { f.EntityType, f.UnitCode = "public-institution", "12100000470095016Q" }, nil, nil},
		{"good in another province", func(f *OrganizationForm) {
			f.Channel, f.EntityType, f.UnitCode = OtherProvince, "", "91110000802100433B"
		}, nil, nil},
		{"state's division in another province", func(f *OrganizationForm) {
			f.Channel, f.EntityType, f.UnitCode = OtherProvince, "", "12100000470095016Q"
		}, nil, nil},
		{"prefix that does not fit the entity type warns", func(f *OrganizationForm) { f.EntityType = "law-firm" }, nil, []Code{"ENTITY_TYPE_PREFIX"}},
		{"inner organization code that does not fit warns", func(f *OrganizationForm) { f.UnitCode = "91330100000000001C" }, nil, []Code{"USCC_ORGANIZATION_CODE_CHECK"}},
		{"no channel", func(f *OrganizationForm) { f.Channel = "" }, []string{"channel VALUE_INVALID"}, nil},
		{"manual channel", func(f *OrganizationForm) { f.Channel = "overseas" }, []string{"channel VALUE_INVALID"}, nil},
		{"no entity type", func(f *OrganizationForm) { f.EntityType = "" }, []string{"entity_type FIELD_REQUIRED"}, nil},
		{"unknown entity type", func(f *OrganizationForm) { f.EntityType = "guild" }, []string{"entity_type ENTITY_TYPE_INVALID"}, nil},
		{"entity type of the manual channel", func(f *OrganizationForm) { f.EntityType = "other-unincorporated" }, []string{"entity_type USE_PROJECT_CHANNEL"}, nil},
		{"entity type in another province", func(f *OrganizationForm) { f.Channel, f.UnitCode = OtherProvince, "91110000802100433B" },
			[]string{"entity_type FIELD_NOT_ALLOWED"}, nil},
		{"other document than a resident ID in another province", func(f *OrganizationForm) {
			f.Channel, f.EntityType, f.UnitCode = OtherProvince, "", "91110000802100433B"
			f.Representative = RepresentativeForm{Name: "张三", DocumentType: "passport", DocumentNumber: "E12345678"}
		}, []string{"legal_representative.document_type DOCUMENT_TYPE_INVALID"}, nil},
		{"unknown document type and no number", func(f *OrganizationForm) {
			f.Representative.DocumentType, f.Representative.DocumentNumber = "library-card", " "
		},
			[]string{"legal_representative.document_type DOCUMENT_TYPE_INVALID", "legal_representative.document_number FIELD_REQUIRED"}, nil},
		{"division of another province", func(f *OrganizationForm) { f.UnitCode = "91110000802100433B" }, []string{"unit_code REGION_MISMATCH"}, nil},
		{"division of Zhejiang in the other channel", func(f *OrganizationForm) { f.Channel, f.EntityType = OtherProvince, "" }, []string{"unit_code REGION_MISMATCH"}, nil},
		{"division is not compared while the form is wrong", func(f *OrganizationForm) { f.UnitCode, f.AcceptTerms = "91110000802100433B", false },
			[]string{"accept_terms TERMS_NOT_ACCEPTED"}, nil},
		{"terms not accepted", func(f *OrganizationForm) { f.AcceptTerms = false }, []string{"accept_terms TERMS_NOT_ACCEPTED"}, nil},
		{"nothing filled in", func(f *OrganizationForm) { *f = OrganizationForm{Channel: Zhejiang} }, []string{
			"entity_type FIELD_REQUIRED", "organization_name FIELD_REQUIRED", "unit_code FIELD_REQUIRED", "legal_representative.name FIELD_REQUIRED",
			"legal_representative.document_number FIELD_REQUIRED", "accept_terms TERMS_NOT_ACCEPTED"}, nil},
		{"everything wrong", func(f *OrganizationForm) {
			*f = OrganizationForm{Channel: "x", OrganizationName: "a\u200bb", UnitCode: "91330100799655058C",
				Representative: RepresentativeForm{Name: "张", DocumentNumber: "110105190002290017"}}
		}, []string{
			"channel VALUE_INVALID", "organization_name ORGANIZATION_NAME_INVALID control-character", "unit_code USCC_INVALID check-character",
			"legal_representative.name NAME_INVALID length", "legal_representative.document_number DOCUMENT_NUMBER_INVALID birth-date",
			"accept_terms TERMS_NOT_ACCEPTED"}, nil},
	} {
		t.Run(c.outcome, func(t *testing.T) {
			t.Parallel()
			form := goodOrganization()
			c.change(&form)
			_, warnings, faults := form.Check(testDay())
			if got := told(faults); !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			var codes []Code
			for _, w := range warnings {
				codes = append(codes, w.Code)
			}
			if warnings == nil || !slices.Equal(codes, c.warnings) {
				t.Errorf("warnings %q, want %q", codes, c.warnings)
			}
		})
	}
}

func TestOrganizationFormIsNormalized(t *testing.T) {
	t.Parallel()
	form := goodOrganization()
	form.OrganizationName, form.UnitCode = "  杭州某某贸易有限公司 ", " ９１330100799655058b"
	form.Representative = RepresentativeForm{Name: " 张三 ", DocumentNumber: "11010519491231002x "}
	got, _, faults := form.Check(testDay())
	want := goodOrganization()
	want.Representative.DocumentNumber = "11010519491231002X"
	if len(faults) > 0 || got != want {
		t.Errorf("got %+v, faults %q", got, told(faults))
	}
}

func TestRegionMismatchNamesTheChannelToUse(t *testing.T) {
	t.Parallel()
	form := goodOrganization()
	form.UnitCode = "91110000802100433B"
	_, _, faults := form.Check(testDay())
	if len(faults) != 1 {
		t.Fatalf("faults %q", told(faults))
	}
	if got, want := faults[0].Hint(English, time.UTC), "use --channel other-province"; got != want {
		t.Errorf("hint %q, want %q", got, want)
	}
}

func goodUser() UserForm {
	return UserForm{
		Username: "hz_lisi01", Password: "Tr0ubadour!", SMSCode: "024522",
		Agent: AgentForm{Name: "李四", DocumentType: "resident-id", DocumentNumber: "330211198506150026", Phone: "13700000001"},
	}
}

func TestUserFormCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		outcome string
		change  func(*UserForm)
		want    []string
	}{
		{"good", func(*UserForm) {}, nil},
		{"good without document type", func(f *UserForm) { f.Agent.DocumentType = "" }, nil},
		{"good with all optional fields", func(f *UserForm) { f.Agent.Landline, f.Agent.Email = "0571-88880000-12", "li@example.com" }, nil},
		{"good with blank optional fields", func(f *UserForm) { f.Agent.Landline, f.Agent.Email = " ", "\t" }, nil},
		{"good with the own mobile as username", func(f *UserForm) { f.Username, f.Agent.Phone = "+86 137 0000 0001", "8613700000001" }, nil},
		{"good with an address as username", func(f *UserForm) { f.Username = "Li@Example.com" }, nil},
		{"good with a passport", func(f *UserForm) {
			f.Agent.Name, f.Agent.DocumentType, f.Agent.DocumentNumber = "Jo O'Hara", "passport", "K1234567"
		}, nil},
		{"another person's mobile as username", func(f *UserForm) { f.Username = "13700000002" }, []string{"username USERNAME_INVALID other-mobile"}},
		{"resident ID as username", func(f *UserForm) { f.Username = "330106200002290010" }, []string{"username USERNAME_INVALID resident-id"}},
		{"USCC as username", func(f *UserForm) { f.Username = "91330100799655058b" }, []string{"username USERNAME_INVALID uscc"}},
		{"short username", func(f *UserForm) { f.Username = "lisi1" }, []string{"username USERNAME_INVALID length"}},
		{"password with the username", func(f *UserForm) { f.Password = "1!HZ_lisi01" }, []string{"password PASSWORD_WEAK"}},
		{"document type of no person", func(f *UserForm) { f.Agent.DocumentType = "uscc" }, []string{"agent.document_type DOCUMENT_TYPE_INVALID"}},
		{"old resident ID", func(f *UserForm) { f.Agent.DocumentNumber = "330211850615002" }, []string{"agent.document_number DOCUMENT_NUMBER_INVALID length"}},
		{"birth date in the future", func(f *UserForm) { f.Agent.DocumentNumber = "330106202612310014" },
			[]string{"agent.document_number DOCUMENT_NUMBER_INVALID birth-date"}},
		{"SMS code of five digits", func(f *UserForm) { f.SMSCode = "12345" }, []string{"sms_code SMS_CODE_INVALID"}},
		{"SMS code with a letter", func(f *UserForm) { f.SMSCode = "12345a" }, []string{"sms_code SMS_CODE_INVALID"}},
		{"nothing filled in", func(f *UserForm) { *f = UserForm{} }, []string{
			"username FIELD_REQUIRED", "password FIELD_REQUIRED", "agent.name FIELD_REQUIRED", "agent.document_number FIELD_REQUIRED",
			"agent.phone FIELD_REQUIRED", "sms_code FIELD_REQUIRED"}},
		{"everything wrong", func(f *UserForm) {
			*f = UserForm{Username: "a b", Password: "weak", SMSCode: "x", Agent: AgentForm{Name: "李4", DocumentNumber: "330211198506150027",
				Landline: "123", Phone: "12000000000", Email: "@"}}
		}, []string{
			"username USERNAME_INVALID alphabet", "password PASSWORD_WEAK", "agent.name NAME_INVALID alphabet",
			"agent.document_number DOCUMENT_NUMBER_INVALID check-character", "agent.landline LANDLINE_INVALID format",
			"agent.phone PHONE_INVALID prefix", "agent.email EMAIL_INVALID local-part", "sms_code SMS_CODE_INVALID"}},
	} {
		t.Run(c.outcome, func(t *testing.T) {
			t.Parallel()
			form := goodUser()
			c.change(&form)
			_, _, faults := form.Check(testDay(), true)
			if got := told(faults); !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestUserFormIsNormalized(t *testing.T) {
	t.Parallel()
	got, born, faults := UserForm{
		Username: "137-0000-0001", Password: " Tr0ub!", SMSCode: " ０24522 ",
		Agent: AgentForm{Name: " 李四", DocumentNumber: " 330211198506150026", Phone: "0086 137 0000 0001", Landline: "057188880000", Email: "Li@EXAMPLE.com"},
	}.Check(testDay(), true)
	// A password is never changed, not even trimmed.
	if want := []string{"password PASSWORD_WEAK"}; !slices.Equal(told(faults), want) {
		t.Errorf("faults %q, want %q", told(faults), want)
	}
	want := UserForm{Username: "13700000001", Password: " Tr0ub!", SMSCode: "024522", Agent: AgentForm{Name: "李四", DocumentType: "resident-id",
		DocumentNumber: "330211198506150026", Phone: "13700000001", Landline: "0571-88880000", Email: "Li@example.com"}}
	if got != want {
		t.Errorf("got %+v", got)
	}
	if born != "19850615" {
		t.Errorf("born %q", born)
	}
}

func TestUserFormWithoutACodeDoesNotLookAtIt(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "x"} {
		form := goodUser()
		form.SMSCode = code
		if _, _, faults := form.Check(testDay(), false); len(faults) > 0 {
			t.Errorf("%q: faults %q", code, told(faults))
		}
	}
}

func TestADocumentWithoutABirthDateTellsNone(t *testing.T) {
	t.Parallel()
	form := goodUser()
	form.Agent.DocumentType, form.Agent.DocumentNumber = "passport", "E12345678"
	if _, born, faults := form.Check(testDay(), true); born != "" || len(faults) > 0 {
		t.Errorf("born %q, faults %q", born, told(faults))
	}
}

func TestPasswordFaultListsEachRuleBroken(t *testing.T) {
	t.Parallel()
	form := goodUser()
	form.Password = "hz_lisi01é"
	_, _, faults := form.Check(testDay(), true)
	if len(faults) != 1 {
		t.Fatalf("faults %q", told(faults))
	}
	broken, _ := faults[0].Details["broken"].([]string)
	if want := []string{"printable-ascii", "contains-username"}; !slices.Equal(broken, want) {
		t.Errorf("broken %q, want %q", broken, want)
	}
	if message := faults[0].Message(English, time.UTC); !strings.HasSuffix(message, "printable-ascii, contains-username") {
		t.Errorf("message %q", message)
	}
}
