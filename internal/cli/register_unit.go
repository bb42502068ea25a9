package cli

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newRegisterUnitCmd(app *App) *cobra.Command {
	var files account.DocumentFiles
	form := &account.UnitForm{}
	cmd := &cobra.Command{
		Use:   "unit <application> --has-uscc-document={true | false} --organization-name N --unit-code C --proof-file F.jpg",
		Short: app.tr("State the unit of a project's application", "填写工程项目的单位信息"),
		Long: app.tr(`State the unit of an application of channel project, after its agent's face check.

A project without any licence gives its full name as in the contract and its project code (18 characters, the virtual
social-insurance number); one that can present a certificate with a unified social credit code gives that, and must agree
with the business register. The proof must bear the business unit's stamp; staff compare it.`, `填写 project 渠道申请的单位信息（经办人人脸认证之后）。

无任何证照的项目填写合同上的工程/项目全称和 18 位工程编码（虚拟社保编号）；能提供含统一社会信用代码证件的填写该代码，
并须与登记信息一致。证明文件须盖有业务单位的章，由工作人员比对。`) + app.tr(applicationHelp, applicationHelpZH),
		ValidArgsFunction: completes(app, applications(account.AwaitingUnit)),
		Args:              arguments(app, "<application>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := required(app, cmd, "has-uscc-document", "organization-name", "unit-code", "proof-file"); err != nil {
				return err
			}
			// The unit code is the unit's own here, so that the application is named by id or user name.
			return printApplication(cmd.Context(), app, args[0], "", func(ctx context.Context, s *service.Service, id account.ApplicationID) (account.Application, error) {
				return s.RecordUnit(ctx, id, *form, files.Proof, app.openDocument)
			})
		},
	}
	unitFlags(app, cmd, form)
	documentFlags(app, cmd, &files, account.DocumentProof)
	return cmd
}

// unitFlags are the flags of the guide's page 法人单位信息比对.
func unitFlags(app *App, cmd *cobra.Command, form *account.UnitForm) {
	flags := cmd.Flags()
	flags.Var(yesNo{&form.HasUSCCDocument}, "has-uscc-document", app.tr("whether it can present a certificate with a USCC: true or false", "能否提供含有统一社会信用代码的法人单位证件：true 或 false"))
	choices(cmd, "has-uscc-document", "true", "false")
	flags.StringVar(&form.OrganizationName, "organization-name", "", app.tr("full name as in the contract or on the certificate", "单位名称：工程/项目全称"))
	flags.StringVar(&form.UnitCode, "unit-code", "", app.tr("project code, or the USCC", "工程编码或统一社会信用代码"))
	flags.BoolVar(&form.ConfirmCode, "confirm-code", false, app.tr("take a project code whose check character does not fit", "确认校验位不符的工程编码无误"))
}

// yesNo is a flag that says yes, no, or nothing yet. The guide's form says yes and no, which are taken like true and false.
type yesNo struct{ value **bool }

func (f yesNo) String() string {
	if f.value == nil || *f.value == nil {
		return ""
	}
	return strconv.FormatBool(**f.value)
}

func (f yesNo) Type() string { return "true|false" }

func (f yesNo) Set(text string) error {
	switch strings.ToLower(text) {
	case "true", "yes", "是":
		text = "true"
	case "false", "no", "否":
		text = "false"
	default:
		return rangeError("true, false")
	}
	said := text == "true"
	*f.value = &said
	return nil
}
