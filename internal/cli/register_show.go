package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

type registerShowOptions struct {
	unitCode, reveal string
}

func newRegisterShowCmd(app *App) *cobra.Command {
	opts := &registerShowOptions{}
	cmd := &cobra.Command{
		Use:               "show <application> [--reveal FIELD --reason TEXT [--ticket T]]",
		Short:             app.tr("Show an application", "查看注册申请"),
		Long:              app.tr("Show an application, masked.", "查看注册申请（脱敏）。") + app.tr(applicationHelp, applicationHelpZH) + app.revealHelp(),
		ValidArgsFunction: completes(app, applications()),
		Args:              arguments(app, "<application>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("reveal", opts.reveal, service.PersonRevealFields()); err != nil {
				return err
			}
			view := app.applicationObject()
			view.Columns = withRevealed(app, view.Columns, opts.reveal)
			return printApplicationAs(cmd.Context(), app, view, args[0], opts.unitCode, func(ctx context.Context, s *service.Service, id account.ApplicationID) (account.Application, error) {
				if opts.reveal != "" {
					return s.RevealedApplication(ctx, id, opts.reveal)
				}
				return s.Application(ctx, id)
			})
		},
	}
	revealFlag(app, cmd, &opts.reveal, service.PersonRevealFields())
	selectorFlags(app, cmd, &opts.unitCode)
	return cmd
}
