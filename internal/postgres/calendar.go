package postgres

import (
	"context"
	"database/sql"
	"time"

	"github.com/farenctl/farenctl/internal/account"
)

type calendarYearRow struct {
	Year       int       `db:"year" json:"year"`
	Working    int       `db:"working_days" json:"working_days"`
	DaysOff    int       `db:"days_off" json:"days_off"`
	WorkedDays int       `db:"worked_weekend_days" json:"worked_weekend_days"`
	Source     string    `db:"source" json:"source"`
	UpdatedAt  time.Time `db:"updated_at" json:"updated_at"`
}

func (r calendarYearRow) year() account.CalendarYear {
	return account.CalendarYear{Year: r.Year, WorkingDays: r.Working, DaysOff: r.DaysOff, WorkedDays: r.WorkedDays, Source: r.Source, UpdatedAt: r.UpdatedAt.UTC()}
}

// ImportCalendar replaces every year that days names.
func (s *Store) ImportCalendar(ctx context.Context, c Caller, days []account.CalendarDay) ([]account.CalendarYear, error) {
	var rows []calendarYearRow
	err := s.changeWith(ctx, c, &rows, `SELECT api.import_calendar($1, $2)`, days)
	return convert(rows, calendarYearRow.year), err
}

// CalendarYears lists the years whose working days are known.
func (s *Store) CalendarYears(ctx context.Context) ([]account.CalendarYear, error) {
	rows, err := many[calendarYearRow](ctx, s, `SELECT year, working_days, days_off, worked_weekend_days, source, updated_at FROM api.calendar_year ORDER BY year`)
	return convert(rows, calendarYearRow.year), err
}

// CalendarDays lists the days of a year that differ from their weekday.
func (s *Store) CalendarDays(ctx context.Context, year int) ([]account.CalendarDay, error) {
	type dayRow struct {
		Date string `db:"date"`
		Type string `db:"type"`
		Name string `db:"name"`
	}
	rows, err := many[dayRow](ctx, s, `SELECT date, type, name FROM api.calendar_day WHERE year = $1 ORDER BY date`, year)
	return convert(rows, func(r dayRow) account.CalendarDay { return account.CalendarDay(r) }), err
}

// loadStatutory adds the years that came with the program and are not there. One that somebody imported is never replaced.
func loadStatutory(ctx context.Context, tx *sql.Tx, days []account.CalendarDay) error {
	text, err := encode(days)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `WITH given AS (
			SELECT d.date, d.type, d.name, CAST(extract(year FROM d.date) AS integer) AS year FROM jsonb_to_recordset(CAST($1 AS jsonb)) AS d (date date, type text, name text)
		), added AS (
			INSERT INTO faren.calendar_year (year, source, updated_at) SELECT DISTINCT year, 'statutory', clock_timestamp() FROM given
			ON CONFLICT (year) DO NOTHING RETURNING year
		)
		INSERT INTO faren.calendar_day (day, type, name) SELECT g.date, g.type, g.name FROM given g JOIN added a ON a.year = g.year`, text)
	return err
}
