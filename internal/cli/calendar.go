package cli

import (
	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
)

func newCalendarCmd(app *App) *cobra.Command {
	return group(app, "calendar", app.tr("Working days, by which deadlines are reckoned", "工作日历"),
		newCalendarListCmd(app), newCalendarShowCmd(app), newCalendarImportCmd(app))
}

func (app *App) calendarYears() render.List[account.CalendarYear] {
	type col = render.Column[account.CalendarYear]
	return render.List[account.CalendarYear]{
		ID: func(y account.CalendarYear) string { return yearText(y.Year) },
		Columns: []col{
			{Key: "year", Title: app.tr("YEAR", "年份"), Kind: render.ID},
			{Key: "working_days", Title: app.tr("WORKING DAYS", "工作日"), Align: render.AlignRight},
			{Key: "days_off", Title: app.tr("DAYS OFF", "放假日"), Align: render.AlignRight},
			{Key: "worked_weekend_days", Title: app.tr("WORKED WEEKENDS", "调休上班日"), Align: render.AlignRight},
			{Key: "source", Title: app.tr("SOURCE", "来源"), Word: app.words(account.CalendarTerms)},
			{Key: "updated_at", Title: app.tr("UPDATED", "更新时间"), Kind: render.Time},
		}}
}
