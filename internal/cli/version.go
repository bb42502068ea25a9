package cli

import (
	"context"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

// versionInfo is what `farenctl version` prints.
type versionInfo struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Go      string `json:"go"`
}

func newVersionCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: app.tr("Show the program's version", "查看版本"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			view := render.Object[versionInfo]{ID: func(v versionInfo) string { return v.Version }, Columns: []render.Column[versionInfo]{
				{Key: "version", Title: app.tr("VERSION", "版本")},
				{Key: "commit", Title: app.tr("COMMIT", "提交")},
				{Key: "go", Title: "GO"},
			}}
			return printObject(cmd.Context(), app, view, func(context.Context, *service.Service) (versionInfo, error) { return readVersion(), nil })
		},
	}
}

// readVersion reads what the Go tool wrote into the program.
func readVersion() versionInfo {
	v := versionInfo{Version: "devel", Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" && info.Main.Version != "(devel)" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			v.Commit = s.Value
		}
	}
	return v
}
