package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newAgentAddCmd(app *App) *cobra.Command {
	form := &account.UserForm{}
	password := &secretFlags{}
	var sandbox bool
	cmd := &cobra.Command{
		Use:   "add --username U --password-file F --agent-name N --agent-document-number D --phone P --sms-code S [flags]",
		Short: app.tr("Add an agent to the signed-in reviewer's organization", "添加经办人账号"),
		Long: app.tr(`Add an agent to the organization of the signed-in legal representative or administrator, or to the one that is signed in by
certificate or e-licence. The account waits for that agent's own
face check (verify face start --purpose agent --for <account>) and then is active without a review.

The SMS code is that of verify sms --purpose agent-add. An agent whose application waits is reviewed instead.`, `为已登录的法定代表人或管理员所在单位，或以数字证书、电子营业执照登录的单位添加经办人账号。该经办人本人通过人脸认证（verify face start --purpose agent --for <账号>）
后账号即生效，无需审核。

短信验证码由 verify sms --purpose agent-add 获取。经办人已提交注册申请的，请直接审核该申请。`),
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			names := []string{"username", "agent-name", "agent-document-number", "phone"}
			if !sandbox {
				names = append(names, "sms-code")
			}
			if err := required(app, cmd, names...); err != nil {
				return err
			}
			var err error
			if form.Password, err = password.read(app, cmd, true); err != nil {
				return err
			}
			return printObject(cmd.Context(), app, render.Object[account.Account]{Columns: app.accountColumns()}, func(ctx context.Context, s *service.Service) (account.Account, error) {
				a, warnings, err := s.AddAgent(ctx, *form, sandbox)
				if err == nil {
					app.warn(warnings)
				}
				app.waits(a, err)
				return a, err
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&form.Username, "username", "", app.tr("user name", "用户名"))
	password.add(app, cmd, "password", app.tr("password", "密码"))
	agentFlags(app, cmd, &form.Agent)
	flags.StringVar(&form.SMSCode, "sms-code", "", app.tr("code that farenctl verify sms --purpose agent-add sent", "短信验证码"))
	flags.BoolVar(&sandbox, "sandbox", false, app.tr("let the sandbox answer the SMS code", "由沙箱代替短信验证码"))
	return cmd
}
