package identifier

import (
	"strconv"
	"strings"
	"testing"
)

func TestMobile(t *testing.T) {
	t.Parallel()
	runVectors(t, Mobile, CodePhone, []vector{
		{outcome: "plain", value: "13757159050"},
		{outcome: "plus country code", value: "+86 137-5715-9050", want: "13757159050"},
		{outcome: "zeros country code", value: "008613757159050", want: "13757159050"},
		{outcome: "bare country code", value: "86 13757159050", want: "13757159050"},
		{outcome: "full width", value: "＋８６１３７５７１５９０５０", want: "13757159050"},
		{outcome: "highest prefix", value: "19957159050"},
		{outcome: "prefix 12", value: "12757159050", reasons: reasons("prefix"), detail: "expected 13-19"},
		{outcome: "prefix 2", value: "23757159050", reasons: reasons("prefix")},
		{outcome: "short", value: "1375715905", reasons: reasons("length"), detail: "11"},
		{outcome: "foreign", value: "+85298765432", reasons: reasons("length")},
		{outcome: "letter", value: "1375715905O", reasons: reasons("alphabet"), detail: "position 11"},
		{outcome: "country code twice", value: "868613757159050", reasons: reasons("length")},
	})
}

func TestLandline(t *testing.T) {
	t.Parallel()
	runVectors(t, Landline, CodeLandline, []vector{
		{outcome: "with hyphen", value: "0571-88880000"},
		{outcome: "without hyphen", value: "057188880000", want: "0571-88880000"},
		{outcome: "Beijing", value: "01088880000", want: "010-88880000"},
		{outcome: "Shanghai with spaces", value: "021 8888 0000", want: "021-88880000"},
		{outcome: "seven digits", value: "0578-2345678"},
		{outcome: "seven digits without hyphen", value: "05782345678", want: "0578-2345678"},
		{outcome: "seven digits after a short area code", value: "0572345678", want: "057-2345678"},
		{outcome: "extension", value: "0571-88880000-123456"},
		{outcome: "extension after an open number", value: "057188880000-1", want: "0571-88880000-1"},
		{outcome: "full width", value: "０５７１－８８８８００００", want: "0571-88880000"},
		{outcome: "400 number", value: "4008880000"},
		{outcome: "400 number with hyphens", value: "400-888-0000", want: "4008880000"},
		{outcome: "400 number in another grouping", value: "400-8880-000", want: "4008880000"},
		{outcome: "no area code", value: "88880000", reasons: reasons("format")},
		{outcome: "local part begins with 1", value: "0571-18880000", reasons: reasons("format")},
		{outcome: "local part short", value: "0571-888800", reasons: reasons("format")},
		{outcome: "local part long", value: "0571-888800001", reasons: reasons("format")},
		{outcome: "area code long", value: "05711-8888000", reasons: reasons("format")},
		{outcome: "area code of two", value: "05-88880000", reasons: reasons("format")},
		{outcome: "area code alone", value: "0571", reasons: reasons("format")},
		{outcome: "extension long", value: "0571-88880000-1234567", reasons: reasons("format")},
		{outcome: "extension empty", value: "0571-88880000-", reasons: reasons("format")},
		{outcome: "two extensions", value: "057188880000-1-2", reasons: reasons("format")},
		{outcome: "four groups", value: "0571-88880000-1-2", reasons: reasons("format")},
		{outcome: "400 number short", value: "400-888-000", reasons: reasons("format")},
		{outcome: "mobile", value: "13757159050", reasons: reasons("format")},
		{outcome: "letters", value: "0571-8888000A", reasons: reasons("alphabet"), detail: "position 13"},
		{outcome: "brackets", value: "(0571)88880000", reasons: reasons("alphabet"), detail: "position 1"},
	})
}

