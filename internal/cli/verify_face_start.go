package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newVerifyFaceStartCmd(app *App) *cobra.Command {
	var subject, purpose, unitCode string
	cmd := &cobra.Command{
		Use:   "start --for {<application> | <recovery> | <account>} --purpose {register | review | recover | agent}",
		Short: app.tr("Start a face check", "发起人脸认证"),
		Long: app.tr(`Start a face check.

Purpose register: of the agent of the application. Purpose review: of the signed-in reviewer, for deciding the application.
Purpose recover: of the agent whose account the recovery means. Purpose agent: of the agent whom an account waits for.`, `发起人脸认证。

用途 register:申请的经办人;用途 review:已登录的审核人,用于审核该申请;用途 recover:找回用户名密码的经办人;用途 agent:等待认证的账号的经办人。`),
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
				v, err := s.StartFaceCheck(ctx, found, purpose)
				if err == nil && v.Provider == "sandbox" && !app.format.Structured() && !app.global.quiet {
					app.note(app.tr("sandbox: end it with ", "沙箱:请运行 ") + "`farenctl verify face simulate " + v.ID.String() + " --outcome passed`")
				}
				return v, err
			})
		},
	}
	cmd.Flags().StringVar(&subject, "for", "", app.tr("application, recovery or account", "注册申请、找回操作或账号"))
	cmd.Flags().StringVar(&purpose, "purpose", "", app.tr("what the check is for: ", "用途:")+list(account.FacePurposes()))
	selectorFlags(app, cmd, &unitCode)
	return cmd
}
