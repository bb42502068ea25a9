package sms

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// fault tells what is wrong with a rendered text, "" for nothing.
func fault(text string) string {
	length := len(utf16.Encode([]rune(text)))
	switch {
	case !utf8.ValidString(text):
		return "not UTF-8"
	case length > MaxUnits:
		return "too long"
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) }):
		return "holds a character that is not seen"
	case !strings.HasPrefix(text, "【") || strings.Count(text, "【") != 1 || strings.Count(text, "】") != 1:
		return "has not one signature"
	case units(text) != length:
		return "is measured wrongly"
	case length <= 70 && Segments(text) != 1, length > 70 && (Segments(text)*67 < length || (Segments(text)-1)*67 >= length):
		return "is counted wrongly"
	}
	return ""
}

func TestRenderKeepsTheRulesForAnyParameter(t *testing.T) {
	t.Parallel()
	value := rapid.OneOf(
		rapid.String(),
		rapid.StringOfN(rapid.RuneFrom([]rune("𠮷公司a 【】{}。\u0301\u200d\u202e\n\x00\u3164\ufe0f…")), 0, 1200, -1),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
	)
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(Kinds()).Draw(t, "kind")
		params := map[string]any{}
		for _, name := range []string{"code", "minutes", "organization", "applicant", "reason"} {
			if rapid.Bool().Draw(t, "has "+name) {
				params[name] = value.Draw(t, name)
			}
		}
		text, err := Render(kind, params, value.Draw(t, "signature"))
		if err != nil {
			t.Fatal(err)
		}
		if what := fault(text); what != "" {
			t.Fatalf("text %s: %q", what, text)
		}
	})
}

func TestRenderKeepsAShortParameterWhole(t *testing.T) {
	t.Parallel()
	name := rapid.StringOfN(rapid.RuneFrom([]rune("杭州𠮷贸易有限公司ABC")), 2, 100, -1)
	rapid.Check(t, func(t *rapid.T) {
		organization := name.Draw(t, "organization")
		text, err := Render("approved", map[string]any{"organization": organization}, "")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text, "“"+organization+"”") {
			t.Fatalf("%q is not in %q", organization, text)
		}
	})
}

func FuzzRender(f *testing.F) {
	f.Add("rejected", "杭州某某贸易有限公司", "照片不清。", "")
	f.Add("review-requested", "【】", "\u202e𠮷", "浙里办")
	f.Add("code", "\xff\x00", strings.Repeat("𠮷", 600), strings.Repeat("\u0301", 600))
	f.Fuzz(func(t *testing.T, kind, a, b, signature string) {
		params := map[string]any{"code": a, "minutes": b, "organization": a, "applicant": b, "reason": b}
		text, err := Render(kind, params, signature)
		if err != nil {
			if text != "" {
				t.Fatalf("%q with error %v", text, err)
			}
			return
		}
		if what := fault(text); what != "" {
			t.Fatalf("text %s: %q", what, text)
		}
	})
}
