package identifier

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxBytes is the longest value that is looked at (ours). The longest lawful
// one, an organization name of 100 code points, has 400 bytes.
const MaxBytes = 512

// maxMarks is how many combining marks may follow one another (ours). No
// writing needs so many; and the normalizer puts invisible joiners into runs of
// more than thirty, which must not get into a stored name or a match key.
const maxMarks = 8

// admit refuses what must not reach normalization and returns the rest without
// white space around it.
func (c *checking) admit(value string) (string, bool) {
	switch {
	case len(value) > MaxBytes:
		c.fail(reasonTooLong, "at most 512 bytes")
		return "", false
	case !utf8.ValidString(value):
		c.fail(reasonEncoding, "UTF-8")
		return "", false
	}
	value = strings.TrimSpace(value)
	if value == "" {
		c.fail(reasonEmpty, "")
		return "", false
	}
	if isPlain(value) {
		return value, true
	}
	at, marks := 0, 0
	for _, r := range value {
		if isHidden(r) {
			c.fail(reasonControl, position(at))
			return "", false
		}
		if marks++; !isMark(r) {
			marks = 0
		}
		if marks > maxMarks {
			c.fail(reasonMarks, position(at))
			return "", false
		}
		at++
	}
	return value, true
}

// NormalizeCode gives a code or number the form in which it is checked and
// stored: trimmed, NFKC, ASCII letters in upper case. Other letters keep their
// case, so that none becomes an ASCII letter by it (dotless i).
func NormalizeCode(s string) string {
	if isPlainCode(s) {
		return s
	}
	s = strings.TrimSpace(norm.NFKC.String(strings.TrimSpace(s)))
	// Upper case can make a letter composable with the mark after it.
	return norm.NFC.String(strings.Map(upperASCII, s))
}

// isPlainCode tells whether s is a code in the form that [NormalizeCode] gives, as most are: nothing has to be looked up then.
func isPlainCode(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isDigit(c) && !isUpper(c) && c != '-' {
			return false
		}
	}
	return true
}

// isPlain tells whether s has nothing but unified ideographs and ASCII that can be seen: no form of normalization changes that, and there is
// neither space nor mark nor anything hidden in it.
func isPlain(s string) bool {
	for _, r := range s {
		if !isCommonHan(r) && (r <= ' ' || r >= 0x7f) {
			return false
		}
	}
	return true
}

// isCommonHan tells whether r is in the block that nearly all ideographs of names are from.
func isCommonHan(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }

// normalizeName keeps a name as entered but for NFC and the space around it.
func normalizeName(s string) string {
	if isPlain(s) {
		return s
	}
	return strings.TrimSpace(norm.NFC.String(strings.TrimSpace(s)))
}

// isHidden tells whether r leaves no trace on a screen or steers how others are
// shown: control (Cc), format (Cf, which holds the zero-width and the
// bidirectional characters), line and paragraph separators, variation
// selectors, and fillers.
func isHidden(r rune) bool {
	if r < 0x7f {
		return r < 0x20
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp,
		unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// isMark tells whether r joins the character before it: a combining mark, or a
// Hangul vowel or final, which the normalizer counts as one.
func isMark(r rune) bool {
	return r >= 0x300 && (unicode.Is(unicode.M, r) || r >= 0x1160 && r <= 0x11ff || r >= 0xd7b0 && r <= 0xd7ff)
}

// hanBlocks are the blocks of Unicode 17 that hold ideographs, wider than the
// Unicode version of the standard library so that new extensions work. Radicals
// and iteration marks are not among them.
var hanBlocks = [...][2]rune{
	{0x3007, 0x3007},   // 〇
	{0x3400, 0x4dbf},   // extension A
	{0x4e00, 0x9fff},   // unified ideographs
	{0xf900, 0xfaff},   // compatibility ideographs
	{0x20000, 0x2a6df}, // B
	{0x2a700, 0x2ebe0}, // C, D, E, F
	{0x2ebf0, 0x2ee5d}, // I
	{0x2f800, 0x2fa1f}, // compatibility supplement
	{0x30000, 0x323af}, // G, H
	{0x323b0, 0x33479}, // J
}

func isHan(r rune) bool {
	if r < hanBlocks[0][0] {
		return false
	}
	if isCommonHan(r) {
		return true
	}
	for _, b := range hanBlocks {
		if r >= b[0] && r <= b[1] {
			return true
		}
	}
	return false
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }
func isUpper(b byte) bool { return 'A' <= b && b <= 'Z' }

func isLetter(b byte) bool { return isUpper(b &^ 0x20) }

func upperASCII(r rune) rune {
	if 'a' <= r && r <= 'z' {
		return r - 'a' + 'A'
	}
	return r
}

func lowerASCII(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r - 'A' + 'a'
	}
	return r
}

// firstNot returns the index, in code points, of the first character of s that
// is not ok, or -1. Characters outside ASCII never are.
func firstNot(s string, ok func(byte) bool) int {
	at := 0
	for _, r := range s {
		if r >= utf8.RuneSelf || !ok(byte(r)) {
			return at
		}
		at++
	}
	return -1
}

func isDigits(s string) bool { return s != "" && firstNot(s, isDigit) < 0 }