func TestEmail(t *testing.T) {
	t.Parallel()
	label := strings.Repeat("a", 63)
	runVectors(t, Email, CodeEmail, []vector{
		{outcome: "plain", value: "zhang.san@example.com"},
		{outcome: "shortest", value: "a@b.cn"},
		{outcome: "domain in lower case", value: " Zhang.San+Tag@EXAMPLE.Com", want: "Zhang.San+Tag@example.com"},
		{outcome: "punycode", value: "a@xn--fiqs8s.xn--fiqz9s"},
		{outcome: "local part of 64", value: strings.Repeat("a", 64) + "@example.com"},
		{outcome: "254 in all", value: "a@" + label + "." + label + "." + label + "." + strings.Repeat("a", 60)},
		{outcome: "255 in all", value: "a@" + label + "." + label + "." + label + "." + strings.Repeat("a", 61), reasons: reasons("length")},
		{outcome: "local part of 65", value: strings.Repeat("a", 65) + "@example.com", reasons: reasons("local-part")},
		{outcome: "no at sign", value: "example.com", reasons: reasons("format")},
		{outcome: "two at signs", value: "a@b@example.com", reasons: reasons("local-part")},
		{outcome: "no local part", value: "@example.com", reasons: reasons("local-part")},
		{outcome: "dot first", value: ".a@example.com", reasons: reasons("local-part")},
		{outcome: "two dots", value: "a..b@example.com", reasons: reasons("local-part")},
		{outcome: "quoted", value: `"a"@example.com`, reasons: reasons("local-part")},
		{outcome: "space", value: "a b@example.com", reasons: reasons("alphabet"), detail: "position 2"},
		{outcome: "Han", value: "张@example.com", reasons: reasons("alphabet"), detail: "position 1"},
		{outcome: "full-width at sign", value: "a＠example.com", reasons: reasons("alphabet")},
		{outcome: "no domain", value: "a@", reasons: reasons("domain")},
		{outcome: "one label", value: "a@localhost", reasons: reasons("domain")},
		{outcome: "empty label", value: "a@example..com", reasons: reasons("domain")},
		{outcome: "label begins with a hyphen", value: "a@-example.com", reasons: reasons("domain")},
		{outcome: "label ends with a hyphen", value: "a@example-.com", reasons: reasons("domain")},
		{outcome: "label of 64", value: "a@a" + label + ".com", reasons: reasons("domain")},
		{outcome: "underscore", value: "a@ex_ample.com", reasons: reasons("domain")},
		{outcome: "address of a host", value: "a@127.0.0.1", reasons: reasons("domain")},
		{outcome: "top level of one letter", value: "a@example.c", reasons: reasons("domain")},
	})
}

func TestEthnicGroup(t *testing.T) {
	t.Parallel()
	name := func(s string) []Fact { return []Fact{{"name", s}} }
	runVectors(t, EthnicGroup, CodeEthnicGroup, []vector{
		{outcome: "code", value: "01", facts: name("汉族")},
		{outcome: "full-width code", value: "０１", want: "01"},
		{outcome: "name", value: "汉", want: "01", facts: name("汉族")},
		{outcome: "name with 族", value: "汉族", want: "01"},
		{outcome: "long name", value: "乌孜别克族", want: "43"},
		{outcome: "last group", value: "基诺", want: "56"},
		{outcome: "others", value: "其他", want: "97", facts: name("其他")},
		{outcome: "naturalized", value: "98", facts: name("入籍")},
		{outcome: "others with 族", value: "其他族", reasons: reasons("unknown"), detail: "GB/T 3304"},
		{outcome: "code out of range", value: "57", reasons: reasons("unknown")},
		{outcome: "one digit", value: "1", reasons: reasons("unknown")},
		{outcome: "族 alone", value: "族", reasons: reasons("unknown")},
		{outcome: "other text", value: "Han", reasons: reasons("unknown")},
	})
}

