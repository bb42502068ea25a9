package identifier

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Masks follow the portal's own convention. They take any text, show only what
// can be seen of it, and never all of it; the mask of "" is "".

// tooLongMask stands for what no lawful value can be.
const tooLongMask = "***"

// MaskDocument hides a document number. Resident IDs, and the permits numbered
// like them, show the first and the last character; others the first and the
// last third.
func MaskDocument(kind Kind, s string) string {
	s, ok := visible(NormalizeCode, s)
	if !ok {
		return tooLongMask
	}
	n := utf8.RuneCountInString(s)
	if kind == ResidentID || kind == HMTResidencePermit || kind == ForeignPRCard && n == residentLength {
		if n < 3 {
			return stars(n)
		}
		return maskMiddle(s, 1, 1)
	}
	return maskThirds(s)
}

// MaskMobile shows the first three and the last four digits: 137****9050.
func MaskMobile(s string) string {
	s, ok := visible(normalizeMobile, s)
	switch {
	case !ok:
		return tooLongMask
	case validMobile(s):
		return maskMiddle(s, 3, 4)
	}
	return maskThirds(s)
}

// MaskLandline shows the area code and the last four digits: 0571-****0000. An
// extension is hidden.
func MaskLandline(s string) string {
	s, ok := visible(normalizeLandline, s)
	if !ok {
		return tooLongMask
	}
	n, ok := parseLandline(s)
	if !ok {
		return maskThirds(s)
	}
	masked := n.area + "-" + maskMiddle(n.local, 0, 4)
	if n.extension != "" {
		masked += "-" + stars(len(n.extension))
	}
	return masked
}

// MaskPhone is [MaskMobile] for a mobile, [MaskLandline] for any other number.
func MaskPhone(s string) string {
	if len(s) <= MaxBytes && validMobile(normalizeMobile(s)) {
		return MaskMobile(s)
	}
	return MaskLandline(s)
}

// MaskName hides the first character of a person's name: *三.
func MaskName(s string) string {
	s, ok := visible(normalizeName, s)
	if !ok {
		return tooLongMask
	}
	if s == "" {
		return ""
	}
	_, size := utf8.DecodeRuneInString(s)
	return "*" + strings.TrimLeftFunc(s[size:], isMark) // marks of the hidden one
}

// MaskEmail shows up to three characters of the local part, never all of it, and
// the domain: abc***@example.com. What is no address shows thirds.
func MaskEmail(s string) string {
	s, ok := visible(normalizeEmail, s)
	if !ok {
		return tooLongMask
	}
	at := strings.LastIndexByte(s, '@')
	if at <= 0 || at == len(s)-1 {
		return maskThirds(s)
	}
	local := []rune(s[:at])
	return string(local[:min(3, len(local)-1)]) + "***" + s[at:]
}

// visible returns the normalized s without what can't be seen; false when s is
// longer than any lawful value.
func visible(normalize func(string) string, s string) (string, bool) {
	if len(s) > MaxBytes {
		return "", false
	}
	s = normalize(strings.ToValidUTF8(s, "\uFFFD"))
	if isPlain(s) {
		return s, true
	}
	marks := 0
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if isHidden(r) {
			return -1
		}
		if marks++; !isMark(r) {
			marks = 0
		}
		if marks > maxMarks {
			return -1
		}
		return r
	}, s)), true
}

// maskThirds shows the first and the last third, rounded down.
func maskThirds(s string) string {
	third := utf8.RuneCountInString(s) / 3
	return maskMiddle(s, third, third)
}

// maskMiddle puts a star for each character but the first head and last tail.
func maskMiddle(s string, head, tail int) string {
	if isPlainCode(s) { // a byte for each character
		masked := []byte(s)
		for i := head; i < len(s)-tail; i++ {
			masked[i] = '*'
		}
		return string(masked)
	}
	runes := []rune(s)
	hidden := max(0, len(runes)-head-tail)
	return string(slices.Concat(runes[:head], []rune(stars(hidden)), runes[head+hidden:]))
}

func stars(n int) string { return strings.Repeat("*", n) }
