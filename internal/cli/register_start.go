package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

// registerStartOptions are the pages of every channel: which of them count is for the channel to say.
type registerStartOptions struct {
	organization account.OrganizationForm
	agent        account.AgentForm
	smsCode      string
	files        account.DocumentFiles
	sandbox      bool
}

func newRegisterStartCmd(app *App) *cobra.Command {
	opts := &registerStartOptions{}
	cmd := &cobra.Command{
		Use:   "start --channel {zhejiang | other-province | overseas | project} [flags]",
		Short: app.tr("Open an application", "开始注册申请"),
		Long: app.tr(`Open an application. What is asked for depends on the channel:

  zhejiang, other-province  the organization, which is certified against the business register. The application waits
                            24 hours for its user (register user).
  overseas                  the unit's name in Chinese and English, the agent, and two scans: the unit's opening certificate
                            or licence, and the agent's document. The agent's face check comes next, then register user.
  project                   the agent, with the ethnic group. The face check comes next, then register unit and register user.

Scans are JPEG files (.jpg, .jpeg) of at most 2 MiB and 25 megapixels. Staff compare the last two channels' applications.`, `开始注册申请。所需信息取决于渠道：

  zhejiang、other-province  单位信息，按登记信息核对。申请在 24 小时内等待创建用户（register user）。
  overseas                  单位中英文名称、经办人信息，以及单位开业证书（或营业执照）和经办人证件的扫描件；
                            随后经办人人脸认证，再创建用户（register user）。
  project                   经办人信息（含民族）；随后人脸认证，再填写单位信息（register unit）、创建用户（register user）。

扫描件为 JPEG 文件（.jpg、.jpeg），不超过 2 MiB 和 2500 万像素。后两种渠道由工作人员人工比对。`),
		Example: `  farenctl register start --channel zhejiang --entity-type market-entity \
      --organization-name 杭州示例科技有限公司 --unit-code 91330106MA0000015K \
      --legal-representative 王建国 \
      --legal-representative-document-number 330106198001010013 --accept-terms

  farenctl register start --channel overseas \
      --organization-name '示例海外有限公司(Example Overseas Ltd)' \
      --agent-name 陈小明 --agent-document-number 330106199205050011 \
      --phone 13700000002 --email chen@example.com --sms-code 123456 \
      --licence-file licence.jpg --agent-document-file agent.jpg --accept-terms`,
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := opts.given(app, cmd); err != nil {
				return err
			}
			return printObject(cmd.Context(), app, app.applicationObject(), func(ctx context.Context, s *service.Service) (account.Application, error) {
				a, err := opts.start(ctx, app, s)
				if err == nil {
					app.warn(a.Warnings)
				}
				return a, err
			})
		},
	}
	organizationFlags(app, cmd, &opts.organization, account.Channels())
	agentFlags(app, cmd, &opts.agent)
	flags := cmd.Flags()
	flags.StringVar(&opts.agent.EthnicGroup, "ethnic-group", "", app.tr("agent's ethnic group, name or code of GB/T 3304 (project)", "经办人民族，名称或代码（project）"))
	flags.StringVar(&opts.smsCode, "sms-code", "", app.tr("code that farenctl verify sms sent (overseas, project)", "短信验证码（overseas、project）"))
	flags.BoolVar(&opts.sandbox, "sandbox", false, app.tr("let the sandbox answer the SMS code", "由沙箱代替短信验证码"))
	completesFlag(app, cmd, "ethnic-group", ethnicGroups)
	documentFlags(app, cmd, &opts.files, account.DocumentLicence, account.DocumentAgent)
	return cmd
}

func (o *registerStartOptions) start(ctx context.Context, app *App, s *service.Service) (account.Application, error) {
	if !o.organization.Channel.Manual() {
		return s.StartRegistration(ctx, o.organization)
	}
	return s.StartManual(ctx, account.ManualForm{Channel: o.organization.Channel, OrganizationName: o.organization.OrganizationName, Agent: o.agent,
		SMSCode: o.smsCode, AcceptTerms: o.organization.AcceptTerms}, o.files, o.sandbox, app.openDocument)
}

