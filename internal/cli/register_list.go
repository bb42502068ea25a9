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
		Short: app.tr("List applications, the newest first", "列出注册申请，最新的在前"),
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
	flags.StringVar(&query.Status, "status", "", app.tr("only this status: ", "仅此状态：")+list(account.ApplicationStatuses()))
	flags.StringVar(&query.Channel, "channel", "", app.tr("only this channel: ", "仅此渠道：")+list(account.Channels()))
	flags.StringVar(&query.UnitCode, "unit-code", "", app.tr("only this organization", "仅此单位"))
	pagingFlags(app, cmd, &query.Paging)
	choices(cmd, "status", account.ApplicationStatuses()...)
	choices(cmd, "channel", account.Channels()...)
	completesFlag(app, cmd, "unit-code", unitCodes)
	return cmd
}
