package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newAgentUpdateCmd(app *App) *cobra.Command {
	form := &account.AgentUpdateForm{}
	var unitCode string
	var sandbox bool
	cmd := &cobra.Command{
		Use:   "update <account> [--phone P --sms-code S] [--email E] [--landline L] [--agent-name N --agent-document-number D]",
		Short: app.tr("Change an account's agent", "变更经办人信息"),
		Long: app.tr(`Change the mobile, e-mail address or landline of an account's agent, or hand the account to another person: then name, document and
mobile are needed, the new person passes a face check (verify face start --purpose agent) and gets a password by recovery before
the account can be used again. Its sessions end, and an administrator is an agent again. A new mobile needs the SMS code of
verify sms --purpose agent-update.

It is for the signed-in legal representative, for the organization signed in by certificate or e-licence (but not for the legal
representative's account), or, where the organization has no legal representative, for an administrator.`, `变更账号经办人的手机号、邮箱、固定电话，或将账号变更为由他人使用：须填写姓名、证件和手机号，新经办人通过人脸认证
（verify face start --purpose agent）并找回密码后方可使用。原登录会话随即结束，管理员账号变为经办人账号。
更换手机号须填写 verify sms --purpose agent-update 获取的短信验证码。

由已登录的法定代表人，或以数字证书、电子营业执照登录的单位（不含法定代表人账号）操作；没有法定代表人账号的单位由管理员操作。`),
		ValidArgsFunction: completes(app, accounts(account.AccountPending, account.AccountActive, account.AccountLocked, account.AccountDisabled)),
		Args:              arguments(app, "<account>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("agent-document-type") && !form.NewPerson() || form.Agent == (account.AgentForm{DocumentType: account.DefaultDocumentType}) {
				return account.NewFault("USAGE", "problem", app.tr("nothing is changed: name what changes", "没有变更任何内容：请指定要变更的字段"), "command", cmd.CommandPath())
			}
			if form.Agent.Phone != "" && !sandbox {
				if err := required(app, cmd, "sms-code"); err != nil {
					return err
				}
			}
			return printAccount(cmd.Context(), app, args[0], unitCode, func(ctx context.Context, s *service.Service, id account.AccountID) (account.Account, error) {
				a, err := s.UpdateAgent(ctx, id, *form, sandbox)
				app.waits(a, err)
				return a, err
			})
		},
	}
	agentFlags(app, cmd, &form.Agent)
	cmd.Flags().StringVar(&form.SMSCode, "sms-code", "", app.tr("code that farenctl verify sms --purpose agent-update sent", "短信验证码"))
	cmd.Flags().BoolVar(&sandbox, "sandbox", false, app.tr("let the sandbox answer the SMS code", "由沙箱代替短信验证码"))
	selectorFlags(app, cmd, &unitCode)
	return cmd
}
