package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/service"
)

func newOperatorAddCmd(app *App) *cobra.Command {
	var o postgres.NewOperator
	var until string
	password := secretFlags{optional: true}
	cmd := &cobra.Command{
		Use:   "add <login> --role R[,R]... [--password-file F | --password-stdin] [--valid-until T] [--existing]",
		Short: app.tr("Make a login for a person or a job, with roles", "为人员或定时任务创建数据库用户并授予角色"),
		Long: app.tr(`Make a database login with roles, one for each person and each job: the audit names it. With --password-file or --password-stdin it has a
password, of which only the SCRAM verifier leaves this process; without, it signs in as the server's rules say, by certificate, peer or LDAP.
The password is 12 to 128 printable ASCII characters.

--existing takes a login that is there and gives it the roles. One that farenctl made, and that was removed, signs in again; with a password or
--valid-until its access is set anew, without either it stays.`, `创建数据库用户并授予角色。每名人员、每个定时任务各用一个，审计以此为准。带 --password-file 或 --password-stdin 时设置密码，仅 SCRAM 校验值
离开本进程；不带时按服务器规则以证书、peer 或 LDAP 等方式登录。密码为 12 至 128 位可打印的 ASCII 字符。

--existing 用于已存在的用户：授予角色；由本程序创建并已移除的用户可重新登录；带密码或 --valid-until 时重新设置登录权限，否则保持不变。`) + app.operatorHelp(),
		Example: `  farenctl operator add chen --role faren_registrar \
      --password-file chen.password --ticket T-12
  farenctl operator add zhou --role faren_reviewer,faren_auditor
  farenctl operator add chen --existing --role faren_support`,
		ValidArgsFunction: completes(app, operators(true)),
		Args:              arguments(app, "<login>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := required(app, cmd, "role"); err != nil {
				return err
			}
			if err := app.areRoles(cmd, o.Roles); err != nil {
				return err
			}
			o.Name, o.Roles = args[0], distinct(o.Roles)
			if until != "" {
				c, err := app.config()
				if err != nil {
					return err
				}
				at, ok := account.ParseClock(until, c.Location)
				if !ok || !at.After(time.Now()) {
					return account.NewFault("USAGE", "problem", app.tr("--valid-until is a time to come, as 2027-01-01 or '2027-01-01 17:30'", "--valid-until 须为将来的时间，例如 2027-01-01 或 '2027-01-01 17:30'"), "command", cmd.CommandPath())
				}
				o.ValidUntil = &at
			}
			var secret *string
			if password.given(cmd) {
				text, err := password.read(app, cmd, false)
				if err != nil {
					return err
				}
				if err := account.CheckLoginPassword(text, o.Name); err != nil {
					return err
				}
				secret = &text
			}
			return printOperator(cmd.Context(), app, func(ctx context.Context, s *service.Service) (account.Operator, error) {
				return s.AddOperator(ctx, o, secret)
			})
		},
	}
	cmd.Flags().StringSliceVar(&o.Roles, "role", nil, app.tr("roles: ", "角色：")+list(service.OperatorRoles()))
	cmd.Flags().StringVar(&until, "valid-until", "", app.tr("end of the password: 2027-01-01 or '2027-01-01 17:30'", "密码有效期至：2027-01-01 或 '2027-01-01 17:30'"))
	cmd.Flags().BoolVar(&o.Existing, "existing", false, app.tr("the login is there already", "用户已存在"))
	password.add(app, cmd, "password", app.tr("password of the login", "用户密码"))
	choices(cmd, "role", service.OperatorRoles()...)
	return cmd
}
