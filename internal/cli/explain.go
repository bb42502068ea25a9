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

// explanation is one row of the code table.
type explanation struct {
	Code       account.Code `json:"code"`
	ExitStatus *int         `json:"exit_status"` // null for a warning
	Message    string       `json:"message"`
	Hint       string       `json:"hint"`
}

func (app *App) explanation(e account.Entry) explanation {
	places := strings.NewReplacer("{", "<", "}", ">")
	out := explanation{Code: e.Code, Message: places.Replace(app.lang.Pick(e.English, e.Chinese)), Hint: places.Replace(app.lang.Pick(e.HintEnglish, e.HintChinese))}
	if e.Status != account.StatusWarningsOnly {
		out.ExitStatus = &e.Status
	}
	return out
}

func newExplainCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:               "explain [<code>]",
		Short:             app.tr("Explain a code, or list them all", "解释代码，不带参数则全部列出"),
		ValidArgsFunction: completes(app, codes),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return arguments(app, "<code>")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			type col = render.Column[explanation]
			columns := []col{
				{Key: "code", Title: app.tr("CODE", "代码"), Kind: render.ID},
				{Key: "exit_status", Title: app.tr("STATUS", "退出状态"), Align: render.AlignRight},
				{Key: "message", Title: app.tr("MEANING", "含义"), Kind: render.Prose},
				{Key: "hint", Title: app.tr("WHAT TO DO", "处理办法"), Kind: render.Prose},
			}
			id := func(e explanation) string { return string(e.Code) }
			if len(args) == 0 {
				return printList(cmd.Context(), app, render.List[explanation]{Columns: inList(columns, "hint"), ID: id}, func(context.Context, *service.Service) (account.Page[explanation], error) {
					items := []explanation{}
					for _, e := range account.Entries() {
						items = append(items, app.explanation(e))
					}
					return account.Page[explanation]{Items: items}, nil
				})
			}
			return printObject(cmd.Context(), app, render.Object[explanation]{Columns: columns, ID: id}, func(context.Context, *service.Service) (explanation, error) {
				e, ok := account.Find(account.Code(strings.ToUpper(strings.TrimSpace(args[0]))))
				if !ok {
					return explanation{}, account.NewFault("CODE_UNKNOWN")
				}
				return app.explanation(e), nil
			})
		},
	}
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
