package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

type registerUserOptions struct {
	form     account.UserForm
	password secretFlags
	unitCode string
	sandbox  bool
}

func newRegisterUserCmd(app *App) *cobra.Command {
	opts := &registerUserOptions{}
	cmd := &cobra.Command{
		Use:   "user <application> --username U --password-file F --agent-name N --agent-document-number D --phone P --sms-code S [flags]",
		Short: app.tr("Create the user of an application", "创建用户"),
		Long: app.tr("Create the user of a certified application. The user name is reserved; the agent's face check comes next.", "为已完成信息认证的申请创建用户。用户名即被预留,下一步为经办人人脸认证。") +
			app.tr(applicationHelp, applicationHelpZH),
		Args: arguments(app, "<application>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			names := []string{"username", "agent-name", "agent-document-number", "phone"}
			if !opts.sandbox {
				names = append(names, "sms-code")
			}
			if err := required(app, cmd, names...); err != nil {
				return err
			}
			var err error
			if opts.form.Password, err = opts.password.read(app, cmd, true); err != nil {
				return err
			}
			return printApplication(cmd.Context(), app, args[0], opts.unitCode, func(ctx context.Context, s *service.Service, id account.ApplicationID) (account.Application, error) {
				return s.CreateUser(ctx, id, opts.form, opts.sandbox)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.form.Username, "username", "", app.tr("user name", "用户名"))
	opts.password.add(app, cmd, "password", app.tr("password", "密码"))
	agentFlags(app, cmd, &opts.form.Agent)
	flags.StringVar(&opts.form.SMSCode, "sms-code", "", app.tr("code that farenctl verify sms sent", "短信验证码"))
	flags.BoolVar(&opts.sandbox, "sandbox", false, app.tr("let the sandbox answer the SMS code", "由沙箱代替短信验证码"))
	selectorFlags(app, cmd, &opts.unitCode)
	return cmd
}

func agentFlags(app *App, cmd *cobra.Command, agent *account.AgentForm) {
	flags := cmd.Flags()
	flags.StringVar(&agent.Name, "agent-name", "", app.tr("agent's name", "经办人姓名"))
	flags.StringVar(&agent.DocumentType, "agent-document-type", account.DefaultDocumentType, app.tr("document type: ", "经办人证件类型:")+list(account.DocumentTypeNames()))
	flags.StringVar(&agent.DocumentNumber, "agent-document-number", "", app.tr("document number", "经办人证件号码"))
	flags.StringVar(&agent.Phone, "phone", "", app.tr("mobile", "手机号"))
	flags.StringVar(&agent.Landline, "landline", "", app.tr("landline", "固定电话"))
	flags.StringVar(&agent.Email, "email", "", app.tr("e-mail address", "电子邮箱"))
}
