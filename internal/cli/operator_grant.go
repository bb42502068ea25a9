package cli

import (
	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/service"
)

func newOperatorGrantCmd(app *App) *cobra.Command {
	return newOperatorRolesCmd(app, "grant", app.tr("Give a login roles", "授予用户角色"),
		app.tr("Give a login roles. What it has already stays.", "授予用户角色，已有的角色不变。"), operators(false), (*service.Service).GrantRoles)
}
