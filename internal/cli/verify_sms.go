package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newVerifySMSCmd(app *App) *cobra.Command {
	var phone, purpose string
	purposes := []string{account.PurposeRegister}
	cmd := &cobra.Command{
		Use:   "sms --phone P --purpose register",
		Short: app.tr("Send an SMS code", "获取短信验证码"),
		Long: app.tr("Send an SMS code to a mobile. Outside production, `farenctl sms show <id> --reveal text --reason …` shows the message.",
			"向手机号发送短信验证码。非生产环境可用 `farenctl sms show <编号> --reveal text --reason …` 查看短信。"),
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := required(app, cmd, "phone", "purpose"); err != nil {
				return err
			}
			if err := oneOf("purpose", purpose, purposes); err != nil {
				return err
			}
			view := render.Object[account.CodeRequest]{Columns: []render.Column[account.CodeRequest]{
				{Key: "id", Title: app.tr("MESSAGE", "短信编号"), Kind: render.ID},
				{Key: "to", Title: app.tr("TO", "接收号码")},
				{Key: "purpose", Title: app.tr("PURPOSE", "用途")},
				{Key: "expires_at", Title: app.tr("EXPIRES", "失效时间"), Kind: render.Time},
				{Key: "resend_at", Title: app.tr("RESEND FROM", "可重发时间"), Kind: render.Time},
			}}
			return printObject(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.CodeRequest, error) {
				return s.RequestSMSCode(ctx, phone, purpose)
			})
		},
	}
	cmd.Flags().StringVar(&phone, "phone", "", app.tr("mobile", "手机号"))
	cmd.Flags().StringVar(&purpose, "purpose", "", app.tr("what the code is for: ", "用途:")+list(purposes))
	return cmd
}
