package cli

import (
	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
)

func newRecoverCmd(app *App) *cobra.Command {
	cmd := group(app, "recover", app.tr("Get a user name or password back", "找回用户名密码"),
		newRecoverStartCmd(app), newRecoverVerifyCmd(app), newRecoverShowCmd(app), newRecoverResetCmd(app))
	cmd.Long = app.tr("Get a user name or password back. On a terminal, `farenctl recover` alone leads through the steps.", "找回用户名密码。在终端中直接运行 `farenctl recover` 可按步骤引导完成。")
	// A person takes the time that it takes.
	cmd.Annotations = map[string]string{unlimited: always}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if !app.interactive() {
			return app.needsTerminal(cmd)
		}
		if err := app.walkable(cmd.CommandPath()); err != nil {
			return err
		}
		return printObject(cmd.Context(), app, app.recoveryObject(), app.walkRecovery)
	}
	return cmd
}

// recoveryArgument reads the id of a recovery; it has no other name.
func recoveryArgument(app *App, name, text string) (account.RecoveryID, error) {
	return idArgument(app, name, "rec_…", text, account.ParseRecoveryID)
}

func (app *App) recoveryObject() render.Object[account.Recovery] {
	type col = render.Column[account.Recovery]
	return render.Object[account.Recovery]{Columns: []col{
		{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
		{Key: "status", Title: app.tr("STATUS", "状态"), Word: app.words(account.RecoveryTerms)},
		{Key: "by", Title: app.tr("BY", "找回方式"), Word: app.words(account.MethodTerms)},
		{Key: "username", Title: app.tr("USER NAME", "用户名")},
		{Key: "proven_by", Title: app.tr("PROVEN BY", "验证方式"), Word: app.words(account.MethodTerms)},
		{Key: "expires_at", Title: app.tr("EXPIRES", "失效时间"), Kind: render.Time},
		{Key: "next", Title: app.tr("NEXT", "下一步"), Lines: func(r account.Recovery) []string { return app.steps(r.Next) }},
	}}
}
