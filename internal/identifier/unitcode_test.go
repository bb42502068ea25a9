package identifier

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestUSCC(t *testing.T) {
	t.Parallel()
	var vectors []vector
	// Public codes of real organizations.
	for _, s := range strings.Fields(`91330100799655058B 91330000733796106P 91330100757206158J 12100000470095016Q
		92330203MA7ETU5T10 93411722MA468HH679 51310110501144395U 53100000500019795A 914403001922038216 91110000802100433B`) {
		vectors = append(vectors, vector{outcome: "valid " + s, value: s, facts: []Fact{
			{"prefix", s[:2]}, {"division", s[2:8]}, {"organization_code", s[8:17]},
		}})
	}
	runVectors(t, USCC, CodeUSCC, append(vectors, []vector{
		{outcome: "normalized", value: " ９１330100799655058b\n", want: "91330100799655058B", facts: []Fact{{"category", "企业"}}},
		{outcome: "national division", value: "12100000470095016Q", facts: []Fact{{"category", "事业单位"}, {"division", "100000"}}},
		{outcome: "wrong check", value: "91330100799655058C", reasons: reasons("check-character"), detail: "expected B"},
		{outcome: "exchanged characters", value: "91330100799655085B", reasons: reasons("check-character")},
		{outcome: "letter O", value: "91330O00733796106P", reasons: reasons("alphabet"), detail: "position 6"},
		{outcome: "letter in the division", value: "9133A100799655058B", reasons: reasons("division", "check-character"), detail: "position 5"},
		{outcome: "wrong check of a body's code", value: "91110000800088421P", reasons: reasons("check-character")},
		{outcome: "wrong check of a private unit's code", value: "52110101MJ0018899X", reasons: reasons("check-character")},
		{outcome: "too short", value: "91330100799655058", reasons: reasons("length"), detail: "18"},
		{outcome: "too long", value: "91330100799655058BB", reasons: reasons("length")},
		{outcome: "space inside", value: "9133 100799655058B", reasons: reasons("alphabet"), detail: "position 5"},
		{outcome: "not ASCII", value: "９133010079965505中B", reasons: reasons("alphabet"), detail: "position 17"},
		{outcome: "inner check fails", value: withUSCCCheck("91330100799655059"), warnings: []string{WarnUSCCOrganizationCode}, detail: "position 17"},
		{outcome: "unknown prefix", value: withUSCCCheck("87330100799655058"), warnings: []string{WarnUSCCPrefix}, detail: "87"},
	}...))
}

func withUSCCCheck(body string) string { return body + string(usccCheck(body)) }

func TestUSCCParts(t *testing.T) {
	t.Parallel()
	for _, v := range []struct{ outcome, value, division, code string }{
		{"valid", "91330100799655058B", "330100", "799655058"},
		{"lower case", " 92330203ma7etu5t10", "330203", "MA7ETU5T1"},
		{"wrong check", "91330100799655058C", "330100", "799655058"},
		{"letters in the division", "91AB0100799655058B", "", "799655058"},
		{"letter outside the alphabet", "9133010079965505OB", "330100", ""},
		{"short", "9133", "", ""},
		{"empty", "", "", ""},
		{"eighteen bytes that are six characters", "法人法人法人", "", ""},
	} {
		t.Run(v.outcome, func(t *testing.T) {
			t.Parallel()
			if got := USCCDivision(v.value); got != v.division {
				t.Errorf("division = %q", got)
			}
			if got := USCCOrganizationCode(v.value); got != v.code {
				t.Errorf("organization code = %q", got)
			}
		})
	}
}

func TestPrefixCategories(t *testing.T) {
	t.Parallel()
	for _, p := range strings.Fields(`11 12 13 19 31 32 33 34 35 41 49 51 52 53 54 55 71 72 81 91 92 93 A1 G1 N1 N2 N3 Y1`) {
		if prefixCategory(p) == "" {
			t.Errorf("prefix %s unknown", p)
		}
	}
	if got := prefixCategory("00"); got != "" {
		t.Errorf("prefix 00 = %q", got)
	}
}

