package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newAgentEnableCmd(app *App) *cobra.Command {
	return newAgentChangeCmd(app, "enable", app.tr("Enable a disabled account", "恢复已停用的账号"), accounts(account.AccountDisabled),
		func(ctx context.Context, s *service.Service, id account.AccountID) (account.Account, error) {
			return s.SetAccountStatus(ctx, id, account.AccountActive, false)
		})
}
