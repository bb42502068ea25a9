package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newAgentDeactivateCmd(app *App) *cobra.Command {
	var unitCode string
	var force bool
	cmd := &cobra.Command{
		Use:   "deactivate <account> [--force]",
		Short: app.tr("End an account for good", "注销账号"),
		Long: app.tr("End an account for good; its holder may, too. Its sessions end, and its mobile and agent are free for another account of the organization.",
			"注销账号（本人也可注销自己的账号）。其登录会话随即结束，手机号和经办人可用于本单位的其他账号。") + app.careHelp(),
		ValidArgsFunction: completes(app, accounts(account.AccountPending, account.AccountActive, account.AccountLocked, account.AccountDisabled)),
		Args:              arguments(app, "<account>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return printAccount(cmd.Context(), app, args[0], unitCode, func(ctx context.Context, s *service.Service, id account.AccountID) (account.Account, error) {
				return s.SetAccountStatus(ctx, id, account.AccountDeactivated, force)
			})
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, app.tr("even the last reviewer of an organization with applications to decide", "即使是仍有待审核申请的单位的最后一名审核人"))
	selectorFlags(app, cmd, &unitCode)
	return cmd
}
