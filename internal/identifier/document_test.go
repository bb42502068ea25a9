package identifier

import (
	"strings"
	"testing"
)

func TestResidentID(t *testing.T) {
	t.Parallel()
	runVectors(t, ResidentID, CodeDocumentNumber, []vector{
		{outcome: "valid with X", value: "11010519491231002X", facts: []Fact{{"birth_date", "1949-12-31"}, {"sex", "female"}, {"division", "110105"}}},
		{outcome: "lower-case x", value: "11010519491231002x", want: "11010519491231002X"},
		{outcome: "valid, first of January", value: "110105195001010039", facts: []Fact{{"sex", "male"}}},
		{outcome: "valid leap day", value: "330106200002290010", facts: []Fact{{"birth_date", "2000-02-29"}, {"sex", "male"}}},
		{outcome: "valid woman", value: "330211198506150026", facts: []Fact{{"birth_date", "1985-06-15"}, {"sex", "female"}}},
		{outcome: "full width", value: "１１０１０５１９４９１２３１００２Ｘ", want: "11010519491231002X"},
		{outcome: "check should be X", value: "330102199901011234", reasons: reasons("check-character")},
		{outcome: "no such day", value: "110105190002290017", reasons: reasons("birth-date")},
		{outcome: "no such month", value: withResidentCheck("33010619991301001"), reasons: reasons("birth-date")},
		{outcome: "born in the future", value: withResidentCheck("33010620260303001"), reasons: reasons("birth-date"), detail: "future"},
		{outcome: "born today", value: withResidentCheck("33010620260302001")},
		{outcome: "born before 1900", value: withResidentCheck("33010618991231001"), reasons: reasons("birth-date")},
		{outcome: "born in 1900", value: withResidentCheck("33010619000101001")},
		{outcome: "date and check wrong", value: "330106200002300010", reasons: reasons("birth-date", "check-character")},
		{outcome: "X in the middle", value: "3301062000022900X0", reasons: reasons("alphabet"), detail: "position 17"},
		{outcome: "letter", value: "33010620000229001A", reasons: reasons("alphabet"), detail: "position 18"},
		{outcome: "old number", value: "110105491231002", reasons: reasons("length"), detail: "18, not the old 15"},
		{outcome: "short", value: "1101054912310", reasons: reasons("length"), detail: "18"},
	})
}

func withResidentCheck(digits string) string { return digits + string(residentCheck(digits)) }

func TestHMTResidencePermit(t *testing.T) {
	t.Parallel()
	runVectors(t, HMTResidencePermit, CodeDocumentNumber, []vector{
		{outcome: "valid from Taiwan", value: "830000198505050021", facts: []Fact{{"birth_date", "1985-05-05"}, {"sex", "female"}}},
		{outcome: "valid from Hong Kong", value: withResidentCheck("81000019850505001")},
		{outcome: "valid from Macao", value: withResidentCheck("82000019850505001")},
		{outcome: "mainland division", value: "330106200002290010", reasons: reasons("division")},
		{outcome: "wrong check", value: "830000198505050022", reasons: reasons("check-character")},
		{outcome: "no such day", value: withResidentCheck("83000019850230001"), reasons: reasons("birth-date")},
		{outcome: "short", value: "83000019850505002", reasons: reasons("length")},
	})
}

func TestForeignPRCard(t *testing.T) {
	t.Parallel()
	runVectors(t, ForeignPRCard, CodeDocumentNumber, []vector{
		{outcome: "valid new card", value: "932682198501010017", facts: []Fact{{"birth_date", "1985-01-01"}, {"sex", "male"}}},
		{outcome: "valid old card", value: "usa110085010112", want: "USA110085010112"},
		{outcome: "new card with a wrong check", value: "932682198501010018", reasons: reasons("check-character")},
		{outcome: "resident ID", value: "330106200002290010", reasons: reasons("format"), detail: "expected 9 at position 1"},
		{outcome: "new card with a letter", value: "9A2682198501010017", reasons: reasons("alphabet"), detail: "position 2"},
		{outcome: "old card with two letters", value: "US1110085010112", reasons: reasons("format"), detail: "position 3"},
		{outcome: "old card with four letters", value: "USAA10085010112", reasons: reasons("format"), detail: "position 4"},
		{outcome: "old card with a hyphen", value: "USA-10085010112", reasons: reasons("alphabet"), detail: "position 4"},
		{outcome: "short", value: "USA11008501011", reasons: reasons("length"), detail: "15 or 18"},
	})
}

