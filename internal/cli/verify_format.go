package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

// formatItem is the check of one value. Facts is an object from fact to value.
type formatItem struct {
	Value    string               `json:"value"`
	Valid    bool                 `json:"valid"`
	Errors   []identifier.Problem `json:"errors"`
	Warnings []identifier.Problem `json:"warnings"`
	Facts    map[string]string    `json:"facts"`
}

func newVerifyFormatCmd(app *App) *cobra.Command {
	kinds := make([]string, 0, len(identifier.Kinds()))
	for _, k := range identifier.Kinds() {
		kinds = append(kinds, string(k))
	}
	return &cobra.Command{
		Use:               "format <kind> <value>...",
		Short:             app.tr("Check the form of values; opens no database", "校验取值的格式，不访问数据库"),
		Long:              app.tr("Check the form of values; opens no database. Exit status 65 when any is not valid.\n\nKinds: ", "校验取值的格式，不访问数据库。有无效值时退出状态为 65。\n\n类型：") + strings.Join(kinds, ", "),
		Example:           "  farenctl verify format uscc 91330100799655058B",
		ValidArgsFunction: completes(app, oneOfWords(kinds...)),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) < 2 {
				return arguments(app, "<kind>", "<value>")(cmd, args)
			}
			return oneOf("kind", args[0], kinds)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			items := make([]formatItem, len(args)-1)
			bad := 0
			for i, value := range args[1:] {
				report := identifier.Check(identifier.Kind(args[0]), value, time.Now())
				items[i] = formatItem{Value: firstOf(report.Value, value), Valid: report.Valid, Errors: report.Errors, Warnings: report.Warnings, Facts: map[string]string{}}
				for _, f := range report.Facts {
					items[i].Facts[f.Name] = f.Value
				}
				if !report.Valid {
					bad++
				}
			}
			err := printList(cmd.Context(), app, app.formatList(), func(context.Context, *service.Service) (account.Page[formatItem], error) {
				return account.Page[formatItem]{Items: items}, nil
			})
			if err == nil && bad > 0 {
				err = account.NewFault("VALUES_INVALID", "count", bad)
			}
			return err
		},
	}
}

func (app *App) formatList() render.List[formatItem] {
	type col = render.Column[formatItem]
	problems := func(all []identifier.Problem) string {
		texts := make([]string, len(all))
		for i, p := range all {
			texts[i] = account.NewFault(account.Code(p.Code), "reason", p.Reason).Message(app.lang, time.UTC)
		}
		return strings.Join(texts, app.tr("; ", "；"))
	}
	return render.List[formatItem]{
		ID: func(i formatItem) string { return i.Value },
		Columns: []col{
			{Key: "value", Title: app.tr("VALUE", "值"), Kind: render.ID},
			{Key: "valid", Title: app.tr("VALID", "有效"), Word: app.words(account.BooleanTerms)},
			{Key: "errors", Title: app.tr("ERRORS", "错误"), Kind: render.Prose, Value: func(i formatItem) string { return problems(i.Errors) }},
			{Key: "warnings", Title: app.tr("WARNINGS", "提示"), Kind: render.Prose, Value: func(i formatItem) string { return problems(i.Warnings) }},
			{Key: "facts", Title: app.tr("FACTS", "信息"), Wide: true},
		}}
}
