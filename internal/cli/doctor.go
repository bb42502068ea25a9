package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newDoctorCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: app.tr("Try everything that farenctl needs, and say what is wrong", "检查运行所需的各项条件"),
		Long: app.tr(`Try everything that farenctl needs here: configuration, database, roles and rights, clocks, calendar, messages that nobody sends,
the audit's guards and the age of its seal, the private server's disk, keyring, session file, certificates, identity providers and SMS sender. Each check is one line: ok, warning (it works, but look at it), failed, or skipped
(what it needs failed, this login may not look, or there is nothing to look at), with what to do. No message is sent, and nothing is changed but that a private server
is started, and set up when it is new.

The exit status is 0 when nothing failed, else 78 (DOCTOR_FAILED).`, `检查运行所需的各项条件：配置、数据库、角色权限、时钟、工作日历、未发送的短信、审计的保护和封存时间、私有服务的磁盘空间、密钥环、会话文件、数字证书、
身份认证服务和短信发送。
每项一行：ok（正常）、warning（可用但须留意）、failed（未通过）、skipped（所依赖的检查未通过、无权查看或无可检查），并给出处理办法。
不发送短信，不作任何更改；仅在使用私有服务时会启动该服务，首次使用时初始化。

没有 failed 时退出状态为 0，否则为 78（DOCTOR_FAILED）。`),
		Example: `  farenctl doctor
  farenctl doctor --jq '.items[] | select(.status == "failed") | .hint'`,
		Annotations: map[string]string{diagnoses: "configuration"},
		Args:        arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			type col = render.Column[service.Finding]
			view := render.List[service.Finding]{ID: func(f service.Finding) string { return f.Check }, Columns: []col{
				{Key: "check", Title: app.tr("CHECK", "检查项"), Word: app.words(account.FindingNameTerms)},
				{Key: "status", Title: app.tr("STATUS", "结果"), Word: app.words(account.FindingTerms)},
				{Key: "message", Title: app.tr("FOUND", "情况"), Kind: render.Prose},
				{Key: "hint", Title: app.tr("WHAT TO DO", "处理办法"), Kind: render.Prose},
				{Key: "code", Title: app.tr("CODE", "代码"), Kind: render.ID, Wide: true},
			}}
			return printList(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.Page[service.Finding], error) {
				found, err := s.Doctor(ctx, app.broken)
				return account.Page[service.Finding]{Items: found}, err
			})
		},
	}
}
