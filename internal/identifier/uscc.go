package identifier

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	usccLength = 18
	// usccAlphabet is that of GB 32100-2015: a character's value is its index.
	// I, O, Z, S and V are not in it.
	usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
)

func inUSCCAlphabet(b byte) bool { return strings.IndexByte(usccAlphabet, b) >= 0 }

// usccCheck computes the check character over body, whose characters are all in
// the alphabet: weights 3^i mod 31 (GB 32100-2015, 5.1). 31 is a prime and 3 a
// primitive root of it, so each changed character and each exchange of two
// different ones among up to 30 is found.
func usccCheck(body string) byte {
	sum, weight := 0, 1
	for i := range len(body) {
		sum += strings.IndexByte(usccAlphabet, body[i]) * weight
		weight = weight * 3 % 31
	}
	return usccAlphabet[(31-sum%31)%31]
}

// checkUSCC follows GB 32100-2015: registering department, category, division
// (6), organization code (9), check character. The division must be digits but
// not a current one of GB/T 2260: old divisions live on in codes. The outer
// check is an error, the inner one a warning (ours): real codes exist that miss
// it.
func checkUSCC(c *checking) {
	s := c.Value
	if !c.fixedAlphabet(usccLength, inUSCCAlphabet) {
		return
	}
	if i := firstNot(s[2:8], isDigit); i >= 0 {
		c.fail(reasonDivision, position(i+2))
	}
	if want := usccCheck(s[:17]); want != s[17] {
		c.fail(reasonCheck, "expected "+string(want))
	}
	if organizationCheck(s[8:16]) != s[16] {
		c.warn(WarnUSCCOrganizationCode, reasonCheck, position(16))
	}
	c.fact("prefix", s[:2])
	if name := prefixCategory(s[:2]); name != "" {
		c.fact("category", name)
	} else {
		c.warn(WarnUSCCPrefix, "prefix", s[:2])
	}
	c.fact("division", s[2:8])
	c.fact("organization_code", s[8:17])
}

// fixedAlphabet checks that the value has n characters, each of them ok.
func (c *checking) fixedAlphabet(n int, ok func(byte) bool) bool {
	if utf8.RuneCountInString(c.Value) != n {
		c.fail(reasonLength, strconv.Itoa(n))
		return false
	}
	if i := firstNot(c.Value, ok); i >= 0 {
		c.fail(reasonAlphabet, position(i))
		return false
	}
	return true
}

// validUSCC tells whether a normalized s has the form and the outer check.
func validUSCC(s string) bool {
	return len(s) == usccLength && firstNot(s, inUSCCAlphabet) < 0 && isDigits(s[2:8]) && usccCheck(s[:17]) == s[17]
}

// USCCDivision returns the six digits of the registering division, "" when s
// doesn't have the form of a USCC. The check character is not looked at.
func USCCDivision(s string) string {
	s = NormalizeCode(s)
	if len(s) != usccLength || !isDigits(s[2:8]) {
		return ""
	}
	return s[2:8]
}

// USCCOrganizationCode returns characters 9 to 17 of a USCC, which are its
// organization code (GB 11714) without hyphen, "" when s doesn't have the form
// of a USCC. No check character is looked at.
func USCCOrganizationCode(s string) string {
	s = NormalizeCode(s)
	if len(s) != usccLength || firstNot(s, inUSCCAlphabet) >= 0 {
		return ""
	}
	return s[8:17]
}

// organizationCheck computes the check character of GB 11714 over the eight
// characters of body: weights 3 7 9 10 5 8 4 2, digits and A=10 to Z=35.
func organizationCheck(body string) byte {
	weights := [8]int{3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		v := int(body[i] - '0')
		if isUpper(body[i]) {
			v = int(body[i]-'A') + 10
		}
		sum += v * w
	}
	return "0X987654321"[sum%11]
}

// normalizeOrganizationCode drops the hyphen of the usual way to write it, 8-1.
func normalizeOrganizationCode(s string) string {
	s = NormalizeCode(s)
	if len(s) == 10 && s[8] == '-' {
		return s[:8] + s[9:]
	}
	return s
}

// checkOrganizationCode follows GB 11714: eight digits or letters and a check
// character.
func checkOrganizationCode(c *checking) {
	if !c.fixedAlphabet(9, func(b byte) bool { return isDigit(b) || isUpper(b) }) {
		return
	}
	if want := organizationCheck(c.Value[:8]); want != c.Value[8] {
		c.fail(reasonCheck, "expected "+string(want))
	}
}
