package cli

import (
	"context"
	"errors"

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
		Use:   "user <application> --username U --password-file F [--agent-name N --agent-document-number D --phone P --sms-code S] [flags]",
		Short: app.tr("Create the user of an application", "创建用户"),
		Long: app.tr(`Create the user of an application.

  zhejiang, other-province  user name, password and the agent. The user name is reserved; the agent's face check comes next.
  overseas, project         user name and password only, after the face check; then staff compare the application with its
                            documents within one working day. The applicant can sign in meanwhile to see the result.`, `为申请创建用户。

  zhejiang、other-province  填写用户名、密码和经办人信息，用户名即被预留，下一步为经办人人脸认证。
  overseas、project         人脸认证通过后仅需用户名和密码；提交后由工作人员在 1 个工作日内完成比对，其间可登录查看比对结果。`) +
			app.tr(applicationHelp, applicationHelpZH),
		ValidArgsFunction: completes(app, applications(account.Certified, account.AwaitingUser)),
		Args:              arguments(app, "<application>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			withAgent := opts.withAgent(app, cmd)
			if err := opts.given(app, cmd, withAgent); err != nil {
				return err
			}
			var err error
			if opts.form.Password, err = opts.password.read(app, cmd, true); err != nil {
				return err
			}
			return printApplication(cmd.Context(), app, args[0], opts.unitCode, func(ctx context.Context, s *service.Service, id account.ApplicationID) (account.Application, error) {
				if withAgent {
					return s.CreateUser(ctx, id, opts.form, opts.sandbox)
				}
				a, err := s.SubmitForComparison(ctx, id, account.CredentialForm{Username: opts.form.Username, Password: opts.form.Password})
				app.submitted(a, err)
				return a, err
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

// withAgent tells whether this is the page of zhejiang and other-province, which has the agent: it is filled in, or the manual
// channels' two fields are not all there either.
func (o *registerUserOptions) withAgent(app *App, cmd *cobra.Command) bool {
	for _, name := range []string{"agent-name", "agent-document-type", "agent-document-number", "phone", "landline", "email", "sms-code", "sandbox"} {
		if cmd.Flags().Changed(name) {
			return true
		}
	}
	return required(app, cmd, "username") != nil
}

// given names all missing flags at once.
func (o *registerUserOptions) given(app *App, cmd *cobra.Command, withAgent bool) error {
	if !withAgent {
		return nil
	}
	names := []string{"username", "agent-name", "agent-document-number", "phone"}
	if !o.sandbox {
		names = append(names, "sms-code")
	}
	err := required(app, cmd, names...)
	var f *account.Fault
	if errors.As(err, &f) && !cmd.Flags().Changed("agent-name") && !cmd.Flags().Changed("phone") {
		problem, _ := f.Details["problem"].(string)
		return f.With("problem", problem+app.tr(" (of a manual channel only user name and password)", "（人工认证渠道仅需用户名和密码）"))
	}
	return err
}

// submitted tells in the guide's words that an application was put before staff, and the unit code that the system issued.
func (app *App) submitted(a account.Application, err error) {
	if err != nil || a.Status != account.PendingComparison || app.format.Structured() || app.global.quiet {
		return
	}
	app.note(account.ComparisonMessage(app.lang))
	if o := a.Organization; o.UnitCodeType != nil && *o.UnitCodeType == "issued" && o.UnitCode != nil {
		app.note(app.tr("unit code issued to the organization, which recovery asks for: ", "系统为该单位签发的单位编号（找回用户名密码时使用）：") + *o.UnitCode)
	}
}

func agentFlags(app *App, cmd *cobra.Command, agent *account.AgentForm) {
	flags := cmd.Flags()
	flags.StringVar(&agent.Name, "agent-name", "", app.tr("agent's name", "经办人姓名"))
	flags.StringVar(&agent.DocumentType, "agent-document-type", account.DefaultDocumentType, app.tr("document type: ", "经办人证件类型：")+list(account.DocumentTypeNames()))
	flags.StringVar(&agent.DocumentNumber, "agent-document-number", "", app.tr("document number", "经办人证件号码"))
	flags.StringVar(&agent.Phone, "phone", "", app.tr("mobile", "手机号"))
	flags.StringVar(&agent.Landline, "landline", "", app.tr("landline", "固定电话"))
	flags.StringVar(&agent.Email, "email", "", app.tr("e-mail address", "电子邮箱"))
	choices(cmd, "agent-document-type", account.DocumentTypeNames()...)
}
