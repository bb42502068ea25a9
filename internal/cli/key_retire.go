package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newKeyRetireCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "retire <key>",
		Short: app.tr("Take an old key out of the keyring", "停用旧密钥"),
		Long: app.tr(`Take a sealing key out of the keyring's file. The database refuses it while a value is sealed with it (KEY_IN_USE), and from then on
every process that would seal with it. It holds off other commands for a moment while it counts.

A backup of the database from before key reencrypt needs the keyring from before this: keep a copy with it. It needs the role
faren_admin.`, `从密钥环文件中删除旧的加密密钥。仍有数据由其加密时数据库拒绝停用（KEY_IN_USE）；停用后，仍以其加密的进程将被拒绝。统计期间其他命令会短暂等待。

key reencrypt 之前的数据库备份需要停用之前的密钥环，请一并保留副本。需要 faren_admin 角色。`),
		Args:              arguments(app, "<key>"),
		ValidArgsFunction: completes(app, oldKeys),
		RunE: func(cmd *cobra.Command, args []string) error {
			return printObject(cmd.Context(), app, app.keyChangeObject(), func(ctx context.Context, s *service.Service) (account.KeyChange, error) {
				return s.RetireKey(ctx, args[0])
			})
		},
	}
}
