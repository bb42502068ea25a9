package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newPolicyListCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: app.tr("List the policies with value, default and range (-o wide)", "列出规则参数及取值、默认值、范围（-o wide）"),
		Args:  arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			view := render.List[account.Policy]{ID: policyName, Columns: app.policyColumns()}
			return printList(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.Page[account.Policy], error) {
				all, err := s.Policies(ctx)
				return account.Page[account.Policy]{Items: all}, err
			})
		},
	}
}
