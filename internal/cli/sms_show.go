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
		Use:   "show <message> [--reveal {text | to} --reason TEXT [--ticket T]]",
		Short: app.tr("Show a message, and why it did not arrive", "查看短信及未送达的原因"),
		Long: app.tr(`Show a message, and why it did not arrive: how the last try ended, what the gateway calls it, who has it in hand, and how its code fares,
with what to do and which role may. What is secret in it is shown as ******; a code is never shown on production, whatever became of it.`,
			`查看短信及未送达的原因：最近一次发送的结果、网关编号、由谁领取、验证码的状态，以及处理办法和所需角色。机密部分显示为 ******；生产环境一律不显示验证码，
无论其是否有效。`) + app.revealHelp(),
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
			return printObject(cmd.Context(), app, app.smsObject(), func(ctx context.Context, s *service.Service) (account.SMSState, error) {
				return s.Message(ctx, id, reveal)
			})
		},
	}
	revealFlag(app, cmd, &reveal, service.SMSRevealFields())
	return cmd
}
