package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newReviewListCmd(app *App) *cobra.Command {
	query := &service.Paging{}
	var kind string
	var overdue bool
	cmd := &cobra.Command{
		Use:   "list [--kind {organization | comparison}] [--overdue]",
		Short: app.tr("List what waits for a decision, the longest waiting first", "列出待审核的申请，等待最久的在前"),
		Long: app.tr(`List what waits for a decision.

  organization  the applications of the signed-in reviewer's organization, the longest waiting first.
  comparison    those of the manual channels, which staff compare, the earliest due first; --overdue: only those past it.`, `列出待审核的申请。

  organization  已登录审核人所在企业/组织的申请，等待最久的在前。
  comparison    人工认证渠道中待工作人员比对的申请，最早到期的在前；--overdue 仅列出已超期的。`),
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("kind", kind, account.ReviewKinds()); err != nil {
				return err
			}
			if kind == account.ReviewOrganization {
				if overdue {
					return account.NewFault("USAGE", "problem", app.tr("--overdue goes with --kind comparison", "--overdue 须与 --kind comparison 同用"), "command", cmd.CommandPath())
				}
				return printList(cmd.Context(), app, app.applicationList(), func(ctx context.Context, s *service.Service) (account.Page[account.Application], error) {
					return s.Reviews(ctx, *query)
				})
			}
			return printList(cmd.Context(), app, app.comparisonList(), func(ctx context.Context, s *service.Service) (account.Page[account.Application], error) {
				return s.Comparisons(ctx, *query, overdue)
			})
		},
	}
	cmd.Flags().StringVar(&kind, "kind", account.ReviewOrganization, app.tr("who decides: ", "审核类型：")+list(account.ReviewKinds()))
	cmd.Flags().BoolVar(&overdue, "overdue", false, app.tr("only what staff should have compared by now", "仅列出已超期的比对"))
	pagingFlags(app, cmd, query)
	choices(cmd, "kind", account.ReviewKinds()...)
	return cmd
}
