package cli

import (
	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/service"
)

func newOperatorRevokeCmd(app *App) *cobra.Command {
	return newOperatorRolesCmd(app, "revoke", app.tr("Take roles from a login", "收回用户角色"),
		app.tr("Take roles from a login. It applies at once, to connections that are open as well. A role that comes with another goes with that one.",
			"收回用户角色，立即生效，已建立的连接同样适用。由其他角色包含的角色须随该角色一并收回。"), operators(false), (*service.Service).RevokeRoles)
}
