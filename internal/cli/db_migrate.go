package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/service"
)

func newDBMigrateCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "migrate",
		Short: app.tr("Bring the database to this program's version", "将数据库升级到本程序的版本"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return printObject(cmd.Context(), app, app.migrationObject(), func(ctx context.Context, s *service.Service) (postgres.MigrationStatus, error) {
				return s.MigrateDatabase(ctx)
			})
		},
	}
}
