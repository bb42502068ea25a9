package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newSMSShowCmd(app *App) *cobra.Command {
	var reveal string
	cmd := &cobra.Command{
		Use:               "show <message> [--reveal {text | to} --reason TEXT]",
		Short:             app.tr("Show a message", "查看短信"),
		Long:              app.tr("Show a message; what is secret in it is shown as ******. --reveal shows one field in clear, which is recorded first; a code is never shown on production.", "查看短信，机密部分显示为 ******。--reveal 可明文显示一个字段并先记入审计；生产环境不显示验证码。"),
		ValidArgsFunction: completes(app, messages()),
		Args:              arguments(app, "<message>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := idArgument(app, "<message>", "sms_…", args[0], account.ParseSMSID)
			if err != nil {
				return err
			}
			if err := oneOf("reveal", reveal, service.SMSRevealFields()); err != nil {
				return err
			}
			return printObject(cmd.Context(), app, app.smsObject(), func(ctx context.Context, s *service.Service) (account.SMS, error) {
				return s.Message(ctx, id, reveal)
			})
		},
	}
	cmd.Flags().StringVar(&reveal, "reveal", "", app.tr("field to show in clear: ", "明文显示的字段：")+list(service.SMSRevealFields()))
	choices(cmd, "reveal", service.SMSRevealFields()...)
	return cmd
}
