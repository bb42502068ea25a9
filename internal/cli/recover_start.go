package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newRecoverStartCmd(app *App) *cobra.Command {
	form := &account.RecoveryForm{}
	cmd := &cobra.Command{
		Use:   "start --by {username | phone | document} [--username U] [--phone P] [--document-number D] [--unit-code C]",
		Short: app.tr("Name the account", "确认账号"),
		Long: app.tr(`Name the account whose user name or password is lost: by user name, or by the agent's mobile or document number together with any
unit code that was given at registration (USCC, registration number, organization code, project code, issued code).

Whether there is such an account is told by nothing but the proof that comes next. If the mobile has changed or the agent has
left, the legal representative changes the account instead (farenctl agent update).`, `确认要找回用户名或密码的账号：按用户名，或按经办人手机号、证件号码加注册时填写的单位编号（统一社会信用代码、注册号、
组织机构代码、工程编码、系统签发的编号）。

验证通过之前，不会显示账号是否存在。若手机号已更换或经办人已离职，请由法定代表人账号变更经办人信息（farenctl agent update）。`),
		Example: `  farenctl recover start --by phone --phone 13700000001 \
      --unit-code 91330106MA0000015K`,
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := required(app, cmd, "by"); err != nil {
				return err
			}
			if err := oneOf("by", form.By, account.RecoveryMethods()); err != nil {
				return err
			}
			fields := map[string][]string{"username": {"username"}, "phone": {"phone", "unit-code"}, "document": {"document-number", "unit-code"}}
			if err := required(app, cmd, fields[form.By]...); err != nil {
				return err
			}
			return printObject(cmd.Context(), app, app.recoveryObject(), func(ctx context.Context, s *service.Service) (account.Recovery, error) {
				return s.StartRecovery(ctx, *form)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&form.By, "by", "", app.tr("how the account is named: ", "找回方式：")+list(account.RecoveryMethods()))
	flags.StringVar(&form.Username, "username", "", app.tr("user name", "用户名"))
	flags.StringVar(&form.Phone, "phone", "", app.tr("agent's mobile", "经办人手机号"))
	flags.StringVar(&form.DocumentNumber, "document-number", "", app.tr("agent's document number", "经办人证件号码"))
	flags.StringVar(&form.UnitCode, "unit-code", "", app.tr("any unit code given at registration", "注册时填写的单位编号"))
	choices(cmd, "by", account.RecoveryMethods()...)
	completesFlag(app, cmd, "username", usernames())
	completesFlag(app, cmd, "unit-code", unitCodes)
	return cmd
}
