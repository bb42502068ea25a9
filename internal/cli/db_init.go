package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/service"
)

func newDBInitCmd(app *App) *cobra.Command {
	r := service.InitRequest{}
	suites := []string{"aes", "sm"}
	cmd := &cobra.Command{
		Use:   "init --environment {development | test | staging | production} [--suite {aes | sm}]",
		Short: app.tr("Set up an empty database", "初始化空数据库"),
		Long: app.tr(`Set up an empty database: roles, schema, functions, settings; and a keyring file when there is none at its place.

The login must be a superuser, or own the database and be allowed to create roles. Keep the keyring safe: without it
nothing that is sealed can be opened, nor anybody found. The private server is set up by itself.`, `初始化空数据库：角色、结构、函数、设置；密钥环文件不存在时一并创建。

登录用户须为超级用户，或为数据库属主且可创建角色。请妥善保管密钥环：遗失后已加密的数据将无法解密和检索。私有数据库服务会自动初始化。`),
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
				status, keyring, err := s.InitDatabase(ctx, r)
				if err == nil {
					app.note(app.tr("keyring: ", "密钥环：") + keyring + app.tr(" (back it up: nothing that is sealed opens without it; who registers needs a copy)", "（请备份：没有它无法解密；办理注册的人员需要其副本）"))
				}
				return status, err
			})
		},
	}
	cmd.Flags().StringVar(&r.Environment, "environment", "", app.tr("what the database is for: ", "环境：")+list(postgres.Environments()))
	cmd.Flags().StringVar(&r.Suite, "suite", "", app.tr("algorithms (default: those of the keyring, else aes): ", "密码套件（默认与密钥环一致，否则 aes）：")+list(suites))
	choices(cmd, "environment", postgres.Environments()...)
	choices(cmd, "suite", suites...)
	return cmd
}
