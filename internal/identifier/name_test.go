package identifier

import (
	"strings"
	"testing"
)

func TestPersonName(t *testing.T) {
	t.Parallel()
	runVectors(t, PersonName, CodeName, []vector{
		{outcome: "Han", value: "张三"},
		{outcome: "trimmed", value: "\u3000张三 ", want: "张三"},
		{outcome: "extension B", value: "𠮷田"},
		{outcome: "extension G", value: "\U00030000一"},
		{outcome: "extension I", value: "\U0002ebf0一"},
		{outcome: "extension J", value: "\U000323b0一"},
		{outcome: "zero as ideograph", value: "张〇"},
		{outcome: "compatibility ideograph to NFC", value: "\uf9e4明", want: "理明"},
		{outcome: "middle dots", value: "阿卜杜拉·艾合买提·吐尔逊"},
		{outcome: "fifty ideographs beyond 16 bits", value: strings.Repeat("𠮷", 50)},
		{outcome: "fifty-one", value: strings.Repeat("𠮷", 51), reasons: reasons("length"), detail: "2-50"},
		{outcome: "one", value: "张", reasons: reasons("length")},
		{outcome: "Latin", value: "Mary-Jane O'Brien, Jr."},
		{outcome: "Latin with accents", value: "Zoe\u0308 Núñez", want: "Zoë Núñez"},
		{outcome: "Latin beginning with a space", value: " Li", want: "Li"},
		{outcome: "Latin beginning with a hyphen", value: "-Li", reasons: reasons("alphabet"), detail: "position 1"},
		{outcome: "digit", value: "John 2", reasons: reasons("alphabet"), detail: "position 6"},
		{outcome: "full-width Latin", value: "Ｌｉ", reasons: reasons("alphabet"), detail: "position 1"},
		{outcome: "Cyrillic", value: "Иван", reasons: reasons("alphabet")},
		{outcome: "no-break space", value: "Li\u00a0Na", reasons: reasons("alphabet"), detail: "position 3"},
		{outcome: "Han and Latin", value: "张三A", reasons: reasons("alphabet"), detail: "position 3"},
		{outcome: "Han and digit", value: "张三2", reasons: reasons("alphabet"), detail: "position 3"},
		{outcome: "Han and space", value: "张 三", reasons: reasons("alphabet"), detail: "position 2"},
		{outcome: "radical", value: "⾼明", reasons: reasons("alphabet"), detail: "position 1"},
		{outcome: "dot first", value: "·艾合买提", reasons: reasons("middle-dot"), detail: "position 1"},
		{outcome: "dot last", value: "艾合买提·", reasons: reasons("middle-dot"), detail: "position 5"},
		{outcome: "two dots together", value: "阿卜··艾合", reasons: reasons("middle-dot"), detail: "position 4"},
		{outcome: "bullet", value: "阿卜•艾合", reasons: reasons("middle-dot"), detail: "position 3, expected U+00B7"},
		{outcome: "katakana dot", value: "阿卜・艾合", reasons: reasons("middle-dot")},
		{outcome: "half-width katakana dot", value: "阿卜･艾合", reasons: reasons("middle-dot")},
		{outcome: "full stop", value: "阿卜.艾合", reasons: reasons("middle-dot")},
		{outcome: "dot alone", value: "··", reasons: reasons("alphabet")},
	})
}

func TestOrganizationName(t *testing.T) {
	t.Parallel()
	runVectors(t, OrganizationName, CodeOrganizationName, []vector{
		{outcome: "company", value: "杭州某某科技有限公司"},
		{outcome: "brackets and digits", value: "某某(中国)有限公司第1分公司"},
		{outcome: "stored as entered", value: " 某某（中国）有限公司", want: "某某（中国）有限公司"},
		{outcome: "Latin", value: "ACME Ltd."},
		{outcome: "newest ideographs", value: "\U000323b0公司"},
		{outcome: "one hundred", value: strings.Repeat("𠮷", 100)},
		{outcome: "one hundred and one", value: strings.Repeat("司", 101), reasons: reasons("length"), detail: "2-100"},
		{outcome: "one", value: "司", reasons: reasons("length")},
		{outcome: "signs only", value: "()", reasons: reasons("alphabet"), detail: "expected a letter"},
		{outcome: "lost character", value: "某\ufffd公司", reasons: reasons("alphabet"), detail: "position 2"},
		{outcome: "private use", value: "某\ue000公司", reasons: reasons("alphabet"), detail: "position 2"},
		{outcome: "noncharacter", value: "某\uffff公司", reasons: reasons("alphabet"), detail: "position 2"},
	})
}