// given names all missing flags at once, and one that the channel does not have.
func (o *registerStartOptions) given(app *App, cmd *cobra.Command) error {
	// Which flags are missing depends on it.
	if err := required(app, cmd, "channel"); err != nil {
		return account.NewFault("USAGE", "problem", app.tr("missing flags: --channel, one of ", "缺少选项：--channel，可为 ")+list(account.Channels()), "command", cmd.CommandPath())
	}
	if err := oneOf("channel", string(o.organization.Channel), account.Channels()); err != nil {
		return err
	}
	channel := o.organization.Channel
	certified := []string{"entity-type", "unit-code", "legal-representative", "legal-representative-document-type", "legal-representative-document-number"}
	manual := []string{"agent-name", "agent-document-type", "agent-document-number", "phone", "landline", "email", "ethnic-group", "sms-code",
		"licence-file", "agent-document-file"}
	if !channel.Manual() {
		if err := organizationFlagsGiven(app, cmd, &o.organization, account.Channels()); err != nil {
			return err
		}
		return notAllowed(cmd, channel, manual)
	}
	names := []string{"agent-name", "agent-document-number", "phone"}
	if channel == account.Overseas {
		names = append(names, "organization-name", "email", "licence-file", "agent-document-file")
	} else {
		names = append(names, "ethnic-group")
		certified = append(certified, "organization-name", "licence-file", "agent-document-file")
	}
	if !o.sandbox {
		names = append(names, "sms-code")
	}
	if err := required(app, cmd, names...); err != nil {
		return err
	}
	return notAllowed(cmd, channel, certified)
}

// notAllowed refuses a flag that the channel has no use for, instead of leaving it out in silence.
func notAllowed(cmd *cobra.Command, channel account.Channel, names []string) error {
	for _, name := range names {
		if cmd.Flags().Changed(name) {
			return account.NewFault("FIELD_NOT_ALLOWED", "field", "--"+name, "channel", string(channel))
		}
	}
	return nil
}

// organizationFlags are the flags of the guide's page 信息认证.
func organizationFlags(app *App, cmd *cobra.Command, form *account.OrganizationForm, channels []string) {
	flags := cmd.Flags()
	flags.StringVar((*string)(&form.Channel), "channel", "", app.tr("where the organization is registered: ", "单位登记所在地：")+list(channels))
	flags.StringVar(&form.EntityType, "entity-type", "", app.tr("entity type (zhejiang): ", "法人类型（省内）：")+list(account.EntityTypeNames()))
	flags.StringVar(&form.OrganizationName, "organization-name", "", app.tr("name as on the licence", "企业名称"))
	flags.StringVar(&form.UnitCode, "unit-code", "", app.tr("unified social credit code", "统一社会信用代码"))
	flags.StringVar(&form.Representative.Name, "legal-representative", "", app.tr("legal representative's name", "法定代表人"))
	flags.StringVar(&form.Representative.DocumentType, "legal-representative-document-type", account.DefaultDocumentType, app.tr("document type", "法定代表人证件类型"))
	flags.StringVar(&form.Representative.DocumentNumber, "legal-representative-document-number", "", app.tr("document number", "法定代表人证件号码"))
	flags.BoolVar(&form.AcceptTerms, "accept-terms", false, app.tr("accept the portal's terms", "阅读并同意用户注册协议"))
	choices(cmd, "channel", channels...)
	choices(cmd, "entity-type", account.EntityTypeNames()...)
	choices(cmd, "legal-representative-document-type", account.DocumentTypeNames()...)
	completesFlag(app, cmd, "unit-code", unitCodes)
}

// organizationFlagsGiven names all missing flags at once.
func organizationFlagsGiven(app *App, cmd *cobra.Command, form *account.OrganizationForm, channels []string) error {
	names := []string{"channel", "organization-name", "unit-code", "legal-representative", "legal-representative-document-number"}
	if form.Channel == account.Zhejiang {
		names = append(names, "entity-type")
	}
	if err := required(app, cmd, names...); err != nil {
		return err
	}
	return oneOf("channel", string(form.Channel), channels)
}
