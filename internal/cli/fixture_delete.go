package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/fixture"
	"github.com/farenctl/farenctl/internal/service"
)

func newFixtureDeleteCmd(app *App) *cobra.Command {
	file := &fixtureFile{}
	var force bool
	cmd := &cobra.Command{
		Use:   "delete {-f {FILE | -} | --namespace N} [--force]",
		Short: app.tr("Remove what a namespace made", "删除命名空间创建的内容"),
		Long: app.tr(`Remove the organizations that a namespace made, with everything in them, also what tests added there: applications, accounts, sessions,
messages, register entries. Nothing else is touched. With -f it is the document's organizations, in its namespace or the given one; with
--namespace alone all of it. Nothing there is no failure (status 0).

What stays: the audit, which nobody can delete; the kept answers of requests, until policy request.retention; and that a token of an
identity provider was spent.`, `删除命名空间创建的单位及其中的全部内容（包括测试添加的）：注册申请、账号、会话、短信、登记信息；其他内容不受影响。
带 -f 时删除文档所列单位（在文档或指定的命名空间内），仅带 --namespace 时删除整个命名空间。没有内容可删也不视为失败（退出状态 0）。

保留：审计记录（任何人不得删除）、请求结果（至 request.retention 到期）、身份认证服务令牌的使用记录。`),
		Example: "  farenctl fixture delete --namespace ci-$CI_JOB_ID",
		Args:    arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if file.path == "" && file.namespace == "" {
				return account.NewFault("USAGE", "problem", app.tr("missing flags: -f FILE or --namespace N", "缺少选项：-f FILE 或 --namespace N"), "command", cmd.CommandPath())
			}
			return app.printChanges(cmd.Context(), func(ctx context.Context, s *service.Service) (account.FixtureReport, error) {
				d := fixture.Document{Namespace: file.namespace}
				if file.path != "" {
					var err error
					if d, err = file.read(app, s); err != nil {
						return account.FixtureReport{}, err
					}
				}
				return s.DeleteFixture(ctx, d, force)
			})
		},
	}
	file.add(app, cmd)
	cmd.Flags().BoolVar(&force, "force", false, app.tr("take the namespace over from a process that was killed", "接管被终止进程占用的命名空间"))
	return cmd
}
