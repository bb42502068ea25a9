package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newRecoverShowCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "show <recovery>",
		Short: app.tr("Show a recovery; the user name after the proof only", "查看找回操作（验证通过后显示用户名）"),
		Args:  arguments(app, "<recovery>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := recoveryArgument(app, "<recovery>", args[0])
			if err != nil {
				return err
			}
			return printObject(cmd.Context(), app, app.recoveryObject(), func(ctx context.Context, s *service.Service) (account.Recovery, error) {
				return s.Recovery(ctx, id)
			})
		},
	}
}
