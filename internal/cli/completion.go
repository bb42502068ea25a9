package cli

import (
	"bytes"
	"slices"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
)

//go:generate go run ./gen

func newCompletionCmd(app *App) *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion {bash | zsh | fish | powershell}",
		Short: app.tr("Print the completion script of a shell", "输出 shell 自动补全脚本"),
		Long: app.tr(`Print the completion script of a shell. make install puts all four where the
shells look for them.

Commands, flags, closed lists and files are completed without a database. Ids,
user names, unit codes and policies are looked up in a database that is there:
the configured one, or the private server if it runs, which completion never
starts. What is offered is as masked as in lists; without an answer within a
quarter of a second nothing is offered.`, `输出 shell 自动补全脚本。make install 会将四种脚本安装到各 shell 的默认位置。

命令、选项、固定取值和文件名的补全不访问数据库；编号、用户名、单位编号和
规则参数从已有的数据库查询：所配置的数据库，或正在运行的私有服务（补全不会
启动它）。所列内容与列表命令同样脱敏；四分之一秒内没有结果则不提示。`),
		Example: `  source <(farenctl completion bash)
  farenctl completion zsh > "${fpath[1]}/_farenctl"
  farenctl completion fish > ~/.config/fish/completions/farenctl.fish
  farenctl completion powershell | Out-String | Invoke-Expression`,
		Annotations:       map[string]string{unconfigured: "yes"},
		ValidArgsFunction: completes(app, oneOfWords(shells...)),
		Args: func(cmd *cobra.Command, args []string) error {
			if err := arguments(app, "<shell>")(cmd, args); err != nil {
				return err
			}
			if !slices.Contains(shells, args[0]) {
				return account.NewFault("USAGE", "problem", app.tr("<shell>: one of ", "<shell>：可为 ")+list(shells))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			root, script := cmd.Root(), bytes.Buffer{}
			var err error
			switch args[0] {
			case "bash":
				err = root.GenBashCompletionV2(&script, true)
			case "zsh":
				err = root.GenZshCompletion(&script)
			case "fish":
				err = root.GenFishCompletion(&script, true)
			default:
				err = root.GenPowerShellCompletionWithDesc(&script)
			}
			if err != nil {
				return err
			}
			return app.write(script.Bytes())
		},
	}
}
