package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newVerifyFaceStatusCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:               "status <verification>",
		Short:             app.tr("Show a face check", "查看人脸认证"),
		ValidArgsFunction: completes(app, faceChecks()),
		Args:              arguments(app, "<verification>"),
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
