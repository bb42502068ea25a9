package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newClockResetCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "reset",
		Short: app.tr("Go by the real clock again", "恢复为真实时间"),
		Long:  app.tr("Go by the real clock again.", "恢复为真实时间。") + app.clockHelp(),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return printObject(cmd.Context(), app, app.clockObject(), func(ctx context.Context, s *service.Service) (account.Clock, error) { return s.ResetClock(ctx) })
		},
	}
}
