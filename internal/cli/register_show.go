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
		Use:   "show <application> [--reveal FIELD --reason TEXT]",
		Short: app.tr("Show an application", "查看注册申请"),
		Long: app.tr("Show an application, masked. --reveal shows one field in clear: it needs the role and the key, and is recorded with its reason first.", "查看注册申请（脱敏）。--reveal 可明文显示一个字段：需要相应角色和密钥，并先记入审计。") +
			app.tr(applicationHelp, applicationHelpZH),
		ValidArgsFunction: completes(app, applications()),
		Args:              arguments(app, "<application>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("reveal", opts.reveal, service.ApplicationRevealFields()); err != nil {
				return err
			}
			return printApplication(cmd.Context(), app, args[0], opts.unitCode, func(ctx context.Context, s *service.Service, id account.ApplicationID) (account.Application, error) {
				if opts.reveal != "" {
					return s.RevealedApplication(ctx, id, opts.reveal)
				}
				return s.Application(ctx, id)
			})
		},
	}
	cmd.Flags().StringVar(&opts.reveal, "reveal", "", app.tr("field to show in clear: ", "明文显示的字段：")+list(service.ApplicationRevealFields()))
	selectorFlags(app, cmd, &opts.unitCode)
	choices(cmd, "reveal", service.ApplicationRevealFields()...)
	return cmd
}
