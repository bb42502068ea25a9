package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
	"github.com/farenctl/farenctl/internal/sms"
)

func newSMSCmd(app *App) *cobra.Command {
	return group(app, "sms", app.tr("Look at the SMS outbox", "查看短信发件箱"), newSMSListCmd(app), newSMSShowCmd(app))
}

func newSMSListCmd(app *App) *cobra.Command {
	query := &service.MessageQuery{}
	var application, unitCode string
	cmd := &cobra.Command{
		Use:   "list [--kind K] [--application A]",
		Short: app.tr("List messages, the newest first", "列出短信,最新的在前"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("kind", query.Kind, sms.Kinds()); err != nil {
				return err
			}
			return printList(cmd.Context(), app, render.List[account.SMS]{Columns: app.smsColumns()}, func(ctx context.Context, s *service.Service) (account.Page[account.SMS], error) {
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
	cmd.Flags().StringVar(&query.Kind, "kind", "", app.tr("only this kind: ", "仅此类型:")+list(sms.Kinds()))
	cmd.Flags().StringVar(&application, "application", "", app.tr("only of this application", "仅此申请"))
	selectorFlags(app, cmd, &unitCode)
	pagingFlags(app, cmd, &query.Paging)
	return cmd
}

func newSMSShowCmd(app *App) *cobra.Command {
	var reveal string
	cmd := &cobra.Command{
		Use:   "show <message> [--reveal {text | to} --reason TEXT]",
		Short: app.tr("Show a message", "查看短信"),
		Long:  app.tr("Show a message; what is secret in it is shown as ******. --reveal shows one field in clear, which is recorded first; a code is never shown on production.", "查看短信,机密部分显示为 ******。--reveal 可明文显示一个字段并先记入审计;生产环境不显示验证码。"),
		Args:  arguments(app, "<message>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := account.ParseSMSID(args[0])
			if err != nil {
				return account.NewFault("USAGE", "problem", app.tr("<message> is an id sms_…", "<message> 须为编号 sms_…"), "command", cmd.CommandPath())
			}
			if err := oneOf("reveal", reveal, service.SMSRevealFields()); err != nil {
				return err
			}
			return printObject(cmd.Context(), app, render.Object[account.SMS]{Columns: app.smsColumns()}, func(ctx context.Context, s *service.Service) (account.SMS, error) {
				return s.Message(ctx, id, reveal)
			})
		},
	}
	cmd.Flags().StringVar(&reveal, "reveal", "", app.tr("field to show in clear: ", "明文显示的字段:")+list(service.SMSRevealFields()))
	return cmd
}
