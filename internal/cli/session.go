package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func printSession(ctx context.Context, app *App, use func(context.Context, *service.Service) (account.Session, error)) error {
	columns := app.sessionColumns()
	for i := range columns {
		switch columns[i].Key {
		case "application.status", "organization.unit_code":
			columns[i].Wide = false
		case "expires_at":
			// Not to be taken for the application's time.
			columns[i].Title = app.tr("SESSION ENDS", "会话失效时间")
		}
	}
	// An applicant signs in to see these.
	columns = append(columns,
		render.Column[account.Session]{Key: "application.due_at", Title: app.tr("DUE", "比对期限"), Kind: render.Time},
		render.Column[account.Session]{Key: "application.reason", Title: app.tr("REASON", "审核意见")})
	return printObject(ctx, app, render.Object[account.Session]{Columns: columns}, use)
}

func newSessionCmd(app *App) *cobra.Command {
	return group(app, "session", app.tr("Look at and end sessions", "查看与结束登录会话"), newSessionListCmd(app), newSessionRevokeCmd(app))
}
