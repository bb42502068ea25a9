package calendar

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/account"
)

// nextWorkingDay is the first working day after a date, by days.
func nextWorkingDay(t *testing.T, after string, days []account.CalendarDay) string {
	t.Helper()
	d, err := time.Parse(time.DateOnly, after)
	if err != nil {
		t.Fatal(err)
	}
	for range 30 {
		d = d.AddDate(0, 0, 1)
		date := d.Format(time.DateOnly)
		i := slices.IndexFunc(days, func(c account.CalendarDay) bool { return c.Date == date })
		if i >= 0 && days[i].Type == account.DayWork || i < 0 && !weekend(d) {
			return date
		}
	}
	t.Fatalf("no working day within a month of %s", after)
	return ""
}

func TestStatutoryNextWorkingDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ outcome, after, want string }{
		{"worked Sunday before the Spring Festival", "2025-01-24", "2025-01-26"},
		{"after eight days of National Day and Mid-Autumn", "2025-09-30", "2025-10-09"},
		{"after nine days of the Spring Festival", "2026-02-14", "2026-02-24"},
		{"worked Saturday after National Day", "2026-10-09", "2026-10-10"},
		{"worked Sunday of the next year", "2025-12-31", "2026-01-04"},
		{"plain weekend", "2026-03-06", "2026-03-09"},
	} {
		t.Run(c.outcome, func(t *testing.T) {
			t.Parallel()
			if got := nextWorkingDay(t, c.after, Statutory()); got != c.want {
				t.Errorf("after %s: %s, want %s", c.after, got, c.want)
			}
		})
	}
}

// The days of the notices once more, written as a notice has them and apart from the file: first, last, name.
func TestStatutoryIsWhatTheNoticesSay(t *testing.T) {
	t.Parallel()
	want := []account.CalendarDay{}
	for _, c := range [][3]string{
		{"2025-01-01", "2025-01-01", "元旦"}, {"2025-01-28", "2025-02-04", "春节"}, {"2025-04-04", "2025-04-06", "清明节"},
		{"2025-05-01", "2025-05-05", "劳动节"}, {"2025-05-31", "2025-06-02", "端午节"}, {"2025-10-01", "2025-10-08", "国庆节、中秋节"},
		{"2026-01-01", "2026-01-03", "元旦"}, {"2026-02-15", "2026-02-23", "春节"}, {"2026-04-04", "2026-04-06", "清明节"},
		{"2026-05-01", "2026-05-05", "劳动节"}, {"2026-06-19", "2026-06-21", "端午节"}, {"2026-09-25", "2026-09-27", "中秋节"},
		{"2026-10-01", "2026-10-07", "国庆节"},
	} {
		first, _ := time.Parse(time.DateOnly, c[0])
		for d := first; d.Format(time.DateOnly) <= c[1]; d = d.AddDate(0, 0, 1) {
			want = append(want, account.CalendarDay{Date: d.Format(time.DateOnly), Type: "off", Name: c[2]})
		}
	}
	for _, c := range [][2]string{
		{"2025-01-26", "春节"}, {"2025-02-08", "春节"}, {"2025-04-27", "劳动节"}, {"2025-09-28", "国庆节、中秋节"}, {"2025-10-11", "国庆节、中秋节"},
		{"2026-01-04", "元旦"}, {"2026-02-14", "春节"}, {"2026-02-28", "春节"}, {"2026-05-09", "劳动节"}, {"2026-09-20", "国庆节"}, {"2026-10-10", "国庆节"},
	} {
		want = append(want, account.CalendarDay{Date: c[0], Type: "work", Name: c[1] + "调休"})
	}
	slices.SortFunc(want, func(a, b account.CalendarDay) int { return strings.Compare(a.Date, b.Date) })
	if got := Statutory(); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestStatutoryYearsAreWhole(t *testing.T) {
	t.Parallel()
	days := Statutory()
	if want := []int{2025, 2026}; !slices.Equal(Years(days), want) {
		t.Fatalf("years %v, want %v", Years(days), want)
	}
	for _, year := range Years(days) {
		if got := WorkingDays(year, days); got != 248 {
			t.Errorf("%d has %d working days, want 248", year, got)
		}
	}
}

func TestStatutoryWorkedDaysAreWeekends(t *testing.T) {
	t.Parallel()
	for _, d := range Statutory() {
		if date, err := time.Parse(time.DateOnly, d.Date); err != nil || d.Type == account.DayWork && !weekend(date) {
			t.Errorf("%v: %v", d, err)
		}
	}
}

func TestStatutoryIsTheCallersOwn(t *testing.T) {
	t.Parallel()
	days := Statutory()
	days[0].Type = account.DayWork
	if Statutory()[0].Type != account.DayOff {
		t.Error("a caller changed the days of all")
	}
}

func TestStatutoryComesByDateInTheFile(t *testing.T) {
	t.Parallel()
	if got := encode(t, Statutory()); got != string(embedded) {
		t.Error("statutory.csv is not in order of date, LF and without needless quotes")
	}
}

func TestYears(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		outcome string
		dates   []string
		want    []int
	}{
		{"none of no days", nil, []int{}},
		{"each once and in order", []string{"2027-01-01", "2025-12-31", "2027-05-01"}, []int{2025, 2027}},
		{"no date left out", []string{"", "2027", "2027-02-30", "2028-02-29"}, []int{2028}},
	} {
		t.Run(c.outcome, func(t *testing.T) {
			t.Parallel()
			var days []account.CalendarDay
			for _, d := range c.dates {
				days = append(days, account.CalendarDay{Date: d})
			}
			if got := Years(days); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestWorkingDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		outcome string
		year    int
		days    []account.CalendarDay
		want    int
	}{
		{"weekdays of a year of which nothing is said", 2027, Statutory(), 261},
		{"leap year", 2028, nil, 260},
		{"off on a weekday is one less", 2027, []account.CalendarDay{{Date: "2027-01-01", Type: "off"}}, 260},
		{"off on a weekend changes nothing", 2027, []account.CalendarDay{{Date: "2027-01-02", Type: "off"}}, 261},
		{"worked weekend is one more", 2027, []account.CalendarDay{{Date: "2027-12-26", Type: "work"}}, 262},
	} {
		t.Run(fmt.Sprintf("%d, %s", c.year, c.outcome), func(t *testing.T) {
			t.Parallel()
			if got := WorkingDays(c.year, c.days); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}
