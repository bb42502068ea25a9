package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newSessionListCmd(app *App) *cobra.Command {
	query := &service.SessionQuery{}
	statuses := []string{"active", "expired", "ended"}
	cmd := &cobra.Command{
		Use:   "list [--status S]",
		Short: app.tr("List sessions, the newest first", "列出登录会话，最新的在前"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("status", query.Status, statuses); err != nil {
				return err
			}
			return printList(cmd.Context(), app, render.List[account.Session]{Columns: inList(app.sessionColumns(), "kind", "role", "organization.name")}, func(ctx context.Context, s *service.Service) (account.Page[account.Session], error) {
				return s.Sessions(ctx, *query)
			})
		},
	}
	cmd.Flags().StringVar(&query.Status, "status", "", app.tr("only this status: ", "仅此状态：")+list(statuses))
	pagingFlags(app, cmd, &query.Paging)
	choices(cmd, "status", statuses...)
	return cmd
}
