package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newRegisterWithdrawCmd(app *App) *cobra.Command {
	var unitCode string
	cmd := &cobra.Command{
		Use:               "withdraw <application>",
		Short:             app.tr("End an application that is not decided", "撤回尚未审核的申请"),
		Long:              app.tr("End an application that is not decided. What it reserved is free again.", "撤回尚未审核的申请，其占用的用户名、手机号等随即释放。") + app.tr(applicationHelp, applicationHelpZH),
		ValidArgsFunction: completes(app, applications(openStatuses()...)),
		Args:              arguments(app, "<application>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return printApplication(cmd.Context(), app, args[0], unitCode, func(ctx context.Context, s *service.Service, id account.ApplicationID) (account.Application, error) {
				return s.Withdraw(ctx, id)
			})
		},
	}
	selectorFlags(app, cmd, &unitCode)
	return cmd
}
