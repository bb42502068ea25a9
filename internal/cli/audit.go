package cli

import (
	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newAuditCmd(app *App) *cobra.Command {
	cmd := group(app, "audit", app.tr("Read the audit, seal it, and prove that nobody changed it", "查看、封存审计记录，并证明未被更改"),
		newAuditListCmd(app), newAuditExportCmd(app), newAuditKeygenCmd(app), newAuditSealCmd(app), newAuditVerifyCmd(app))
	cmd.Long = app.tr(`Every change and every refusal writes an event in its own transaction: when, which database login, in which session, what, to which record,
with which ticket, reason and request. The database refuses to change or delete one, also to its owner, and no command of farenctl does: policy
audit.retention says how long events are kept at least, a year or more.

A superuser can switch that refusal off. audit seal therefore signs a checkpoint over all events and keeps it in files outside the database, and
audit verify finds whatever was edited, removed or inserted later. These commands are for the role faren_auditor.`,
		`每次更改和每次拒绝都在其事务中写入一条审计记录：时间、数据库用户、会话、操作、对象、工单号、原因和请求编号。数据库拒绝修改或删除记录，
对属主也不例外；本程序没有任何删除命令：策略 audit.retention 规定最短保留时间，不少于一年。

超级用户可以绕过该限制。因此 audit seal 对全部记录签名生成检查点，保存在数据库之外；audit verify 可发现此后的任何修改、删除或插入。
这些命令须具有 faren_auditor 角色。`)
	return cmd
}

// auditOutcomes are what an event can have come to.
func auditOutcomes() []string { return []string{"done", account.Refused} }

// auditFlags are the flags that narrow the audit.
type auditFlags struct {
	service.AuditQuery
	since, until string
}

func auditFlagsOf(app *App, cmd *cobra.Command) *auditFlags {
	f := &auditFlags{}
	flags := cmd.Flags()
	flags.StringVar(&f.since, "since", "", app.tr("only from this time on, as 2026-02-14 17:30", "仅此时间及以后，例如 2026-02-14 17:30"))
	flags.StringVar(&f.until, "until", "", app.tr("only before this time", "仅此时间以前"))
	flags.StringVar(&f.Action, "action", "", app.tr("only this action, or all of a kind: application.*", "仅此操作，或某类全部操作：application.*"))
	flags.StringVar(&f.Operator, "operator", "", app.tr("only by this database login", "仅此数据库用户"))
	flags.StringVar(&f.Subject, "subject", "", app.tr("only of this record, by its id; of an organization: all that is of it", "仅此记录（编号）；指定单位时为该单位的全部记录"))
	flags.StringVar(&f.Outcome, "outcome", "", app.tr("only those that were done, or refused", "仅完成的（done）或被拒绝的（refused）"))
	flags.StringVar(&f.Code, "code", "", app.tr("only those refused with this code", "仅以此代码被拒绝的"))
	// The global flag is what a change is recorded with; of a look it is what to look for.
	flags.StringVar(&f.Ticket, "ticket", "", app.tr("only with this ticket", "仅此工单号"))
	flags.StringVar(&f.Session, "session", "", app.tr("only of this session", "仅此会话"))
	flags.StringVar(&f.RequestID, "request-id", "", app.tr("only of this request, as errors tell it", "仅此请求编号（见错误信息）"))
	choices(cmd, "outcome", auditOutcomes()...)
	choices(cmd, "action", account.Actions()...)
	return f
}

// read settles what the flags say.
func (f *auditFlags) read(app *App, cmd *cobra.Command) (service.AuditQuery, error) {
	if err := oneOf("outcome", f.Outcome, auditOutcomes()); err != nil {
		return f.AuditQuery, err
	}
	var err error
	if f.Since, err = app.timeFlag(cmd, "since", f.since); err != nil {
		return f.AuditQuery, err
	}
	f.Until, err = app.timeFlag(cmd, "until", f.until)
	return f.AuditQuery, err
}

// checkpointFlags say where checkpoints are and whose they are; the configuration has what they leave out.
func checkpointFlags(app *App, cmd *cobra.Command, r *service.VerifyRequest) {
	cmd.Flags().StringVar(&r.Checkpoints, "checkpoints", "", app.tr("directory of the checkpoints, or one checkpoint's file (default: setting audit.checkpoints)", "检查点目录，或单个检查点文件（默认为 audit.checkpoints）"))
	cmd.Flags().StringVar(&r.PublicKeyFile, "public-key", "", app.tr("file of the auditor's public key (default: setting audit.public_key)", "审计员的公钥文件（默认为 audit.public_key）"))
	takesFile(cmd, "checkpoints")
	takesFile(cmd, "public-key", "pub")
}

// missingFlag is of a flag that the configuration does not stand in for.
func missingFlag(app *App, cmd *cobra.Command, name string) error {
	return account.NewFault("USAGE", "problem", app.tr("missing flags: --", "缺少选项：--")+name, "command", cmd.CommandPath())
}
