package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newRegisterResubmitCmd(app *App) *cobra.Command {
	form := &account.CorrectionForm{}
	var sandbox bool
	cmd := &cobra.Command{
		Use:   "resubmit <application> [--licence-file F] [--agent-document-file F] [--proof-file F] [corrected fields]",
		Short: app.tr("Submit a mismatched application again", "重新提交比对不通过的申请"),
		Long: app.tr(`Submit again an application that staff found mismatched, with new scans or corrected fields. The deadline starts anew.

What is not given stays. An overseas unit may correct its name and the agent's e-mail address, a project its unit and the
agent's ethnic group; both the mobile, with the SMS code sent to the new one. The agent's name and document are those that the
face check saw: for another agent withdraw and start anew. The application is named by its id or user name.`, `重新提交比对不通过的申请：上传新的扫描件或更正信息，比对时限重新计算。

未填写的内容保持不变。境外单位可更正单位名称和经办人邮箱，工程项目可更正单位信息和经办人民族；两者均可更换手机号（须填写
新号码收到的短信验证码）。经办人姓名和证件以人脸认证为准，更换经办人请撤回后重新申请。申请可用编号或用户名指定。`),
		ValidArgsFunction: completes(app, applications(account.Mismatched)),
		Args:              arguments(app, "<application>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if form.IsEmpty() {
				return account.NewFault("USAGE", "problem", app.tr("nothing is corrected: name a file or a field", "没有更正任何内容：请指定文件或字段"), "command", cmd.CommandPath())
			}
			if form.Phone != "" && !sandbox {
				if err := required(app, cmd, "sms-code"); err != nil {
					return err
				}
			}
			return printApplication(cmd.Context(), app, args[0], "", func(ctx context.Context, s *service.Service, id account.ApplicationID) (account.Application, error) {
				a, err := s.Resubmit(ctx, id, *form, sandbox, app.openDocument)
				app.submitted(a, err)
				return a, err
			})
		},
	}
	documentFlags(app, cmd, &form.Documents, account.DocumentKinds()...)
	unitFlags(app, cmd, &form.UnitForm)
	flags := cmd.Flags()
	flags.StringVar(&form.Phone, "phone", "", app.tr("new mobile", "新手机号"))
	flags.StringVar(&form.SMSCode, "sms-code", "", app.tr("code that farenctl verify sms sent to the new mobile", "新手机号收到的短信验证码"))
	flags.BoolVar(&sandbox, "sandbox", false, app.tr("let the sandbox answer the SMS code", "由沙箱代替短信验证码"))
	flags.StringVar(&form.Email, "email", "", app.tr("e-mail address (overseas)", "电子邮箱（overseas）"))
	flags.StringVar(&form.EthnicGroup, "ethnic-group", "", app.tr("ethnic group (project)", "民族（project）"))
	completesFlag(app, cmd, "ethnic-group", ethnicGroups)
	return cmd
}
