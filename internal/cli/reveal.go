package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/render"
)

// revealFlag is the flag that shows one sealed field in clear.
func revealFlag(app *App, cmd *cobra.Command, field *string, fields []string) {
	cmd.Flags().StringVar(field, "reveal", "", app.tr("field to show in clear: ", "明文显示的字段：")+list(fields))
	choices(cmd, "reveal", fields...)
}

func (app *App) revealHelp() string {
	return app.tr(`

--reveal shows one field in clear. It needs the role faren_reviewer, which faren_admin has as well, the full keyring and --reason; where policy
reveal.ticket is required, --ticket too. Who asked for what and why is recorded before it is shown, and counted: each login is shown as many
fields a day, in China, as policy reveal.daily says (REVEAL_LIMIT).`, `

--reveal 可明文显示一个字段：需要 faren_reviewer 角色（faren_admin 亦具备）、完整密钥环和 --reason；规则参数 reveal.ticket 为 required 时还须填写
--ticket。查看人、字段和原因先记入审计再显示，并计入次数：每个账号每天（北京时间）的次数上限由规则参数 reveal.daily 规定（REVEAL_LIMIT）。`)
}

// withRevealed makes sure that tables have the column of a person's field that is to be shown in clear.
func withRevealed[T any](app *App, columns []render.Column[T], field string) []render.Column[T] {
	key, titles := "agent."+field, map[string]string{
		"email": app.tr("E-MAIL", "邮箱"), "landline": app.tr("LANDLINE", "固定电话"), "ethnic_group": app.tr("ETHNIC GROUP", "民族"),
	}
	if field == "username" {
		key = field
	}
	for i := range columns {
		if columns[i].Key == key {
			columns[i].Wide = false
			return columns
		}
	}
	if titles[field] == "" {
		return columns
	}
	at := slices.IndexFunc(columns, func(c render.Column[T]) bool { return c.Key == "agent.name" }) + 1
	return slices.Insert(columns, at, render.Column[T]{Key: key, Title: titles[field]})
}
