package calendar

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"github.com/farenctl/farenctl/internal/account"
)

// encode writes days in the form that Parse reads.
func encode(t *testing.T, days []account.CalendarDay) string {
	t.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Write([]string{"date", "type", "name"})
	for _, d := range days {
		w.Write([]string{d.Date, d.Type, d.Name})
	}
	w.Flush()
	if err := w.Error(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// off writes n days off from the first of July of the year, a row each.
func off(year, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s,off,假\n", time.Date(year, time.July, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	}
	return b.String()
}

const head = "date,type,name\n"

func TestParseTakes(t *testing.T) {
	t.Parallel()
	plain := head + off(2027, 12)
	want, err := Parse(strings.NewReader(plain))
	if err != nil || len(want) != 12 || want[0] != (account.CalendarDay{Date: "2027-07-01", Type: "off", Name: "假"}) {
		t.Fatalf("%v, %v", want, err)
	}
	backwards, other := "", ""
	for i := range want {
		backwards = fmt.Sprintf("2027-07-%02d,off,假\n", i+1) + backwards
		other += fmt.Sprintf("off,\xff,假,2027-07-%02d\n", i+1)
	}
	for _, c := range []struct{ outcome, file string }{
		{"byte order mark", "\uFEFF" + plain},
		{"byte order mark and quoted header", "\uFEFF" + strings.Replace(plain, "date", `"date"`, 1)},
		{"CRLF", strings.ReplaceAll(plain, "\n", "\r\n")},
		{"no line break at the end", strings.TrimSuffix(plain, "\n")},
		{"blank lines", "\n \n" + strings.ReplaceAll(plain, "\n", "\n\n \t\n")},
		{"empty rows of a spreadsheet", plain + ",,\n , ,\n"},
		{"header in upper case", strings.Replace(plain, head, "Date,TYPE,nAME\n", 1)},
		{"columns in another order, and more of them", "type,remark,name,date\n" + other},
		{"white space around values", strings.ReplaceAll(plain, ",", " , ")},
		{"quoted values", strings.ReplaceAll(plain, "假", `"假"`)},
		{"any order of rows", head + backwards},
	} {
		t.Run(c.outcome, func(t *testing.T) {
			t.Parallel()
			got, err := Parse(strings.NewReader(c.file))
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestParseTakesTheLimits(t *testing.T) {
	t.Parallel()
	thousand := off(2020, 100)
	for year := 2021; year < 2030; year++ {
		thousand += off(year, 100)
	}
	padded := head + off(2027, 11)
	for _, c := range []struct {
		outcome, file string
		rows          int
	}{
		{"no name column", "date,type\n" + strings.ReplaceAll(off(2027, 11), ",假", ""), 11},
		{"eleven days off", padded, 11},
		{"first and last year", head + off(2000, 11) + off(2100, 11), 22},
		{"worked weekend", padded + "2027-09-25,work,\n2027-09-26,work,国庆节调休\n", 13},
		{"leap day", padded + "2028-02-29,off,\n" + off(2028, 11), 23},
		{"name of 40 code points", padded + "2027-10-01,off," + strings.Repeat("𠮷", 40) + "\n", 12},
		{"1,000 rows", head + thousand, 1000},
		{"64 KiB", padded + strings.Repeat("\n", 64<<10-len(padded)), 11},
	} {
		t.Run(c.outcome, func(t *testing.T) {
			t.Parallel()
			days, err := Parse(strings.NewReader(c.file))
			if err != nil || len(days) != c.rows {
				t.Errorf("%d days, want %d: %v", len(days), c.rows, err)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	year := head + off(2027, 11) // lines 1 to 12
	rows := ""
	for y := 2020; y < 2031; y++ {
		rows += off(y, 91)
	}
	for _, c := range []struct {
		outcome, file string
		line          int
		problem       string
	}{
		{"nothing", "", 0, "empty"},
		{"nothing but a byte order mark and blank lines", "\uFEFF\r\n \r\n", 0, "empty"},
		{"header alone", head, 0, "empty"},
		{"header and blank rows", head + "\n,,\n", 0, "empty"},
		{"no header", off(2027, 11), 1, "header"},
		{"header without date", "\nday,type,name\n" + off(2027, 11), 2, "header"},
		{"header without type", "date,name\n2027-01-01,元旦\n", 1, "header"},
		{"header with a column twice", "date,type,Date\n", 1, "header"},
		{"UTF-16", "\xff\xfed\x00a\x00t\x00e\x00", 1, "header"},
		{"quote that never closes", year + "2027-10-01,off,\"国庆节\n", 13, "not CSV"},
		{"quote within a value", "da\"te,type\n", 1, "not CSV"},
		{"row too short", year + "\n2027-10-01,off\n", 14, "not CSV"},
		{"row too long", year + "2027-10-01,off,国庆节,\n", 13, "not CSV"},
		{"day that no month has", year + "2027-02-29,off,\n", 13, "date"},
		{"date without zeros", year + "2027-1-1,off,\n", 13, "date"},
		{"date of another form", year + "2027/10/01,off,\n", 13, "date"},
		{"date with a time", year + "2027-10-01T00:00:00Z,off,\n", 13, "date"},
		{"date in wide digits", year + "２０２７-10-01,off,\n", 13, "date"},
		{"no date", year + ",off,国庆节\n", 13, "date"},
		{"year before 2000", year + "1999-12-31,off,\n", 13, "year"},
		{"year after 2100", year + "2101-01-01,off,\n", 13, "year"},
		{"unknown type", year + "2027-10-01,holiday,\n", 13, "type"},
		{"type in upper case", year + "2027-10-01,OFF,\n", 13, "type"},
		{"no type", year + "2027-10-01,,国庆节\n", 13, "type"},
		{"date twice", year + "2027-07-11,off,\n", 13, "date twice"},
		{"date twice with another type", year + "2027-07-11,work,\n", 13, "date twice"},
		{"worked Monday", year + "2027-10-04,work,\n", 13, "work on a weekday"},
		{"worked Friday", year + "2027-10-08,work,\n", 13, "work on a weekday"},
		{"name of 41 code points", year + "2027-10-01,off," + strings.Repeat("国", 41) + "\n", 13, "name"},
		{"name with a tab", year + "2027-10-01,off,国\t庆\n", 13, "name"},
		{"name of two lines", year + "2027-10-01,off,\"国\n庆\"\n", 13, "name"},
		{"name that turns the writing round", year + "2027-10-01,off,国\u202e庆\n", 13, "name"},
		{"name with a line separator", year + "2027-10-01,off,国\u2028庆\n", 13, "name"},
		{"name in GBK", year + "2027-10-01,off,\xb9\xfa\xc7\xec\n", 13, "name"},
		{"ten days off", head + off(2027, 10), 0, "too few days off in 2027"},
		{"year of a worked weekend alone", year + "2028-01-02,work,\n", 0, "too few days off in 2028"},
		{"days of the December before", year + "2026-12-31,off,元旦\n", 0, "too few days off in 2026"},
		{"1,001 rows", head + rows, 0, "too large"},
		{"more than 64 KiB", year + strings.Repeat("\n", 64<<10-len(year)+1), 0, "too large"},
		{"first of two problems", year + "2027-10-01,holiday,\n2027-13-01,off,\n", 13, "type"},
	} {
		t.Run(c.outcome, func(t *testing.T) {
			t.Parallel()
			days, err := Parse(strings.NewReader(c.file))
			var problem *Error
			if !errors.As(err, &problem) || days != nil {
				t.Fatalf("got %v, %v", days, err)
			}
			if problem.Line != c.line || problem.Problem.English != c.problem || problem.Problem.Chinese == "" {
				t.Errorf("got %+v, want line %d, %s", *problem, c.line, c.problem)
			}
		})
	}
}

func TestParseGivesTheErrorOfTheReader(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	days, err := Parse(io.MultiReader(strings.NewReader(head+off(2027, 12)), iotest.ErrReader(broken)))
	var problem *Error
	if !errors.Is(err, broken) || errors.As(err, &problem) || days != nil {
		t.Errorf("got %v, %v", days, err)
	}
}

func TestErrorNamesLineAndProblem(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]*Error{
		"calendar, line 3: date twice":       {3, account.Say("date twice", "日期重复")},
		"calendar: too few days off in 2027": {0, account.Say("too few days off in 2027", "2027 年的放假天数过少")},
	} {
		if e.Error() != want {
			t.Errorf("got %q, want %q", e.Error(), want)
		}
	}
}

func TestStatutoryReadsBackTheSame(t *testing.T) {
	t.Parallel()
	got, err := Parse(strings.NewReader(encode(t, Statutory())))
	if err != nil || !slices.Equal(got, Statutory()) {
		t.Errorf("got %v, %v", got, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(string(embedded))
	f.Add("\uFEFFname,TYPE,date,x\r\n" + strings.ReplaceAll(off(2027, 3), "\n", ",\r\n"))
	f.Add(head + off(2027, 11) + "2027-10-02,work,\" a \"\"b\n\"\"\"\n")
	f.Add(head + off(2027, 11) + "2027-10-01,off,\"\u200b\xff\n")
	f.Add("date,type\n0000-00-00,off\n")
	f.Fuzz(func(t *testing.T, file string) {
		days, err := Parse(strings.NewReader(file))
		if err != nil {
			var problem *Error
			if !errors.As(err, &problem) || days != nil || problem.Line < 0 || problem.Line > strings.Count(file, "\n")+1 {
				t.Fatalf("got %v, %v", days, err)
			}
			return
		}
		for i, d := range days {
			date, err := time.Parse(time.DateOnly, d.Date)
			if err != nil || date.Format(time.DateOnly) != d.Date || i > 0 && days[i-1].Date >= d.Date {
				t.Fatalf("%q is no date, or not in order", d.Date)
			}
			if d.Type != "off" && (d.Type != "work" || !weekend(date)) {
				t.Fatalf("%q is %q", d.Date, d.Type)
			}
			if !utf8.ValidString(d.Name) || utf8.RuneCountInString(d.Name) > 40 {
				t.Fatalf("name %q", d.Name)
			}
		}
		again, err := Parse(strings.NewReader(encode(t, days)))
		if err != nil || !slices.Equal(again, days) {
			t.Fatalf("%v becomes %v: %v", days, again, err)
		}
	})
}
