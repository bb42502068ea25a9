package cli

import (
	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
)

func newPolicyCmd(app *App) *cobra.Command {
	return group(app, "policy", app.tr("The numbers that the rules go by", "规则参数"), newPolicyListCmd(app), newPolicyGetCmd(app), newPolicySetCmd(app))
}

func policyName(p account.Policy) string { return p.Name }

func (app *App) policyColumns() []render.Column[account.Policy] {
	type col = render.Column[account.Policy]
	return []col{
		{Key: "name", Title: app.tr("NAME", "名称"), Kind: render.ID},
		{Key: "value", Title: app.tr("VALUE", "取值"), Kind: render.ID, Align: render.AlignRight, Value: func(p account.Policy) string { return p.Text(p.Value) }},
		{Key: "default", Title: app.tr("DEFAULT", "默认"), Kind: render.ID, Wide: true, Align: render.AlignRight, Value: func(p account.Policy) string { return p.Text(p.Default) }},
		{Key: "range", Title: app.tr("RANGE", "范围"), Wide: true, Value: account.Policy.Range},
		{Key: "description", Title: app.tr("WHAT", "说明"), Kind: render.Prose},
		{Key: "updated_at", Title: app.tr("CHANGED", "修改时间"), Kind: render.Time, Wide: true},
		{Key: "updated_by", Title: app.tr("BY", "修改人"), Wide: true},
	}
}
