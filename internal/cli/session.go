package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newLoginCmd(app *App) *cobra.Command {
	password := &secretFlags{}
	cmd := &cobra.Command{
		Use:   "login <username> [--password-file F | --password-stdin]",
		Short: app.tr("Sign in", "登录"),
		Long:  app.tr("Sign in with user name and password. The session's token is kept in --session-file, readable by its owner only.", "以用户名和密码登录。会话保存在 --session-file,仅本人可读。"),
		Args:  arguments(app, "<username>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			typed, err := password.read(app, cmd, false)
			if err != nil {
				return err
			}
			return printSession(cmd.Context(), app, func(ctx context.Context, s *service.Service) (account.Session, error) {
				return s.SignIn(ctx, args[0], typed)
			})
		},
	}
	password.add(app, cmd, "password", app.tr("password", "密码"))
	return cmd
}

func printSession(ctx context.Context, app *App, use func(context.Context, *service.Service) (account.Session, error)) error {
	return printObject(ctx, app, render.Object[account.Session]{Columns: app.sessionColumns()}, use)
}

func newLogoutCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "logout",
		Short: app.tr("End the session", "退出登录"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return printSession(cmd.Context(), app, func(ctx context.Context, s *service.Service) (account.Session, error) { return s.SignOut(ctx) })
		},
	}
}

func newWhoamiCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "whoami",
		Short: app.tr("Show whose session this is", "查看当前登录会话"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return printSession(cmd.Context(), app, func(ctx context.Context, s *service.Service) (account.Session, error) { return s.WhoAmI(ctx) })
		},
	}
}

func newSessionCmd(app *App) *cobra.Command {
	return group(app, "session", app.tr("Look at and end sessions", "查看与结束登录会话"), newSessionListCmd(app), newSessionRevokeCmd(app))
}

func newSessionListCmd(app *App) *cobra.Command {
	query := &service.SessionQuery{}
	statuses := []string{"active", "expired", "ended"}
	cmd := &cobra.Command{
		Use:   "list [--status S]",
		Short: app.tr("List sessions, the newest first", "列出登录会话,最新的在前"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("status", query.Status, statuses); err != nil {
				return err
			}
			return printList(cmd.Context(), app, render.List[account.Session]{Columns: app.sessionColumns()}, func(ctx context.Context, s *service.Service) (account.Page[account.Session], error) {
				return s.Sessions(ctx, *query)
			})
		},
	}
	cmd.Flags().StringVar(&query.Status, "status", "", app.tr("only this status: ", "仅此状态:")+list(statuses))
	pagingFlags(app, cmd, &query.Paging)
	return cmd
}

func newSessionRevokeCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "revoke <session>",
		Short: app.tr("End a session by its id", "按编号结束登录会话"),
		Args:  arguments(app, "<session>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := account.ParseSessionID(args[0])
			if err != nil {
				return account.NewFault("USAGE", "problem", app.tr("<session> is an id ses_…", "<session> 须为编号 ses_…"), "command", cmd.CommandPath())
			}
			return printSession(cmd.Context(), app, func(ctx context.Context, s *service.Service) (account.Session, error) {
				return s.RevokeSession(ctx, id)
			})
		},
	}
}
