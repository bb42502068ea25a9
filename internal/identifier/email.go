package identifier

import "strings"

// normalizeEmail puts the domain, which ignores case, in lower case. The local
// part may not ignore it and is kept. Nothing is folded: an address that only
// looks like another must not become it.
func normalizeEmail(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return s
	}
	return s[:at+1] + strings.Map(lowerASCII, s[at+1:])
}

// checkEmail accepts the addresses in use (RFC 5321): a local part of up to 64
// characters without quotes, a domain name of two labels or more, 254
// characters in all, ASCII.
func checkEmail(c *checking) {
	if reason, detail := emailFault(c.Value); reason != "" {
		c.fail(reason, detail)
	}
}

// emailFault returns the first fault of an address, "" for none.
func emailFault(s string) (reason, detail string) {
	if i := firstNot(s, func(b byte) bool { return b > ' ' && b < 0x7f }); i >= 0 {
		return reasonAlphabet, position(i)
	}
	if len(s) > 254 {
		return reasonLength, "at most 254"
	}
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return reasonFormat, "expected name@domain"
	}
	if !validLocalPart(s[:at]) {
		return "local-part", ""
	}
	if !validDomain(s[at+1:]) {
		return "domain", ""
	}
	return "", ""
}

// validLocalPart checks for a dot-atom of RFC 5322.
func validLocalPart(s string) bool {
	if len(s) > 64 {
		return false
	}
	for atom := range strings.SplitSeq(s, ".") {
		if atom == "" || firstNot(atom, func(b byte) bool {
			return isDigit(b) || isLetter(b) || strings.IndexByte("!#$%&'*+-/=?^_`{|}~", b) >= 0
		}) >= 0 {
			return false
		}
	}
	return true
}

func validDomain(s string) bool {
	labels := strings.Split(s, ".")
	if len(labels) < 2 || len(s) > 253 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' ||
			firstNot(l, func(b byte) bool { return isDigit(b) || isLetter(b) || b == '-' }) >= 0 {
			return false
		}
	}
	// A last label of digits is an IP address; one letter is no top-level domain.
	top := labels[len(labels)-1]
	return len(top) >= 2 && isLetter(top[0])
}
