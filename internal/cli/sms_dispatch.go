package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newSMSDispatchCmd(app *App) *cobra.Command {
	o := service.DispatchOptions{}
	cmd := &cobra.Command{
		Use:   "dispatch [--watch] [--limit N]",
		Short: app.tr("Send the messages that are due", "发送到期的短信"),
		Long: app.tr(`Send the messages that are due through the configured sender (sms.sender), and tell how many became what: failed ones are tried again,
dead and unknown ones by hand only (sms retry). Any number of dispatchers may run: each message is in the hands of one.

With --watch it goes on until it is interrupted, and then finishes what it is sending.`, `通过配置的发送方式（sms.sender）发送到期的短信，并汇总结果：发送失败的将自动重试，dead 与 unknown 的仅能手动重发（sms retry）。
可同时运行任意多个发送进程，每条短信只由其中一个发送。

加 --watch 则持续运行，收到中断信号后发完手中的短信再退出。`),
		Annotations: map[string]string{unlimited: byDefault, finishing: "yes"},
		Args:        arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			type col = render.Column[account.Dispatch]
			number := func(key, title string) col { return col{Key: key, Title: title, Align: render.AlignRight} }
			view := render.Object[account.Dispatch]{ID: render.Unnamed[account.Dispatch], Columns: []col{
				number("claimed", app.tr("CLAIMED", "领取")), number("sent", app.tr("SENT", "已发送")), number("failed", app.tr("FAILED", "待重试")),
				number("dead", app.tr("DEAD", "发送失败")), number("unknown", app.tr("UNKNOWN", "结果不明")),
			}}
			o.Told = func(err error) {
				app.note(string(app.fault(err).Code) + ": " + app.fault(err).Message(app.lang, app.location()))
			}
			return printObject(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.Dispatch, error) {
				return s.Dispatch(ctx, o)
			})
		},
	}
	cmd.Flags().BoolVar(&o.Watch, "watch", false, app.tr("go on until interrupted", "持续运行直至被中断"))
	cmd.Flags().Var((*positive)(&o.Limit), "limit", app.tr("messages at most (default all that are due)", "最多发送的短信条数（默认全部到期短信）"))
	return cmd
}
