package cli

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newAuditVerifyCmd(app *App) *cobra.Command {
	var request service.VerifyRequest
	var skip bool
	cmd := &cobra.Command{
		Use:   "verify [--checkpoints {DIR | FILE}] [--public-key FILE] [--skip-evidence]",
		Short: app.tr("Prove that the events are those that were sealed", "验证审计记录与封存时一致"),
		Long: app.tr(`Read every sealed event again and compare with the checkpoints: whatever was edited, removed or inserted since is found, also when a superuser did it, or an
older backup was restored. The file leaves beside the checkpoints, which the checkpoints prove as well, tells the first such event and counts them; without
it the result says between which two checkpoints it is. Events since the newest checkpoint are counted and proven by nothing yet.

The signed proofs that were kept of face checks by OpenID Connect and of sign-ins by certificate are checked again, too. That takes the role
faren_reviewer, the full keyring, and the settings of the providers; each look is an event. What cannot be checked is counted, with the code of
the reason. --skip-evidence leaves it out.

Exit status 9 when the audit is not as it was sealed (AUDIT_BROKEN) or a proof does not hold (EVIDENCE_BROKEN), with the result; 65 when a
checkpoint is not signed by the key (CHECKPOINT_INVALID), 3 when there is none.`,
			`重新读取全部已封存的记录并与检查点比对：此后的任何修改、删除或插入都会被发现，即使系超级用户所为或恢复了较早的备份。检查点旁的 leaves 文件（同样由检查点
证明）可指出首个异常事件并计数；没有该文件时只能给出所在的检查点区间。最新检查点之后的记录只计数，尚无证明。

同时复核 OpenID Connect 人脸认证和数字证书登录留存的签名证据，须具有 faren_reviewer 角色、完整的密钥环和认证服务配置；每次查看均有审计记录。
无法复核的会计数并给出原因代码。--skip-evidence 跳过此项。

审计与封存时不符（AUDIT_BROKEN）或证据不成立（EVIDENCE_BROKEN）时退出状态为 9，并输出结果；检查点并非由该密钥签名（CHECKPOINT_INVALID）时为 65，
没有检查点时为 3。`),
		Example: `  farenctl audit verify --checkpoints checkpoints --public-key auditor.key.pub
  farenctl audit verify --jq .first_bad`,
		Annotations: map[string]string{unlimited: byDefault},
		Args:        arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := app.config()
			if err != nil {
				return err
			}
			request.Evidence = !skip
			if request.Checkpoints = firstOf(request.Checkpoints, c.AuditCheckpoints); request.Checkpoints == "" {
				return missingFlag(app, cmd, "checkpoints")
			}
			if request.PublicKeyFile = firstOf(request.PublicKeyFile, c.AuditPublicKey); request.PublicKeyFile == "" {
				return missingFlag(app, cmd, "public-key")
			}
			var evidence *account.EvidenceCheck
			err = printObject(cmd.Context(), app, app.auditCheckObject(), func(ctx context.Context, s *service.Service) (account.AuditCheck, error) {
				found, err := s.VerifyAudit(ctx, request)
				evidence = found.Evidence
				return found, err
			})
			if evidence != nil && evidence.NotChecked > 0 && !app.format.Structured() && !app.global.quiet {
				app.note(fmt.Sprintf(app.tr("note: proofs of checks that were not checked: %d (%s); run it as a login with faren_auditor and faren_reviewer, with the full keyring and the providers' settings",
					"提示：未复核的认证证据 %d 项（%s）；请以具有 faren_auditor 和 faren_reviewer 角色的用户、完整的密钥环和认证服务配置运行"), evidence.NotChecked, *evidence.Why))
			}
			return err
		},
	}
	checkpointFlags(app, cmd, &request)
	cmd.Flags().BoolVar(&skip, "skip-evidence", false, app.tr("do not check the proofs of face checks and certificates", "不复核人脸认证和数字证书的证据"))
	return cmd
}

// auditCheckObject shows a verification; its id is the newest checkpoint that it went by.
func (app *App) auditCheckObject() render.Object[account.AuditCheck] {
	type check = account.AuditCheck
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	return render.Object[check]{ID: func(c check) string { return strconv.Itoa(c.Newest) }, Columns: []render.Column[check]{
		{Key: "status", Title: app.tr("STATUS", "结果"), Word: app.words(account.AuditTerms)},
		{Key: "checkpoints", Title: app.tr("CHECKPOINTS", "检查点数")},
		{Key: "newest_checkpoint", Title: app.tr("NEWEST", "最新检查点")},
		{Key: "sealed_at", Title: app.tr("SEALED AT", "封存时间"), Kind: render.Time},
		{Key: "events", Title: app.tr("SEALED EVENTS", "已封存记录")},
		{Key: "last_event_id", Title: app.tr("UP TO EVENT", "至事件")},
		{Key: "unsealed_events", Title: app.tr("NOT YET SEALED", "尚未封存")},
		{Key: "leaves", Title: app.tr("LEAVES", "摘要文件"), Word: app.words(account.LeavesTerms)},
		{Key: "first_bad.event_id", Title: app.tr("FIRST BAD EVENT", "首个异常事件"), Value: func(c check) string {
			switch {
			case c.FirstBad == nil:
				return ""
			case c.FirstBad.EventID == nil:
				return fmt.Sprintf(app.tr("behind %d, up to %d", "%d 之后，至 %d"), c.FirstBad.After, c.FirstBad.UpTo)
			}
			return number(*c.FirstBad.EventID)
		}},
		{Key: "first_bad.what", Title: app.tr("WHAT HAPPENED", "情况"), Word: app.words(account.DifferenceTerms)},
		{Key: "first_bad.at", Title: app.tr("ITS TIME", "事件时间"), Kind: render.Time},
		{Key: "differences", Title: app.tr("DIFFERENCES", "差异"), Value: func(c check) string {
			if c.Differences == nil || c.FirstBad == nil {
				return ""
			}
			return fmt.Sprintf(app.tr("edited %d, removed %d, inserted %d", "修改 %d，删除 %d，插入 %d"), c.Differences.Edited, c.Differences.Removed, c.Differences.Inserted)
		}},
		{Key: "evidence", Title: app.tr("PROOFS OF CHECKS", "认证证据"), Value: func(c check) string {
			if c.Evidence == nil {
				return app.tr("not looked at", "未复核")
			}
			return fmt.Sprintf(app.tr("good %d, bad %d, not checked %d", "成立 %d，不成立 %d，未复核 %d"), c.Evidence.Good, c.Evidence.Bad, c.Evidence.NotChecked)
		}},
	}}
}
