package cli

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
)

func newClockCmd(app *App) *cobra.Command {
	return group(app, "clock", app.tr("The test clock that every rule goes by", "规则所依据的测试时钟"),
		newClockShowCmd(app), newClockSetCmd(app), newClockAdvanceCmd(app), newClockResetCmd(app))
}

// clockHelp says who may move the clock.
func (app *App) clockHelp() string {
	return app.tr(`

Every rule, time-out and deadline of all processes goes by it at once. It needs the role faren_fixture or faren_admin, and is refused on
production (status 10). What a gateway or identity provider says goes by the real clock.`, `

所有进程的规则、时限和截止时间立即以此为准。需要 faren_fixture 或 faren_admin 角色；生产环境不可用（退出状态 10）。
短信网关和身份认证服务仍以真实时间为准。`)
}

func (app *App) clockObject() render.Object[account.Clock] {
	return render.Object[account.Clock]{ID: render.Unnamed[account.Clock], Columns: []render.Column[account.Clock]{
		{Key: "now", Title: app.tr("NOW", "当前时间"), Kind: render.Time},
		{Key: "offset_seconds", Title: app.tr("AHEAD BY", "快于真实时间"), Value: func(c account.Clock) string {
			return time.Duration(c.OffsetSeconds * float64(time.Second)).Round(time.Second).String()
		}},
		{Key: "environment", Title: app.tr("ENVIRONMENT", "环境"), Word: app.words(account.EnvironmentTerms)},
	}}
}
