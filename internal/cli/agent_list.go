package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newAgentListCmd(app *App) *cobra.Command {
	query := &service.AccountQuery{}
	cmd := &cobra.Command{
		Use:   "list [--unit-code C] [--role R] [--status S]",
		Short: app.tr("List accounts, the newest first", "列出账号，最新的在前"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("status", query.Status, account.AccountStatuses()); err != nil {
				return err
			}
			if err := oneOf("role", query.Role, account.Roles()); err != nil {
				return err
			}
			return printList(cmd.Context(), app, render.List[account.Account]{Columns: inList(app.accountColumns(), "username", "organization.name")}, func(ctx context.Context, s *service.Service) (account.Page[account.Account], error) {
				return s.Accounts(ctx, *query)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&query.UnitCode, "unit-code", "", app.tr("only this organization", "仅此单位"))
	flags.StringVar(&query.Role, "role", "", app.tr("only this role: ", "仅此角色：")+list(account.Roles()))
	flags.StringVar(&query.Status, "status", "", app.tr("only this status: ", "仅此状态：")+list(account.AccountStatuses()))
	pagingFlags(app, cmd, &query.Paging)
	choices(cmd, "role", account.Roles()...)
	choices(cmd, "status", account.AccountStatuses()...)
	completesFlag(app, cmd, "unit-code", unitCodes)
	return cmd
}
