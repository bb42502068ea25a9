package cli

import (
	"github.com/spf13/cobra"
)

func newSMSCmd(app *App) *cobra.Command {
	return group(app, "sms", app.tr("Look at the SMS outbox and send what is in it", "查看短信发件箱并发送短信"),
		newSMSListCmd(app), newSMSShowCmd(app), newSMSLimitsCmd(app), newSMSDispatchCmd(app), newSMSRetryCmd(app), newSMSStatsCmd(app))
}
