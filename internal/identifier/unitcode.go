package identifier

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// UnitCodeKind tells by its shape which unit code s is meant to be: USCC,
// registration number, organization code, project code, or one issued by this
// system. The shapes do not overlap. False: none of them.
func UnitCodeKind(s string) (Kind, bool) {
	s = NormalizeCode(s)
	switch {
	case len(s) == issuedLength && strings.HasPrefix(s, issuedPrefix):
		return IssuedCode, true
	case len(s) == usccLength && strings.HasPrefix(s, "X1"):
		return ProjectCode, true
	case len(s) == usccLength:
		return USCC, true
	case len(s) == 15 && isDigits(s):
		return RegistrationNumber, true
	case len(normalizeOrganizationCode(s)) == 9:
		return OrganizationCode, true
	}
	return "", false
}

// checkRegistrationNumber follows GS 15-2006: six digits of authority, eight of
// sequence, one check digit by ISO 7064 MOD 11,10.
func checkRegistrationNumber(c *checking) {
	if !c.fixedAlphabet(15, isDigit) {
		return
	}
	if want := mod1110(c.Value[:14]); want != c.Value[14] {
		c.fail(reasonCheck, "expected "+string(want))
		return
	}
	c.fact("authority", c.Value[:6])
}

// mod1110 computes the check digit of ISO 7064 MOD 11,10 over digits.
func mod1110(digits string) byte {
	rem := 10
	for i := range len(digits) {
		rem = (rem + int(digits[i]-'0')) % 10
		if rem == 0 {
			rem = 10
		}
		rem = rem * 2 % 11
	}
	return byte('0' + (11-rem)%10)
}

// checkProjectCode checks an 18-character project code, the virtual
// social-insurance number of a project (guide 一.4): X1, six digits of division,
// ten characters of the USCC alphabet. The guide's sample passes the outer check
// of a USCC; one sample proves no rule, so a code that fails it gets a warning,
// to be confirmed by hand, since a wrong code breaks the insurance filing.
func checkProjectCode(c *checking) {
	s := c.Value
	if !c.fixedAlphabet(usccLength, inUSCCAlphabet) {
		return
	}
	if s[:2] != "X1" {
		c.fail(reasonFormat, "expected X1 at position 1")
	}
	if i := firstNot(s[2:8], isDigit); i >= 0 {
		c.fail(reasonDivision, position(i+2))
	}
	if usccCheck(s[:17]) != s[17] {
		c.warn(WarnProjectCode, reasonCheck, position(17))
	}
	c.fact("division", s[2:8])
}

const (
	// issuedPrefix can begin no USCC: neither letter is in its alphabet.
	issuedPrefix = "OV"
	issuedBody   = 10
	issuedLength = len(issuedPrefix) + issuedBody + 1
)

// IssueOverseasCode makes a unit code for an overseas organization: OV, ten
// characters of the USCC alphabet drawn evenly from random (31^10, about 8e14),
// and a check character. The check (ours) is that of the USCC over the ten
// characters: weights 3^i mod 31, so any one changed character and any exchange
// of two different ones is found. Uniqueness is the database's affair.
// It fails when random does, or when it gives nothing usable.
func IssueOverseasCode(random io.Reader) (string, error) {
	body := make([]byte, 0, issuedBody)
	// A byte is usable with 31 chances in 32; 256 good random bytes never fail.
	var chunk [16]byte
	for range 16 {
		if _, err := io.ReadFull(random, chunk[:]); err != nil {
			return "", fmt.Errorf("issue overseas code: %w", err)
		}
		for _, b := range chunk {
			if v := int(b & 31); v < len(usccAlphabet) && len(body) < issuedBody {
				body = append(body, usccAlphabet[v])
			}
		}
		if len(body) == issuedBody {
			return issuedPrefix + string(body) + string(usccCheck(string(body))), nil
		}
	}
	return "", errors.New("issue overseas code: the source of randomness repeats one useless value")
}

// CheckIssuedCode checks a code made by [IssueOverseasCode]; the same as [Check]
// of [IssuedCode].
func CheckIssuedCode(s string) Report { return Check(IssuedCode, s, time.Time{}) }

func checkIssuedCode(c *checking) {
	if !c.fixedAlphabet(issuedLength, func(b byte) bool { return isDigit(b) || isUpper(b) }) {
		return
	}
	if !strings.HasPrefix(c.Value, issuedPrefix) {
		c.fail(reasonFormat, "expected OV at position 1")
		return
	}
	body := c.Value[len(issuedPrefix) : issuedLength-1]
	if i := firstNot(c.Value[len(issuedPrefix):], inUSCCAlphabet); i >= 0 {
		c.fail(reasonAlphabet, position(i+len(issuedPrefix)))
		return
	}
	if want := usccCheck(body); want != c.Value[issuedLength-1] {
		c.fail(reasonCheck, "expected "+string(want))
	}
}
