package cli

import (
	"github.com/spf13/cobra"
)

func newRegistryCmd(app *App) *cobra.Command {
	return group(app, "registry", app.tr("The business register that organizations are certified against", "登记信息"),
		newRegistryImportCmd(app), newRegistryShowCmd(app), newRegistryStatsCmd(app))
}
