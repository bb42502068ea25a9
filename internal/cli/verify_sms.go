package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/config"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newVerifySMSCmd(app *App) *cobra.Command {
	var phone, purpose, subject string
	purposes := account.CodePurposes()
	cmd := &cobra.Command{
		Use:   "sms {--phone P --purpose {register | agent-add | agent-update} | --for <recovery>}",
		Short: app.tr("Send an SMS code", "获取短信验证码"),
		Long: app.tr(`Send an SMS code to a mobile, or to that of the account that a recovery means, without showing it: an account that does not exist is
answered alike. Outside production, `+"`farenctl sms show <id> --reveal text --reason …`"+` shows the message.`,
			`向手机号发送短信验证码，或向找回操作所指账号的手机号发送（不显示号码；账号不存在时答复相同）。
非生产环境可用 `+"`farenctl sms show <编号> --reveal text --reason …`"+` 查看短信。`),
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			view := render.Object[account.CodeRequest]{Columns: []render.Column[account.CodeRequest]{
				{Key: "id", Title: app.tr("MESSAGE", "短信编号"), Kind: render.ID},
				{Key: "to", Title: app.tr("TO", "接收号码")},
				{Key: "purpose", Title: app.tr("PURPOSE", "用途"), Word: app.words(account.PurposeTerms)},
				{Key: "expires_at", Title: app.tr("EXPIRES", "失效时间"), Kind: render.Time},
				{Key: "resend_at", Title: app.tr("RESEND FROM", "可重发时间"), Kind: render.Time},
			}}
			if subject != "" {
				if phone != "" || purpose != "" {
					return account.NewFault("USAGE", "problem", app.tr("--for goes without --phone and --purpose", "--for 不能与 --phone、--purpose 同用"), "command", cmd.CommandPath())
				}
				id, err := recoveryArgument(app, "--for", subject)
				if err != nil {
					return err
				}
				return printObject(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.CodeRequest, error) {
					return s.RequestRecoveryCode(ctx, id)
				})
			}
			if err := required(app, cmd, "phone", "purpose"); err != nil {
				return err
			}
			if err := oneOf("purpose", purpose, purposes); err != nil {
				return err
			}
			return printObject(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.CodeRequest, error) {
				made, err := s.RequestSMSCode(ctx, phone, purpose)
				if err == nil {
					app.tellUnsent(ctx, s, made.ID)
				}
				return made, err
			})
		},
	}
	cmd.Flags().StringVar(&phone, "phone", "", app.tr("mobile", "手机号"))
	cmd.Flags().StringVar(&purpose, "purpose", "", app.tr("what the code is for: ", "用途：")+list(purposes))
	cmd.Flags().StringVar(&subject, "for", "", app.tr("recovery", "找回操作"))
	choices(cmd, "purpose", purposes...)
	return cmd
}

// tellUnsent tells on stderr that a code which has just been asked for has not been sent. Of one for a recovery nothing is told, since that
// would tell whether there is an account.
func (app *App) tellUnsent(ctx context.Context, s *service.Service, id account.SMSID) {
	c, err := app.config()
	if err != nil || c.SMS.Sender == config.SenderOutbox {
		return
	}
	m, err := s.Message(ctx, id, "")
	if err != nil || m.Status == "sent" {
		return
	}
	app.note(app.tr("not sent yet, it is ", "尚未发出，当前为 ") + m.Status + app.tr("; see ", "；详见 ") + "`farenctl sms show " + id.String() + "`")
}
