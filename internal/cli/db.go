package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newDBCmd(app *App) *cobra.Command {
	return group(app, "db", app.tr("Set up and upgrade the database", "初始化与升级数据库"), newDBInitCmd(app), newDBMigrateCmd(app), newDBStatusCmd(app))
}

func (app *App) migrationObject() render.Object[postgres.MigrationStatus] {
	return render.Object[postgres.MigrationStatus]{ID: func(s postgres.MigrationStatus) string { return s.State }, Columns: []render.Column[postgres.MigrationStatus]{
		{Key: "state", Title: app.tr("STATE", "状态")},
		{Key: "schema", Title: app.tr("SCHEMA", "数据库版本")},
		{Key: "program", Title: app.tr("PROGRAM", "程序版本")},
		{Key: "functions", Title: app.tr("FUNCTIONS", "函数")},
		{Key: "environment", Title: app.tr("ENVIRONMENT", "环境")},
		{Key: "suite", Title: app.tr("SUITE", "密码套件")},
	}}
}

func newDBInitCmd(app *App) *cobra.Command {
	r := service.InitRequest{}
	suites := []string{"aes", "sm"}
	cmd := &cobra.Command{
		Use:   "init --environment {development | test | staging | production} [--suite {aes | sm}]",
		Short: app.tr("Set up an empty database", "初始化空数据库"),
		Long: app.tr(`Set up an empty database: roles, schema, functions, settings; and a keyring file when there is none at its place.

The login must be a superuser, or own the database and be allowed to create roles. Keep the keyring safe: without it
nothing that is sealed can be opened, nor anybody found. The private server is set up by itself.`, `初始化空数据库:角色、结构、函数、设置;密钥环文件不存在时一并创建。

登录用户须为超级用户,或为数据库属主且可创建角色。请妥善保管密钥环:遗失后已加密的数据将无法解密和检索。私有数据库服务会自动初始化。`),
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := required(app, cmd, "environment"); err != nil {
				return err
			}
			if err := oneOf("environment", r.Environment, postgres.Environments()); err != nil {
				return err
			}
			if err := oneOf("suite", r.Suite, suites); err != nil {
				return err
			}
			return printObject(cmd.Context(), app, app.migrationObject(), func(ctx context.Context, s *service.Service) (postgres.MigrationStatus, error) {
				return s.InitDatabase(ctx, r)
			})
		},
	}
	cmd.Flags().StringVar(&r.Environment, "environment", "", app.tr("what the database is for: ", "环境:")+list(postgres.Environments()))
	cmd.Flags().StringVar(&r.Suite, "suite", "aes", app.tr("algorithms: ", "密码套件:")+list(suites))
	return cmd
}

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
