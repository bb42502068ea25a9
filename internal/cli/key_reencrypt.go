package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

// A transaction of key reencrypt takes reencryptBatch records unless told otherwise, and at most reencryptMax.
const (
	reencryptBatch = 200
	reencryptMax   = 1000
)

func newKeyReencryptCmd(app *App) *cobra.Command {
	o := service.ReencryptOptions{}
	cmd := &cobra.Command{
		Use:   "reencrypt [--batch N] [--limit N]",
		Short: app.tr("Bring what is sealed under the newest key", "将已有数据改用最新密钥加密"),
		Long: app.tr(`Seal every value that is under another key than the newest with that one: agents, user names, messages, documents, face checks, the
business register. It runs beside normal work in small transactions, any number of times and of processes at once; whenever it is
stopped, another run goes on with what is left. What somebody writes meanwhile stays as written.

The result tells how many values are left under old keys; with none left, key retire may take these away. Values that no key of this
keyring opens are counted (exit status 7); on production a code that still lives is left for a later run. --dry-run counts what there is to
do. It needs the role faren_admin.`, `将由旧密钥加密的数据全部改用最新密钥加密：经办人信息、用户名、短信、上传文件、人脸认证、登记信息。以小批量事务与日常业务并行，可多次、
多进程运行；随时中断后再次运行会继续处理剩余数据。期间被更改的数据保持更改后的内容。

结果给出仍由旧密钥加密的数据量；为 0 时可用 key retire 停用旧密钥。无法解密的数据会被统计（退出状态 7）；生产环境中
仍有效的验证码留待下次运行。加 --dry-run 只统计数据量。需要 faren_admin 角色。`),
		Annotations: map[string]string{unlimited: byDefault},
		Args:        arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Batch > reencryptMax {
				return account.NewFault("USAGE", "problem", account.Say("--batch is from 1 to %d", "--batch 须为 1 至 %d", reencryptMax))
			}
			type col = render.Column[account.Reencryption]
			number := func(key, title string) col { return col{Key: key, Title: title, Align: render.AlignRight} }
			view := render.Object[account.Reencryption]{ID: func(r account.Reencryption) string { return r.Key }, Columns: []col{
				{Key: "key", Title: app.tr("KEY", "密钥"), Kind: render.ID}, number("resealed", app.tr("RE-SEALED", "已改用")),
				number("changed", app.tr("CHANGED MEANWHILE", "期间被更改")), number("unreadable", app.tr("UNREADABLE", "无法解密")),
				{Key: "missing_keys", Title: app.tr("MISSING KEYS", "缺少的密钥"), Kind: render.ID}, number("left", app.tr("LEFT UNDER OLD KEYS", "仍用旧密钥")),
			}}
			return printObject(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.Reencryption, error) {
				end := app.resealing(ctx, &o)
				defer end()
				return s.Reencrypt(ctx, o)
			})
		},
	}
	o.Batch = reencryptBatch
	cmd.Flags().Var((*positive)(&o.Batch), "batch", app.tr("records in one transaction", "每个事务的记录数"))
	cmd.Flags().Var((*positive)(&o.Limit), "limit", app.tr("values at most (default all)", "最多处理的数据项数（默认全部）"))
	return cmd
}

// resealing shows how far it is: a bar on a terminal, elsewhere a line for each tenth. end takes the bar away.
func (app *App) resealing(ctx context.Context, o *service.ReencryptOptions) (end func()) {
	if app.global.quiet {
		return func() {}
	}
	if !app.std.ErrTTY {
		tenth := int64(0)
		o.Progress = func(done, total int64) {
			if total > 0 && done*10/total > tenth {
				tenth = done * 10 / total
				app.note(fmt.Sprintf(app.tr("%d of %d values", "已处理 %d / %d 项"), done, total))
			}
		}
		return func() {}
	}
	progress := mpb.NewWithContext(ctx, mpb.WithOutput(app.std.Err), mpb.WithWidth(48), mpb.WithRefreshRate(200*time.Millisecond))
	var bar *mpb.Bar
	o.Progress = func(done, total int64) {
		if bar == nil {
			bar = progress.AddBar(total, mpb.BarRemoveOnComplete(), mpb.PrependDecorators(decor.CountersNoUnit("%d / %d")),
				mpb.AppendDecorators(decor.Percentage(), decor.Name(" "), decor.AverageETA(decor.ET_STYLE_GO)))
		}
		bar.SetCurrent(done)
	}
	return func() {
		if bar != nil {
			bar.Abort(true)
		}
		progress.Wait()
	}
}
