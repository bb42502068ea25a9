package account

import "time"

// The types of a calendar's days.
const (
	DayOff  = "off"  // a statutory day off, whatever its weekday
	DayWork = "work" // a Saturday or Sunday that is worked instead
)

// CalendarDay is a day that differs from its weekday, as the State Council's yearly notice has it. What is not named is
// worked from Monday to Friday.
type CalendarDay struct {
	Date string `json:"date"` // 2006-01-02, in China
	Type string `json:"type"`
	Name string `json:"name"`
}

// CalendarYear counts one year of the calendar. Source is who loaded it: statutory for what came with the program, else
// the operator.
type CalendarYear struct {
	Year        int       `json:"year"`
	WorkingDays int       `json:"working_days"`
	DaysOff     int       `json:"days_off"`
	WorkedDays  int       `json:"worked_weekend_days"`
	Source      string    `json:"source"`
	UpdatedAt   time.Time `json:"updated_at"`
}
