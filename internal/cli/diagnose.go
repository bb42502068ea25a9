package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newDiagnoseCmd(app *App) *cobra.Command {
	var flags *ticketFlags
	var bundle string
	cmd := &cobra.Command{
		Use:   "diagnose [--phone P] [--document-number D] [--username U] [--unit-code C] [--application A] [<message>...] [--bundle F.zip]",
		Short: app.tr("Say why somebody cannot go on, and what ends it", "诊断无法继续办理的原因和处理办法"),
		Long: app.tr(`Say why somebody cannot go on, and what ends it. Name what the ticket tells, in any combination: the mobile number, the document
number, the user name, the unit code, an application (or any record by its id), and the message that the person saw, whole or in part.
It finds every record that this concerns, runs every rule for the person in that organization, and tells for each thing in the way what
the person sees, why, which record holds them, since when, when it passes by itself, the command that ends it, and who may run it: a
database login of the role, with the session that stands behind it. What the message means comes first.

Everything is masked, and nothing is changed. --bundle writes the case into a new zip file that may go to a ticket: the same as JSON
and as a table in both languages, and the history (farenctl timeline), with numbers masked inside reasons, too. The status is 0 whether or not something is in the way, and 3 (NOTHING_FOUND) when no record fits.`,
			`诊断无法继续办理的原因和处理办法。请指明工单中的信息，可任意组合：手机号、证件号码、用户名、单位编号、注册申请（或任一记录的编号），
以及用户看到的提示（全文或部分）。命令会查找相关的全部记录，按全部规则检查该人员在该单位的情况，并逐项说明：用户看到的提示、原因、占用的记录、
开始时间、何时自动解除、解除的命令，以及谁可以运行（数据库用户的角色，及所需的会话）。与提示相符的排在最前。

全部信息均已脱敏，不作任何更改。--bundle 将案例写入新的 zip 文件，可附于工单：含 JSON、中英文表格和历史（farenctl timeline），原因文字中的号码也会脱敏。
无论有无问题，退出状态均为 0；没有相符的记录时为 3（NOTHING_FOUND）。`),
		Example: `  farenctl diagnose --phone 13700000001 --unit-code 91330106MA0000015K
  farenctl diagnose --document-number 330106198001010013 '当天已达次数限制'
  farenctl diagnose --username wang_example --jq '.causes[].remedies[].command'
  farenctl diagnose --application app_… --bundle case.zip`,
		RunE: func(cmd *cobra.Command, args []string) error {
			words := strings.Join(args, " ")
			if len(words) > maxMessage {
				return account.NewFault("INPUT_TOO_LARGE", "field", "message", "limit", maxMessage)
			}
			ticket, err := flags.read(cmd, nil)
			if err != nil {
				return err
			}
			return printed(cmd.Context(), app, app.diagnosisReport(account.Diagnosis{}), func(ctx context.Context, s *service.Service) (render.View, error) {
				d, err := s.Diagnose(ctx, ticket, words)
				if err == nil && bundle != "" {
					err = app.writeBundle(ctx, s, ticket, bundle, d)
				}
				return app.diagnosisReport(d), err
			})
		},
	}
	flags = ticketFlagsOf(app, cmd)
	cmd.Flags().StringVar(&bundle, "bundle", "", app.tr("zip file to write; it must not exist", "要写入的 zip 文件，须不存在"))
	takesFile(cmd, "bundle", "zip")
	return cmd
}

// maxMessage bounds the message of a ticket, in bytes.
const maxMessage = 8000
