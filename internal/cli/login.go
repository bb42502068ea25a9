package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newLoginCmd(app *App) *cobra.Command {
	password := &secretFlags{}
	cmd := &cobra.Command{
		Use:   "login <username> [--password-file F | --password-stdin]",
		Short: app.tr("Sign in", "登录"),
		Long:  app.tr("Sign in with user name and password. The session's token is kept in --session-file, readable by its owner only.", "以用户名和密码登录。会话保存在 --session-file,仅本人可读。"),
		Args:  arguments(app, "<username>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			typed, err := password.read(app, cmd, false)
			if err != nil {
				return err
			}
			return printSession(cmd.Context(), app, func(ctx context.Context, s *service.Service) (account.Session, error) {
				return s.SignIn(ctx, args[0], typed)
			})
		},
	}
	password.add(app, cmd, "password", app.tr("password", "密码"))
	return cmd
}