func TestEntityPrefix(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		outcome, entity, uscc, detail string
	}{
		{"company fits", "market-entity", "91330100799655058B", ""},
		{"lower case fits", "market-entity", "92330203ma7etu5t10", ""},
		{"cooperative fits", "market-entity", "93411722MA468HH679", ""},
		{"institution fits", "public-institution", "12100000470095016Q", ""},
		{"social group fits", "social-group", "51310110501144395U", ""},
		{"foundation fits", "foundation", "53100000500019795A", ""},
		{"institution as eldercare fits", "eldercare", "12100000470095016Q", ""},
		{"anything fits other", "other-unincorporated", "91330100799655058B", ""},
		{"company is no law firm", "law-firm", "91330100799655058B", "expected 31"},
		{"company is no government body", "government-body", "91330100799655058B", "expected 11 13 19"},
		{"foundation is no private unit", "private-non-enterprise", "53100000500019795A", "expected 52"},
		{"unknown entity type is not judged", "spaceship", "91330100799655058B", ""},
		{"malformed code is not judged", "law-firm", "9133", ""},
	} {
		t.Run(v.outcome, func(t *testing.T) {
			t.Parallel()
			p, bad := CheckEntityPrefix(v.entity, v.uscc)
			if bad != (v.detail != "") || p.Detail != v.detail || bad && p.Code != WarnEntityTypePrefix {
				t.Errorf("problem = %+v, %v", p, bad)
			}
		})
	}
}

func TestEntityTypesHaveKnownPrefixes(t *testing.T) {
	t.Parallel()
	types := EntityTypes()
	if len(types) != 9 || types[0].Name != "market-entity" || types[8].Name != "other-unincorporated" {
		t.Fatalf("types = %v", types)
	}
	for _, e := range types {
		for _, p := range e.Prefixes {
			if prefixCategory(p) == "" || e.Chinese == "" {
				t.Errorf("%s: prefix %s", e.Name, p)
			}
		}
	}
	types[0].Prefixes[0] = "00"
	if EntityTypes()[0].Prefixes[0] != "91" {
		t.Error("a caller changed the table")
	}
}

func TestRegistrationNumber(t *testing.T) {
	t.Parallel()
	// The example of ISO 7064 for MOD 11,10 is 0794 with check 5.
	if got := mod1110("0794"); got != '5' {
		t.Errorf("mod1110 = %c", got)
	}
	runVectors(t, RegistrationNumber, CodeRegistrationNumber, []vector{
		{outcome: "valid", value: "330100400013364", facts: []Fact{{"authority", "330100"}}},
		{outcome: "valid with another authority", value: "440301103097413", facts: []Fact{{"authority", "440301"}}},
		{outcome: "valid sample", value: "110108000000016"},
		{outcome: "full width", value: "１10108000000016", want: "110108000000016"},
		{outcome: "wrong check", value: "330100400013365", reasons: reasons("check-character"), detail: "expected 4"},
		{outcome: "letter", value: "33010040001336X", reasons: reasons("alphabet"), detail: "position 15"},
		{outcome: "too short", value: "33010040001336", reasons: reasons("length"), detail: "15"},
	})
}

func TestOrganizationCode(t *testing.T) {
	t.Parallel()
	runVectors(t, OrganizationCode, CodeOrganizationCode, []vector{
		{outcome: "valid", value: "799655058"},
		{outcome: "with hyphen", value: "79965505-8", want: "799655058"},
		{outcome: "full-width hyphen", value: "79965505－8", want: "799655058"},
		{outcome: "letters", value: "ma468hh67", want: "MA468HH67"},
		{outcome: "check X", value: "00000009X", reasons: reasons("check-character")},
		{outcome: "check X that is right", value: "00000006X"},
		{outcome: "check 0 that is right", value: "000000000"},
		{outcome: "wrong check", value: "799655059", reasons: reasons("check-character"), detail: "expected 8"},
		{outcome: "hyphen elsewhere", value: "7996550-58", reasons: reasons("length")},
		{outcome: "foreign letter", value: "79965505Ä", reasons: reasons("alphabet")},
		{outcome: "too long", value: "7996550588", reasons: reasons("length"), detail: "9"},
	})
}

