package identifier

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestKinds(t *testing.T) {
	t.Parallel()
	want := "uscc registration-number organization-code project-code issued-code resident-id hmt-residence-permit " +
		"foreign-pr-card hk-macao-permit taiwan-permit passport military-officer-card person-name organization-name " +
		"overseas-name mobile landline email ethnic-group username"
	var got []string
	for _, k := range Kinds() {
		got = append(got, string(k))
	}
	if s := strings.Join(got, " "); s != want {
		t.Errorf("kinds = %s", s)
	}
	documents := DocumentTypes()
	if !slices.Equal(documents, Kinds()[5:12]) {
		t.Errorf("document types = %v", documents)
	}
	for _, k := range Kinds() {
		if IsDocumentType(k) != slices.Contains(documents, k) {
			t.Errorf("IsDocumentType(%s) = %v", k, IsDocumentType(k))
		}
	}
}

func TestRulesAreWhole(t *testing.T) {
	t.Parallel()
	for _, r := range rules {
		if r.normalize == nil || r.check == nil || !slices.Contains(Codes(), r.code) {
			t.Errorf("%s: incomplete rule", r.kind)
		}
	}
}

func TestCheckRefusesBeforeNormalization(t *testing.T) {
	t.Parallel()
	for _, kind := range Kinds() {
		for _, v := range []struct{ outcome, value, reason, detail string }{
			{"too long", strings.Repeat("1", MaxBytes+1), "too-long", "at most 512 bytes"},
			{"not UTF-8", "9133\xff", "encoding", "UTF-8"},
			{"empty", "", "empty", ""},
			{"white space only", " \t\u3000", "empty", ""},
			{"line feed inside", "张\n三", "control-character", "position 2"},
			{"delete", "张三\x7f", "control-character", "position 3"},
			{"zero-width space", "张\u200b三", "control-character", "position 2"},
			{"byte order mark", "\ufeff张三", "control-character", "position 1"},
			{"right-to-left override", "张三\u202e四", "control-character", "position 3"},
			{"variation selector", "葛\U000e0100城", "control-character", "position 2"},
			{"Hangul filler", "张\u3164三", "control-character", "position 2"},
			{"line separator inside", "张\u2028三", "control-character", "position 2"},
			{"heap of accents", "e" + strings.Repeat("\u0301", 40), "combining-marks", "position 10"},
		} {
			t.Run(string(kind)+" "+v.outcome, func(t *testing.T) {
				t.Parallel()
				r := Check(kind, v.value, testDay())
				if r.Valid || r.Value != "" || len(r.Errors) != 1 {
					t.Fatalf("report = %+v", r)
				}
				if p := r.Errors[0]; p.Reason != v.reason || p.Detail != v.detail || !slices.Contains(Codes(), p.Code) {
					t.Errorf("problem = %+v", p)
				}
			})
		}
	}
}

func TestCheckReportsAnUnknownKind(t *testing.T) {
	t.Parallel()
	r := Check("library-card", "x", testDay())
	if r.Valid || len(r.Errors) != 1 || r.Errors[0].Code != CodeKindUnknown || r.Kind != "library-card" {
		t.Errorf("report = %+v", r)
	}
}

func TestReportJSONHasNoNull(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"H12345678": `{"kind":"hk-macao-permit","value":"H12345678","valid":true,"errors":[],"warnings":[],"facts":[]}`,
		"H1234567": `{"kind":"hk-macao-permit","value":"H1234567","valid":false,` +
			`"errors":[{"code":"DOCUMENT_NUMBER_INVALID","reason":"length","detail":"9 or 11"}],"warnings":[],"facts":[]}`,
	} {
		got, err := json.Marshal(Check(HKMacaoPermit, value, testDay()))
		if err != nil || string(got) != want {
			t.Errorf("json = %s, %v", got, err)
		}
	}
}

func TestReportFact(t *testing.T) {
	t.Parallel()
	r := Report{Facts: []Fact{{"sex", "male"}}}
	if r.Fact("sex") != "male" || r.Fact("division") != "" {
		t.Errorf("facts = %v", r.Facts)
	}
}

func TestProblemsNeverHoldThePersonalValue(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		kind  Kind
		value string
		never []string
	}{
		{ResidentID, "330106200002290011", []string{"330106200002290010", "20000229", "expected"}},
		{ResidentID, "110105190002290017", []string{"19000229", "expected"}},
		{HMTResidencePermit, "830000198505050022", []string{"19850505", "expected 1", "050021"}},
		{Mobile, "23757159050", []string{"37571"}},
		{Email, "zhangsan@", []string{"zhangsan"}},
		{PersonName, "张三3", []string{"张三"}},
		{Username, "330106200002290010", []string{"33010620"}},
	} {
		r := Check(v.kind, v.value, testDay())
		if r.Valid {
			t.Errorf("%s: should be invalid", v.kind)
		}
		for _, p := range r.Errors {
			for _, n := range append(v.never, v.value) {
				if strings.Contains(p.Code+p.Reason+p.Detail, n) {
					t.Errorf("%s: problem %+v tells %q", v.kind, p, n)
				}
			}
		}
	}
}

func TestNormalizeCode(t *testing.T) {
	t.Parallel()
	for outcome, v := range map[string][2]string{
		"trimmed":                    {" \u30009133\t", "9133"},
		"half width":                 {"９１ａＸ", "91AX"},
		"upper case":                 {"91330000733796106p", "91330000733796106P"},
		"Roman numeral is X":         {"1101051949123100２ⅹ", "11010519491231002X"},
		"dotless i stays":            {"ı", "ı"},
		"composed after upper case":  {"i\u0307", "\u0130"},
		"inner white space is kept":  {"9133 0100", "9133 0100"},
		"ideographs are not changed": {"军字第1号", "军字第1号"},
	} {
		t.Run(outcome, func(t *testing.T) {
			t.Parallel()
			if got := NormalizeCode(v[0]); got != v[1] || NormalizeCode(got) != got {
				t.Errorf("NormalizeCode(%q) = %q, want %q", v[0], got, v[1])
			}
		})
	}
}

func TestBirthDateBoundIsTheDayInChina(t *testing.T) {
	t.Parallel()
	number := "33010620260302001"
	number += string(residentCheck(number))
	for outcome, v := range map[string]struct {
		now   time.Time
		valid bool
	}{
		"still the day before in China": {time.Date(2026, 3, 1, 15, 59, 59, 0, time.UTC), false},
		"that day in China":             {time.Date(2026, 3, 1, 16, 0, 0, 0, time.UTC), true},
		"that day in UTC":               {time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), true},
	} {
		t.Run(outcome, func(t *testing.T) {
			t.Parallel()
			if r := Check(ResidentID, number, v.now); r.Valid != v.valid {
				t.Errorf("report = %+v", r)
			}
		})
	}
}
