package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/service"
)

func newDBStatusCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: app.tr("Compare the database with this program", "比较数据库与本程序的版本"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return printObject(cmd.Context(), app, app.migrationObject(), func(ctx context.Context, s *service.Service) (postgres.MigrationStatus, error) {
				return s.DatabaseStatus(ctx)
			})
		},
	}
}
