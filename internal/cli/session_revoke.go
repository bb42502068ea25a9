package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newSessionRevokeCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:               "revoke <session>",
		Short:             app.tr("End a session by its id", "按编号结束登录会话"),
		ValidArgsFunction: completes(app, sessions("active")),
		Args:              arguments(app, "<session>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := idArgument(app, "<session>", "ses_…", args[0], account.ParseSessionID)
			if err != nil {
				return err
			}
			return printSession(cmd.Context(), app, func(ctx context.Context, s *service.Service) (account.Session, error) {
				return s.RevokeSession(ctx, id)
			})
		},
	}
}
