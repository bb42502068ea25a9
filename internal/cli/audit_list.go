package cli

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newAuditListCmd(app *App) *cobra.Command {
	var paging service.Paging
	var flags *auditFlags
	cmd := &cobra.Command{
		Use:   "list [--since T] [--until T] [--action A] [--operator L] [--subject ID] [--outcome {done | refused}]",
		Short: app.tr("List events, the newest first", "列出审计记录，最新的在前"),
		Long: app.tr(`List events of the audit, the newest first, masked. Events are numbered in the order in which they were written; a number that is missing was
of an attempt that came to nothing. -o wide and JSON have ticket, reason, request and details. timeline shows what became of one person or record.`,
			`列出审计记录，最新的在前，均已脱敏。事件按写入顺序编号；空缺的编号属于未完成的操作。-o wide 和 JSON 含工单号、原因、请求编号和详情。
timeline 查看某人或某记录的经过。`),
		Example: `  farenctl audit list --outcome refused --since 2026-11-01
  farenctl audit list --action 'agent.*' --operator chen -o wide
  farenctl audit list --subject app_01m84kst1tegjthh5hpwxnghys`,
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			query, err := flags.read(app, cmd)
			if err != nil {
				return err
			}
			type col = render.Column[account.AuditEvent]
			view := render.List[account.AuditEvent]{ID: func(e account.AuditEvent) string { return strconv.FormatInt(e.ID, 10) }, Columns: []col{
				{Key: "event_id", Title: app.tr("EVENT", "编号"), Align: render.AlignRight},
				{Key: "at", Title: app.tr("AT", "时间"), Kind: render.Time},
				{Key: "operator", Title: app.tr("OPERATOR", "操作员")},
				{Key: "action", Title: app.tr("ACTION", "操作"), Kind: render.ID},
				{Key: "outcome", Title: app.tr("RESULT", "结果"), Word: app.words(account.OutcomeTerms)},
				{Key: "code", Title: app.tr("CODE", "代码"), Kind: render.Prose},
				{Key: "subject.kind", Title: app.tr("RECORD", "记录类型"), Word: app.words(account.SubjectTerms), Wide: true},
				{Key: "subject.id", Title: app.tr("ID", "记录编号"), Kind: render.ID, Wide: true},
				{Key: "organization_id", Title: app.tr("ORGANIZATION", "单位"), Kind: render.ID, Wide: true},
				{Key: "session", Title: app.tr("SESSION", "会话"), Kind: render.ID, Wide: true},
				{Key: "ticket", Title: app.tr("TICKET", "工单号"), Wide: true},
				{Key: "reason", Title: app.tr("REASON", "原因"), Wide: true},
				{Key: "request_id", Title: app.tr("REQUEST", "请求编号"), Kind: render.ID, Wide: true},
				{Key: "recorded_at", Title: app.tr("WRITTEN AT", "写入时间"), Kind: render.Time, Wide: true},
				{Key: "details", Title: app.tr("DETAILS", "详情"), Wide: true},
			}}
			return printList(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.Page[account.AuditEvent], error) {
				return s.AuditEvents(ctx, query, paging)
			})
		},
	}
	flags = auditFlagsOf(app, cmd)
	pagingFlags(app, cmd, &paging)
	return cmd
}
