package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newWhoamiCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "whoami",
		Short: app.tr("Show whose session this is", "查看当前登录会话"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return printSession(cmd.Context(), app, func(ctx context.Context, s *service.Service) (account.Session, error) { return s.WhoAmI(ctx) })
		},
	}
}
