package cli

import (
	"github.com/farenctl/farenctl/internal/account"
)

// tellCheck tells what the person does next. Where the output has the check itself, a script needs no more; login has none, and always tells.
func (app *App) tellCheck(v account.Verification, always bool) {
	short := app.format.Structured() || app.global.quiet
	switch {
	case v.Provider != "sandbox" && (always || app.std.ErrTTY || !short):
		app.showQR(v)
	case v.Provider == "sandbox" && (always || !short):
		app.note(app.tr("sandbox: end it with ", "沙箱：请运行 ") + "`farenctl verify face simulate " + v.ID.String() + " --outcome passed`")
	}
}

// verificationArgument reads the id of a face check; it has no other name.
func verificationArgument(app *App, text string) (account.VerificationID, error) {
	return idArgument(app, "<verification>", "ver_…", text, account.ParseVerificationID)
}
