package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newRegisterWaitCmd(app *App) *cobra.Command {
	var unitCode string
	goals := &goalFlags{}
	cmd := &cobra.Command{
		Use:   "wait <application> [--for approved,rejected] [--timeout 60s]",
		Short: app.tr("Wait until an application has got so far", "等待注册申请到达指定状态"),
		Long: app.tr(`Wait until an application has one of the statuses of --for, whoever brings it there, and print it.

decided stands for approved, rejected and mismatched; ended for approved, rejected, withdrawn and expired. A status that the
application has left behind is not waited for: it must have it still, or be able to have it again.

Exit status 8 when it has none of them within --timeout, 9 as soon as it can no longer have any; the application is printed
then as well. A database that goes away meanwhile is waited for, too.`, `等待注册申请成为 --for 指定的状态之一（无论由谁操作），并输出该申请。

decided 指 approved、rejected、mismatched;ended 指 approved、rejected、withdrawn、expired。已经离开的状态不算，须为当前状态或今后
还会到达的状态。

--timeout 内未到达时退出状态为 8；已不可能到达时立即以 9 退出；两种情况下同样输出该申请。其间数据库中断会继续等待其恢复。`) +
			app.tr(applicationHelp, applicationHelpZH),
		Example: `  farenctl register wait hz_staff --for approved,rejected --timeout 8h
  farenctl register wait app_01m84kst1tegjthh5hpwxnghys --for decided -o json`,
		ValidArgsFunction: completes(app, applications()),
		Args:              arguments(app, "<application>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			wanted, err := goals.read(app, cmd)
			if err != nil {
				return err
			}
			c, err := app.config()
			if err != nil {
				return err
			}
			return printApplication(cmd.Context(), app, args[0], unitCode, func(ctx context.Context, s *service.Service, id account.ApplicationID) (account.Application, error) {
				return s.WaitForApplication(ctx, id, wanted, c.Timeout)
			})
		},
	}
	goals.add(app, cmd, account.ApplicationGoals(), account.Approved)
	selectorFlags(app, cmd, &unitCode)
	return cmd
}
