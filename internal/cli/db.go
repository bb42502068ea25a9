package cli

import (
	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/render"
)

func newDBCmd(app *App) *cobra.Command {
	return group(app, "db", app.tr("Set up and upgrade the database", "初始化与升级数据库"), newDBInitCmd(app), newDBMigrateCmd(app), newDBStatusCmd(app))
}

func (app *App) migrationObject() render.Object[postgres.MigrationStatus] {
	return render.Object[postgres.MigrationStatus]{ID: render.Unnamed[postgres.MigrationStatus], Columns: []render.Column[postgres.MigrationStatus]{
		{Key: "state", Title: app.tr("STATE", "状态"), Word: app.words(account.SchemaTerms)},
		{Key: "schema", Title: app.tr("SCHEMA", "数据库版本")},
		{Key: "program", Title: app.tr("PROGRAM", "程序版本")},
		{Key: "functions", Title: app.tr("FUNCTIONS", "函数"), Word: app.words(account.SchemaTerms)},
		{Key: "environment", Title: app.tr("ENVIRONMENT", "环境"), Word: app.words(account.EnvironmentTerms)},
		{Key: "suite", Title: app.tr("SUITE", "密码套件")},
	}}
}
