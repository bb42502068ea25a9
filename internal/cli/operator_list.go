package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newOperatorListCmd(app *App) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "list [--all]",
		Short: app.tr("List the logins that have a role, with warnings", "列出拥有角色的用户及注意事项"),
		Long: app.tr(`List the database logins that are members of the group roles. -o wide adds the roles that come with theirs, the limit of connections,
and whether farenctl made the login, so that its password and access can be changed here, too. UNTIL bounds the password only.`, `列出属于各组角色的数据库用户。-o wide 另列出其角色所包含的角色、连接数上限，以及该用户是否由本程序创建（可由本程序修改密码和登录权限）。
有效期仅限制密码登录。`),
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			view := render.List[account.Operator]{ID: operatorName, Columns: app.operatorColumns()}
			return printList(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.Page[account.Operator], error) {
				found, err := s.Operators(ctx, all)
				return account.Page[account.Operator]{Items: found}, err
			})
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, app.tr("also those that were removed", "包括已移除的用户"))
	return cmd
}
