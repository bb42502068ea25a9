package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newRegisterListCmd(app *App) *cobra.Command {
	query := &service.ApplicationQuery{}
	cmd := &cobra.Command{
		Use:   "list [--status S] [--channel C] [--unit-code C]",
		Short: app.tr("List applications, the newest first", "列出注册申请,最新的在前"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("status", query.Status, account.ApplicationStatuses()); err != nil {
				return err
			}
			if err := oneOf("channel", query.Channel, account.Channels()); err != nil {
				return err
			}
			return printList(cmd.Context(), app, app.applicationList(), func(ctx context.Context, s *service.Service) (account.Page[account.Application], error) {
				return s.Applications(ctx, *query)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&query.Status, "status", "", app.tr("only this status: ", "仅此状态:")+list(account.ApplicationStatuses()))
	flags.StringVar(&query.Channel, "channel", "", app.tr("only this channel: ", "仅此渠道:")+list(account.Channels()))
	flags.StringVar(&query.UnitCode, "unit-code", "", app.tr("only this organization", "仅此单位"))
	pagingFlags(app, cmd, &query.Paging)
	return cmd
}

func pagingFlags(app *App, cmd *cobra.Command, p *service.Paging) {
	cmd.Flags().IntVar(&p.Limit, "limit", 0, app.tr("rows of a page, 1-1000 (default 30)", "每页行数,1-1000(默认 30)"))
	cmd.Flags().StringVar(&p.Token, "page-token", "", app.tr("token of the next page", "下一页的标记"))
}
