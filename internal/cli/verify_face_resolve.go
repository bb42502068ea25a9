package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newVerifyFaceResolveCmd(app *App) *cobra.Command {
	var outcome string
	outcomes := []string{account.Passed, account.Failed}
	cmd := &cobra.Command{
		Use:               "resolve <verification> --outcome {passed | failed} --reason TEXT",
		Short:             app.tr("Settle a face check that was left to staff", "人工认定人脸认证结果"),
		ValidArgsFunction: completes(app, faceChecks(account.ManualReview)),
		Args:              arguments(app, "<verification>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := verificationArgument(app, args[0])
			if err != nil {
				return err
			}
			if err := required(app, cmd, "outcome", "reason"); err != nil {
				return err
			}
			if err := oneOf("outcome", outcome, outcomes); err != nil {
				return err
			}
			return printObject(cmd.Context(), app, app.outcomeObject(), func(ctx context.Context, s *service.Service) (account.VerificationOutcome, error) {
				return s.ResolveFaceCheck(ctx, id, outcome)
			})
		},
	}
	cmd.Flags().StringVar(&outcome, "outcome", "", app.tr("how it ends: ", "认证结果：")+list(outcomes))
	choices(cmd, "outcome", outcomes...)
	return cmd
}
