package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newSMSRetryCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "retry <message>",
		Short: app.tr("Send a message again that is dead or unknown", "重新发送失败或结果不明的短信"),
		Long: app.tr(`Queue a message again that is dead, or of which nobody knows whether it was sent: then it may arrive twice. Ask the gateway first; sms show
tells what the gateway calls it. It needs the role faren_support.`, `重新发送失败（dead）或结果不明（unknown）的短信；结果不明的短信可能因此重复送达，请先向短信网关核实（sms show 显示网关回执）。需要 faren_support 角色。`),
		ValidArgsFunction: completes(app, messages("dead", "unknown")),
		Args:              arguments(app, "<message>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := idArgument(app, "<message>", "sms_…", args[0], account.ParseSMSID)
			if err != nil {
				return err
			}
			return printObject(cmd.Context(), app, app.smsObject(), func(ctx context.Context, s *service.Service) (account.SMSState, error) {
				return s.RetryMessage(ctx, id)
			})
		},
	}
}