func TestProjectCode(t *testing.T) {
	t.Parallel()
	runVectors(t, ProjectCode, CodeProjectCode, []vector{
		{outcome: "the guide's sample", value: "X1330211040113985T", facts: []Fact{{"division", "330211"}}},
		{outcome: "lower case", value: "x1330211040113985t", want: "X1330211040113985T"},
		{outcome: "check fails", value: "X1330211040113985U", warnings: []string{WarnProjectCode}},
		{outcome: "not X1", value: "X2330211040113985T", reasons: reasons("format"), detail: "expected X1 at position 1"},
		{outcome: "USCC", value: "91330100799655058B", reasons: reasons("format")},
		{outcome: "letter in the division", value: "X133A211040113985T", reasons: reasons("division"), detail: "position 5"},
		{outcome: "letter O", value: "X133021104O113985T", reasons: reasons("alphabet"), detail: "position 11"},
		{outcome: "too short", value: "X1330211040113985", reasons: reasons("length")},
	})
}

func TestIssuedCode(t *testing.T) {
	t.Parallel()
	code, err := IssueOverseasCode(bytes.NewReader(bytes.Repeat([]byte{31, 0, 1, 30, 255, 33, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 2)))
	if err != nil || code != "OV01Y1234567B" {
		t.Fatalf("code = %q, %v", code, err)
	}
	runVectors(t, IssuedCode, CodeIssuedCode, []vector{
		{outcome: "valid", value: code},
		{outcome: "lower case", value: strings.ToLower(code), want: code},
		{outcome: "wrong check", value: code[:12] + "C", reasons: reasons("check-character"), detail: "expected B"},
		{outcome: "other prefix", value: "XX" + code[2:], reasons: reasons("format")},
		{outcome: "letter O", value: "OVO" + code[3:], reasons: reasons("alphabet"), detail: "position 3"},
		{outcome: "hyphen", value: "OV-" + code[3:], reasons: reasons("alphabet"), detail: "position 3"},
		{outcome: "too long", value: code + "0", reasons: reasons("length"), detail: "13"},
	})
}

func TestIssueOverseasCodeDrawsDifferentValidCodes(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 500 {
		code, err := IssueOverseasCode(rand.Reader)
		if err != nil || !CheckIssuedCode(code).Valid || seen[code] {
			t.Fatalf("code = %q, %v", code, err)
		}
		seen[code] = true
	}
}

func TestIssueOverseasCodeFailsWithItsSource(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	if _, err := IssueOverseasCode(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("error = %v", err)
	}
	if _, err := IssueOverseasCode(strings.NewReader("abc")); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error = %v", err)
	}
	if code, err := IssueOverseasCode(bytes.NewReader(bytes.Repeat([]byte{255}, 1024))); err == nil {
		t.Errorf("code = %q", code)
	}
}

func TestUnitCodeKind(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]Kind{
		"91330100799655058b":  USCC,
		"91330100799655058C":  USCC,
		"x1330211040113985T":  ProjectCode,
		"330100400013364":     RegistrationNumber,
		"79965505-8":          OrganizationCode,
		"799655058":           OrganizationCode,
		"OV01Y1234567B":       IssuedCode,
		"":                    "",
		"9133":                "",
		"OV01":                "",
		"33010040001336X":     "",
		"91330100799655058BB": "",
	} {
		kind, ok := UnitCodeKind(value)
		if ok != (want != "") || ok && kind != want {
			t.Errorf("UnitCodeKind(%q) = %q, %v", value, kind, ok)
		}
	}
}
