package cli

import (
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/fixture"
)

func newFixtureGenerateCmd(app *App) *cobra.Command {
	w := &fixture.Wanted{}
	cmd := &cobra.Command{
		Use:   "generate --seed N --organizations M [--accounts K] [--namespace N] [--bare]",
		Short: app.tr("Write a document of made-up organizations", "生成虚构单位的测试数据文档"),
		Long: app.tr(`Write a document of made-up organizations with accounts in various states, for farenctl fixture apply. The same seed gives the same
document, to the byte, on every machine: the values are drawn from ChaCha8 (C2SP.org/chacha8rand). Check characters fit, nobody has the
numbers: divisions 3399xx and 9899xx do not exist, unit codes go on with FX, mobiles begin with 160, 161, 163 or 164.

Two documents of one seed have the same unit codes, unless their namespaces differ. --bare leaves out everything that apply derives from
its own --namespace, so that one document serves all jobs.`, `生成虚构单位及各种状态账号的文档，供 farenctl fixture apply 使用。同一种子在任何机器上生成的文档逐字节相同：取值由 ChaCha8
（C2SP.org/chacha8rand）产生。校验位均正确，且不属于任何人：行政区划 3399xx、9899xx 不存在，单位编号其后为 FX，手机号以 160、161、163、164 开头。

同一种子、同一命名空间的两份文档单位编号相同。--bare 省略 apply 可由其 --namespace 派生的各项，一份文档即可供所有任务使用。`),
		Example: `  farenctl fixture generate --seed 7 --organizations 3 --accounts 5 \
      >accounts.yaml
  farenctl fixture generate --seed 7 --organizations 3 --bare |
      farenctl fixture apply -f - --namespace ci-$CI_JOB_ID`,
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := required(app, cmd, "seed", "organizations"); err != nil {
				return err
			}
			if w.Namespace == "" {
				w.Namespace = "seed-" + strconv.FormatUint(w.Seed, 10)
			}
			usage := func(problem string) error {
				return account.NewFault("USAGE", "problem", problem, "command", cmd.CommandPath())
			}
			switch {
			case !fixture.ValidNamespace(w.Namespace):
				return account.NewFault("NAMESPACE_INVALID")
			case w.Organizations < 1 || w.Organizations > fixture.MaxOrganizations:
				return usage(fmt.Sprintf("--organizations: 1-%d", fixture.MaxOrganizations))
			case w.Accounts < 0 || w.Organizations*w.Accounts > fixture.MaxAccounts:
				return usage(fmt.Sprintf(app.tr("--accounts: at most %d in all organizations together", "--accounts：所有单位合计最多 %d 个"), fixture.MaxAccounts))
			}
			_, err := io.WriteString(app.std.Out, fixture.Generate(*w))
			return err
		},
	}
	flags := cmd.Flags()
	flags.Uint64Var(&w.Seed, "seed", 0, app.tr("seed", "种子"))
	flags.IntVar(&w.Organizations, "organizations", 0, app.tr("number of organizations", "单位数"))
	flags.IntVar(&w.Accounts, "accounts", 3, app.tr("accounts of each organization", "每个单位的账号数"))
	flags.StringVar(&w.Namespace, "namespace", "", app.tr("namespace of the document (default seed-N)", "文档的命名空间（默认 seed-N）"))
	flags.BoolVar(&w.Bare, "bare", false, app.tr("leave out what apply derives", "省略 apply 可派生的各项"))
	return cmd
}
