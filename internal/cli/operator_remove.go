package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newOperatorRemoveCmd(app *App) *cobra.Command {
	var confirm string
	cmd := &cobra.Command{
		Use:   "remove <login> --confirm <login>",
		Short: app.tr("Take all roles from a login, and shut it", "收回用户的全部角色并停用"),
		Long: app.tr(`Take all roles from a login. One that farenctl made, and that has got nothing else on the server since, is shut besides: it cannot
sign in, its password is gone, and its connections end. One that was made otherwise keeps its access to the server. The name stays taken, since the
audit knows the person by it; `+"`operator add --existing`"+` lets that person in again.`, `收回用户的全部角色。由本程序创建且在服务器上没有其他权限的用户同时停用：不能登录，密码清除，已有连接断开；以其他方式创建的用户仍可访问服务器。
名称保留，不另作他用，因为审计以此识别人员；`+"`operator add --existing`"+` 可恢复该用户。`) + app.operatorHelp(),
		Example:           "  farenctl operator remove chen --confirm chen --reason 离职 --ticket T-40",
		ValidArgsFunction: completes(app, operators(false)),
		Args:              arguments(app, "<login>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !cmd.Flags().Changed("confirm") && app.interactive() {
				typed, err := app.prompter().line(cmd.Context(), fmt.Sprintf(app.tr("type %s to remove it", "请输入 %s 以确认移除"), args[0]))
				if err != nil {
					return err
				}
				confirm = typed
			} else if err := required(app, cmd, "confirm"); err != nil {
				return err
			}
			if confirm != args[0] {
				return account.NewFault("USAGE", "problem", app.tr("--confirm is to be the login that is removed", "--confirm 须与要移除的用户一致"), "command", cmd.CommandPath())
			}
			return printOperator(cmd.Context(), app, func(ctx context.Context, s *service.Service) (account.Operator, error) {
				return s.RemoveOperator(ctx, args[0])
			})
		},
	}
	cmd.Flags().StringVar(&confirm, "confirm", "", app.tr("the login again", "再次填写用户名称"))
	completesFlag(app, cmd, "confirm", operators(false))
	return cmd
}
