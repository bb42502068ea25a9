package render

import "time"

// noValue stands in a table for null, a zero time, and an empty text.
const noValue = "-"

// tableTime is how tables show a moment.
const tableTime = "2006-01-02 15:04:05"

// FormatTime shows a moment as tables do, in loc (nil: China Standard Time, UTC+8
// all year since 1992). No time, or the zero time, is "-".
func FormatTime(t *time.Time, loc *time.Location) string {
	if t == nil || t.IsZero() {
		return noValue
	}
	if loc == nil {
		loc = time.FixedZone("CST", 8*60*60)
	}
	return t.In(loc).Format(tableTime)
}

// localTime shows an RFC 3339 text as tables do; other texts are left alone.
func localTime(text string, loc *time.Location) string {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return text
	}
	return FormatTime(&t, loc)
}
