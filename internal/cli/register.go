package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newRegisterCmd(app *App) *cobra.Command {
	return group(app, "register", app.tr("Register accounts", "注册法人账号"),
		newRegisterStartCmd(app), newRegisterUnitCmd(app), newRegisterUserCmd(app), newRegisterResubmitCmd(app), newRegisterSubmitCmd(app), newRegisterBatchCmd(app),
		newRegisterShowCmd(app), newRegisterListCmd(app), newRegisterWaitCmd(app), newRegisterWithdrawCmd(app), newRegisterExpireCmd(app))
}

// selectorFlags are the flags beside the selector of an application or account.
func selectorFlags(app *App, cmd *cobra.Command, unitCode *string) {
	cmd.Flags().StringVar(unitCode, "unit-code", "", app.tr("organization of a phone:… or document:… selector", "phone:…、document:… 所属单位编号"))
	completesFlag(app, cmd, "unit-code", unitCodes)
}

// printApplication prints what a use case makes of the application that a selector names.
func printApplication(ctx context.Context, app *App, selector, unitCode string, use func(context.Context, *service.Service, account.ApplicationID) (account.Application, error)) error {
	return printObject(ctx, app, app.applicationObject(), func(ctx context.Context, s *service.Service) (account.Application, error) {
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
