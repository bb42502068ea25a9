package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newReviewShowCmd(app *App) *cobra.Command {
	var unitCode string
	cmd := &cobra.Command{
		Use:               "show <application>",
		Short:             app.tr("Show an application to whoever decides it", "查看待审核的申请"),
		Long:              app.tr("Show an application: of the signed-in reviewer's organization, or, with its documents, of a manual channel to staff.", "查看申请：已登录审核人所在企业/组织的申请，或供工作人员比对的人工认证渠道申请（含文件列表）。"),
		ValidArgsFunction: completes(app, applications(pendingStatuses()...)),
		Args:              arguments(app, "<application>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return printApplication(cmd.Context(), app, args[0], unitCode, func(ctx context.Context, s *service.Service, id account.ApplicationID) (account.Application, error) {
				return s.ReviewApplication(ctx, id)
			})
		},
	}
	selectorFlags(app, cmd, &unitCode)
	return cmd
}
