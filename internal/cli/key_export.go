package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newKeyExportCmd(app *App) *cobra.Command {
	var indexOnly bool
	var out string
	cmd := &cobra.Command{
		Use:   "export --index-only --out F",
		Short: app.tr("Write a keyring that only searches, for support", "导出仅供检索的密钥环"),
		Long: app.tr(`Write a keyring with the index key alone to a new file of mode 0600: it finds people by mobile, document number and user name, and
neither seals nor opens anything. It is for support staff. Who has it can still try out numbers: it is no less secret.

It is not concerned by key rotate. The whole keyring is given on by copying its file. It needs no database.`, `将仅含索引密钥的密钥环写入新文件（权限 0600）：可按手机号、证件号码、用户名检索，不能加密或解密，供客服人员使用。持有者仍可逐一尝试号码，
因此同样须妥善保管。

key rotate 不影响该文件。完整的密钥环请直接复制文件。无需数据库。`),
		Example: "  farenctl key export --index-only --out support.json",
		Args:    arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := required(app, cmd, "index-only", "out"); err != nil {
				return err
			}
			switch {
			case !indexOnly:
				return account.NewFault("USAGE", "problem", account.Say("--index-only: to give the whole keyring on, copy its file", "--index-only：提供完整密钥环请复制其文件"))
			case out == "-":
				return account.NewFault("USAGE", "problem", account.Say("--out: a new file, not -", "--out 须为新文件，不能是 -"))
			}
			return printObject(cmd.Context(), app, app.keyChangeObject(), func(_ context.Context, s *service.Service) (account.KeyChange, error) {
				return s.ExportIndex(out)
			})
		},
	}
	cmd.Flags().BoolVar(&indexOnly, "index-only", false, app.tr("the index key without the sealing keys", "仅索引密钥，不含加密密钥"))
	cmd.Flags().StringVar(&out, "out", "", app.tr("file to write; it must not exist", "要写入的文件，须不存在"))
	takesFile(cmd, "out", "json")
	return cmd
}
