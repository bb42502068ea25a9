package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newReviewApproveCmd(app *App) *cobra.Command {
	var unitCode, verification, channel string
	cmd := &cobra.Command{
		Use:   "approve <application> [--verification V] [--channel {portal | app}]",
		Short: app.tr("Approve an application", "同意注册申请"),
		Long: app.tr(`Approve an application.

Of the signed-in reviewer's organization: the reviewer's own face check for this application is needed (verify face start
--purpose review); it is spent. Of a manual channel, by staff of the role faren_reviewer: the documents agree, and the
account is active; the organization's first account is its administrator.`, `同意注册申请。

本企业/组织的申请：需审核人本人通过针对该申请的人脸核验（verify face start --purpose review），一次有效。
人工认证渠道的申请：由 faren_reviewer 角色的工作人员比对通过，账号即生效；单位的首个账号为管理员。`),
		ValidArgsFunction: completes(app, applications(pendingStatuses()...)),
		Args:              arguments(app, "<application>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("channel", channel, reviewChannels()); err != nil {
				return err
			}
			approval := service.Approval{Channel: channel}
			if verification != "" {
				id, err := verificationArgument(app, verification)
				if err != nil {
					return err
				}
				approval.Verification = &id
			}
			return printApplication(cmd.Context(), app, args[0], unitCode, func(ctx context.Context, s *service.Service, id account.ApplicationID) (account.Application, error) {
				approval.Application = id
				return s.Approve(ctx, approval)
			})
		},
	}
	cmd.Flags().StringVar(&verification, "verification", "", app.tr("face check to spend (default: the newest passed one)", "所用的人脸认证（默认最近一次通过的）"))
	cmd.Flags().StringVar(&channel, "channel", "", app.tr("where the reviewer of an organization acted: ", "单位审核途径：")+list(reviewChannels())+app.tr(" (default portal)", "（默认 portal）"))
	selectorFlags(app, cmd, &unitCode)
	choices(cmd, "channel", reviewChannels()...)
	completesFlag(app, cmd, "verification", verifications(service.CandidateQuery{Statuses: []string{account.Passed}, Purposes: []string{account.PurposeReview}}))
	return cmd
}
