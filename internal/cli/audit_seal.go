package cli

import (
	"context"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

// sealPatience is how long a seal waits for transactions that write into the audit.
const sealPatience = 30 * time.Second

func newAuditSealCmd(app *App) *cobra.Command {
	request := service.SealRequest{Patience: sealPatience}
	cmd := &cobra.Command{
		Use:   "seal --key FILE [--out-dir DIR]",
		Short: app.tr("Sign a checkpoint over all events", "对全部审计记录签名生成检查点"),
		Long: app.tr(`Sign a checkpoint over every event, after all that was sealed before is read again and found as it was; else nothing is sealed
(AUDIT_SEAL_REFUSED, status 6). A checkpoint is a text file: how many events, the root of a Merkle tree over them (RFC 6962), the time, the newest
event, and the proof that the tree of the checkpoint before is its beginning. Beside it the file leaves keeps a digest of each event, by which audit
verify names one that was changed; it needs not be kept secret, and neither file holds anything of a person.

A transaction that is writing while the seal begins is waited for, at most 30 seconds (AUDIT_UNSETTLED, status 75), so that nothing comes to
stand before an event that is sealed; nobody is kept from writing.

Seal often, by a timer: what is changed before its first seal is never found. Copy every checkpoint at once to a place that no administrator of the
database can write to: whoever has only those of the directory cannot tell that the newest are missing.`,
			`先重新读取并核对先前封存的全部记录，确认未变后，再对全部记录签名生成检查点；否则不封存（AUDIT_SEAL_REFUSED，状态 6）。检查点为文本文件，含记录数、
Merkle 树根（RFC 6962）、时间、最新事件编号，以及上一检查点的树为本树开头部分的证明。同目录的 leaves 文件保存每条记录的摘要，供 audit verify 指出
被更改的记录；无须保密，两种文件均不含个人信息。

封存开始时正在写入的事务会等待其结束，最多 30 秒（AUDIT_UNSETTLED，状态 75），以免此后有记录排到已封存的记录之前；不会阻塞他人写入。

请以定时任务经常封存：首次封存之前的更改无法发现。请立即将每个检查点复制到数据库管理员无法写入的位置：仅凭目录本身无法发现最新的检查点被移走。`),
		Example: `  farenctl audit keygen --out auditor.key
  farenctl audit seal --key auditor.key --out-dir checkpoints`,
		Annotations: map[string]string{unlimited: byDefault},
		Args:        arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := required(app, cmd, "key"); err != nil {
				return err
			}
			c, err := app.config()
			if err != nil {
				return err
			}
			if request.Dir = firstOf(request.Dir, c.AuditCheckpoints); request.Dir == "" {
				return missingFlag(app, cmd, "out-dir")
			}
			type col = render.Column[account.AuditSeal]
			view := render.Object[account.AuditSeal]{ID: func(a account.AuditSeal) string { return strconv.Itoa(a.Checkpoint) }, Columns: []col{
				{Key: "checkpoint", Title: app.tr("CHECKPOINT", "检查点")},
				{Key: "file", Title: app.tr("FILE", "文件"), Kind: render.ID},
				{Key: "events", Title: app.tr("EVENTS", "记录数")},
				{Key: "new_events", Title: app.tr("NEW", "新增")},
				{Key: "last_event_id", Title: app.tr("UP TO EVENT", "至事件")},
				{Key: "root_hash", Title: app.tr("ROOT HASH", "根哈希"), Kind: render.ID},
				{Key: "sealed_at", Title: app.tr("SEALED AT", "封存时间"), Kind: render.Time},
				{Key: "key", Title: app.tr("KEY", "密钥"), Kind: render.ID},
			}}
			return printObject(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.AuditSeal, error) {
				return s.SealAudit(ctx, request)
			})
		},
	}
	cmd.Flags().StringVar(&request.KeyFile, "key", "", app.tr("file of the key that seals", "封存密钥文件"))
	cmd.Flags().StringVar(&request.Dir, "out-dir", "", app.tr("directory of the checkpoints (default: setting audit.checkpoints)", "检查点目录（默认为 audit.checkpoints）"))
	takesFile(cmd, "key", "key")
	takesDirectory(cmd, "out-dir")
	return cmd
}
