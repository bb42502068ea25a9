package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newVerifyFaceSimulateCmd(app *App) *cobra.Command {
	play := &service.Simulation{}
	cmd := &cobra.Command{
		Use:               "simulate <verification> --outcome {passed | failed | manual-review | expired}",
		Short:             app.tr("End a face check of the sandbox", "由沙箱结束人脸认证"),
		Long:              app.tr("End a face check of the sandbox. It plays the expected person unless --as-… tells another. Refused on production.", "由沙箱结束人脸认证。默认为本人，可用 --as-… 模拟他人。生产环境不可用。"),
		ValidArgsFunction: completes(app, verifications(service.CandidateQuery{Statuses: []string{account.Pending}, Providers: []string{"sandbox"}})),
		Args:              arguments(app, "<verification>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := verificationArgument(app, args[0])
			if err != nil {
				return err
			}
			if err := required(app, cmd, "outcome"); err != nil {
				return err
			}
			if err := oneOf("outcome", play.Outcome, account.FaceOutcomes()); err != nil {
				return err
			}
			return printObject(cmd.Context(), app, app.outcomeObject(), func(ctx context.Context, s *service.Service) (account.VerificationOutcome, error) {
				return s.SimulateFaceCheck(ctx, id, *play)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&play.Outcome, "outcome", "", app.tr("how it ends: ", "认证结果：")+list(account.FaceOutcomes()))
	flags.StringVar(&play.Name, "as-name", "", app.tr("play a person of this name", "模拟此姓名的人"))
	flags.StringVar(&play.DocumentType, "as-document-type", "", app.tr("play a person with this document type", "模拟此证件类型的人"))
	flags.StringVar(&play.UnitCode, "as-unit-code", "", app.tr("of a sign-in by e-licence: play the organization with this unit code", "电子营业执照登录时：模拟此单位编号的单位"))
	flags.StringVar(&play.DocumentNumber, "as-document-number", "", app.tr("play a person with this document number", "模拟此证件号码的人"))
	choices(cmd, "outcome", account.FaceOutcomes()...)
	choices(cmd, "as-document-type", account.DocumentTypeNames()...)
	completesFlag(app, cmd, "as-unit-code", unitCodes)
	return cmd
}
