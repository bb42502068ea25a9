package cli

import (
	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
)

func newRecoverCmd(app *App) *cobra.Command {
	return group(app, "recover", app.tr("Get a user name or password back", "找回用户名密码"),
		newRecoverStartCmd(app), newRecoverVerifyCmd(app), newRecoverShowCmd(app), newRecoverResetCmd(app))
}

// recoveryArgument reads the id of a recovery; it has no other name.
func recoveryArgument(app *App, name, text string) (account.RecoveryID, error) {
	return idArgument(app, name, "rec_…", text, account.ParseRecoveryID)
}

func (app *App) recoveryObject() render.Object[account.Recovery] {
	type col = render.Column[account.Recovery]
	return render.Object[account.Recovery]{Columns: []col{
		{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
		{Key: "status", Title: app.tr("STATUS", "状态")},
		{Key: "by", Title: app.tr("BY", "找回方式")},
		{Key: "username", Title: app.tr("USER NAME", "用户名")},
		{Key: "proven_by", Title: app.tr("PROVEN BY", "验证方式")},
		{Key: "expires_at", Title: app.tr("EXPIRES", "失效时间"), Kind: render.Time},
		{Key: "next", Title: app.tr("NEXT", "下一步"), Lines: func(r account.Recovery) []string { return steps(r.Next) }},
	}}
}
