package sms

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// show writes a parameter as it stands in a text.
func show(value any) string {
	text := ""
	switch v := value.(type) {
	case string:
		text = clean(v)
	case int:
		text = strconv.Itoa(v)
	case int64:
		text = strconv.FormatInt(v, 10)
	case float64: // a number of a JSON object
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			text = strconv.FormatFloat(v, 'f', -1, 64)
		}
	case json.Number:
		text = clean(v.String())
	}
	if text == "" {
		return Absent
	}
	return text
}

// clean takes out what cannot be seen, makes one space of any white space, and turns the brackets of a signature into
// others: phones and gateways take what stands in 【】 for the sender. A full stop at the end goes, since the text has
// its own.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == '【':
			return '〔'
		case r == '】':
			return '〕'
		case r == utf8.RuneError, isHidden(r):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	return strings.TrimRight(s, "。 ")
}

// isHidden tells whether r leaves no trace on a screen or steers how others are shown: control and format characters,
// separators of lines, variation selectors, fillers.
func isHidden(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Variation_Selector,
		unicode.Other_Default_Ignorable_Code_Point)
}

const ellipsis = "…"

// shorten cuts the longest values, all to one length, so that together they have at most room UTF-16 units. The short
// ones stay whole.
func shorten(values []string, room int) {
	lengths := make([]int, len(values))
	total := 0
	for i, v := range values {
		lengths[i] = units(v)
		total += lengths[i]
	}
	if total <= room {
		return
	}
	limit := room
	for ; total > room; limit-- {
		total = 0
		for _, n := range lengths {
			total += min(n, limit-1)
		}
	}
	for i, v := range values {
		values[i] = cut(v, limit)
	}
}

// cut ends a value of more than limit units with an ellipsis. It cuts between code points, never inside a surrogate
// pair, and takes the base of a combining mark together with its marks.
func cut(s string, limit int) string {
	if units(s) <= limit {
		return s
	}
	left, end, whole := limit-units(ellipsis), 0, 0
	for i, r := range s {
		if !unicode.Is(unicode.M, r) {
			whole = i
		}
		left -= width(r)
		if left < 0 {
			end = whole
			break
		}
	}
	return strings.TrimRight(s[:end], " ") + ellipsis
}
