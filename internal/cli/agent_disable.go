package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newAgentDisableCmd(app *App) *cobra.Command {
	return newAgentChangeCmd(app, "disable", app.tr("Disable an account; its sessions end", "停用账号，其登录会话随即结束"), accounts(account.AccountActive, account.AccountLocked),
		func(ctx context.Context, s *service.Service, id account.AccountID) (account.Account, error) {
			return s.SetAccountStatus(ctx, id, account.AccountDisabled, false)
		})
}
