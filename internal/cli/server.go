package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/localpg"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

// serverStatus is the private server in JSON.
type serverStatus struct {
	Running     bool   `json:"running"`
	PID         int    `json:"pid"`
	DataDir     string `json:"data_dir"`
	SocketDir   string `json:"socket_dir"`
	DatabaseURL string `json:"database_url"`
}

func newServerCmd(app *App) *cobra.Command {
	return group(app, "server", app.tr("The private PostgreSQL server", "私有 PostgreSQL 服务"),
		newServerVerbCmd(app, "start", app.tr("Start it; other commands start it by themselves", "启动（其他命令会自动启动）"), (*service.Service).StartServer),
		newServerVerbCmd(app, "stop", app.tr("Stop it when no command uses it", "在没有命令使用时停止"), (*service.Service).StopServer),
		newServerVerbCmd(app, "status", app.tr("Tell whether it runs, and its address", "查看是否运行及其地址"), (*service.Service).ServerStatus),
		newServerWatchCmd(app))
}

func newServerVerbCmd(app *App, verb, short string, use func(*service.Service, context.Context) (localpg.Status, error)) *cobra.Command {
	return &cobra.Command{
		Use: verb, Short: short,
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			view := render.Object[serverStatus]{ID: render.Unnamed[serverStatus], Columns: []render.Column[serverStatus]{
				{Key: "running", Title: app.tr("RUNNING", "运行中"), Word: app.words(account.BooleanTerms)},
				{Key: "pid", Title: "PID"},
				{Key: "data_dir", Title: app.tr("DATA", "数据目录"), Kind: render.ID},
				{Key: "socket_dir", Title: app.tr("SOCKET", "套接字目录"), Kind: render.ID},
				{Key: "database_url", Title: app.tr("DATABASE URL", "数据库地址"), Kind: render.ID},
			}}
			return printObject(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (serverStatus, error) {
				status, err := use(s, ctx)
				return serverStatus(status), err
			})
		},
	}
}
