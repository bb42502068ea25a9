package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newKeyUnwrapCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "unwrap",
		Short: app.tr("Take the passphrase off the keyring's file", "取消密钥环的口令"),
		Long: app.tr(`Write the keyring's file without its passphrase, which the setting keyring_passphrase_file still has to give. One that has none stays as
it is. It needs no database.`, `取消密钥环文件的口令（仍须由配置项 keyring_passphrase_file 提供当前口令）；没有口令的密钥环保持不变。无需数据库。`),
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return printObject(cmd.Context(), app, app.keyChangeObject(), func(_ context.Context, s *service.Service) (account.KeyChange, error) {
				return s.UnwrapKeyring()
			})
		},
	}
}
