package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newRegisterStartCmd(app *App) *cobra.Command {
	form := &account.OrganizationForm{}
	cmd := &cobra.Command{
		Use:   "start --channel {zhejiang | other-province} [flags]",
		Short: app.tr("Certify an organization and open an application", "信息认证,开始注册申请"),
		Long: app.tr(`Certify an organization against the business register and open an application of it.

The application waits 24 hours for its user (register user).`, `按登记信息核对单位,开始注册申请。

申请在 24 小时内等待创建用户(register user)。`),
		Example: `  farenctl register start --channel zhejiang --entity-type market-entity \
      --organization-name 杭州示例科技有限公司 --unit-code 91330106MA0000015K \
      --legal-representative 王建国 --legal-representative-document-number 330106198001010013 --accept-terms`,
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := organizationFlagsGiven(app, cmd, form); err != nil {
				return err
			}
			return printObject(cmd.Context(), app, app.applicationObject(), func(ctx context.Context, s *service.Service) (account.Application, error) {
				a, err := s.StartRegistration(ctx, *form)
				if err == nil {
					app.warn(a.Warnings)
				}
				return a, err
			})
		},
	}
	organizationFlags(app, cmd, form)
	return cmd
}

// organizationFlags are the flags of the guide's page 信息认证.
func organizationFlags(app *App, cmd *cobra.Command, form *account.OrganizationForm) {
	flags := cmd.Flags()
	flags.StringVar((*string)(&form.Channel), "channel", "", app.tr("where the organization is registered: ", "单位登记所在地:")+list(account.Channels()))
	flags.StringVar(&form.EntityType, "entity-type", "", app.tr("entity type (zhejiang): ", "法人类型(省内):")+list(account.EntityTypeNames()))
	flags.StringVar(&form.OrganizationName, "organization-name", "", app.tr("name as on the licence", "企业名称"))
	flags.StringVar(&form.UnitCode, "unit-code", "", app.tr("unified social credit code", "统一社会信用代码"))
	flags.StringVar(&form.Representative.Name, "legal-representative", "", app.tr("legal representative's name", "法定代表人"))
	flags.StringVar(&form.Representative.DocumentType, "legal-representative-document-type", account.DefaultDocumentType, app.tr("document type", "法定代表人证件类型"))
	flags.StringVar(&form.Representative.DocumentNumber, "legal-representative-document-number", "", app.tr("document number", "法定代表人证件号码"))
	flags.BoolVar(&form.AcceptTerms, "accept-terms", false, app.tr("accept the portal's terms", "阅读并同意用户注册协议"))
}

// organizationFlagsGiven names all missing flags at once.
func organizationFlagsGiven(app *App, cmd *cobra.Command, form *account.OrganizationForm) error {
	names := []string{"channel", "organization-name", "unit-code", "legal-representative", "legal-representative-document-number"}
	if form.Channel == account.Zhejiang {
		names = append(names, "entity-type")
	}
	if err := required(app, cmd, names...); err != nil {
		return err
	}
	return oneOf("channel", string(form.Channel), account.Channels())
}
