package service

import (
	"context"
	"errors"
	"io"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/calendar"
)

// ImportCalendar loads a file of whole years into the working-day calendar; a year that is there is replaced. Deadlines that were
// told before stay.
func (s *Service) ImportCalendar(ctx context.Context, file io.Reader) ([]account.CalendarYear, error) {
	days, err := calendar.Parse(file)
	var wrong *calendar.Error
	if errors.As(err, &wrong) {
		problem := wrong.Problem
		if wrong.Line > 0 {
			problem = account.Say("line %d: %s", "第 %d 行：%s", wrong.Line, problem)
		}
		return nil, account.NewFault("FILE_INVALID", "format", "CSV", "problem", problem).WithCause(err)
	}
	if err != nil {
		return nil, account.NewFault("FILE_INVALID", "format", "CSV", "problem", account.Say("it cannot be read", "无法读取")).WithCause(err)
	}
	b, c, err := s.operator(ctx)
	if err != nil {
		return nil, err
	}
	return b.store.ImportCalendar(ctx, c, days)
}

// CalendarYears lists the years whose working days are known.
func (s *Service) CalendarYears(ctx context.Context) ([]account.CalendarYear, error) {
	b, err := s.backend(ctx)
	if err != nil {
		return nil, err
	}
	return b.store.CalendarYears(ctx)
}

// CalendarDays lists the days of a year that differ from their weekday. CALENDAR_MISSING tells that the year is not known.
func (s *Service) CalendarDays(ctx context.Context, year int) ([]account.CalendarDay, error) {
	b, err := s.backend(ctx)
	if err != nil {
		return nil, err
	}
	days, err := b.store.CalendarDays(ctx, year)
	if err == nil && len(days) == 0 {
		err = account.NewFault("CALENDAR_MISSING", "year", year)
	}
	return days, err
}
