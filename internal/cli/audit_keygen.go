package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/audit"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newAuditKeygenCmd(app *App) *cobra.Command {
	var out, name string
	cmd := &cobra.Command{
		Use:   "keygen --out FILE [--name N]",
		Short: app.tr("Make the keys that seal and verify the audit", "生成封存和验证审计的密钥"),
		Long: app.tr(`Make a pair of Ed25519 keys in two new files: FILE, which seals and which only its owner can read, and FILE.pub, which verifies. Whoever has FILE can
make checkpoints that say anything: keep it on the auditor's own machine or card, where no administrator of the database can read it, with a
copy under lock. FILE.pub may go to everybody, and should, before the first seal.`,
			`在两个新文件中生成一对 Ed25519 密钥：FILE 用于封存，仅属主可读；FILE.pub 用于验证。持有 FILE 的人可以签发任意内容的检查点：请存放在审计员自己的
机器或介质上，使数据库管理员无法读取，并另行妥善备份。FILE.pub 可以公开，且应在首次封存前分发。`),
		Example: "  farenctl audit keygen --out auditor.key",
		Args:    arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := required(app, cmd, "out"); err != nil {
				return err
			}
			view := render.Object[account.AuditKey]{ID: func(k account.AuditKey) string { return k.PublicKey }, Columns: []render.Column[account.AuditKey]{
				{Key: "name", Title: app.tr("NAME", "名称"), Kind: render.ID},
				{Key: "file", Title: app.tr("FILE", "密钥文件"), Kind: render.ID},
				{Key: "public_key_file", Title: app.tr("PUBLIC KEY FILE", "公钥文件"), Kind: render.ID},
				{Key: "public_key", Title: app.tr("PUBLIC KEY", "公钥"), Kind: render.Prose},
			}}
			return printObject(cmd.Context(), app, view, func(_ context.Context, s *service.Service) (account.AuditKey, error) {
				return s.MakeAuditKey(name, out)
			})
		},
	}
	cmd.Flags().StringVar(&out, "out", "", app.tr("file of the key that seals; neither it nor FILE.pub may exist", "封存密钥文件；该文件和 FILE.pub 均须不存在"))
	cmd.Flags().StringVar(&name, "name", audit.DefaultName, app.tr("name of the key, which checkpoints begin with; neither spaces nor +", "密钥名称，即检查点的首行；不得含有空格和 +"))
	takesFile(cmd, "out", "key")
	return cmd
}
