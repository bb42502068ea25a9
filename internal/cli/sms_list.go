package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
	"github.com/farenctl/farenctl/internal/sms"
)

func newSMSListCmd(app *App) *cobra.Command {
	query := &service.MessageQuery{}
	var application, unitCode string
	cmd := &cobra.Command{
		Use:   "list [--kind K] [--status S] [--application A]",
		Short: app.tr("List messages, the newest first", "列出短信，最新的在前"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("kind", query.Kind, sms.Kinds()); err != nil {
				return err
			}
			if err := oneOf("status", query.Status, account.SMSStatuses()); err != nil {
				return err
			}
			return printList(cmd.Context(), app, render.List[account.SMS]{Columns: inList(app.smsColumns(), "text")}, func(ctx context.Context, s *service.Service) (account.Page[account.SMS], error) {
				if application != "" {
					id, err := s.FindApplication(ctx, application, unitCode)
					if err != nil {
						return account.Page[account.SMS]{}, err
					}
					query.Application = &id
				}
				return s.Messages(ctx, *query)
			})
		},
	}
	cmd.Flags().StringVar(&query.Kind, "kind", "", app.tr("only this kind: ", "仅此类型：")+list(sms.Kinds()))
	cmd.Flags().StringVar(&query.Status, "status", "", app.tr("only in this state: ", "仅此状态：")+list(account.SMSStatuses()))
	cmd.Flags().StringVar(&application, "application", "", app.tr("only of this application", "仅此申请"))
	selectorFlags(app, cmd, &unitCode)
	pagingFlags(app, cmd, &query.Paging)
	choices(cmd, "kind", sms.Kinds()...)
	choices(cmd, "status", account.SMSStatuses()...)
	completesFlag(app, cmd, "application", applications())
	return cmd
}