func TestEthnicities(t *testing.T) {
	t.Parallel()
	list := Ethnicities()
	if len(list) != 58 {
		t.Fatalf("%d groups", len(list))
	}
	// One group from each part of GB/T 3304, so that a lost row shows.
	want := map[string]string{"10": "朝鲜族", "17": "哈萨克族", "22": "畲族", "30": "土族", "37": "仡佬族", "41": "塔吉克族", "48": "裕固族", "52": "鄂伦春族", "56": "基诺族"}
	for i, e := range list[:56] {
		if n, err := strconv.Atoi(e.Code); err != nil || n != i+1 {
			t.Errorf("code %s in row %d", e.Code, i+1)
		}
		if w, ok := want[e.Code]; ok && w != e.Name {
			t.Errorf("%s is %s, want %s", e.Code, e.Name, w)
		}
	}
}

func TestUsername(t *testing.T) {
	t.Parallel()
	const own = "+86 13757159050"
	for _, v := range []vector{
		{outcome: "letters digits underscores", value: "Zhang_San99"},
		{outcome: "trimmed, case kept", value: " ZhangSan ", want: "ZhangSan"},
		{outcome: "six", value: "abc_12"},
		{outcome: "eighteen", value: "abcdefghijklmnop_1"},
		{outcome: "digits", value: "20260302"},
		{outcome: "own mobile", value: "13757159050"},
		{outcome: "own mobile with country code", value: "+8613757159050", want: "13757159050"},
		{outcome: "e-mail", value: "Zhang@Example.com"},
		{outcome: "shortest e-mail", value: "a@b.cn"},
		{outcome: "e-mail of 64", value: strings.Repeat("a", 52) + "@example.com"},
		{outcome: "e-mail of 65", value: strings.Repeat("a", 53) + "@example.com", reasons: reasons("length"), detail: "6-64"},
		{outcome: "e-mail of 5 is no e-mail", value: "a@b.c", reasons: reasons("domain")},
		{outcome: "broken e-mail", value: "zhangsan@", reasons: reasons("domain")},
		{outcome: "five", value: "abc12", reasons: reasons("length"), detail: "6-18"},
		{outcome: "nineteen", value: "abcdefghijklmnopq_1", reasons: reasons("length")},
		{outcome: "hyphen", value: "zhang-san", reasons: reasons("alphabet"), detail: "position 6"},
		{outcome: "full-width letters", value: "ｚhangsan", reasons: reasons("alphabet"), detail: "position 1"},
		{outcome: "Han", value: "张三张三张三", reasons: reasons("alphabet")},
		{outcome: "another's mobile", value: "13757159051", reasons: reasons("other-mobile")},
		{outcome: "another's mobile with country code", value: "8613757159051", reasons: reasons("other-mobile")},
		{outcome: "resident ID", value: "11010519491231002x", reasons: reasons("resident-id")},
		{outcome: "resident ID of digits", value: "330106200002290010", reasons: reasons("resident-id")},
		{outcome: "old resident ID", value: "110105491231002", reasons: reasons("resident-id")},
		{outcome: "USCC", value: "91330100799655058b", reasons: reasons("uscc")},
		{outcome: "not quite a USCC", value: "91330100799655058C"},
	} {
		t.Run(v.outcome, func(t *testing.T) {
			t.Parallel()
			r := CheckUsername(v.value, own)
			if v.value == "Zhang@Example.com" && r.Value != v.value {
				t.Errorf("display case lost: %q", r.Value)
			}
			verify(t, r, CodeUsername, v)
		})
	}
	t.Run("mobile refused when the own one is unknown", func(t *testing.T) {
		t.Parallel()
		if r := CheckUsername("13757159050", ""); r.Valid {
			t.Errorf("report = %+v", r)
		}
	})
	runVectors(t, Username, CodeUsername, []vector{
		{outcome: "mobile of nobody known is a warning", value: "13757159050", warnings: []string{WarnUsernameMobile}},
		{outcome: "same rules for the rest", value: "abc12", reasons: reasons("length")},
	})
}
