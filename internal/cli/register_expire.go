package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newRegisterExpireCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "expire",
		Short: app.tr("End applications past their time", "清理已过期的申请"),
		Long: app.tr(`End every application past its time, free what it reserved, and list which they were.

Nothing waits for it: an application past its time counts as expired, and whatever touches it ends it. It is for a daily job.`, `结束所有超过时限的申请，释放其占用的用户名、手机号等，并列出这些申请。

不运行也不影响规则：超过时限的申请即视为已过期，任何操作触及时都会将其结束。适合每日定时运行。`),
		Annotations: map[string]string{unlimited: byDefault},
		Args:        arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			type col = render.Column[account.ExpiredApplication]
			view := render.List[account.ExpiredApplication]{Columns: []col{
				{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
				{Key: "channel", Title: app.tr("CHANNEL", "渠道"), Word: app.words(account.ChannelTerms)},
				{Key: "was", Title: app.tr("WAS", "原状态"), Word: app.words(account.ApplicationTerms)},
				{Key: "expired_at", Title: app.tr("EXPIRED", "失效时间"), Kind: render.Time},
			}}
			return printList(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.Page[account.ExpiredApplication], error) {
				ended, err := s.ExpireApplications(ctx)
				return account.Page[account.ExpiredApplication]{Items: ended}, err
			})
		},
	}
}
