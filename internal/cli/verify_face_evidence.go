package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

func newVerifyFaceEvidenceCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "evidence <verification>",
		Short: app.tr("Check the proof of a face check again", "复核人脸认证的证据"),
		Long: app.tr(`Check again the signed token that was kept of a face check by OpenID Connect: signature by the provider's keys of that time, which are
kept with it, issuer, client, time and way of the check, and whether it names the person whom the check was for. Needs the role
faren_reviewer, the full keyring and the provider's settings; each look is audited.`, `复核 OpenID Connect 人脸认证留存的签名令牌：以当时服务方的密钥（一并留存）验证签名，核对签发方、客户端、认证时间和方式，以及是否为
应认证的人员。须具有 faren_reviewer 角色、完整的密钥环和认证服务配置；每次查看均有审计记录。`),
		ValidArgsFunction: completes(app, verifications(service.CandidateQuery{Providers: []string{"oidc"}})),
		Args:              arguments(app, "<verification>"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := verificationArgument(app, args[0])
			if err != nil {
				return err
			}
			type col = render.Column[account.FaceEvidence]
			view := render.Object[account.FaceEvidence]{ID: func(e account.FaceEvidence) string { return e.Verification.String() }, Columns: []col{
				{Key: "verification", Title: app.tr("ID", "编号"), Kind: render.ID},
				{Key: "status", Title: app.tr("STATUS", "状态"), Word: app.words(account.CheckTerms)},
				{Key: "token_valid", Title: app.tr("TOKEN VALID", "令牌有效"), Word: app.words(account.BooleanTerms)},
				{Key: "person_matches", Title: app.tr("PERSON MATCHES", "人员一致"), Word: app.words(account.BooleanTerms)},
				{Key: "problem", Title: app.tr("PROBLEM", "问题"), Word: app.words(account.FailureTerms)},
				{Key: "issuer", Title: app.tr("ISSUER", "认证服务")},
				{Key: "auth_time", Title: app.tr("CHECKED AT", "认证时间"), Kind: render.Time},
				{Key: "amr", Title: app.tr("CHECKED BY", "认证方式"), Lines: func(e account.FaceEvidence) []string { return []string{strings.Join(e.AMR, ", ")} }},
				{Key: "issued_at", Title: app.tr("ISSUED AT", "签发时间"), Kind: render.Time},
				{Key: "key_id", Title: app.tr("KEY", "密钥编号"), Kind: render.ID},
				{Key: "key_published", Title: app.tr("KEY STILL PUBLISHED", "密钥仍在公布"), Word: app.words(account.BooleanTerms)},
			}}
			return printObject(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (account.FaceEvidence, error) {
				return s.FaceEvidence(ctx, id)
			})
		},
	}
}
