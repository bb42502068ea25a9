package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newKeyListCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: app.tr("List the keys and what is sealed with them", "列出密钥及其加密的数据量"),
		Long: app.tr(`List the keys of the keyring, never what they are: the index key by which people are found, and the sealing keys. The active one
seals; an old one opens what it sealed; a missing one sealed something and is not in this keyring; a retired one seals nothing any more
and is still in the file. Values are counted by the role faren_admin.`, `列出密钥环中的密钥（不含密钥内容）：用于检索的索引密钥和各加密密钥。“使用中”的用于加密；“仅解密”的用于解密其加密的数据；
“缺失”的加密过数据但不在此密钥环中；“已停用”的不再用于任何数据，但仍在文件中。数据量由 faren_admin 角色统计。`),
		Annotations: map[string]string{unlimited: byDefault},
		Args:        arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			type col = render.Column[account.KeyVersion]
			view := render.List[account.KeyVersion]{ID: func(k account.KeyVersion) string { return k.ID }, Columns: []col{
				{Key: "id", Title: app.tr("KEY", "密钥"), Kind: render.ID},
				{Key: "kind", Title: app.tr("KIND", "类型"), Word: app.words(account.KeyKindTerms)},
				{Key: "suite", Title: app.tr("SUITE", "密码套件")},
				{Key: "status", Title: app.tr("STATUS", "状态"), Word: app.words(account.KeyTerms)},
				{Key: "values", Title: app.tr("VALUES", "数据量"), Align: render.AlignRight},
				{Key: "created_at", Title: app.tr("CREATED", "创建时间"), Kind: render.Time},
			}}
			return printList(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.Page[account.KeyVersion], error) {
				keys, err := s.KeyVersions(ctx)
				return account.Page[account.KeyVersion]{Items: keys}, err
			})
		},
	}
}
