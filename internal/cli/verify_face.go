package cli

import (
	"github.com/farenctl/farenctl/internal/account"
)

// tellCheck tells what the person does next: scan, or, of the sandbox, nothing at all.
func (app *App) tellCheck(v account.Verification) {
	if v.Provider != "sandbox" {
		app.showQR(v)
		return
	}
	if !app.format.Structured() && !app.global.quiet {
		app.note(app.tr("sandbox: end it with ", "沙箱:请运行 ") + "`farenctl verify face simulate " + v.ID.String() + " --outcome passed`")
	}
}

// verificationArgument reads the id of a face check; it has no other name.
func verificationArgument(app *App, text string) (account.VerificationID, error) {
	return idArgument(app, "<verification>", "ver_…", text, account.ParseVerificationID)
}
