package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newClockAdvanceCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:     "advance <duration>",
		Short:   app.tr("Make the clock go on", "拨快时钟"),
		Long:    app.tr("Make the clock go on by 90s, 30m, 36h or 2d; with a minus sign behind -- it goes back.", "将时钟拨快 90s、30m、36h 或 2d；在 -- 之后写负值则拨慢。") + app.clockHelp(),
		Example: "  farenctl clock advance 36h\n  farenctl clock advance -- -10m",
		Args:    arguments(app, "<duration>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			by, ok := account.ParseAdvance(args[0])
			if !ok {
				return account.NewFault("USAGE", "problem", app.tr("<duration> is a time span as 90s, 30m, 36h or 2d", "<duration> 须为时长，例如 90s、30m、36h、2d"), "command", cmd.CommandPath())
			}
			return printObject(cmd.Context(), app, app.clockObject(), func(ctx context.Context, s *service.Service) (account.Clock, error) { return s.AdvanceClock(ctx, by) })
		},
	}
}
