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
		Long: app.tr(`Reject an application. The applicant gets the reason by SMS.

Of the signed-in reviewer's organization, or, by staff of the role faren_reviewer, of a manual channel: the documents do not
agree, and the applicant may correct them and submit again (register resubmit).`, `拒绝注册申请，原因以短信告知申请人。

可用于本企业/组织的申请，或由 faren_reviewer 角色的工作人员用于人工认证渠道的申请（比对不通过，申请人可更正后重新提交）。`),
		ValidArgsFunction: completes(app, applications(pendingStatuses()...)),
		Args:              arguments(app, "<application>"),
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
	cmd.Flags().StringVar(&channel, "channel", "", app.tr("where the reviewer of an organization acted: ", "单位审核途径：")+list(reviewChannels())+app.tr(" (default portal)", "（默认 portal）"))
	selectorFlags(app, cmd, &unitCode)
	choices(cmd, "channel", reviewChannels()...)
	return cmd
}
