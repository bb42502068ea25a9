package identifier

import "strings"

// normalizeMobile takes away spaces, hyphens and the country code 86 in its
// three ways of writing.
func normalizeMobile(s string) string {
	s = dropRunes(NormalizeCode(s), " -")
	for _, code := range []string{"+86", "0086", "86"} {
		if rest, ok := strings.CutPrefix(s, code); ok {
			return rest
		}
	}
	return s
}

func dropRunes(s, drop string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(drop, r) {
			return -1
		}
		return r
	}, s)
}

func validMobile(s string) bool {
	return len(s) == 11 && isDigits(s) && s[0] == '1' && s[1] >= '3'
}

// checkMobile: a mobile number of the mainland, 11 digits, 13 to 19 in front.
func checkMobile(c *checking) {
	if !c.fixedAlphabet(11, isDigit) {
		return
	}
	if !validMobile(c.Value) {
		c.fail("prefix", "expected 13-19")
	}
}

// landline is a taken-apart fixed-line number. A 400 number has no extension.
type landline struct{ area, local, extension string }

// normalizeLandline writes a number as 0571-88880000 or 0571-88880000-123, a 400
// number as ten digits. What is no such number keeps its hyphens.
func normalizeLandline(s string) string {
	s = dropRunes(NormalizeCode(s), " ")
	n, ok := parseLandline(s)
	switch {
	case !ok:
		return s
	case n.area == "400":
		return n.area + n.local
	case n.extension != "":
		return n.area + "-" + n.local + "-" + n.extension
	}
	return n.area + "-" + n.local
}

// parseLandline accepts an area code (0 and 2 or 3 digits), 7 or 8 digits that
// begin with 2 to 9, and an extension of up to 6 digits; the hyphen after the
// area code may be missing. Or a 400 number, hyphens anywhere.
func parseLandline(s string) (landline, bool) {
	parts := strings.Split(s, "-")
	for _, p := range parts {
		if !isDigits(p) {
			return landline{}, false
		}
	}
	if digits := strings.Join(parts, ""); len(digits) == 10 && strings.HasPrefix(digits, "400") {
		return landline{area: "400", local: digits[3:]}, true
	}
	head, rest := parts[0], parts[1:]
	if head[0] != '0' || len(rest) > 2 {
		return landline{}, false
	}
	n := landline{area: head}
	if len(head) <= 4 {
		if len(rest) == 0 {
			return landline{}, false
		}
		n.local, rest = rest[0], rest[1:]
	} else {
		n.area, n.local = splitArea(head)
	}
	if len(rest) == 1 {
		n.extension = rest[0]
	}
	ok := len(rest) < 2 && len(n.extension) <= 6 && (len(n.area) == 3 || len(n.area) == 4) && validLocal(n.local)
	return n, ok
}

func validLocal(s string) bool { return (len(s) == 7 || len(s) == 8) && s[0] >= '2' }

// splitArea cuts a number without hyphen. Only 010 and 02x have three digits;
// the other cut is tried when that one gives no local number.
func splitArea(s string) (area, local string) {
	cut := 4
	if s[1] == '1' || s[1] == '2' {
		cut = 3
	}
	if other := 7 - cut; !validLocal(s[cut:]) && validLocal(s[other:]) {
		cut = other
	}
	return s[:cut], s[cut:]
}

// checkLandline: a fixed-line number with area code, or a 400 number.
func checkLandline(c *checking) {
	if i := firstNot(c.Value, func(b byte) bool { return isDigit(b) || b == '-' }); i >= 0 {
		c.fail(reasonAlphabet, position(i))
		return
	}
	if _, ok := parseLandline(c.Value); !ok {
		c.fail(reasonFormat, "expected 0571-88880000, 0571-88880000-123 or 400-888-0000")
	}
}
