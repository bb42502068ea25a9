package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func newRecoverVerifyCmd(app *App) *cobra.Command {
	var code, verification string
	cmd := &cobra.Command{
		Use:   "verify <recovery> {--sms-code S | --verification V}",
		Short: app.tr("Prove that the account is yours", "验证身份"),
		Long: app.tr("Prove a recovery by the SMS code sent to the account's phone (verify sms --for), or by the agent's passed face check (verify face start --purpose recover). The user name is told then.",
			"以发往账号手机号的短信验证码（verify sms --for）或经办人通过的人脸认证（verify face start --purpose recover）验证身份，随后显示用户名。"),
		Args: arguments(app, "<recovery>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := recoveryArgument(app, "<recovery>", args[0])
			if err != nil {
				return err
			}
			if (code == "") == (verification == "") {
				return account.NewFault("USAGE", "problem", app.tr("one of --sms-code and --verification", "--sms-code 与 --verification 须指定其一"), "command", cmd.CommandPath())
			}
			var check *account.VerificationID
			if verification != "" {
				parsed, err := verificationArgument(app, verification)
				if err != nil {
					return err
				}
				check = &parsed
			}
			return printObject(cmd.Context(), app, app.recoveryObject(), func(ctx context.Context, s *service.Service) (account.Recovery, error) {
				return s.ProveRecovery(ctx, id, code, check)
			})
		},
	}
	cmd.Flags().StringVar(&code, "sms-code", "", app.tr("code that farenctl verify sms sent", "短信验证码"))
	cmd.Flags().StringVar(&verification, "verification", "", app.tr("passed face check", "已通过的人脸认证"))
	completesFlag(app, cmd, "verification", verifications(service.CandidateQuery{Statuses: []string{account.Passed}, Purposes: []string{account.PurposeRecover}}))
	return cmd
}
