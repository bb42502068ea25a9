package render

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestSanitize(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"Chinese and English pass", "杭州·示例 (Ltd) 😀", "杭州·示例 (Ltd) 😀"},
		{"an ideographic space passes", "张　三", "张　三"},
		{"line breaks are one symbol each", "a\r\nb\nc\rd", "a⏎b⏎c⏎d"},
		{"a tab is a space", "a\tb", "a b"},
		{"an escape sequence shows", "\x1b[31m", `\u001b[31m`},
		{"DEL and C1 show", "\x7f\u009b", `\u007f\u009b`},
		{"bidi controls show", "a\u202eb\u2066", `a\u202eb\u2066`},
		{"zero-width characters show", "a\u200bb\ufeff\u00ad", `a\u200bb\ufeff\u00ad`},
		{"invisible fillers show", "\u3164\u115f", `\u3164\u115f`},
		{"separators show", "\u2028\u2029", `\u2028\u2029`},
		{"tag characters show", "\U000e0041", `\U000e0041`},
		{"broken UTF-8 shows", "a\xff\xe4\xb8", `a\xff\xe4\xb8`},
		{"the replacement character itself passes", "\ufffd", "\ufffd"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := sanitize(tt.in); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTruncate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		in    string
		width int
		want  string
	}{
		{"what fits stays", "汉字", 4, "汉字"},
		{"wide characters count two", "汉字", 3, "汉…"},
		{"half of a wide character is left blank", "汉字汉", 4, "汉…"},
		{"one column is the ellipsis", "abc", 1, "…"},
		{"a combining mark stays with its letter", "e\u0301abc", 2, "e\u0301…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := truncate(tt.in, tt.width); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzCell(f *testing.F) {
	for _, s := range hard {
		f.Add(s, 5)
	}
	f.Add("\xff\xfe汉", 2)
	f.Fuzz(func(t *testing.T, s string, width int) {
		width = 1 + int(uint(width)%50)
		safe := sanitize(s)
		if !utf8.ValidString(safe) {
			t.Errorf("sanitize(%q) = %q is not UTF-8", s, safe)
		}
		for _, r := range safe + Clean(s) {
			if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
				t.Errorf("%U of %q passes", r, s)
			}
		}
		if strings.ContainsAny(safe, "\n\t") {
			t.Errorf("sanitize(%q) = %q is no single line", s, safe)
		}
		if sanitize(safe) != safe {
			t.Errorf("sanitize is not stable on %q", s)
		}
		if cut := truncate(safe, width); cellWidth(cut) > width {
			t.Errorf("truncate(%q, %d) = %q has %d columns", safe, width, cut, cellWidth(cut))
		}
		var back string
		if err := json.Unmarshal(appendString(nil, s), &back); err != nil || back != strings.ToValidUTF8(back, "") {
			t.Errorf("JSON of %q does not read back: %v", s, err)
		}
		if utf8.ValidString(s) && back != s {
			t.Errorf("JSON of %q reads back as %q", s, back)
		}
	})
}

func TestWrap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		safe := sanitize(anyText().Draw(t, "text"))
		width := rapid.IntRange(2, 40).Draw(t, "width")
		lines := Wrap(safe, width)
		for _, line := range lines {
			if cellWidth(line) > width {
				t.Errorf("line of %d columns, of %d: %q", cellWidth(line), width, line)
			}
		}
		if got, want := strings.ReplaceAll(strings.Join(lines, ""), " ", ""), strings.ReplaceAll(safe, " ", ""); got != want {
			t.Errorf("wrapped %q, want %q", got, want)
		}
	})
	t.Run("punctuation never begins a line, and an opening bracket never ends one", func(t *testing.T) {
		t.Parallel()
		got := Wrap("审核通过(见说明),完成。", 8)
		for _, line := range got {
			if strings.HasPrefix(line, ",") || strings.HasPrefix(line, ")") || strings.HasSuffix(line, "(") {
				t.Errorf("got %q", got)
			}
		}
	})
}
