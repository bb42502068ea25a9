package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newAgentShowCmd(app *App) *cobra.Command {
	var unitCode string
	cmd := &cobra.Command{
		Use:               "show <account>",
		Short:             app.tr("Show an account, masked", "查看账号（脱敏）"),
		ValidArgsFunction: completes(app, accounts()),
		Args:              arguments(app, "<account>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return printAccount(cmd.Context(), app, args[0], unitCode, func(ctx context.Context, s *service.Service, id account.AccountID) (account.Account, error) {
				return s.Account(ctx, id)
			})
		},
	}
	selectorFlags(app, cmd, &unitCode)
	return cmd
}
