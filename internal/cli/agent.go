package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newAgentCmd(app *App) *cobra.Command {
	return group(app, "agent", app.tr("Care for accounts and their agents", "管理经办人账号"),
		newAgentListCmd(app), newAgentShowCmd(app), newAgentAddCmd(app), newAgentUpdateCmd(app), newAgentAuthorizeCmd(app), newAgentDeauthorizeCmd(app),
		newAgentDisableCmd(app), newAgentEnableCmd(app), newAgentDeactivateCmd(app), newAgentUnlockCmd(app))
}

// careHelp says who may change an account.
func (app *App) careHelp() string {
	return app.tr(`

It is for the signed-in legal representative or an administrator, or for the organization itself, signed in by certificate or
e-licence, which does not authorize administrators. Administrators are cared for by the legal representative or the organization,
or, where there is no legal representative, by one another. Where nobody is left, an operator of the role faren_reviewer does it
with --ticket. The agent hears of it by SMS. An account is named by its id (acc_…), by its user name, or by phone:NUMBER or
document:NUMBER with --unit-code.`, `

由已登录的法定代表人、管理员，或以数字证书、电子营业执照登录的单位（不能授权管理员）操作；管理员账号由法定代表人或单位管理，没有法定代表人账号时由管理员互相管理。本单位无人可操作时，
由 faren_reviewer 角色的操作员凭 --ticket 办理。结果以短信告知经办人。账号可用编号（acc_…）、用户名，或 phone:NUMBER、
document:NUMBER 加 --unit-code 指定。`)
}

// printAccount prints what a use case makes of the account that a selector names.
func printAccount(ctx context.Context, app *App, selector, unitCode string, use func(context.Context, *service.Service, account.AccountID) (account.Account, error)) error {
	return printAccountAs(ctx, app, render.Object[account.Account]{Columns: app.accountColumns()}, selector, unitCode, use)
}

func printAccountAs(ctx context.Context, app *App, view render.Object[account.Account], selector, unitCode string,
	use func(context.Context, *service.Service, account.AccountID) (account.Account, error),
) error {
	return printObject(ctx, app, view, func(ctx context.Context, s *service.Service) (account.Account, error) {
		id, err := s.FindAccount(ctx, selector, unitCode)
		if err != nil {
			return account.Account{}, err
		}
		return use(ctx, s, id)
	})
}

// waits tells how an account that waits for its agent's face check goes on.
func (app *App) waits(a account.Account, err error) {
	if err != nil || a.Status != account.AccountPending || app.format.Structured() || app.global.quiet {
		return
	}
	app.note(app.tr("next: the agent's own face check, ", "下一步：经办人本人人脸认证，") + "`farenctl verify face start --purpose agent --for " + a.ID.String() + "`")
}

// newAgentChangeCmd is a command that changes one account and has no flags of its own; which are the accounts that it can change.
func newAgentChangeCmd(app *App, use, short string, which kind, change func(context.Context, *service.Service, account.AccountID) (account.Account, error)) *cobra.Command {
	var unitCode string
	cmd := &cobra.Command{
		Use:               use + " <account>",
		Short:             short,
		Long:              short + app.tr(".", "。") + app.careHelp(),
		ValidArgsFunction: completes(app, which),
		Args:              arguments(app, "<account>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return printAccount(cmd.Context(), app, args[0], unitCode, change)
		},
	}
	selectorFlags(app, cmd, &unitCode)
	return cmd
}

func (app *App) accountColumns() []render.Column[account.Account] {
	type col = render.Column[account.Account]
	return []col{
		{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
		{Key: "status", Title: app.tr("STATUS", "状态"), Word: app.words(account.AccountTerms)},
		{Key: "role", Title: app.tr("ROLE", "角色"), Word: app.words(account.RoleTerms)},
		{Key: "agent.name", Title: app.tr("AGENT", "经办人")},
		{Key: "username", Title: app.tr("USER NAME", "用户名")},
		{Key: "organization.name", Title: app.tr("ORGANIZATION", "单位")},
		{Key: "organization.unit_code", Title: app.tr("UNIT CODE", "单位编号"), Kind: render.ID, Wide: true},
		{Key: "agent.document_number", Title: app.tr("DOCUMENT", "证件号码"), Wide: true},
		{Key: "agent.phone", Title: app.tr("MOBILE", "手机号"), Wide: true},
		{Key: "locked_until", Title: app.tr("LOCKED UNTIL", "锁定至"), Kind: render.Time, Wide: true},
		{Key: "created_at", Title: app.tr("CREATED", "创建时间"), Kind: render.Time, Wide: true},
		{Key: "updated_at", Title: app.tr("CHANGED", "修改时间"), Kind: render.Time, Wide: true},
	}
}
