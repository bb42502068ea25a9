package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newReviewStatsCmd(app *App) *cobra.Command {
	query := &service.ReviewStatsQuery{}
	cmd := &cobra.Command{
		Use:   "stats [--since D] [--until D] [--kind {organization | comparison}] [--unit-code C]",
		Short: app.tr("Count what waits for a decision, and what was decided", "统计待审核的申请和审核结果"),
		Long: app.tr(`Count what waits for a decision now, by kind and age, with what is due today and overdue; and, of the last 14 days or those
that are asked for, what was decided on each, and how long the decisions took from submission: the median, and what nine of ten did not exceed.`,
			`统计当前待审核的申请，按类型和等待时间，包括今天到期和已超期的；并统计最近 14 天或指定日期内每天的审核结果，以及自提交至审核的用时：
中位数和九成申请的用时上限。`) + app.periodHelp(),
		Example: `  farenctl review stats --kind comparison
  farenctl review stats --since 2026-02-01 --until 2026-02-28 -o csv`,
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("kind", query.Kind, account.ReviewKinds()); err != nil {
				return err
			}
			view := render.Report[account.ReviewStats, account.ReviewDay]{
				Sections: func(s account.ReviewStats) []render.Section { return app.reviewSections(s, query.Kind) },
				Rows:     func(s account.ReviewStats) []account.ReviewDay { return s.Decisions },
			}
			return printReport(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.ReviewStats, error) {
				return s.ReviewStats(ctx, *query)
			})
		},
	}
	periodFlags(app, cmd, &query.Period)
	cmd.Flags().StringVar(&query.Kind, "kind", "", app.tr("only this kind: ", "仅此类型：")+list(account.ReviewKinds()))
	cmd.Flags().StringVar(&query.UnitCode, "unit-code", "", app.tr("only this organization", "仅此单位"))
	choices(cmd, "kind", account.ReviewKinds()...)
	completesFlag(app, cmd, "unit-code", unitCodes)
	return cmd
}

// reviewAge is how many applications of each kind have waited so long.
type reviewAge struct {
	Age          string `json:"age"`
	Organization int64  `json:"organization"`
	Comparison   int64  `json:"comparison"`
	All          int64  `json:"all"`
}

// reviewDay is what was decided on a day, of both kinds.
type reviewDay struct {
	Date       string `json:"date"`
	Approved   int64  `json:"approved"`
	Rejected   int64  `json:"rejected"`
	Matched    int64  `json:"matched"`
	Mismatched int64  `json:"mismatched"`
	All        int64  `json:"all"`
}

