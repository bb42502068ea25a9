package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newAgentUnlockCmd(app *App) *cobra.Command {
	var unitCode string
	cmd := &cobra.Command{
		Use:               "unlock <account>",
		Short:             app.tr("End the lock of an account after failed sign-ins", "解除登录失败造成的锁定"),
		Long:              app.tr("End the lock that too many failed sign-ins set. It needs the role faren_support.", "解除登录失败次数过多造成的锁定。需要 faren_support 角色。"),
		ValidArgsFunction: completes(app, accounts(account.AccountLocked)),
		Args:              arguments(app, "<account>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return printAccount(cmd.Context(), app, args[0], unitCode, func(ctx context.Context, s *service.Service, id account.AccountID) (account.Account, error) {
				return s.UnlockAccount(ctx, id)
			})
		},
	}
	selectorFlags(app, cmd, &unitCode)
	return cmd
}
