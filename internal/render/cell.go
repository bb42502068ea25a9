package render

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
)

const (
	ellipsis  = "…"
	lineBreak = "⏎"
)

// unsafeRune reports whether a terminal may act upon a character or hide it:
// control and format characters (Cc, Cf: escapes, bidi controls, zero-width
// characters), line and paragraph separators, and the other characters that
// Unicode gives no visible form.
func unsafeRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r < ' ' || r == 0x7F
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
}

// sanitize makes a text safe to print on one line: line breaks become ⏎, tabs
// spaces, other unsafe characters visible escapes, and bytes that are not UTF-8
// escapes like \xff.
func sanitize(s string) string {
	return escape(strings.ReplaceAll(s, "\r\n", "\n"), func(r rune) (string, bool) {
		switch r {
		case '\n', '\r':
			return lineBreak, true
		case '\t':
			return " ", true
		}
		return "", false
	})
}

// Clean makes a whole text safe for a terminal, keeping its lines and tabs: what
// a command tells on standard error goes through it, too.
func Clean(s string) string {
	return escape(s, func(r rune) (string, bool) {
		return string(r), r == '\n' || r == '\t'
	})
}

// escape replaces the unsafe characters of s, first by what replace has for them.
func escape(s string, replace func(rune) (string, bool)) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&out, `\x%02x`, s[i])
		case !unsafeRune(r):
			out.WriteString(s[i : i+size])
		default:
			if text, ok := replace(r); ok {
				out.WriteString(text)
			} else if r > 0xFFFF {
				fmt.Fprintf(&out, `\U%08x`, r)
			} else {
				fmt.Fprintf(&out, `\u%04x`, r)
			}
		}
		i += size
	}
	return out.String()
}

// runeWidth is the number of terminal columns of a character, counted as
// tablewriter does when East Asian width is off: wide characters are two,
// ambiguous ones one.
func runeWidth(r rune) int { return displaywidth.Options{}.Rune(r) }

// cellWidth is the number of terminal columns of a sanitized text.
func cellWidth(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// truncate cuts a sanitized text to width columns, the last of them "…".
func truncate(s string, width int) string {
	if cellWidth(s) <= width {
		return s
	}
	n := 0
	for i, r := range s {
		if n += runeWidth(r); n > width-1 {
			return s[:i] + ellipsis
		}
	}
	return s
}
