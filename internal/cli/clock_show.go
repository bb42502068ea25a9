package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newClockShowCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: app.tr("Show the clock", "查看时钟"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return printObject(cmd.Context(), app, app.clockObject(), func(ctx context.Context, s *service.Service) (account.Clock, error) { return s.Clock(ctx) })
		},
	}
}
