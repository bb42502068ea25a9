package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newKeyWrapCmd(app *App) *cobra.Command {
	passphrase := &secretFlags{}
	cmd := &cobra.Command{
		Use:   "wrap --passphrase-file F",
		Short: app.tr("Put the keyring's file under a passphrase", "为密钥环加口令"),
		Long: app.tr(`Put the keyring's file under a passphrase of at least 12 characters, or under another one: whoever gets the file alone has nothing.
The setting keyring_passphrase_file names the file with it from then on, for every command; keep that file apart from the keyring.
It needs no database. Without the passphrase nobody can open the keyring.

Deriving the key of the passphrase costs every start about 60 ms (suite aes, Argon2id) or 260 ms (sm, PBKDF2-HMAC-SM3).`, `为密钥环文件加上口令（至少 12 个字符），或更换口令：仅得到密钥环文件的人无法使用。此后所有命令由配置项 keyring_passphrase_file 指定口令文件，
请将其与密钥环分开存放。无需数据库。遗失口令则无法打开密钥环。

由口令派生密钥使每次启动增加约 60 毫秒（套件 aes，Argon2id）或 260 毫秒（sm，PBKDF2-HMAC-SM3）。`),
		Example: `  farenctl key wrap --passphrase-file /etc/farenctl/passphrase
  FARENCTL_KEYRING_PASSPHRASE_FILE=/etc/farenctl/passphrase farenctl doctor`,
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			given, err := passphrase.read(app, cmd, true)
			if err != nil {
				return err
			}
			return printObject(cmd.Context(), app, app.keyChangeObject(), func(_ context.Context, s *service.Service) (account.KeyChange, error) {
				return s.WrapKeyring(given)
			})
		},
	}
	passphrase.add(app, cmd, "passphrase", app.tr("passphrase", "口令"))
	return cmd
}
