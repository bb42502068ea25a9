package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newLogoutCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "logout",
		Short: app.tr("End the session", "退出登录"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return printSession(cmd.Context(), app, func(ctx context.Context, s *service.Service) (account.Session, error) { return s.SignOut(ctx) })
		},
	}
}
