package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
	"github.com/farenctl/farenctl/internal/sms"
)

func newSMSListCmd(app *App) *cobra.Command {
	query := &service.MessageQuery{}
	var application, unitCode, since, until string
	cmd := &cobra.Command{
		Use:   "list [--phone P] [--unit-code C] [--kind K] [--status S] [--application A] [--since T] [--until T]",
		Short: app.tr("List messages, the newest first", "列出短信，最新的在前"),
		Long: app.tr(`List messages, the newest first; sms show tells why one did not arrive. A number is looked up by its keyed index and shown nowhere. The
messages of an organization are those about its accounts and applications; SMS codes belong to their number: --phone, and sms limits.`,
			`列出短信，最新的在前；sms show 说明未送达的原因。手机号按索引查找，不予显示。按单位查找的是其账号和注册申请的短信；短信验证码按号码查找：
--phone，另见 sms limits。`),
		Example: "  farenctl sms list --phone 13700000002 --since '2026-02-14 17:30'",
		Args:    arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("kind", query.Kind, sms.Kinds()); err != nil {
				return err
			}
			if err := oneOf("status", query.Status, account.SMSStatuses()); err != nil {
				return err
			}
			var err error
			if query.Since, err = app.timeFlag(cmd, "since", since); err != nil {
				return err
			}
			if query.Until, err = app.timeFlag(cmd, "until", until); err != nil {
				return err
			}
			return printList(cmd.Context(), app, render.List[account.SMS]{Columns: inList(smsColumns[account.SMS](app), "text")}, func(ctx context.Context, s *service.Service) (account.Page[account.SMS], error) {
				if application == "" {
					query.UnitCode = unitCode
					return s.Messages(ctx, *query)
				}
				id, err := s.FindApplication(ctx, application, unitCode)
				if err != nil {
					return account.Page[account.SMS]{}, err
				}
				query.Application = &id
				return s.Messages(ctx, *query)
			})
		},
	}
	cmd.Flags().StringVar(&query.Phone, "phone", "", app.tr("only to this mobile", "仅发往此手机号"))
	cmd.Flags().StringVar(&query.Kind, "kind", "", app.tr("only this kind: ", "仅此类型：")+list(sms.Kinds()))
	cmd.Flags().StringVar(&query.Status, "status", "", app.tr("only in this state: ", "仅此状态：")+list(account.SMSStatuses()))
	cmd.Flags().StringVar(&application, "application", "", app.tr("only of this application", "仅此申请"))
	cmd.Flags().StringVar(&unitCode, "unit-code", "", app.tr("only of this organization; with --application phone:… or document:…, the application's", "仅此单位；与 --application phone:… 或 document:… 合用时为该申请的单位"))
	completesFlag(app, cmd, "unit-code", unitCodes)
	cmd.Flags().StringVar(&since, "since", "", app.tr("only from this time on, as 2026-02-14 17:30", "仅此时间及以后，例如 2026-02-14 17:30"))
	cmd.Flags().StringVar(&until, "until", "", app.tr("only before this time", "仅此时间以前"))
	pagingFlags(app, cmd, &query.Paging)
	choices(cmd, "kind", sms.Kinds()...)
	choices(cmd, "status", account.SMSStatuses()...)
	completesFlag(app, cmd, "application", applications())
	return cmd
}

// timeFlag reads a flag that is a time of the rules' clock; nil: it is not given.
func (app *App) timeFlag(cmd *cobra.Command, name, text string) (*time.Time, error) {
	if !cmd.Flags().Changed(name) {
		return nil, nil //nolint:nilnil // a time that is not given is none
	}
	c, err := app.config()
	if err != nil {
		return nil, err
	}
	at, ok := account.ParseClock(text, c.Location)
	if !ok {
		return nil, account.NewFault("USAGE", "problem", fmt.Sprintf(app.tr("--%s is a time as 2026-02-14 17:30", "--%s 须为时间，例如 2026-02-14 17:30"), name), "command", cmd.CommandPath())
	}
	return &at, nil
}
