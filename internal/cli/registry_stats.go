package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newRegistryStatsCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "stats",
		Short: app.tr("Count the register", "统计登记信息"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			view := render.Object[account.RegisterStats]{ID: render.Unnamed[account.RegisterStats], Columns: []render.Column[account.RegisterStats]{
				{Key: "total", Title: app.tr("TOTAL", "总数")},
				{Key: "active", Title: app.tr("ACTIVE", "存续")},
				{Key: "revoked", Title: app.tr("REVOKED", "吊销")},
				{Key: "cancelled", Title: app.tr("CANCELLED", "注销")},
				{Key: "zhejiang", Title: app.tr("IN ZHEJIANG", "浙江省内")},
				{Key: "updated_at", Title: app.tr("LAST IMPORT", "最近导入"), Kind: render.Time},
			}}
			return printObject(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.RegisterStats, error) {
				return s.RegisterStats(ctx)
			})
		},
	}
}
