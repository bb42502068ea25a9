package identifier

import (
	"strings"
	"time"
)

// normalizeUsername writes a mobile number as 11 digits and leaves all else as
// entered: usernames are displayed in the case in which they were chosen.
func normalizeUsername(s string) string {
	if m := normalizeMobile(s); validMobile(m) {
		return m
	}
	return s
}

// CheckUsername checks the form of a username (guide 一.1): 6 to 18 ASCII
// letters, digits and underscores, or the applicant's own mobile, or an e-mail
// address of 6 to 64 characters. Never a resident ID, a USCC, or a mobile that
// is not ownMobile (which may be written in any way, or be empty when unknown).
// Whether it is taken is the database's affair.
func CheckUsername(value, ownMobile string) Report {
	own := normalizeMobile(ownMobile)
	return run(&rule{
		kind:      Username,
		code:      CodeUsername,
		normalize: normalizeUsername,
		check: func(c *checking) {
			if validMobile(c.Value) {
				if c.Value != own {
					c.fail("other-mobile", "")
				}
				return
			}
			checkUsername(c)
		},
	}, value, time.Time{})
}

// checkUsernameOfAnyone is the check without an applicant: a mobile gets a
// warning instead.
func checkUsernameOfAnyone(c *checking) {
	if validMobile(c.Value) {
		c.warn(WarnUsernameMobile, "own-mobile", "")
		return
	}
	checkUsername(c)
}

// checkUsername checks a username that is no mobile.
func checkUsername(c *checking) {
	s := c.Value
	if strings.Contains(s, "@") {
		if reason, detail := emailFault(s); reason != "" {
			c.fail(reason, detail)
		} else if len(s) < 6 || len(s) > 64 {
			c.fail(reasonLength, "6-64")
		}
		return
	}
	if i := firstNot(s, func(b byte) bool { return isDigit(b) || isLetter(b) || b == '_' }); i >= 0 {
		c.fail(reasonAlphabet, position(i))
		return
	}
	if len(s) < 6 || len(s) > 18 {
		c.fail(reasonLength, "6-18")
		return
	}
	code := NormalizeCode(s)
	_, legacy := LegacyResidentID(code)
	switch {
	case validResident(code) || legacy:
		c.fail("resident-id", "")
	case validUSCC(code):
		c.fail("uscc", "")
	}
}
