package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newAgentShowCmd(app *App) *cobra.Command {
	var unitCode, reveal string
	cmd := &cobra.Command{
		Use:               "show <account> [--reveal FIELD --reason TEXT [--ticket T]]",
		Short:             app.tr("Show an account, masked", "查看账号（脱敏）"),
		Long:              app.tr("Show an account, masked.", "查看账号（脱敏）。") + app.revealHelp(),
		ValidArgsFunction: completes(app, accounts()),
		Args:              arguments(app, "<account>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("reveal", reveal, service.PersonRevealFields()); err != nil {
				return err
			}
			view := render.Object[account.Account]{Columns: withRevealed(app, app.accountColumns(), reveal)}
			return printAccountAs(cmd.Context(), app, view, args[0], unitCode, func(ctx context.Context, s *service.Service, id account.AccountID) (account.Account, error) {
				if reveal != "" {
					return s.RevealedAccount(ctx, id, reveal)
				}
				return s.Account(ctx, id)
			})
		},
	}
	revealFlag(app, cmd, &reveal, service.PersonRevealFields())
	selectorFlags(app, cmd, &unitCode)
	return cmd
}
