package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newReviewRejectCmd(app *App) *cobra.Command {
	var unitCode, channel string
	cmd := &cobra.Command{
		Use:   "reject <application> --reason TEXT [--channel {portal | app}]",
		Short: app.tr("Reject an application", "拒绝注册申请"),
		Long:  app.tr("Reject an application of the signed-in reviewer's organization. The applicant gets the reason by SMS.", "拒绝本企业/组织的注册申请,原因以短信告知申请人。"),
		Args:  arguments(app, "<application>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := required(app, cmd, "reason"); err != nil {
				return err
			}
			if err := oneOf("channel", channel, reviewChannels()); err != nil {
				return err
			}
			return printApplication(cmd.Context(), app, args[0], unitCode, func(ctx context.Context, s *service.Service, id account.ApplicationID) (account.Application, error) {
				return s.Reject(ctx, id, app.global.reason, channel)
			})
		},
	}
	cmd.Flags().StringVar(&channel, "channel", "portal", app.tr("where the reviewer acted: ", "审核途径:")+list(reviewChannels()))
	selectorFlags(app, cmd, &unitCode)
	return cmd
}
