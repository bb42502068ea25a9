package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newKeyRotateCmd(app *App) *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:   "rotate [--force]",
		Short: app.tr("Seal with a new key from now on", "更换加密密钥"),
		Long: app.tr(`Make a new sealing key in the keyring's file; the old ones stay, to open what they sealed. The database records the version, never
the key. The file is replaced as a whole, with its owner and mode 0600. A run that was cut short is finished by the next one.

Then copy the keyring to everybody who has one, and make a backup: an older copy does not open what is sealed from now on
(KEYRING_OUTDATED). sms dispatch --watch takes a replaced file over by itself. key reencrypt brings what is there under the new key. It
needs the role faren_admin.`, `在密钥环文件中生成新的加密密钥；旧密钥保留，用于解密此前的数据。数据库只登记版本，不含密钥内容。文件整体替换，属主不变，权限为 0600。
运行中断后再次运行即可完成。

完成后请将密钥环复制给每一位使用者并备份：旧副本无法解密此后加密的数据（KEYRING_OUTDATED）。sms dispatch --watch 会自动使用替换后的文件。
已有数据由 key reencrypt 改用新密钥。需要 faren_admin 角色。`),
		Example: `  farenctl key rotate --reason '年度轮换'
  farenctl key reencrypt
  farenctl key retire k1`,
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return printObject(cmd.Context(), app, app.keyChangeObject(), func(ctx context.Context, s *service.Service) (account.KeyChange, error) {
				done, err := s.RotateKey(ctx, force)
				if err == nil && done.Finished {
					app.tell(app.tr("this finished a rotation that was cut short", "已完成此前中断的轮换"))
				}
				if err == nil {
					app.tell(app.tr("copy the keyring to everybody who has one, and make a backup; `farenctl key reencrypt` brings what is there under the new key",
						"请将密钥环复制给每一位使用者并备份；已有数据请运行 `farenctl key reencrypt` 改用新密钥"))
				}
				return done, err
			})
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, app.tr("even if this keyring lacks the newest key, because that is lost", "最新密钥已遗失，以此密钥环为准"))
	return cmd
}
