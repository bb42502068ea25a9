package cli

import (
	"github.com/spf13/cobra"
)

// newServerWatchCmd is the process beside the private server that stops it after disuse.
func newServerWatchCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use: "watch", Hidden: true,
		Short:       app.tr("Stop the private server after disuse", "闲置后停止私有服务"),
		Annotations: map[string]string{unlimited: always},
		Args:        arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := app.service()
			if err != nil {
				return err
			}
			return s.WatchServer(cmd.Context())
		},
	}
	cmd.Flags().String("data-dir", "", "")
	cmd.Flags().String("idle", "", "")
	return cmd
}
