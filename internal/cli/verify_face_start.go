package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newVerifyFaceStartCmd(app *App) *cobra.Command {
	var subject, purpose, unitCode, qrOut string
	cmd := &cobra.Command{
		Use:   "start --for {<application> | <recovery> | <account>} --purpose {register | review | recover | agent} [--qr-out F.png]",
		Short: app.tr("Start a face check", "发起人脸认证"),
		Long: app.tr(`Start a face check.

Purpose register: of the agent of the application. Purpose review: of the signed-in reviewer, for deciding the application.
Purpose recover: of the agent whose account the recovery means. Purpose agent: of the agent whom an account waits for.

The person scans the QR code, which stderr shows where it is a terminal, and --qr-out writes into a picture. verify face wait then
waits for the outcome, also in another process. Which provider does the check is a setting (identity.provider): sandbox, or oidc.`, `发起人脸认证。

用途 register：申请的经办人；用途 review：已登录的审核人，用于审核该申请；用途 recover：找回用户名密码的经办人；用途 agent：等待认证的账号的经办人。

本人扫描二维码：标准错误为终端时直接显示，--qr-out 可另存为图片。随后用 verify face wait 等待结果（可在另一进程中）。认证服务由配置项
identity.provider 指定：sandbox 或 oidc。`),
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := required(app, cmd, "for", "purpose"); err != nil {
				return err
			}
			if err := oneOf("purpose", purpose, account.FacePurposes()); err != nil {
				return err
			}
			return printObject(cmd.Context(), app, app.verificationObject(), func(ctx context.Context, s *service.Service) (account.Verification, error) {
				found, err := s.FindFaceSubject(ctx, subject, unitCode, purpose)
				if err != nil {
					return account.Verification{}, err
				}
				if app.global.dryRun {
					qrOut = "" // there will be no such check
				}
				v, err := withQRFile(qrOut, func() (account.Verification, error) { return s.StartFaceCheck(ctx, found, purpose) })
				if err == nil {
					app.tellCheck(v, false)
				}
				return v, err
			})
		},
	}
	cmd.Flags().StringVar(&subject, "for", "", app.tr("application, recovery or account", "注册申请、找回操作或账号"))
	cmd.Flags().StringVar(&purpose, "purpose", "", app.tr("what the check is for: ", "用途：")+list(account.FacePurposes()))
	cmd.Flags().StringVar(&qrOut, "qr-out", "", app.tr("write the QR code into this new PNG file, too", "同时将二维码写入新的 PNG 文件"))
	selectorFlags(app, cmd, &unitCode)
	choices(cmd, "purpose", account.FacePurposes()...)
	completesFlag(app, cmd, "for", faceSubjects)
	takesFile(cmd, "qr-out", "png")
	return cmd
}
