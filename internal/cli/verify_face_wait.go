package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newVerifyFaceWaitCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:               "wait <verification> [--timeout 60s]",
		Short:             app.tr("Wait until a face check has ended", "等待人脸认证结束"),
		Long:              app.tr("Wait until a face check has ended. Exit status 8 when it has not within --timeout, 9 when it did not pass.", "等待人脸认证结束。超过 --timeout 退出状态为 8，未通过为 9。"),
		Annotations:       map[string]string{unlimited: waits},
		ValidArgsFunction: completes(app, faceChecks(account.Pending, account.ManualReview)),
		Args:              arguments(app, "<verification>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := verificationArgument(app, args[0])
			if err != nil {
				return err
			}
			c, err := app.config()
			if err != nil {
				return err
			}
			return printObject(cmd.Context(), app, app.verificationObject(), func(ctx context.Context, s *service.Service) (account.Verification, error) {
				return s.WaitForFaceCheck(ctx, id, c.Timeout)
			})
		},
	}
}
