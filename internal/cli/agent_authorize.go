package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newAgentAuthorizeCmd(app *App) *cobra.Command {
	return newAgentChangeCmd(app, "authorize", app.tr("Make an agent an administrator, who may review", "授权经办人为管理员"), accountsOf(account.RoleAgent),
		func(ctx context.Context, s *service.Service, id account.AccountID) (account.Account, error) {
			return s.SetAccountRole(ctx, id, account.RoleAdministrator)
		})
}
