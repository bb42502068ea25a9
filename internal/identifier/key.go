package identifier

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// PersonKey returns the key by which names of persons are compared: exactly,
// never nearly. Different ways to type one name give one key: width, the middle
// dots in use, brackets, dashes, white space, ASCII case, characters that are
// not seen. A full stop between Han characters is taken for a middle dot. White
// space goes where there is Han, and becomes one space elsewhere. The key of a
// key is itself.
func PersonKey(s string) string { return matchKey(s, true) }

// OrganizationKey is [PersonKey] for names of organizations, which keep their
// full stops.
func OrganizationKey(s string) string { return matchKey(s, false) }

func matchKey(s string, person bool) string {
	if isPlain(s) && !strings.ContainsFunc(s, func(r rune) bool { return r == '.' || foldRune(r) != r }) {
		return s
	}
	s = norm.NFKC.String(strings.ToValidUTF8(s, "\uFFFD"))
	han := strings.ContainsFunc(s, isHan)
	key := make([]rune, 0, len(s))
	gap, marks := false, 0
	for _, r := range s {
		if unicode.IsSpace(r) {
			gap = !han && len(key) > 0
			continue
		}
		if isHidden(r) {
			continue
		}
		if gap {
			key = append(key, ' ')
			gap, marks = false, 0
		}
		if marks++; !isMark(r) {
			marks = 0
		}
		if marks <= maxMarks {
			key = append(key, foldRune(r))
		}
	}
	if person {
		for i := 1; i < len(key)-1; i++ {
			if key[i] == '.' && isHan(key[i-1]) && isHan(key[i+1]) {
				key[i] = middleDot
			}
		}
	}
	// What was dropped may have stood between a letter and its mark.
	return norm.NFC.String(string(key))
}

// foldRune maps what is typed for the same sign, after NFKC, to one character.
func foldRune(r rune) rune {
	switch r {
	case '\u2022', '\u30fb', '\u2027', '\u22c5', '\u2219', '\u2e31':
		return middleDot
	case '〔', '【', '[':
		return '('
	case '〕', '】', ']':
		return ')'
	case '\u2013', '\u2014', '\u2212':
		return '-'
	}
	return lowerASCII(r)
}
