package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newAgentDeauthorizeCmd(app *App) *cobra.Command {
	return newAgentChangeCmd(app, "deauthorize", app.tr("Make an administrator an agent again", "取消管理员授权"), accountsOf(account.RoleAdministrator),
		func(ctx context.Context, s *service.Service, id account.AccountID) (account.Account, error) {
			return s.SetAccountRole(ctx, id, account.RoleAgent)
		})
}
