package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newClockSetCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "set <time>",
		Short: app.tr("Set the clock", "设置时钟"),
		Long: app.tr("Set the clock to a time: 2026-02-14, '2026-02-14 17:30' in the time zone of tables, or RFC 3339. It goes on from there.",
			"设置时钟：2026-02-14、'2026-02-14 17:30'（按表格所用时区）或 RFC 3339；此后继续走时。") + app.clockHelp(),
		Example: "  farenctl clock set '2026-02-14 17:30'",
		Args:    arguments(app, "<time>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := app.config()
			if err != nil {
				return err
			}
			at, ok := account.ParseClock(args[0], c.Location)
			if !ok {
				return account.NewFault("USAGE", "problem", app.tr("<time> is a time as 2026-02-14 17:30", "<time> 须为时间，例如 2026-02-14 17:30"), "command", cmd.CommandPath())
			}
			return printObject(cmd.Context(), app, app.clockObject(), func(ctx context.Context, s *service.Service) (account.Clock, error) { return s.SetClock(ctx, at) })
		},
	}
}
