package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newPolicySetCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "set <policy> {<value> | default} [--reason TEXT]",
		Short: app.tr("Change a policy", "修改规则参数"),
		Long: app.tr(`Change a policy, or give it its default back. It applies at once to every process, and is recorded in the audit with its reason.
A time is in seconds, or written as 90s, 30m, 24h. What was told before (a deadline, the end of a lock) stays. It needs the
role faren_admin.`, `修改规则参数，或以 default 恢复默认值。修改立即对所有进程生效，并连同原因记入审计。
时长以秒为单位，也可写作 90s、30m、24h。此前已告知的期限、锁定时间等不变。需要 faren_admin 角色。`),
		Example: `  farenctl policy set sms.code_lifetime 10m --reason '短信延迟'
  farenctl policy set sms.code_lifetime default`,
		ValidArgsFunction: completes(app, policies, policyValues),
		Args:              arguments(app, "<policy>", "<value>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return printObject(cmd.Context(), app, render.Object[account.Policy]{ID: policyName, Columns: app.policyColumns()},
				func(ctx context.Context, s *service.Service) (account.Policy, error) {
					return s.SetPolicy(ctx, args[0], args[1])
				})
		},
	}
}
