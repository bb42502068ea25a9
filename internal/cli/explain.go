package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

// bothOf gives texts whatever the language of messages.
func bothOf(texts []account.Text) []account.Both {
	out := make([]account.Both, len(texts))
	for i, t := range texts {
		out[i] = account.Both(t)
	}
	return out
}

// What an explanation is of.
const (
	explainsRefusal   = "refusal"
	explainsWarning   = "warning"
	explainsSituation = "situation"
)

// explanation is what the manual says of a code, or of a situation, whose name stands in the place of a code then. Message and hint are in the
// language of messages.
type explanation struct {
	Code       account.Code   `json:"code"`
	ExitStatus *int           `json:"exit_status"` // null for a warning or situation
	Message    string         `json:"message"`
	Hint       string         `json:"hint"`
	Kind       string         `json:"kind"`
	Meaning    account.Both   `json:"meaning"`
	Causes     []account.Both `json:"causes"`
	Applicant  []account.Both `json:"applicant"`
	Support    []account.Both `json:"support"`
	Guide      []string       `json:"guide"`
}

func (app *App) explanation(e account.Entry) explanation {
	places := strings.NewReplacer("{", "<", "}", ">")
	x, _ := account.Explain(e.Code)
	out := app.manual(x)
	out.Code, out.Kind = e.Code, explainsRefusal
	out.Message, out.Hint = places.Replace(app.lang.Pick(e.English, e.Chinese)), places.Replace(app.lang.Pick(e.HintEnglish, e.HintChinese))
	if e.Status == account.StatusWarningsOnly {
		out.Kind = explainsWarning
	} else {
		out.ExitStatus = &e.Status
	}
	return out
}

func (app *App) situation(s account.Situation) explanation {
	out := app.manual(s.Explanation)
	out.Code, out.Kind, out.Message = account.Code(s.Name), explainsSituation, s.Title.In(app.lang)
	return out
}

func (app *App) manual(x account.Explanation) explanation {
	return explanation{Meaning: account.Both(x.Meaning), Causes: bothOf(x.Causes), Applicant: bothOf(x.Applicant),
		Support: bothOf(x.Support), Guide: append([]string{}, x.Guide...)}
}

// explained gives what a match means.
func (app *App) explained(m account.Match) explanation {
	if s, ok := account.FindSituation(m.Situation); ok {
		return app.situation(s)
	}
	return app.explanation(account.Lookup(m.Code))
}

// allExplained are the codes in their order, then the situations.
func (app *App) allExplained() []explanation {
	items := []explanation{}
	for _, e := range account.Entries() {
		items = append(items, app.explanation(e))
	}
	for _, s := range account.Situations() {
		items = append(items, app.situation(s))
	}
	return items
}

func newExplainCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [{<code> | <situation> | <sentence>}]",
		Short: app.tr("Explain a code, a situation or a sentence, or list them all", "解释代码、情形或语句，不带参数则全部列出"),
		Long: app.tr(`Tell what a code or situation means, what leads there, what the applicant can do, and what support and administrators can do.
In the place of a code stands a situation, such as forgotten-password, or a sentence in quotation marks: a message in English or
Chinese or a sentence of the portal's guide, whole or in part, as somebody typed it or copied it from a picture. Where several
fit, they are listed, the best first, with exit status 0; in JSON that is a list. Where none does, the error names the nearest.
It opens no database.`, `说明代码或情形的含义、原因，以及申请人、客服和管理员可以采取的办法。
除代码外，也可给出情形（如 forgotten-password），或用引号括起的语句：中英文提示或指南中的语句，完整或部分均可，
可以有个别错漏。有多项相近时按相近程度列出，退出状态为 0，JSON 为列表；没有相近内容时，错误提示给出最接近的项。
此命令不连接数据库。`),
		Example: `  farenctl explain PHONE_IN_USE
  farenctl explain 手机号不可重复
  farenctl explain 'locked until 2026-03-03 12:00'
  farenctl explain forgotten-username --lang zh`,
		ValidArgsFunction: completes(app, codes),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) < 2 {
				return nil
			}
			return account.NewFault("USAGE", "problem", app.tr("too many arguments: put a sentence in quotation marks", "参数过多：语句请用引号括起"), "command", cmd.CommandPath())
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return app.listExplained(cmd.Context(), app.allExplained())
			}
			matches := account.FindByText(args[0])
			match, ok := account.Clear(matches)
			switch {
			case ok:
				return printObject(cmd.Context(), app, render.Object[explanation]{Columns: app.explanationColumns(), ID: explanationID},
					func(context.Context, *service.Service) (explanation, error) { return app.explained(match), nil })
			case len(matches) == 0:
				return unknownCode(args[0])
			}
			items := make([]explanation, len(matches))
			for i, m := range matches {
				items[i] = app.explained(m)
			}
			if err := app.listExplained(cmd.Context(), items); err != nil || app.format.Structured() || app.global.quiet || app.global.jq != "" {
				return err
			}
			app.note(app.tr("several fit: explain one by its code", "有多项相近：请用代码查看其一"))
			return nil
		},
	}
}

