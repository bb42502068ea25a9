package identifier

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// checkHKMacaoPermit: H or M and 8 digits, or 10 when the two of the issue count
// are written too.
func checkHKMacaoPermit(c *checking) {
	if !c.oneOfLengths(9, 11) {
		return
	}
	s := c.Value
	if s[0] != 'H' && s[0] != 'M' {
		c.fail(reasonFormat, "expected H M at position 1")
	}
	if i := firstNot(s[1:], isDigit); i >= 0 {
		c.fail(reasonAlphabet, position(i+1))
	}
}

// checkTaiwanPermit: 8 digits, or 10 on the older booklets.
func checkTaiwanPermit(c *checking) {
	if !c.oneOfLengths(8, 10) {
		return
	}
	if i := firstNot(c.Value, isDigit); i >= 0 {
		c.fail(reasonAlphabet, position(i))
	}
}

// oneOfLengths checks for one of two lengths and for ASCII, so that bytes are
// characters afterwards.
func (c *checking) oneOfLengths(a, b int) bool {
	if n := utf8.RuneCountInString(c.Value); n != a && n != b {
		c.fail(reasonLength, strconv.Itoa(a)+" or "+strconv.Itoa(b))
		return false
	}
	if i := firstNot(c.Value, func(byte) bool { return true }); i >= 0 {
		c.fail(reasonAlphabet, position(i))
		return false
	}
	return true
}

// checkPassport: 5 to 20 letters and digits, as foreign passports have. The fact
// "form" is "prc" for a number of the People's Republic: E and 8 digits, E, a
// letter but I or O, and 7 digits, or DE, SE, PE (diplomatic, service, public
// affairs) and 7 digits.
func checkPassport(c *checking) {
	s := c.Value
	if n := utf8.RuneCountInString(s); n < 5 || n > 20 {
		c.fail(reasonLength, "5-20")
		return
	}
	if i := firstNot(s, func(b byte) bool { return isDigit(b) || isUpper(b) }); i >= 0 {
		c.fail(reasonAlphabet, position(i))
		return
	}
	form := "foreign"
	if isPRCPassport(s) {
		form = "prc"
	}
	c.fact("form", form)
}

func isPRCPassport(s string) bool {
	if len(s) != 9 || !isDigits(s[2:]) {
		return false
	}
	switch {
	case s[0] == 'E':
		return isDigit(s[1]) || isUpper(s[1]) && s[1] != 'I' && s[1] != 'O'
	case s[1] == 'E':
		return strings.IndexByte("DSP", s[0]) >= 0
	}
	return false
}

// checkMilitaryOfficerCard: 2 to 20 Han characters and digits, as in 某字第…号.
func checkMilitaryOfficerCard(c *checking) {
	if n := utf8.RuneCountInString(c.Value); n < 2 || n > 20 {
		c.fail(reasonLength, "2-20")
		return
	}
	at := 0
	for _, r := range c.Value {
		if !isHan(r) && (r < '0' || r > '9') {
			c.fail(reasonAlphabet, position(at))
			return
		}
		at++
	}
}
