package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newVerifyCertificateEvidenceCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "evidence <verification>",
		Short: app.tr("Check the proof of a sign-in by certificate again", "复核数字证书登录的证据"),
		Long: app.tr(`Check again what was kept of a sign-in by certificate: the signature over the challenge, and the certificate, at the time of the sign-in,
by the authorities and revocation lists that are configured now. What the client of that sign-in decided is thereby open to anybody
with the role faren_reviewer and the full keyring. Each look is audited. session list -o json names the verification of a session.`,
			`复核数字证书登录留存的证据：对待签内容的签名，以及按当前配置的发证机构和吊销列表、以登录时间验证的证书。须具有 faren_reviewer 角色和完整的
密钥环；每次查看均有审计记录。会话对应的编号见 session list -o json。`),
		ValidArgsFunction: completes(app, verifications(service.CandidateQuery{Purposes: []string{account.PurposeSignIn}, Providers: []string{"certificate"}})),
		Args:              arguments(app, "<verification>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := verificationArgument(app, args[0])
			if err != nil {
				return err
			}
			type col = render.Column[account.Evidence]
			view := render.Object[account.Evidence]{ID: func(e account.Evidence) string { return e.Verification.String() }, Columns: []col{
				{Key: "verification", Title: app.tr("ID", "编号"), Kind: render.ID},
				{Key: "status", Title: app.tr("STATUS", "状态"), Word: app.words(account.CheckTerms)},
				{Key: "signature_valid", Title: app.tr("SIGNATURE VALID", "签名有效"), Word: app.words(account.BooleanTerms)},
				{Key: "certificate_valid", Title: app.tr("CERTIFICATE VALID", "证书有效"), Word: app.words(account.BooleanTerms)},
				{Key: "problem", Title: app.tr("PROBLEM", "问题"), Kind: render.ID},
				{Key: "unit_code", Title: app.tr("UNIT CODE", "单位编号"), Kind: render.ID},
				{Key: "at", Title: app.tr("AT", "登录时间"), Kind: render.Time},
				{Key: "issuer", Title: app.tr("ISSUER", "发证机构")},
				{Key: "serial", Title: app.tr("SERIAL", "证书序列号"), Kind: render.ID},
				{Key: "not_before", Title: app.tr("VALID FROM", "有效期起"), Kind: render.Time},
				{Key: "not_after", Title: app.tr("VALID UNTIL", "有效期止"), Kind: render.Time},
				{Key: "sha256", Title: app.tr("SHA-256", "SHA-256"), Kind: render.ID},
			}}
			return printObject(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.Evidence, error) {
				return s.Evidence(ctx, id)
			})
		},
	}
}
