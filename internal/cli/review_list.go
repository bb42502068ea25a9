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
