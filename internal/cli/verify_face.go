package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

// verificationArgument reads the id of a face check; it has no other name.
func verificationArgument(app *App, text string) (account.VerificationID, error) {
	id, err := account.ParseVerificationID(text)
	if err != nil {
		return id, account.NewFault("USAGE", "problem", app.tr("<verification> is an id ver_…", "<verification> 须为编号 ver_…"), "command", "farenctl verify face")
	}
	return id, nil
}

func newVerifyFaceStatusCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "status <verification>",
		Short: app.tr("Show a face check", "查看人脸认证"),
		Args:  arguments(app, "<verification>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := verificationArgument(app, args[0])
			if err != nil {
				return err
			}
			return printObject(cmd.Context(), app, app.verificationObject(), func(ctx context.Context, s *service.Service) (account.Verification, error) {
				return s.FaceCheck(ctx, id)
			})
		},
	}
}

func newVerifyFaceWaitCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:         "wait <verification> [--timeout 60s]",
		Short:       app.tr("Wait until a face check has ended", "等待人脸认证结束"),
		Long:        app.tr("Wait until a face check has ended. Exit status 8 when it has not within --timeout, 9 when it did not pass.", "等待人脸认证结束。超过 --timeout 退出状态为 8,未通过为 9。"),
		Annotations: map[string]string{unlimited: "its limit is its result"},
		Args:        arguments(app, "<verification>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := verificationArgument(app, args[0])
			if err != nil {
				return err
			}
			limit := app.global.timeout
			if limit <= 0 {
				limit = time.Minute
			}
			return printObject(cmd.Context(), app, app.verificationObject(), func(ctx context.Context, s *service.Service) (account.Verification, error) {
				return s.WaitForFaceCheck(ctx, id, limit)
			})
		},
	}
}

func newVerifyFaceResolveCmd(app *App) *cobra.Command {
	var outcome string
	outcomes := []string{account.Passed, account.Failed}
	cmd := &cobra.Command{
		Use:   "resolve <verification> --outcome {passed | failed} --reason TEXT",
		Short: app.tr("Settle a face check that was left to staff", "人工认定人脸认证结果"),
		Args:  arguments(app, "<verification>"),
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
	cmd.Flags().StringVar(&outcome, "outcome", "", list(outcomes))
	return cmd
}

func newVerifyFaceSimulateCmd(app *App) *cobra.Command {
	play := &service.Simulation{}
	cmd := &cobra.Command{
		Use:   "simulate <verification> --outcome {passed | failed | manual-review | expired}",
		Short: app.tr("End a face check of the sandbox", "由沙箱结束人脸认证"),
		Long:  app.tr("End a face check of the sandbox. It plays the expected person unless --as-… tells another. Refused on production.", "由沙箱结束人脸认证。默认为本人,可用 --as-… 模拟他人。生产环境不可用。"),
		Args:  arguments(app, "<verification>"),
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
	flags.StringVar(&play.Outcome, "outcome", "", list(account.FaceOutcomes()))
	flags.StringVar(&play.Name, "as-name", "", app.tr("play a person of this name", "模拟此姓名的人"))
	flags.StringVar(&play.DocumentType, "as-document-type", "", app.tr("play a person with this document type", "模拟此证件类型的人"))
	flags.StringVar(&play.DocumentNumber, "as-document-number", "", app.tr("play a person with this document number", "模拟此证件号码的人"))
	return cmd
}
