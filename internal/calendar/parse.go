package calendar

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/farenctl/farenctl/internal/account"
)

const (
	maxBytes = 64 << 10 // a year takes about 1 KiB
	maxRows  = 1000     // a year takes about 40
	maxName  = 40       // code points

	firstYear, lastYear = 2000, 2100

	// minDaysOff is the fewest days off of a year that can be whole: 《全国年节及纪念日放假办法》 gave 11 before 2025 and
	// gives 13 since, and a notice names the weekends next to them as well.
	minDaysOff = 11
)

// Error tells what is wrong with a calendar's file. It never holds what the file holds.
type Error struct {
	Line    int          // from 1; 0 when it is of the whole file
	Problem account.Text // a short phrase that stays the same, as "date twice"
}

// Error names the line, if there is one, and the problem.
func (e *Error) Error() string {
	if e.Line == 0 {
		return "calendar: " + e.Problem.English
	}
	return fmt.Sprintf("calendar, line %d: %s", e.Line, e.Problem)
}

// Parse reads a CSV file of one whole year or several: UTF-8 with or without a byte order mark, any order of rows,
// the columns date (2006-01-02), type ([account.DayOff], [account.DayWork]) and, if wanted, name found by their header in
// upper or lower case. Other columns, blank rows and white space around a value do not matter. The days come by date.
//
// The error is an *[Error] of the first thing that is wrong, or what r failed with. A notice that lets a holiday begin in
// the December before has those days in the file of that December's year: alone they would be a year that is not whole.
func Parse(r io.Reader) ([]account.CalendarDay, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read a calendar: %w", err)
	}
	if len(data) > maxBytes {
		return nil, &Error{Problem: account.Say("too large", "文件过大")}
	}
	// A byte order mark, as spreadsheets write it.
	f := &file{records: csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\uFEFF")))), seen: map[string]bool{}}
	f.records.FieldsPerRecord = -1 // next looks itself, after blank lines
	if err := f.header(); err != nil {
		return nil, err
	}
	var days []account.CalendarDay
	for {
		d, err := f.day()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if len(days) == maxRows {
			return nil, &Error{Problem: account.Say("too large", "文件过大")}
		}
		days = append(days, d)
	}
	if len(days) == 0 {
		return nil, &Error{Problem: account.Say("empty", "没有数据")}
	}
	slices.SortFunc(days, func(a, b account.CalendarDay) int { return strings.Compare(a.Date, b.Date) })
	if err := whole(days); err != nil {
		return nil, err
	}
	return days, nil
}

// whole refuses a year with too few days off: a file that was cut off would make deadlines silently wrong.
func whole(days []account.CalendarDay) error {
	for _, year := range Years(days) {
		off, prefix := 0, fmt.Sprintf("%d-", year)
		for _, d := range days {
			if d.Type == account.DayOff && strings.HasPrefix(d.Date, prefix) {
				off++
			}
		}
		if off < minDaysOff {
			return &Error{Problem: account.Say("too few days off in %d", "%d 年的放假天数过少", year)}
		}
	}
	return nil
}

// columns are the header names; only name may be absent.
var columns = [...]string{"date", "type", "name"}

type file struct {
	records *csv.Reader
	at      [len(columns)]int // where each column stands; -1: absent
	width   int               // fields of a row; 0 until the header is read
	line    int
	seen    map[string]bool // dates
}

// next reads the next row that is not blank.
func (f *file) next() ([]string, error) {
	for {
		record, err := f.records.Read()
		if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
			return nil, &Error{Line: parse.StartLine, Problem: account.Say("not CSV", "不是 CSV 格式")}
		}
		if err != nil {
			return nil, err
		}
		f.line, _ = f.records.FieldPos(0)
		if strings.TrimSpace(strings.Join(record, "")) == "" {
			continue
		}
		if f.width > 0 && len(record) != f.width {
			return nil, &Error{Line: f.line, Problem: account.Say("not CSV", "不是 CSV 格式")}
		}
		return record, nil
	}
}

func (f *file) header() error {
	header, err := f.next()
	if errors.Is(err, io.EOF) {
		return &Error{Problem: account.Say("empty", "没有数据")}
	}
	if err != nil {
		return err
	}
	f.at, f.width = [...]int{-1, -1, -1}, len(header)
	for i, h := range header {
		column := slices.IndexFunc(columns[:], func(name string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
		if column < 0 {
			continue
		}
		if f.at[column] >= 0 { // twice: either could be meant
			return &Error{Line: f.line, Problem: account.Say("header", "表头不正确")}
		}
		f.at[column] = i
	}
	if f.at[0] < 0 || f.at[1] < 0 {
		return &Error{Line: f.line, Problem: account.Say("header", "表头不正确")}
	}
	return nil
}

// day reads the next row and checks what can be told of it alone.
func (f *file) day() (account.CalendarDay, error) {
	record, err := f.next()
	if err != nil {
		return account.CalendarDay{}, err
	}
	value := func(i int) string {
		if f.at[i] < 0 {
			return ""
		}
		return strings.TrimSpace(record[f.at[i]])
	}
	d := account.CalendarDay{Date: value(0), Type: value(1), Name: value(2)}
	date, err := time.Parse(time.DateOnly, d.Date)
	var problem account.Text
	switch {
	case err != nil:
		problem = account.Say("date", "日期不正确")
	case date.Year() < firstYear || date.Year() > lastYear:
		problem = account.Say("year", "年份不正确")
	case d.Type != account.DayOff && d.Type != account.DayWork:
		problem = account.Say("type", "类型不正确")
	case f.seen[d.Date]:
		problem = account.Say("date twice", "日期重复")
	case d.Type == account.DayWork && !weekend(date):
		problem = account.Say("work on a weekday", "工作日不应列为调休上班")
	case !utf8.ValidString(d.Name) || utf8.RuneCountInString(d.Name) > maxName || strings.ContainsFunc(d.Name, hidden):
		problem = account.Say("name", "名称不正确")
	}
	if problem != (account.Text{}) {
		return account.CalendarDay{}, &Error{Line: f.line, Problem: problem}
	}
	f.seen[d.Date] = true
	return d, nil
}

// hidden tells what would break a line of output, or change how one looks without being seen.
func hidden(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) }
