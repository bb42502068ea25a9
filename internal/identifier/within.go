package identifier

import (
	"regexp"
	"time"
)

var (
	withinEmail  = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)
	withinDigits = regexp.MustCompile(`\b[0-9]+[Xx]?\b`)
)

// MaskWithin masks, inside a text that somebody wrote, whatever is a mobile number, a resident ID or an e-mail address. What only looks like
// one (another check digit) stays: unit codes have as many digits.
func MaskWithin(text string) string {
	text = withinEmail.ReplaceAllStringFunc(text, MaskEmail)
	return withinDigits.ReplaceAllStringFunc(text, func(digits string) string {
		switch {
		case len(digits) == 18 && Check(ResidentID, digits, time.Now()).Valid:
			return MaskDocument(ResidentID, digits)
		case Check(Mobile, digits, time.Time{}).Valid:
			return MaskMobile(Check(Mobile, digits, time.Time{}).Value)
		}
		return digits
	})
}
