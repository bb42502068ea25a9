package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newSMSStatsCmd(app *App) *cobra.Command {
	period := &service.Period{}
	cmd := &cobra.Command{
		Use:   "stats [--since D] [--until D]",
		Short: app.tr("Count the outbox: what waits, and what became of the rest", "统计短信发件箱：待发送及发送结果"),
		Long: app.tr(`Count what waits in the outbox now, whenever it was written, and how long the oldest has been due; and, of the messages that
were written in the last 14 days or those that are asked for, what became of them by kind and day, how often they were tried, and with
which codes the last tries ended, the ten most frequent.`, `统计发件箱中当前待发送的短信（不论何时生成）及其中最早一条的等待时间；并统计最近 14 天或指定日期内生成的短信：各类型及每天的发送结果、
发送次数，以及最常见的十个结果代码。`) + app.periodHelp(),
		Example: `  farenctl sms stats --jq .backlog.age_seconds
  farenctl sms stats --since 2026-02-01 --until 2026-02-28 -o csv`,
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			view := render.Report[account.SMSStats, account.SMSDay]{
				Sections: app.smsSections, Rows: func(s account.SMSStats) []account.SMSDay { return s.Days },
			}
			return printReport(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.SMSStats, error) {
				return s.SMSStats(ctx, *period)
			})
		},
	}
	periodFlags(app, cmd, period)
	return cmd
}

// smsDay is what became of a day's messages, of all kinds.
type smsDay struct {
	Date    string `json:"date"`
	Sent    int64  `json:"sent"`
	Dead    int64  `json:"dead"`
	Unknown int64  `json:"unknown"`
	Waiting int64  `json:"waiting"`
	All     int64  `json:"all"`
}

// smsSections are the parts of the table.
func (app *App) smsSections(s account.SMSStats) []render.Section {
	type kind = render.Column[account.SMSKind]
	type daily = render.Column[smsDay]
	sent, dead, unknown, messages := app.tr("SENT", "已发送"), app.tr("DEAD", "发送失败"), app.tr("UNKNOWN", "结果不明"), app.tr("MESSAGES", "短信数")
	return []render.Section{
		{Key: "backlog", Title: app.tr("What waits", "待发送"), View: render.Object[account.SMSBacklog]{Value: s.Backlog, ID: render.Unnamed[account.SMSBacklog], Columns: []render.Column[account.SMSBacklog]{
			{Key: "due", Title: app.tr("DUE", "待发送")},
			{Key: "oldest_due_at", Title: app.tr("OLDEST DUE AT", "最早应发送"), Kind: render.Time},
			{Key: "age_seconds", Title: app.tr("DUE FOR", "已等待"), Value: func(b account.SMSBacklog) string {
				if b.OldestDueAt == nil {
					return ""
				}
				return account.Lapse(app.lang, time.Duration(b.AgeSeconds*float64(time.Second)))
			}},
			{Key: "later", Title: app.tr("NEXT TRY LATER", "稍后重试")},
			{Key: "sending", Title: app.tr("BEING SENT", "发送中")},
		}}},
		{Key: "kinds", Title: app.periodTitle("By kind", "按类型", s.Since, s.Until), View: render.List[account.SMSKind]{Items: s.Kinds, Columns: []kind{
			{Key: "kind", Title: app.tr("KIND", "类型"), Word: app.words(account.SMSKindTerms)},
			{Key: "queued", Title: app.tr("QUEUED", "待发送"), Align: render.AlignRight},
			{Key: "sending", Title: app.tr("SENDING", "发送中"), Align: render.AlignRight},
			{Key: "sent", Title: sent, Align: render.AlignRight},
			{Key: "dead", Title: dead, Align: render.AlignRight},
			{Key: "unknown", Title: unknown, Align: render.AlignRight},
		}}},
		{Key: "days", Title: app.periodTitle("By day", "按日期", s.Since, s.Until), View: render.List[smsDay]{Items: smsDays(s.Days), Columns: []daily{
			{Key: "date", Title: app.tr("DATE", "日期"), Kind: render.ID},
			{Key: "sent", Title: sent, Align: render.AlignRight},
			{Key: "dead", Title: dead, Align: render.AlignRight},
			{Key: "unknown", Title: unknown, Align: render.AlignRight},
			{Key: "waiting", Title: app.tr("WAITING", "待发送"), Align: render.AlignRight},
			{Key: "all", Title: app.tr("ALL", "合计"), Kind: render.Bar},
		}}},
		{Key: "attempts", Title: app.periodTitle("By number of tries", "按发送次数", s.Since, s.Until), View: render.List[account.SMSAttempts]{Items: s.Attempts, Columns: []render.Column[account.SMSAttempts]{
			{Key: "attempts", Title: app.tr("TRIES", "发送次数"), Align: render.AlignRight},
			{Key: "messages", Title: messages, Kind: render.Bar},
		}}},
		{Key: "answers", Title: app.periodTitle("How the last try ended", "最近结果", s.Since, s.Until), View: render.List[account.SMSAnswer]{Items: s.Answers, Columns: []render.Column[account.SMSAnswer]{
			{Key: "code", Title: app.tr("CODE", "代码"), Word: app.words(account.SMSFailureTerms)},
			{Key: "messages", Title: messages, Kind: render.Bar},
		}}},
	}
}

// smsDays puts the kinds of a day into one row.
func smsDays(days []account.SMSDay) []smsDay {
	var out []smsDay
	for _, d := range days {
		if len(out) == 0 || out[len(out)-1].Date != d.Date {
			out = append(out, smsDay{Date: d.Date})
		}
		r := &out[len(out)-1]
		r.Sent += d.Sent
		r.Dead += d.Dead
		r.Unknown += d.Unknown
		r.Waiting += d.Waiting
		r.All += d.Sent + d.Dead + d.Unknown + d.Waiting
	}
	return out
}
