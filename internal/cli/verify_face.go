package cli

import (
	"github.com/farenctl/farenctl/internal/account"
)

// verificationArgument reads the id of a face check; it has no other name.
func verificationArgument(app *App, text string) (account.VerificationID, error) {
	return idArgument(app, "<verification>", "ver_…", text, account.ParseVerificationID)
}
