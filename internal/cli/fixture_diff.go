package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newFixtureDiffCmd(app *App) *cobra.Command {
	file := &fixtureFile{}
	cmd := &cobra.Command{
		Use:   "diff -f {FILE | -} [--namespace N]",
		Short: app.tr("Tell what apply would do", "查看 apply 将作的变更"),
		Long: app.tr(`Tell for each organization what apply would do, and do nothing: none, create, replace (with the reason: asked-otherwise, changed-since,
unfinished), delete (not-asked-for). The exit status is 0 either way; the JSON has the number of changes:

  farenctl fixture diff -f accounts.yaml --jq .changes`, `列出 apply 对各单位将作的变更而不执行：none、create、replace（原因：asked-otherwise 文档已修改、changed-since 已被改动、
unfinished 未完成）、delete（not-asked-for 文档中没有）。退出状态均为 0，变更数见 JSON:

  farenctl fixture diff -f accounts.yaml --jq .changes`),
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := required(app, cmd, "file"); err != nil {
				return err
			}
			return app.printChanges(cmd.Context(), func(ctx context.Context, s *service.Service) (account.FixtureReport, error) {
				d, err := file.read(app, s)
				if err != nil {
					return account.FixtureReport{}, err
				}
				return s.DiffFixture(ctx, d)
			})
		},
	}
	file.add(app, cmd)
	return cmd
}
