package sms

// The lengths of GSM 03.40 with UCS-2: a message alone holds 70 units, one part of several 67, as each of them carries
// a header of three.
const (
	singleUnits = 70
	partUnits   = 67
)

// Segments counts the short messages that a text is sent and charged as; at least one.
func Segments(text string) int {
	n := units(text)
	if n <= singleUnits {
		return 1
	}
	return (n + partUnits - 1) / partUnits
}

// units is the length of a text in UTF-16 code units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += width(r)
	}
	return n
}

// width is 2 for a code point that takes a surrogate pair.
func width(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}
