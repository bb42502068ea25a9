package cli

import (
	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
)

func newKeyCmd(app *App) *cobra.Command {
	return group(app, "key", app.tr("The keys of the keyring", "密钥管理"), newKeyListCmd(app), newKeyRotateCmd(app), newKeyReencryptCmd(app), newKeyRetireCmd(app),
		newKeyWrapCmd(app), newKeyUnwrapCmd(app), newKeyExportCmd(app))
}

// keyChangeObject shows what a keyring's file is after a change.
func (app *App) keyChangeObject() render.Object[account.KeyChange] {
	type col = render.Column[account.KeyChange]
	return render.Object[account.KeyChange]{
		ID: func(c account.KeyChange) string {
			if c.Key != nil {
				return *c.Key
			}
			return ""
		},
		Columns: []col{
			{Key: "key", Title: app.tr("KEY", "密钥"), Kind: render.ID},
			{Key: "keyring", Title: app.tr("KEYRING", "密钥环"), Kind: render.ID},
			{Key: "wrapped", Title: app.tr("PASSPHRASE", "口令"), Word: app.words(account.BooleanTerms)},
		},
	}
}

// tell is note of a command whose result does not carry it.
func (app *App) tell(text string) {
	if !app.format.Structured() && !app.global.quiet && !app.global.dryRun {
		app.note(text)
	}
}
