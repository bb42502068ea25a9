package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newRecoverResetCmd(app *App) *cobra.Command {
	password := &secretFlags{}
	cmd := &cobra.Command{
		Use:   "reset <recovery> [--password-file F | --password-stdin]",
		Short: app.tr("Set a new password", "重置密码"),
		Long: app.tr("Set a new password, once, within 15 minutes of the proof. The account's sessions and a lock end, and its phone is told.",
			"在验证通过后 15 分钟内重置一次密码。账号的登录会话和锁定随即结束，并以短信告知。"),
		Args: arguments(app, "<recovery>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := recoveryArgument(app, "<recovery>", args[0])
			if err != nil {
				return err
			}
			typed, err := password.read(app, cmd, true)
			if err != nil {
				return err
			}
			return printObject(cmd.Context(), app, app.recoveryObject(), func(ctx context.Context, s *service.Service) (account.Recovery, error) {
				return s.ResetPassword(ctx, id, typed)
			})
		},
	}
	password.add(app, cmd, "password", app.tr("new password", "新密码"))
	return cmd
}
