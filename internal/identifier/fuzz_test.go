package identifier

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func seeds() []string {
	return []string{
		"", " ", "91330100799655058B", "X1330211040113985T", "OV01Y1234567B", "330100400013364", "79965505-8",
		"11010519491231002X", "110105491231002", "830000198505050021", "932682198501010017", "H12345678", "E12345678",
		"南字第01234567号", "张三", "阿卜·艾合", "某某公司（Some (HK) Ltd）", "+86 137-5715-9050", "0571-88880000-1", "400-888-0000",
		"Zhang@Example.com", "汉族", "Zhang_San", "e\u0301\u200b\u0307", "\xff\xfe", "i\u0307", "¨", ")(", "-", "0-", "@", "\u3164",
		strings.Repeat("\u0301", 60), strings.Repeat("ᅡ", 60), strings.Repeat("a", 600), "86", "ﷺ",
	}
}

func FuzzCheck(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, kind := range Kinds() {
			checkReport(t, kind, s)
		}
		if r := CheckUsername(s, s); r.Valid != Check(Username, s, testDay()).Valid {
			t.Fatalf("%q: as username of its owner %+v", s, r)
		}
		if kind, ok := UnitCodeKind(s); ok && kind == "" {
			t.Fatalf("%q: unit code without kind", s)
		}
		if d := USCCDivision(s); d != "" && (len(d) != 6 || !isDigits(d)) {
			t.Fatalf("%q: division %q", s, d)
		}
		if c := USCCOrganizationCode(s); c != "" && len(c) != 9 {
			t.Fatalf("%q: organization code %q", s, c)
		}
		if id, ok := LegacyResidentID(s); ok && !validResident(id) {
			t.Fatalf("%q: converted to %q", s, id)
		}
	})
}

func fuzzKey(f *testing.F, key func(string) string) {
	for _, s := range seeds() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k := key(s)
		if key(k) != k {
			t.Fatalf("key of %q is %q, and its key %q", s, k, key(k))
		}
		if bad := unseen(k); bad != "" {
			t.Fatalf("key of %q is %q: %s", s, k, bad)
		}
	})
}

func FuzzPersonKey(f *testing.F)       { fuzzKey(f, PersonKey) }
func FuzzOrganizationKey(f *testing.F) { fuzzKey(f, OrganizationKey) }

func FuzzMask(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		masks := map[string]string{
			"mobile": MaskMobile(s), "landline": MaskLandline(s), "phone": MaskPhone(s), "name": MaskName(s), "email": MaskEmail(s),
		}
		for _, k := range DocumentTypes() {
			masks[string(k)] = MaskDocument(k, s)
		}
		for name, m := range masks {
			if bad := unseen(m); bad != "" {
				t.Fatalf("%s mask of %q is %q: %s", name, s, m, bad)
			}
			if m != "" && !strings.Contains(m, "*") {
				t.Fatalf("%s mask of %q hides nothing: %q", name, s, m)
			}
			if utf8.RuneCountInString(m) > 20*MaxBytes {
				t.Fatalf("%s mask of %d bytes has %d", name, len(s), len(m))
			}
			if s != "" && !strings.Contains(s, "*") && strings.Contains(m, s) {
				t.Fatalf("%s mask of %q shows it whole: %q", name, s, m)
			}
		}
	})
}