func TestOverseasName(t *testing.T) {
	t.Parallel()
	runVectors(t, OverseasName, CodeOrganizationName, []vector{
		{outcome: "plain", value: "某某公司(Some Company Ltd.)", facts: []Fact{{"chinese_name", "某某公司"}, {"english_name", "Some Company Ltd."}}},
		{outcome: "full-width brackets", value: "某某公司（Some Company）", facts: []Fact{{"chinese_name", "某某公司"}, {"english_name", "Some Company"}}},
		{outcome: "mixed brackets", value: "某某公司（Some Company)", facts: []Fact{{"english_name", "Some Company"}}},
		{outcome: "brackets in both halves", value: "某某(香港)公司(Some (Hong Kong) Ltd)", facts: []Fact{{"chinese_name", "某某(香港)公司"}, {"english_name", "Some (Hong Kong) Ltd"}}},
		{outcome: "English half ending in a bracket", value: "某某公司(Some (HK))", facts: []Fact{{"english_name", "Some (HK)"}}},
		{outcome: "space before the bracket", value: "某某公司 ( Some Co )", facts: []Fact{{"chinese_name", "某某公司"}, {"english_name", "Some Co"}}},
		{outcome: "letters in the Chinese half", value: "ABC公司(ABC Co)"},
		{outcome: "no brackets", value: "某某公司 Some Company", reasons: reasons("format")},
		{outcome: "text after the bracket", value: "某某公司(Some) Co", reasons: reasons("format")},
		{outcome: "bracket never opened", value: "某某公司Some Company)", reasons: reasons("format")},
		{outcome: "ends with an opening bracket", value: "某某)公司(", reasons: reasons("format")},
		{outcome: "no Chinese half", value: "(Some Company)", reasons: reasons("chinese-name")},
		{outcome: "Chinese half in Latin", value: "Acme(Some Company)", reasons: reasons("chinese-name")},
		{outcome: "Chinese half of one", value: "某(Some Company)", reasons: reasons("chinese-name")},
		{outcome: "English half in Chinese", value: "某某公司(某某)", reasons: reasons("english-name")},
		{outcome: "English half empty", value: "某某公司()", reasons: reasons("english-name")},
		{outcome: "English half of digits", value: "某某公司(123)", reasons: reasons("english-name")},
		{outcome: "halves exchanged", value: "Some Company(某某公司)", reasons: reasons("chinese-name", "english-name")},
		{outcome: "over a hundred", value: "某某公司(" + strings.Repeat("a", 95) + ")", reasons: reasons("length")},
		{outcome: "lost character", value: "某\ufffd公司(Some)", reasons: reasons("alphabet")},
	})
}

func TestMatchKeys(t *testing.T) {
	t.Parallel()
	for _, v := range []struct{ outcome, value, person, organization string }{
		{"Han unchanged", "张三", "张三", "张三"},
		{"white space dropped beside Han", " 张\u3000 三\t", "张三", "张三"},
		{"zero-width dropped", "\ufeff张\u200b\u2060三\u200d", "张三", "张三"},
		{"variation selector dropped", "葛\U000e0100城", "葛城", "葛城"},
		{"radical folded", "⾼明", "高明", "高明"},
		{"compatibility ideograph folded", "\uf9e4明", "理明", "理明"},
		{"bullet", "阿卜\u2022艾合", "阿卜·艾合", "阿卜·艾合"},
		{"katakana dot", "阿卜\u30fb艾合", "阿卜·艾合", "阿卜·艾合"},
		{"half-width katakana dot", "阿卜\uff65艾合", "阿卜·艾合", "阿卜·艾合"},
		{"hyphenation point", "阿卜\u2027艾合", "阿卜·艾合", "阿卜·艾合"},
		{"dot operator", "阿卜\u22c5艾合", "阿卜·艾合", "阿卜·艾合"},
		{"bullet operator", "阿卜\u2219艾合", "阿卜·艾合", "阿卜·艾合"},
		{"word separator dot", "阿卜\u2e31艾合", "阿卜·艾合", "阿卜·艾合"},
		{"full stop between Han", "阿卜.艾合．吐", "阿卜·艾合·吐", "阿卜.艾合.吐"},
		{"full stop spaced", "阿卜 . 艾合", "阿卜·艾合", "阿卜.艾合"},
		{"full stop at the end", "阿卜.", "阿卜.", "阿卜."},
		{"Latin case folded, spaces one", "  JOHN \u00a0 O'Brien ", "john o'brien", "john o'brien"},
		{"Latin full stop kept", "J.R. Smith", "j.r. smith", "j.r. smith"},
		{"full width Latin", "ＡＢＣ公司", "abc公司", "abc公司"},
		{"brackets", "某〔甲〕【乙】［丙］（丁）[戊]", "某(甲)(乙)(丙)(丁)(戊)", "某(甲)(乙)(丙)(丁)(戊)"},
		{"dashes", "a\u2013b\u2014c\u2212d－e", "a-b-c-d-e", "a-b-c-d-e"},
		{"mark after a dropped character", "e\u200b\u0301", "é", "é"},
		{"overseas name", "某某公司（Some  Company）", "某某公司(somecompany)", "某某公司(somecompany)"},
		{"invalid bytes", "张\xff三", "张\ufffd三", "张\ufffd三"},
		{"empty", " \u200b ", "", ""},
	} {
		t.Run(v.outcome, func(t *testing.T) {
			t.Parallel()
			if got := PersonKey(v.value); got != v.person {
				t.Errorf("person key = %q, want %q", got, v.person)
			}
			if got := OrganizationKey(v.value); got != v.organization {
				t.Errorf("organization key = %q, want %q", got, v.organization)
			}
		})
	}
}

func TestKeysOfDifferentNamesDiffer(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"张三", "张叁"}, {"阿卜·艾合", "阿卜艾合"}, {"某某(杭州)公司", "某某杭州公司"}, {"Li Na", "Lina"}, {"Zoe", "Zoë"},
	} {
		if PersonKey(pair[0]) == PersonKey(pair[1]) || OrganizationKey(pair[0]) == OrganizationKey(pair[1]) {
			t.Errorf("%q and %q have one key", pair[0], pair[1])
		}
	}
}