func explanationID(e explanation) string { return string(e.Code) }

func (app *App) listExplained(ctx context.Context, items []explanation) error {
	return printList(ctx, app, render.List[explanation]{Columns: inList(app.explanationColumns(), "kind", "hint", "meaning", "causes", "applicant", "support", "guide"), ID: explanationID},
		func(context.Context, *service.Service) (account.Page[explanation], error) {
			return account.Page[explanation]{Items: items}, nil
		})
}

func (app *App) explanationColumns() []render.Column[explanation] {
	type col = render.Column[explanation]
	texts := func(of func(explanation) []account.Both) func(explanation) []string {
		return func(e explanation) []string {
			var lines []string
			for _, t := range of(e) {
				lines = append(lines, t.In(app.lang))
			}
			return lines
		}
	}
	return []col{
		{Key: "code", Title: app.tr("CODE", "代码"), Kind: render.ID},
		{Key: "exit_status", Title: app.tr("STATUS", "退出状态"), Align: render.AlignRight},
		{Key: "message", Title: app.tr("MESSAGE", "信息"), Kind: render.Prose},
		{Key: "hint", Title: app.tr("HINT", "提示"), Kind: render.Prose},
		{Key: "meaning", Title: app.tr("MEANING", "含义"), Kind: render.Prose, Value: func(e explanation) string { return e.Meaning.In(app.lang) }},
		{Key: "causes", Title: app.tr("CAUSES", "原因"), Kind: render.Points, Lines: texts(func(e explanation) []account.Both { return e.Causes })},
		{Key: "applicant", Title: app.tr("APPLICANT", "申请人"), Kind: render.Points, Lines: texts(func(e explanation) []account.Both { return e.Applicant })},
		{Key: "support", Title: app.tr("SUPPORT", "客服和管理员"), Kind: render.Points, Lines: texts(func(e explanation) []account.Both { return e.Support })},
		{Key: "guide", Title: app.tr("GUIDE", "指南"), Value: func(e explanation) string {
			if len(e.Guide) == 0 {
				return ""
			}
			return app.tr("guide ", "《指南》") + strings.Join(e.Guide, app.tr(", ", "、"))
		}},
		{Key: "kind", Title: app.tr("KIND", "类型"), Wide: true, Word: app.words(account.ExplanationTerms)},
	}
}

// unknownCode refuses what means nothing here, and names what is nearest to it.
func unknownCode(text string) error {
	f := account.NewFault("CODE_UNKNOWN")
	var near []string
	for _, m := range account.NearText(text) {
		near = append(near, m.Name())
	}
	if len(near) == 0 {
		near = nearestFew(text, account.Names())
	}
	if len(near) == 0 {
		return f
	}
	near = near[:min(len(near), 3)]
	return f.With("nearest", near).WithAdvice(account.Say("did you mean %s? `farenctl explain` without a code lists them all", "您是否想用 %s？不带参数运行 `farenctl explain` 可列出全部代码",
		account.Say(strings.Join(near, ", "), strings.Join(near, "、"))))
}

// exitCodes is made from the table that errors are made from.
func (app *App) exitCodes() string {
	var b strings.Builder
	width := app.helpWidth()
	b.WriteString(app.tr("Exit statuses, and the codes that end a command with each.\n", "退出状态及对应的代码。\n"))
	for _, s := range account.Statuses() {
		b.WriteString("\n" + hanging(fmt.Sprintf("%5d  ", s.Status), 7, app.lang.Pick(s.English, s.Chinese), width))
		for _, e := range account.Entries() {
			if e.Status == s.Status {
				b.WriteString(hanging("       ", 9, string(e.Code)+": "+account.NewFault(e.Code).Message(app.lang, time.UTC), width))
			}
		}
	}
	return b.String()
}
