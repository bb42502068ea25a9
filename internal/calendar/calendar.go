package calendar

import (
	"bytes"
	_ "embed" // for statutory.csv
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/farenctl/farenctl/internal/account"
)

//go:embed statutory.csv
var embedded []byte

var statutory = sync.OnceValue(func() []account.CalendarDay {
	days, err := Parse(bytes.NewReader(embedded))
	if err != nil {
		panic("internal/calendar: statutory.csv: " + err.Error())
	}
	return days
})

// Statutory gives the days that came with the program, by date. The slice is the caller's own.
func Statutory() []account.CalendarDay { return slices.Clone(statutory()) }

// Years gives the years that the days are of, each once, in order. A date that is none is left out.
func Years(days []account.CalendarDay) []int {
	years := []int{}
	for _, d := range days {
		if t, err := time.Parse(time.DateOnly, d.Date); err == nil {
			years = append(years, t.Year())
		}
	}
	slices.Sort(years)
	return slices.Compact(years)
}

// ParseYear reads a year as people write it: four digits.
func ParseYear(text string) (int, error) {
	t, err := time.Parse("2006", text)
	if err != nil {
		return 0, fmt.Errorf("year: %w", err)
	}
	return t.Year(), nil
}

// WorkingDays counts the days of the year that are worked: Monday to Friday, but for what days says of it. Days of
// other years do not matter; a year of which days says nothing has its weekdays.
func WorkingDays(year int, days []account.CalendarDay) int {
	differs := make(map[string]string, len(days))
	for _, d := range days {
		differs[d.Date] = d.Type
	}
	n := 0
	for t := time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC); t.Year() == year; t = t.AddDate(0, 0, 1) {
		switch differs[t.Format(time.DateOnly)] {
		case account.DayOff:
		case account.DayWork:
			n++
		default:
			if !weekend(t) {
				n++
			}
		}
	}
	return n
}

func weekend(t time.Time) bool {
	return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday
}
