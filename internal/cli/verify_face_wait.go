package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newVerifyFaceWaitCmd(app *App) *cobra.Command {
	goals := &goalFlags{}
	cmd := &cobra.Command{
		Use:   "wait <verification> [--for passed] [--timeout 60s]",
		Short: app.tr("Wait until a face check has ended", "等待人脸认证结束"),
		Long: app.tr(`Wait until a face check has one of the statuses of --for; ended stands for passed, failed and expired. A provider of face checks is asked
meanwhile.

Exit status 8 when it has none of them within --timeout, 9 as soon as it can no longer have any; the check is printed then as well.`,
			`等待人脸认证成为 --for 指定的状态之一；ended 指 passed、failed、expired。其间会向认证服务查询结果。

--timeout 内未到达时退出状态为 8；已不可能到达时立即以 9 退出；两种情况下同样输出该认证。`),
		Example: `  farenctl verify face wait ver_01m84kth0qfp4a54qt3d9jw0da --timeout 10m
  farenctl verify face wait ver_01m84kth0qfp4a54qt3d9jw0da --for ended -q`,
		ValidArgsFunction: completes(app, faceChecks(account.Pending, account.ManualReview)),
		Args:              arguments(app, "<verification>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := verificationArgument(app, args[0])
			if err != nil {
				return err
			}
			wanted, err := goals.read(app, cmd)
			if err != nil {
				return err
			}
			c, err := app.config()
			if err != nil {
				return err
			}
			return printObject(cmd.Context(), app, app.verificationObject(), func(ctx context.Context, s *service.Service) (account.Verification, error) {
				return s.WaitForFaceCheck(ctx, id, wanted, c.Timeout)
			})
		},
	}
	goals.add(app, cmd, account.CheckGoals(), account.Passed)
	return cmd
}
