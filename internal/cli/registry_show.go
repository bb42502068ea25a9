package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newRegistryShowCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:               "show <unit-code>",
		Short:             app.tr("Show an organization of the register, masked", "查看登记信息（脱敏）"),
		ValidArgsFunction: completes(app, unitCodes),
		Args:              arguments(app, "<unit-code>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return printObject(cmd.Context(), app, app.entryObject(), func(ctx context.Context, s *service.Service) (account.RegisterEntry, error) {
				return s.RegisterEntry(ctx, args[0])
			})
		},
	}
}
