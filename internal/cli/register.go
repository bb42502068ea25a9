package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newRegisterCmd(app *App) *cobra.Command {
	var sandbox bool
	cmd := group(app, "register", app.tr("Register accounts", "注册法人账号"),
		newRegisterStartCmd(app), newRegisterUnitCmd(app), newRegisterUserCmd(app), newRegisterResubmitCmd(app), newRegisterSubmitCmd(app), newRegisterBatchCmd(app),
		newRegisterCheckCmd(app), newRegisterShowCmd(app), newRegisterListCmd(app), newRegisterWaitCmd(app), newRegisterWithdrawCmd(app), newRegisterExpireCmd(app))
	cmd.Long = app.tr(`Register accounts. On a terminal, farenctl register alone leads through the steps of every channel: it checks each field as it is typed,
sends the SMS code, shows the face check and waits for it, and tells the commands that would have done the same. A password or code is never
shown. Elsewhere, and with --no-input, it shows this help.`, `注册法人账号。在终端中直接运行 farenctl register 可按步骤引导完成任一渠道的注册：逐项检查所填内容、发送短信验证码、显示人脸认证二维码
并等待结果，最后列出等同的命令；不显示密码和验证码。非终端或加 --no-input 时显示本帮助。`)
	// A person takes the time that it takes.
	cmd.Annotations = map[string]string{unlimited: always}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if !app.interactive() {
			return cmd.Help()
		}
		if err := app.walkable(cmd.CommandPath()); err != nil {
			return err
		}
		return printObject(cmd.Context(), app, app.applicationObject(), func(ctx context.Context, s *service.Service) (account.Application, error) {
			return app.walkRegistration(ctx, s, sandbox)
		})
	}
	cmd.Flags().BoolVar(&sandbox, "sandbox", false, app.tr("on a terminal: let the sandbox answer SMS codes and the face check", "在终端引导时，由沙箱代替短信验证码和人脸认证"))
	return cmd
}

// selectorFlags are the flags beside the selector of an application or account.
func selectorFlags(app *App, cmd *cobra.Command, unitCode *string) {
	cmd.Flags().StringVar(unitCode, "unit-code", "", app.tr("organization of a phone:… or document:… selector", "phone:…、document:… 所属单位编号"))
	completesFlag(app, cmd, "unit-code", unitCodes)
}

// printApplication prints what a use case makes of the application that a selector names.
func printApplication(ctx context.Context, app *App, selector, unitCode string, use func(context.Context, *service.Service, account.ApplicationID) (account.Application, error)) error {
	return printApplicationAs(ctx, app, app.applicationObject(), selector, unitCode, use)
}

func printApplicationAs(ctx context.Context, app *App, view render.Object[account.Application], selector, unitCode string,
	use func(context.Context, *service.Service, account.ApplicationID) (account.Application, error),
) error {
	return printObject(ctx, app, view, func(ctx context.Context, s *service.Service) (account.Application, error) {
		id, err := s.FindApplication(ctx, selector, unitCode)
		if err != nil {
			return account.Application{}, err
		}
		a, err := use(ctx, s, id)
		if err == nil {
			app.warn(a.Warnings)
		}
		return a, err
	})
}

// openStatuses are those of applications that are not decided.
func openStatuses() []string {
	return []string{account.Certified, account.AwaitingIdentity, account.AwaitingUnit, account.AwaitingUser, account.PendingReview, account.PendingComparison, account.Mismatched}
}

const applicationHelp = `
An application is named by its id (app_…), by its user name, or by phone:NUMBER or document:NUMBER with --unit-code.`

const applicationHelpZH = `
申请可用编号（app_…）、用户名，或 phone:NUMBER、document:NUMBER 加 --unit-code 指定。`
