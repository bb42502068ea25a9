package account

import (
	"strconv"
	"strings"
	"time"
)

// Clock is the clock that every rule goes by. OffsetSeconds is by how much it is ahead of the real one; 0 on production.
type Clock struct {
	Now           time.Time `json:"now"`
	OffsetSeconds float64   `json:"offset_seconds"`
	Environment   string    `json:"environment"`
}

// dated tells a time that every part of the program can hold: PostgreSQL knows no year 0, and RFC 3339 none above 9999.
func dated(at time.Time) bool { return at.UTC().Year() >= 1 && at.UTC().Year() <= 9999 }

// ParseClock reads a time of the clock: RFC 3339, or year, month, day and perhaps hour, minute and second of a time zone; from the year 1.
func ParseClock(text string, zone *time.Location) (time.Time, bool) {
	text = strings.TrimSpace(text)
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at, dated(at)
	}
	for _, layout := range []string{time.DateTime, "2006-01-02 15:04", time.DateOnly} {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			return at, dated(at)
		}
	}
	return time.Time{}, false
}

// ParseAdvance reads how far a clock goes on: 90s, 30m, 36h, or days as 2d; negative it goes back.
func ParseAdvance(text string) (time.Duration, bool) {
	text = strings.TrimSpace(text)
	if days, found := strings.CutSuffix(text, "d"); found {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err == nil && n > -40_000 && n < 40_000
	}
	d, err := time.ParseDuration(text)
	return d, err == nil
}
