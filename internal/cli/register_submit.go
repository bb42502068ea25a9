package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

type registerSubmitOptions struct {
	file    string
	sandbox bool
}

func newRegisterSubmitCmd(app *App) *cobra.Command {
	opts := &registerSubmitOptions{}
	cmd := &cobra.Command{
		Use:   "submit -f {FILE | -} [--sandbox]",
		Short: app.tr("Run all steps of a registration from one document", "按一份文件完成全部注册步骤"),
		Long: app.tr(`Run all steps of a registration from one YAML or JSON document.

Without --sandbox it stops where the agent's face check is needed. A file that holds a password must be readable by its owner only.
The manual channels (overseas, project) name their scans under documents, relative to the document's own directory.`,
			`按一份 YAML 或 JSON 文件完成全部注册步骤。

不带 --sandbox 时停在经办人人脸认证之前。含密码的文件须仅本人可读。
人工认证渠道（overseas、project）的扫描件在 documents 中指定，路径相对于该文件所在目录。`),
		Example: `  farenctl register submit -f registration.yaml --sandbox

  # registration.yaml
  channel: zhejiang
  entity_type: market-entity
  organization_name: 杭州示例科技有限公司
  unit_code: 91330106MA0000015K
  legal_representative: {name: 王建国, document_type: resident-id,
    document_number: 330106198001010013}
  accept_terms: true
  username: wang_example
  password: Example-2026
  agent: {name: 王建国, document_type: resident-id,
    document_number: 330106198001010013, phone: 13700000001}
  sms_code: 123456          # ` + app.tr("of farenctl verify sms; not with --sandbox", "由 farenctl verify sms 获取，带 --sandbox 时不需要") + `

  # overseas.yaml
  channel: overseas
  organization_name: 示例海外有限公司(Example Overseas Ltd)
  accept_terms: true
  username: overseas_example
  password: Example-2026
  agent: {name: 陈小明, document_number: 330106199205050011,
    phone: 13700000002, email: chen@example.com}
  documents: {licence: licence.jpg, agent_document: agent.jpg}

  # project.yaml
  channel: project
  organization_name: 示例路道路工程(一期)
  unit_code: X1330211040113985T
  has_uscc_document: false  # ` + app.tr("confirm_code: true if its check fails", "工程编码校验位不符时加 confirm_code: true") + `
  accept_terms: true
  username: project_example
  password: Example-2026
  agent: {name: 陈小明, document_number: 330106199205050011,
    phone: 13700000002, ethnic_group: 汉}
  documents: {proof: proof.jpg}`,
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := required(app, cmd, "file"); err != nil {
				return err
			}
			registration, err := readRegistration(app, opts.file)
			if err != nil {
				return err
			}
			return printObject(cmd.Context(), app, app.applicationObject(), func(ctx context.Context, s *service.Service) (account.Application, error) {
				a, err := s.SubmitRegistration(ctx, registration, opts.sandbox, beside(app, opts.file))
				if err == nil {
					app.warn(a.Warnings)
				}
				app.submitted(a, err)
				return a, err
			})
		},
	}
	cmd.Flags().StringVarP(&opts.file, "file", "f", "", app.tr("document; - for standard input", "注册文件；- 为标准输入"))
	cmd.Flags().BoolVar(&opts.sandbox, "sandbox", false, app.tr("let the sandbox answer the SMS code and the face check", "由沙箱代替短信验证码和人脸认证"))
	takesFile(cmd, "file", "yaml", "yml", "json")
	return cmd
}

func readRegistration(app *App, path string) (account.Registration, error) {
	file, err := app.open(path, true)
	if err != nil {
		return account.Registration{}, err
	}
	defer file.Close() //nolint:errcheck // only read
	registration, err := service.ParseRegistration(file)
	if err == nil && registration.Password != "" {
		err = file.private(path)
	}
	if err != nil {
		return account.Registration{}, err
	}
	return registration, nil
}