// reviewSections are the parts of the table. kind is the only one that is shown; "": both.
func (app *App) reviewSections(s account.ReviewStats, kind string) []render.Section {
	type queue = render.Column[account.ReviewQueue]
	type times = render.Column[account.DecisionTimes]
	kindTitle := app.tr("KIND", "类型")
	took := func(seconds func(account.DecisionTimes) *float64) func(account.DecisionTimes) string {
		return func(t account.DecisionTimes) string {
			if at := seconds(t); at != nil {
				return account.Lapse(app.lang, time.Duration(*at*float64(time.Second)))
			}
			return ""
		}
	}
	return []render.Section{
		{Key: "queue", Title: app.tr("What waits", "待审核"), View: render.List[account.ReviewQueue]{Items: s.Queue, Columns: []queue{
			{Key: "kind", Title: kindTitle, Word: app.words(account.ReviewTerms)},
			{Key: "waiting", Title: app.tr("WAITING", "待审核"), Align: render.AlignRight},
			{Key: "due_today", Title: app.tr("DUE TODAY", "今天到期"), Align: render.AlignRight},
			{Key: "overdue", Title: app.tr("OVERDUE", "已超期"), Align: render.AlignRight},
			{Key: "oldest_at", Title: app.tr("OLDEST OF", "最早提交"), Kind: render.Time},
		}}},
		{Key: "queue.ages", Title: app.tr("By time since submission", "按等待时间"), View: render.List[reviewAge]{Items: app.reviewAges(s.Queue), Columns: reviewColumns(kind, []reviewColumn[reviewAge]{
			{"", render.Column[reviewAge]{Key: "age", Title: app.tr("WAITING", "等待")}},
			{account.ReviewOrganization, render.Column[reviewAge]{Key: "organization", Title: app.tr("ORGANIZATION", "单位审核"), Align: render.AlignRight}},
			{account.ReviewComparison, render.Column[reviewAge]{Key: "comparison", Title: app.tr("COMPARISON", "人工比对"), Align: render.AlignRight}},
			{"", render.Column[reviewAge]{Key: "all", Title: app.tr("ALL", "合计"), Kind: render.Bar}},
		})}},
		{Key: "decisions", Title: app.periodTitle("Decisions", "审核结果", s.Since, s.Until), View: render.List[reviewDay]{Items: reviewDays(s.Decisions), Columns: reviewColumns(kind, []reviewColumn[reviewDay]{
			{"", render.Column[reviewDay]{Key: "date", Title: app.tr("DATE", "日期"), Kind: render.ID}},
			{account.ReviewOrganization, render.Column[reviewDay]{Key: "approved", Title: app.tr("APPROVED", "同意"), Align: render.AlignRight}},
			{account.ReviewOrganization, render.Column[reviewDay]{Key: "rejected", Title: app.tr("REJECTED", "拒绝"), Align: render.AlignRight}},
			{account.ReviewComparison, render.Column[reviewDay]{Key: "matched", Title: app.tr("MATCHED", "比对通过"), Align: render.AlignRight}},
			{account.ReviewComparison, render.Column[reviewDay]{Key: "mismatched", Title: app.tr("MISMATCHED", "比对不通过"), Align: render.AlignRight}},
			{"", render.Column[reviewDay]{Key: "all", Title: app.tr("ALL", "合计"), Kind: render.Bar}},
		})}},
		{Key: "time_to_decision", Title: app.periodTitle("From submission to decision", "自提交至审核的用时", s.Since, s.Until), View: render.List[account.DecisionTimes]{Items: s.Times, Columns: []times{
			{Key: "kind", Title: kindTitle, Word: app.words(account.ReviewTerms)},
			{Key: "decided", Title: app.tr("DECIDED", "已审核"), Align: render.AlignRight},
			{Key: "median_seconds", Title: app.tr("MEDIAN", "中位数"), Align: render.AlignRight, Value: took(func(t account.DecisionTimes) *float64 { return t.MedianSeconds })},
			{Key: "p90_seconds", Title: app.tr("NINE OF TEN WITHIN", "九成不超过"), Align: render.AlignRight, Value: took(func(t account.DecisionTimes) *float64 { return t.P90Seconds })},
		}}},
	}
}

// reviewColumn is a column of one kind of decision; "": of both.
type reviewColumn[T any] struct {
	kind   string
	column render.Column[T]
}

// reviewColumns are the columns that go with the only kind that is shown.
func reviewColumns[T any](kind string, all []reviewColumn[T]) []render.Column[T] {
	var out []render.Column[T]
	for _, c := range all {
		if kind == "" || c.kind == "" || c.kind == kind {
			out = append(out, c.column)
		}
	}
	return out
}

func (app *App) reviewAges(queue []account.ReviewQueue) []reviewAge {
	ages := []struct {
		name  string
		count func(account.ReviewAges) int64
	}{
		{app.tr("under 1 h", "1 小时以内"), func(a account.ReviewAges) int64 { return a.UpToHour }},
		{app.tr("1-4 h", "1-4 小时"), func(a account.ReviewAges) int64 { return a.UpTo4Hours }},
		{app.tr("4-24 h", "4-24 小时"), func(a account.ReviewAges) int64 { return a.UpTo24Hours }},
		{app.tr("1-3 days", "1-3 天"), func(a account.ReviewAges) int64 { return a.UpTo3Days }},
		{app.tr("over 3 days", "3 天以上"), func(a account.ReviewAges) int64 { return a.Older }},
	}
	out := make([]reviewAge, len(ages))
	for i, age := range ages {
		out[i].Age = age.name
		for _, q := range queue {
			n := age.count(q.Ages)
			out[i].All += n
			if q.Kind == account.ReviewComparison {
				out[i].Comparison += n
			} else {
				out[i].Organization += n
			}
		}
	}
	return out
}

// reviewDays puts the kinds of a day into one row.
func reviewDays(decisions []account.ReviewDay) []reviewDay {
	var out []reviewDay
	for _, d := range decisions {
		if len(out) == 0 || out[len(out)-1].Date != d.Date {
			out = append(out, reviewDay{Date: d.Date})
		}
		r := &out[len(out)-1]
		if d.Kind == account.ReviewComparison {
			r.Matched += d.Approved
		} else {
			r.Approved += d.Approved
		}
		r.Rejected += d.Rejected
		r.Mismatched += d.Mismatched
		r.All += d.Approved + d.Rejected + d.Mismatched
	}
	return out
}
