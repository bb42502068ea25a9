package identifier

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func drawUSCC(t *rapid.T) string {
	return withUSCCCheck(rapid.StringMatching(`[1-9ANY][1-9]`).Draw(t, "prefix") +
		rapid.StringMatching(`[0-9]{6}`).Draw(t, "division") +
		rapid.StringMatching(`[0-9A-HJ-NPQRTUWXY]{9}`).Draw(t, "organization"))
}

func drawResident(t *rapid.T) string {
	day := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 46000).Draw(t, "day"))
	return withResidentCheck(rapid.StringMatching(`[1-8][0-9]{5}`).Draw(t, "division") +
		day.Format("20060102") + rapid.StringMatching(`[0-9]{3}`).Draw(t, "sequence"))
}

func drawIssued(t *rapid.T) string {
	body := rapid.StringMatching(`[0-9A-HJ-NPQRTUWXY]{10}`).Draw(t, "body")
	return issuedPrefix + withUSCCCheck(body)
}

func drawRegistration(t *rapid.T) string {
	body := rapid.StringMatching(`[0-9]{14}`).Draw(t, "body")
	return body + string(mod1110(body))
}

func drawOrganization(t *rapid.T) string {
	body := rapid.StringMatching(`[0-9]{8}`).Draw(t, "body")
	return body + string(organizationCheck(body))
}

// TestSubstitutionsAreFound: every check here finds each single wrong character.
// (The organization code promises it for digits only: 11 is less than its 36
// values.)
func TestSubstitutionsAreFound(t *testing.T) {
	t.Parallel()
	for kind, p := range map[Kind]struct {
		draw     func(*rapid.T) string
		alphabet string
	}{
		USCC:               {drawUSCC, usccAlphabet},
		IssuedCode:         {drawIssued, usccAlphabet},
		ResidentID:         {drawResident, "0123456789X"},
		RegistrationNumber: {drawRegistration, "0123456789"},
		OrganizationCode:   {drawOrganization, "0123456789"},
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				s := p.draw(t)
				if r := Check(kind, s, testDay()); !r.Valid || r.Value != s {
					t.Fatalf("%s should be valid: %+v", s, r)
				}
				for i := range len(s) {
					for _, b := range []byte(p.alphabet) {
						if b == s[i] {
							continue
						}
						if wrong := s[:i] + string(b) + s[i+1:]; Check(kind, wrong, testDay()).Valid {
							t.Fatalf("%s passes for %s", wrong, s)
						}
					}
				}
			})
		})
	}
}

// TestTranspositionsAreFound: the weighted sums find each exchange of two
// different neighbours; MOD 11,10 doesn't promise it.
func TestTranspositionsAreFound(t *testing.T) {
	t.Parallel()
	for kind, draw := range map[Kind]func(*rapid.T) string{
		USCC: drawUSCC, IssuedCode: drawIssued, ResidentID: drawResident,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				s := draw(t)
				for i := range len(s) - 1 {
					if s[i] == s[i+1] {
						continue
					}
					wrong := s[:i] + string(s[i+1]) + string(s[i]) + s[i+2:]
					if Check(kind, wrong, testDay()).Valid {
						t.Fatalf("%s passes for %s", wrong, s)
					}
				}
			})
		})
	}
}

func TestLegacyNumbersComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawResident(t)
		if s[6:8] != "19" {
			return
		}
		if got, ok := LegacyResidentID(s[:6] + s[8:17]); !ok || got != s {
			t.Fatalf("converted to %s, want %s", got, s)
		}
	})
}

func TestResidentFactsAreThoseOfTheNumber(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawResident(t)
		r := Check(ResidentID, s, testDay())
		if strings.ReplaceAll(r.Fact("birth_date"), "-", "") != s[6:14] {
			t.Fatalf("birth date %s of %s", r.Fact("birth_date"), s)
		}
		if odd := (s[16]-'0')%2 == 1; odd != (r.Fact("sex") == "male") {
			t.Fatalf("sex %s of %s", r.Fact("sex"), s)
		}
	})
}

// nameText draws text of characters that name handling treats specially.
func nameText() *rapid.Generator[string] {
	return rapid.StringOf(rapid.OneOf(
		rapid.RuneFrom([]rune("张三艾高⾼〇𠮷ABCabcéñＡ１.．·•・（）()【】[]–—- \u3000\u00a0\t\u200b\ufeff\u0301\u0308\u0307\U000e0100각한")),
		rapid.Rune(),
	))
}

func TestMatchKeysAreIdempotent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := nameText().Draw(t, "name")
		for _, key := range []func(string) string{PersonKey, OrganizationKey} {
			k := key(s)
			if key(k) != k {
				t.Fatalf("key of %q is %q, and its key %q", s, k, key(k))
			}
			if bad := unseen(k); bad != "" {
				t.Fatalf("key of %q: %s", s, bad)
			}
		}
	})
}

func TestMatchKeysIgnoreWhiteSpaceBesideHan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[张三李四王五]{2,20}`).Draw(t, "name")
		space := rapid.StringMatching(`[ \x{3000}\x{200b}]{0,3}`).Draw(t, "space")
		if spaced := strings.Join(strings.Split(s, ""), space); PersonKey(spaced) != s || OrganizationKey(spaced) != s {
			t.Fatalf("key of %q is %q", spaced, PersonKey(spaced))
		}
	})
}

func TestNormalizedValuesStayValid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(Kinds()).Draw(t, "kind")
		s := rapid.OneOf(nameText(), rapid.StringMatching(`[0-9A-Za-z@.+ -]{2,20}`),
			rapid.Custom(drawUSCC), rapid.Custom(drawResident)).Draw(t, "value")
		checkReport(t, kind, s)
	})
}

type fataler interface{ Fatalf(string, ...any) }

// checkReport checks what holds for every report.
func checkReport(t fataler, kind Kind, s string) {
	r := Check(kind, s, testDay())
	if r.Valid != (len(r.Errors) == 0) || r.Kind != kind || r.Facts == nil || r.Warnings == nil || r.Errors == nil {
		t.Fatalf("%s %q: report %+v", kind, s, r)
	}
	if bad := unseen(r.Value); bad != "" {
		t.Fatalf("%s %q: value %q: %s", kind, s, r.Value, bad)
	}
	for _, p := range slices.Concat(r.Errors, r.Warnings) {
		if !slices.Contains(Codes(), p.Code) || p.Reason == "" {
			t.Fatalf("%s %q: problem %+v", kind, s, p)
		}
	}
	if r.Valid {
		if again := Check(kind, r.Value, testDay()); !again.Valid || again.Value != r.Value {
			t.Fatalf("%s: %q became %q, which became %q (%v)", kind, s, r.Value, again.Value, again.Errors)
		}
	}
}

// unseen tells what is wrong with text that shall be shown or stored.
func unseen(s string) string {
	if !utf8.ValidString(s) {
		return "invalid UTF-8"
	}
	if i := strings.IndexFunc(s, isHidden); i >= 0 {
		return "hidden character"
	}
	return ""
}
