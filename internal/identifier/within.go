package identifier

import (
	"regexp"
	"strings"
	"time"
)

// within finds what may be personal. Ids are found first, so that nothing is found in them: they have digits, too. Digits may be wide ones,
// and a mobile's in groups.
var within = regexp.MustCompile(`[a-z]{3}_[0-9a-z]{26}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}` +
	`|(?P<email>[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)` +
	`|(?P<digits>[1１][3-9３-９][0-9０-９][ -][0-9０-９]{4}[ -][0-9０-９]{4}|[0-9０-９]+[Xx]?)`)

// narrow makes the digits of a number those of ASCII.
var narrow = strings.NewReplacer(" ", "", "-", "", "０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9")

// MaskWithin masks, inside a text that somebody wrote, whatever is a mobile number, a resident ID or an e-mail address. What only looks like
// one (another check digit) stays: unit codes have as many digits.
func MaskWithin(text string) string {
	var out strings.Builder
	end := 0
	for _, m := range within.FindAllStringSubmatchIndex(text, -1) {
		found := text[m[0]:m[1]]
		switch {
		case m[2] >= 0:
			found = MaskEmail(found)
		case m[4] >= 0:
			found = maskDigits(found)
		}
		out.WriteString(text[end:m[0]] + found)
		end = m[1]
	}
	return out.String() + text[end:]
}

func maskDigits(found string) string {
	digits := narrow.Replace(found)
	mobile := strings.TrimRight(digits, "Xx")
	switch {
	case len(digits) == 18 && Check(ResidentID, digits, time.Now()).Valid:
		return MaskDocument(ResidentID, digits)
	case Check(Mobile, mobile, time.Time{}).Valid:
		return MaskMobile(Check(Mobile, mobile, time.Time{}).Value) + digits[len(mobile):]
	}
	return found
}
