package cli

import (
	"github.com/spf13/cobra"
)

func newConfigCmd(app *App) *cobra.Command {
	return group(app, "config", app.tr("What is set, and where", "查看配置"), newConfigShowCmd(app))
}
