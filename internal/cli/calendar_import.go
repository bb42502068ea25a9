package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newCalendarImportCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "import {FILE.csv | -}",
		Short: app.tr("Load the working days of whole years", "导入整年的工作日安排"),
		Long: app.tr(`Load the working days of one or several whole years from a CSV file with the header date,type,name: a row for each day that
differs from its weekday, as the State Council's yearly notice has it. type is off for a day off, work for a Saturday or Sunday
that is worked. A year that is there is replaced; deadlines that were told before stay. It needs the role faren_admin.`, `从 CSV 文件导入一个或多个整年的工作日安排，表头为 date,type,name：每个与平常星期不同的日子一行（按国务院办公厅放假通知）。
type 为 off（放假）或 work（周末上班）。已有年份会被替换，已告知的期限不变。需要 faren_admin 角色。`),
		Example: `  # calendar.csv
  date,type,name
  2026-01-01,off,元旦
  2026-01-04,work,元旦调休`,
		ValidArgsFunction: files("csv"),
		Args:              arguments(app, "FILE.csv"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return printList(cmd.Context(), app, app.calendarYears(), func(ctx context.Context, s *service.Service) (account.Page[account.CalendarYear], error) {
				file, err := app.open(args[0], false)
				if err != nil {
					return account.Page[account.CalendarYear]{}, err
				}
				defer file.Close() //nolint:errcheck // only read
				years, err := s.ImportCalendar(ctx, file)
				return account.Page[account.CalendarYear]{Items: years}, err
			})
		},
	}
}
