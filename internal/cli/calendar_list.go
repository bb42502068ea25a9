package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newCalendarListCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: app.tr("List the years whose working days are known", "列出已有数据的年份"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return printList(cmd.Context(), app, app.calendarYears(), func(ctx context.Context, s *service.Service) (account.Page[account.CalendarYear], error) {
				years, err := s.CalendarYears(ctx)
				return account.Page[account.CalendarYear]{Items: years}, err
			})
		},
	}
}
