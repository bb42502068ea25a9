package cli

import (
	"github.com/spf13/cobra"
)

func newSMSCmd(app *App) *cobra.Command {
	return group(app, "sms", app.tr("Look at the SMS outbox", "查看短信发件箱"), newSMSListCmd(app), newSMSShowCmd(app))
}
