package cli

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/calendar"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func yearText(year int) string { return strconv.Itoa(year) }

func newCalendarShowCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:               "show <year>",
		Short:             app.tr("Show the days of a year that differ from their weekday", "查看某年的放假和调休安排"),
		ValidArgsFunction: completes(app, years),
		Args:              arguments(app, "<year>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			year, err := calendar.ParseYear(args[0])
			if err != nil {
				return account.NewFault("USAGE", "problem", app.tr("<year> is a year of four digits, as 2026", "<year> 须为四位年份，如 2026"), "command", cmd.CommandPath()).WithCause(err)
			}
			type col = render.Column[account.CalendarDay]
			view := render.List[account.CalendarDay]{ID: func(d account.CalendarDay) string { return d.Date }, Columns: []col{
				{Key: "date", Title: app.tr("DATE", "日期"), Kind: render.ID},
				{Key: "type", Title: app.tr("TYPE", "类型"), Word: app.words(account.DayTerms)},
				{Key: "name", Title: app.tr("NAME", "名称")},
			}}
			return printList(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.Page[account.CalendarDay], error) {
				days, err := s.CalendarDays(ctx, year)
				return account.Page[account.CalendarDay]{Items: days}, err
			})
		},
	}
}