func TestPermits(t *testing.T) {
	t.Parallel()
	runVectors(t, HKMacaoPermit, CodeDocumentNumber, []vector{
		{outcome: "valid Hong Kong", value: "H12345678"},
		{outcome: "valid Macao of ten digits", value: "m1234567801", want: "M1234567801"},
		{outcome: "nine digits", value: "H123456789", reasons: reasons("length"), detail: "9 or 11"},
		{outcome: "other letter", value: "T12345678", reasons: reasons("format")},
		{outcome: "letter among the digits", value: "H1234567A", reasons: reasons("alphabet"), detail: "position 9"},
		{outcome: "Han", value: "H1234567八", reasons: reasons("alphabet"), detail: "position 9"},
	})
	runVectors(t, TaiwanPermit, CodeDocumentNumber, []vector{
		{outcome: "valid", value: "12345678"},
		{outcome: "valid of ten digits", value: "１234567801", want: "1234567801"},
		{outcome: "Taiwan nine digits", value: "123456789", reasons: reasons("length"), detail: "8 or 10"},
		{outcome: "Taiwan letter", value: "1234567B", reasons: reasons("alphabet"), detail: "position 8"},
	})
}

func TestPassport(t *testing.T) {
	t.Parallel()
	prc, foreign := []Fact{{"form", "prc"}}, []Fact{{"form", "foreign"}}
	runVectors(t, Passport, CodeDocumentNumber, []vector{
		{outcome: "ordinary", value: "E12345678", facts: prc},
		{outcome: "ordinary with two letters", value: "ea1234567", want: "EA1234567", facts: prc},
		{outcome: "diplomatic", value: "DE1234567", facts: prc},
		{outcome: "service", value: "SE1234567", facts: prc},
		{outcome: "public affairs", value: "PE1234567", facts: prc},
		{outcome: "letter I is not ours", value: "EI1234567", facts: foreign},
		{outcome: "letter O is not ours", value: "EO1234567", facts: foreign},
		{outcome: "foreign", value: "K1234567A", facts: foreign},
		{outcome: "foreign of five", value: "AB123", facts: foreign},
		{outcome: "foreign of twenty", value: strings.Repeat("A1", 10), facts: foreign},
		{outcome: "four", value: "AB12", reasons: reasons("length"), detail: "5-20"},
		{outcome: "twenty-one", value: strings.Repeat("1", 21), reasons: reasons("length")},
		{outcome: "hyphen", value: "AB-1234", reasons: reasons("alphabet"), detail: "position 3"},
		{outcome: "accent", value: "ÄB1234", reasons: reasons("alphabet"), detail: "position 1"},
	})
}

func TestMilitaryOfficerCard(t *testing.T) {
	t.Parallel()
	runVectors(t, MilitaryOfficerCard, CodeDocumentNumber, []vector{
		{outcome: "valid", value: "南字第01234567号"},
		{outcome: "full-width digits", value: "军字第２００１号", want: "军字第2001号"},
		{outcome: "extension ideograph", value: "𬭎字第1号"},
		{outcome: "one", value: "军", reasons: reasons("length"), detail: "2-20"},
		{outcome: "twenty-one characters", value: strings.Repeat("军", 21), reasons: reasons("length")},
		{outcome: "Latin letter", value: "A字第1号", reasons: reasons("alphabet"), detail: "position 1"},
		{outcome: "space", value: "军字第 1号", reasons: reasons("alphabet"), detail: "position 4"},
	})
}

func TestLegacyResidentID(t *testing.T) {
	t.Parallel()
	for outcome, v := range map[string][2]string{
		"converted":              {"110105491231002", "11010519491231002X"},
		"converted after trim":   {" 330211850615002 ", "330211198506150026"},
		"full width":             {"３30211850615002", "330211198506150026"},
		"no such day":            {"110105490231002", ""},
		"letter":                 {"11010549123100X", ""},
		"eighteen already":       {"11010519491231002X", ""},
		"empty":                  {"", ""},
		"leap day":               {"330106000229001", ""}, // 1900 had none
		"leap day of a leap one": {"330106840229001", withResidentCheck("33010619840229001")},
	} {
		t.Run(outcome, func(t *testing.T) {
			t.Parallel()
			got, ok := LegacyResidentID(v[0])
			if got != v[1] || ok != (v[1] != "") {
				t.Errorf("LegacyResidentID = %q, %v, want %q", got, ok, v[1])
			}
			if ok && !Check(ResidentID, got, testDay()).Valid {
				t.Error("converted number is invalid")
			}
		})
	}
}
