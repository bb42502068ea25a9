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

func newTimelineCmd(app *App) *cobra.Command {
	query := service.TimelineQuery{}
	var flags *ticketFlags
	var since, until string
	cmd := &cobra.Command{
		Use:   "timeline [<anything>...] [--since T] [--until T]",
		Short: app.tr("Show the history of a person, an organization or a record", "查看个人、单位或记录的完整历史"),
		Long: app.tr(`Show all that happened to a person, an organization or a record, masked, merged into one history: applications, decisions with who and
why, messages (never their text), face checks, sign-ins and failed ones, locks, sessions, recoveries, changes of accounts, what was shown in
clear, documents that were read; done and refused, with operator and ticket. What somebody did in their sessions is theirs, too.

<anything> is an id of any kind, a mobile, a document number, a user name or a unit code; phone:…, document:…, username:… and unit:… say
which. A person is followed through every organization; a unit code beside a person narrows to that organization, and alone means the whole of
it. The flags say the same.

The newest events come, the newest last, as in a log: --page-token goes on with those before. --since and --until take a time as
2026-11-25, '2026-11-25 17:30' in the time zone of tables, or RFC 3339; --until is not part of it. Of an organization the newest 1000
records of each kind are looked at. Exit status 3 where there is neither record nor event.`,
			`将某人、某单位或某记录的全部经过合并为一条脱敏的时间线：注册申请、审核（何人、何因）、短信（不含内容）、人脸认证、登录与失败的登录、
锁定、会话、找回、账号变更、明文查看、文件查阅；无论成功或被拒绝，均注明操作员和工单号。某人在其会话中所作的操作也包括在内。

<anything> 可为任意编号、手机号、证件号码、用户名或单位编号；也可用 phone:…、document:…、username:…、unit:… 明确指定。个人会在其所有
单位中查找；与单位编号一同给出时仅限该单位；单独的单位编号表示整个单位。各选项含义相同。

输出最近的事件，最新的在最后（如同日志）；--page-token 继续查看更早的。--since 和 --until 的写法为 2026-11-25、'2026-11-25 17:30'（按表格所用
时区）或 RFC 3339，不含 --until 当时。单位的每类记录只查看最新的 1000 条。既无记录也无事件时退出状态为 3。`),
		Example: `  farenctl timeline app_01m84kst1tegjthh5hpwxnghys
  farenctl timeline 13700000001 --since 2026-11-01
  farenctl timeline hz_staff -o jsonl --jq 'select(.outcome == "refused")'
  farenctl timeline --unit-code 91330106MA0000015K --limit 1000`,
		ValidArgsFunction: completes(app, ticketWord),
		Args:              cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if query.Ticket, err = flags.read(cmd, args); err != nil {
				return err
			}
			if query.Since, err = app.timeFlag(cmd, "since", since); err != nil {
				return err
			}
			if query.Until, err = app.timeFlag(cmd, "until", until); err != nil {
				return err
			}
			c, err := app.config()
			if err != nil {
				return err
			}
			var truncated bool
			several := map[string]bool{} // kinds of record of which there are more than one
			view := app.eventList(c.Location, several)
			err = printList(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (found account.Page[account.Event], err error) {
				found, truncated, err = s.Timeline(ctx, query)
				first := map[string]string{}
				for _, e := range found.Items {
					if id, seen := first[e.Subject.Kind]; seen && id != e.Subject.ID {
						several[e.Subject.Kind] = true
					}
					first[e.Subject.Kind] = e.Subject.ID
				}
				return found, err
			})
			if err == nil && truncated && !app.global.quiet {
				app.note(app.tr("note: there are so many records that only the newest 1000 of each kind were looked at", "提示：记录过多，每类只查看了最新的 1000 条"))
			}
			return err
		},
	}
	flags = ticketFlagsOf(app, cmd)
	cmd.Flags().StringVar(&since, "since", "", app.tr("only from this time on", "仅此时间起"))
	cmd.Flags().StringVar(&until, "until", "", app.tr("only before this time", "仅此时间之前"))
	pagingFlags(app, cmd, &query.Paging)
	query.Limit = service.TimelinePage
	cmd.Flags().Lookup("limit").DefValue = strconv.Itoa(service.TimelinePage)
	return cmd
}

// idWidth is how wide ids are, which are not parted.
const idWidth = 30

// eventList shows a history: on a terminal by days, in a pipe with the whole time in each line, for grep. several are the kinds of record
// of which there are more than one, so that each has to be named; messages, checks and sessions are told apart by what they are.
func (app *App) eventList(loc *time.Location, several map[string]bool) render.List[account.Event] {
	at := render.Column[account.Event]{Key: "at", Title: app.tr("TIME", "时间"), Kind: render.Time}
	var group func(account.Event) string
	if app.std.OutTTY {
		at.Kind = render.ID
		at.Value = func(e account.Event) string { return e.At.In(loc).Format(time.TimeOnly) }
		group = func(e account.Event) string { return e.At.In(loc).Format(time.DateOnly) }
	}
	sentence := func(e account.Event) string {
		kind := e.Subject.Kind
		return e.Sentence(app.lang, loc, several[kind] && (kind == "application" || kind == "account" || kind == "recovery"))
	}
	return render.List[account.Event]{Group: group, ID: func(e account.Event) string { return e.Subject.ID }, Columns: []render.Column[account.Event]{
		at,
		{Key: "action", Title: app.tr("WHAT", "事件"), Kind: render.Prose, Least: idWidth, Value: sentence},
		{Key: "operator", Title: app.tr("WHO", "操作员"), Kind: render.Prose, Value: func(e account.Event) string { return e.Who(app.lang) }},
		{Key: "outcome", Title: app.tr("RESULT", "结果"), Word: app.words(account.OutcomeTerms)},
		{Key: "ticket", Title: app.tr("TICKET", "工单号")},
		{Key: "subject.kind", Title: app.tr("RECORD", "记录类型"), Word: app.words(account.SubjectTerms), Wide: true},
		{Key: "subject.id", Title: app.tr("ID", "编号"), Kind: render.ID, Wide: true},
		{Key: "code", Title: app.tr("CODE", "代码"), Kind: render.ID, Wide: true},
		{Key: "session", Title: app.tr("SESSION", "会话"), Kind: render.ID, Wide: true},
		{Key: "username", Title: app.tr("USER NAME", "用户名"), Wide: true},
		{Key: "reason", Title: app.tr("REASON", "原因"), Wide: true},
		{Key: "request_id", Title: app.tr("REQUEST", "请求编号"), Kind: render.ID, Wide: true},
		{Key: "source", Title: app.tr("SOURCE", "来源"), Word: app.words(account.SourceTerms), Wide: true},
		{Key: "part", Title: app.tr("PART", "身份"), Word: app.words(account.PartTerms), Wide: true},
		{Key: "details", Title: app.tr("DETAILS", "详情"), Wide: true},
	}}
}
