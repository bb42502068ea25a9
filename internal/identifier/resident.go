package identifier

import (
	"strings"
	"time"
	"unicode/utf8"
)

const residentLength = 18

// residentCheck computes the check character of GB 11643 (ISO 7064 MOD 11-2)
// over 17 digits.
func residentCheck(digits string) byte {
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(digits[i]-'0') * w
	}
	return "10X98765432"[sum%11]
}

// residentForm checks 17 digits and a digit or X.
func (c *checking) residentForm() bool {
	s := c.Value
	if utf8.RuneCountInString(s) != residentLength {
		detail := "18"
		if len(s) == 15 && isDigits(s) {
			detail = "18, not the old 15"
		}
		c.fail(reasonLength, detail)
		return false
	}
	at := firstNot(s, func(b byte) bool { return isDigit(b) || b == 'X' })
	if at < 0 {
		if at = strings.IndexByte(s, 'X'); at == residentLength-1 {
			at = -1
		}
	}
	if at >= 0 {
		c.fail(reasonAlphabet, position(at))
		return false
	}
	return true
}

// checkResidentID follows GB 11643: division (6), birth date (8), sequence (3,
// odd for men), check character. Divisions are not compared with a list, since
// numbers outlive them.
func checkResidentID(c *checking) {
	if c.residentForm() {
		c.residentRest()
	}
}

// residentRest checks birth date and check character of a value whose form is
// right, and tells the facts.
func (c *checking) residentRest() {
	s := c.Value
	switch {
	case !isBirthDate(s[6:14]):
		c.fail(reasonBirthDate, "")
	case isAfter(s[6:14], c.today):
		c.fail(reasonBirthDate, "future")
	}
	if residentCheck(s[:17]) != s[17] {
		c.fail(reasonCheck, "")
	}
	c.fact("division", s[:6])
	c.residentFacts()
}

func (c *checking) residentFacts() {
	s := c.Value
	if day, ok := birthDate(s[6:14]); ok {
		c.fact("birth_date", day)
	}
	sex := "female"
	if (s[16]-'0')%2 == 1 {
		sex = "male"
	}
	c.fact("sex", sex)
}

// birthDate turns eight digits into YYYY-MM-DD; false when they are no [isBirthDate].
func birthDate(digits string) (string, bool) {
	if !isBirthDate(digits) {
		return "", false
	}
	return digits[:4] + "-" + digits[4:6] + "-" + digits[6:], true
}

// isBirthDate tells whether eight digits are a day, of 1900 or later.
func isBirthDate(digits string) bool {
	if len(digits) != 8 || !isDigits(digits) {
		return false
	}
	number := func(s string) int {
		n := 0
		for i := range len(s) {
			n = 10*n + int(s[i]-'0')
		}
		return n
	}
	year, month, day := number(digits[:4]), time.Month(number(digits[4:6])), number(digits[6:])
	// A day that there is not becomes another one.
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return year >= 1900 && t.Month() == month && t.Day() == day
}

// isAfter tells whether a day of eight digits is after that of t in China.
func isAfter(digits string, t time.Time) bool {
	var day [8]byte
	// Without summer time since 1991: eight hours ahead.
	return digits > string(t.UTC().Add(8*time.Hour).AppendFormat(day[:0], "20060102"))
}

// validResident tells whether a normalized s is a resident ID or a number of the
// same make, whatever the day is.
func validResident(s string) bool {
	if len(s) != residentLength || !isDigits(s[:17]) {
		return false
	}
	return isBirthDate(s[6:14]) && residentCheck(s[:17]) == s[17]
}

// checkHMTResidencePermit: a residence permit for Hong Kong (810000), Macao
// (820000) and Taiwan (830000) residents is numbered like a resident ID.
func checkHMTResidencePermit(c *checking) {
	if !c.residentForm() {
		return
	}
	switch c.Value[:6] {
	case "810000", "820000", "830000":
	default:
		c.fail(reasonDivision, "expected 810000 820000 830000")
	}
	c.residentRest()
}

// checkForeignPRCard accepts both makes of the permanent resident card: three
// letters and twelve digits (until 2023), or 18 characters beginning with 9 and
// ending with the check character of GB 11643. The birth date in the latter is
// told when there is one, not demanded.
func checkForeignPRCard(c *checking) {
	s := c.Value
	switch utf8.RuneCountInString(s) {
	case 15:
		if i := firstNot(s, func(b byte) bool { return isDigit(b) || isUpper(b) }); i >= 0 {
			c.fail(reasonAlphabet, position(i))
			return
		}
		for i := range len(s) {
			if isUpper(s[i]) != (i < 3) {
				c.fail(reasonFormat, position(i))
				return
			}
		}
	case residentLength:
		if !c.residentForm() {
			return
		}
		if s[0] != '9' {
			c.fail(reasonFormat, "expected 9 at position 1")
		}
		if residentCheck(s[:17]) != s[17] {
			c.fail(reasonCheck, "")
		}
		c.residentFacts()
	default:
		c.fail(reasonLength, "15 or 18")
	}
}

// LegacyResidentID converts a resident ID of 15 digits, issued until 1999, to
// the 18 characters that replaced it: 19 is put before the year and the check
// character added. It serves to match old register rows; as input such a number
// is refused. False when s is none or holds no real date.
func LegacyResidentID(s string) (string, bool) {
	s = NormalizeCode(s)
	if len(s) != 15 || !isDigits(s) {
		return "", false
	}
	body := s[:6] + "19" + s[6:]
	if !isBirthDate(body[6:14]) {
		return "", false
	}
	return body + string(residentCheck(body)), true
}
