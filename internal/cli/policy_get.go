package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newPolicyGetCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:               "get <policy>",
		Short:             app.tr("Show a policy", "查看规则参数"),
		ValidArgsFunction: completes(app, policies),
		Args:              arguments(app, "<policy>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return printObject(cmd.Context(), app, render.Object[account.Policy]{ID: policyName, Columns: app.policyColumns()},
				func(ctx context.Context, s *service.Service) (account.Policy, error) { return s.Policy(ctx, args[0]) })
		},
	}
}
