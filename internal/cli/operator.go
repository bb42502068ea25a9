package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newOperatorCmd(app *App) *cobra.Command {
	return group(app, "operator", app.tr("The database logins of those who work with farenctl", "操作员的数据库用户"),
		newOperatorListCmd(app), newOperatorAddCmd(app), newOperatorGrantCmd(app), newOperatorRevokeCmd(app), newOperatorRemoveCmd(app))
}

func operatorName(o account.Operator) string { return o.Name }

func (app *App) operatorColumns() []render.Column[account.Operator] {
	type col = render.Column[account.Operator]
	yes := app.words(account.BooleanTerms)
	return []col{
		{Key: "name", Title: app.tr("LOGIN", "用户"), Kind: render.ID},
		{Key: "roles", Title: app.tr("ROLES", "角色"), Kind: render.Prose, Lines: func(o account.Operator) []string { return o.Roles }},
		{Key: "inherited", Title: app.tr("INCLUDED", "包含的角色"), Kind: render.Prose, Wide: true, Lines: func(o account.Operator) []string { return o.Inherited }},
		{Key: "can_login", Title: app.tr("SIGNS IN", "可登录"), Word: yes},
		{Key: "valid_until", Title: app.tr("UNTIL", "有效期至"), Kind: render.Time},
		{Key: "connection_limit", Title: app.tr("CONNECTIONS", "连接数上限"), Align: render.AlignRight, Wide: true},
		{Key: "managed", Title: app.tr("MADE HERE", "由本程序创建"), Word: yes, Wide: true},
		{Key: "warnings", Title: app.tr("WARNINGS", "注意"), Kind: render.Prose, Lines: app.operatorWarnings},
	}
}

// operatorWarnings tells what is unusual about a login.
func (app *App) operatorWarnings(o account.Operator) []string {
	out := make([]string, len(o.Warnings))
	for i, w := range o.Warnings {
		out[i] = account.Term(app.lang, account.LoginWarningTerms, w)
	}
	return out
}

func printOperator(ctx context.Context, app *App, use func(context.Context, *service.Service) (account.Operator, error)) error {
	columns := app.operatorColumns()
	for i := range columns {
		columns[i].Wide = false
	}
	return printObject(ctx, app, render.Object[account.Operator]{ID: operatorName, Columns: columns}, use)
}

// newOperatorRolesCmd is a command that changes the roles of one login.
func newOperatorRolesCmd(app *App, use, short, long string, which kind, change func(*service.Service, context.Context, string, []string) (account.Operator, error)) *cobra.Command {
	roles := oneOfWords(service.OperatorRoles()...)
	return &cobra.Command{
		Use:               use + " <login> <role>...",
		Short:             short,
		Long:              long + app.operatorHelp(),
		Example:           "  farenctl operator " + use + " chen faren_support --ticket T-12",
		ValidArgsFunction: completes(app, append([]kind{which}, slices.Repeat([]kind{roles}, len(service.OperatorRoles()))...)...),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) < 2 {
				return arguments(app, "<login>", "<role>")(cmd, args)
			}
			return app.areRoles(cmd, args[1:])
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return printOperator(cmd.Context(), app, func(ctx context.Context, s *service.Service) (account.Operator, error) {
				return change(s, ctx, args[0], distinct(args[1:]))
			})
		},
	}
}

// areRoles checks words that name roles.
func (app *App) areRoles(cmd *cobra.Command, words []string) error {
	for _, word := range words {
		if !slices.Contains(service.OperatorRoles(), word) {
			return account.NewFault("USAGE", "problem", account.Say("%s is no role: %s", "没有角色 %s，须为以下之一：%s", word, list(service.OperatorRoles())), "command", cmd.CommandPath())
		}
	}
	return nil
}

func distinct(words []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(words)))
}

// operatorHelp is what all changes of operators have in common.
func (app *App) operatorHelp() string {
	return app.tr(`

It needs the role faren_admin, and is recorded with ticket and reason. Roles belong to the whole database server: a login has them in
every database that farenctl has there. Nobody changes their own login, and superusers, logins that may make roles, and those of
farenctl itself are left alone: where only an administrator of the server may do it, the refusal tells the statements.`, `

需要 faren_admin 角色，并连同工单号和原因记入审计。角色属于整个数据库服务器，对该服务器上 farenctl 的所有数据库均有效。任何人不得修改本人的用户；
超级用户、可创建角色的用户以及 farenctl 自用的用户不受这些命令影响；须由服务器管理员操作时，错误信息会给出相应语句。`)
}
