package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newReviewCmd(app *App) *cobra.Command {
	return group(app, "review", app.tr("Decide applications", "审核注册申请"),
		newReviewListCmd(app), newReviewShowCmd(app), newReviewApproveCmd(app), newReviewRejectCmd(app))
}

// reviewChannels are the places where a reviewer acts (guide 二.2).
func reviewChannels() []string { return []string{"portal", "app"} }

func newReviewListCmd(app *App) *cobra.Command {
	query := &service.Paging{}
	var kind string
	cmd := &cobra.Command{
		Use:   "list",
		Short: app.tr("List what waits for the signed-in reviewer, the longest waiting first", "列出待审核的申请,等待最久的在前"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("kind", kind, []string{account.ReviewOrganization}); err != nil {
				return err
			}
			return printList(cmd.Context(), app, app.applicationList(), func(ctx context.Context, s *service.Service) (account.Page[account.Application], error) {
				return s.Reviews(ctx, *query)
			})
		},
	}
	cmd.Flags().StringVar(&kind, "kind", "", app.tr("who decides: ", "审核类型:")+account.ReviewOrganization)
	pagingFlags(app, cmd, query)
	return cmd
}

func newReviewShowCmd(app *App) *cobra.Command {
	var unitCode string
	cmd := &cobra.Command{
		Use:   "show <application>",
		Short: app.tr("Show an application of the signed-in reviewer's organization", "查看本企业/组织的申请"),
		Args:  arguments(app, "<application>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return printApplication(cmd.Context(), app, args[0], unitCode, func(ctx context.Context, s *service.Service, id account.ApplicationID) (account.Application, error) {
				return s.ReviewApplication(ctx, id)
			})
		},
	}
	selectorFlags(app, cmd, &unitCode)
	return cmd
}

func newReviewApproveCmd(app *App) *cobra.Command {
	var unitCode, verification, channel string
	cmd := &cobra.Command{
		Use:   "approve <application> [--verification V] [--channel {portal | app}]",
		Short: app.tr("Approve an application", "同意注册申请"),
		Long: app.tr(`Approve an application of the signed-in reviewer's organization.

The reviewer's own face check for this application is needed (verify face start --purpose review); it is spent.`, `同意本企业/组织的注册申请。

需审核人本人通过针对该申请的人脸核验(verify face start --purpose review),一次有效。`),
		Args: arguments(app, "<application>"),
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
	cmd.Flags().StringVar(&verification, "verification", "", app.tr("face check to spend (default: the newest passed one)", "所用的人脸认证(默认最近一次通过的)"))
	cmd.Flags().StringVar(&channel, "channel", "portal", app.tr("where the reviewer acted: ", "审核途径:")+list(reviewChannels()))
	selectorFlags(app, cmd, &unitCode)
	return cmd
}

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
