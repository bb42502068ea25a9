package cli

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

// writtenChallenge is a challenge and where its text was written.
type writtenChallenge struct {
	account.Challenge
	File string `json:"file"`
}

func newVerifyCertificateStartCmd(app *App) *cobra.Command {
	var form account.SignInForm
	var out string
	cmd := &cobra.Command{
		Use:   "start --unit-code C --operator-name N --operator-document-number D --out F",
		Short: app.tr("Begin a sign-in by a certificate whose key a token keeps", "发起数字证书登录（私钥在令牌中）"),
		Long: app.tr(`Begin a sign-in by certificate: write what the certificate's key has to sign, byte by byte, into a new file. Sign it with SHA-256 and
RSA PKCS #1 v1.5 or ECDSA (ASN.1), then farenctl login --certificate C --verification V --signature-file S. It is good once, for ten
minutes, for the same database login.`, `发起数字证书登录：将待签内容写入新文件，须对其原文签名（SHA-256，RSA PKCS #1 v1.5 或 ECDSA/ASN.1），再运行
farenctl login --certificate C --verification V --signature-file S。10 分钟内有效，一次使用，且须为同一数据库登录。`),
		Example: `  farenctl verify certificate start --unit-code 91330106MA0000015K \
      --out challenge --operator-name 王建国 \
      --operator-document-number 330106198001010013
  openssl dgst -sha256 -sign unit.key -out signature challenge
  farenctl login --certificate unit.pem --verification ver_… \
      --signature-file signature`,
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := required(app, cmd, "unit-code", "operator-name", "operator-document-number", "out"); err != nil {
				return err
			}
			view := render.Object[writtenChallenge]{ID: func(c writtenChallenge) string { return c.ID.String() }, Columns: []render.Column[writtenChallenge]{
				{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
				{Key: "unit_code", Title: app.tr("UNIT CODE", "单位编号"), Kind: render.ID},
				{Key: "file", Title: app.tr("FILE", "文件"), Kind: render.ID},
				{Key: "expires_at", Title: app.tr("EXPIRES", "失效时间"), Kind: render.Time},
			}}
			return printObject(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (written writtenChallenge, err error) {
				err = writeNew(out, func(file *os.File) error {
					challenge, err := s.OpenChallenge(ctx, form)
					if err != nil {
						return err
					}
					written = writtenChallenge{Challenge: challenge, File: out}
					_, err = file.WriteString(challenge.Text)
					return err
				})
				return written, err
			})
		},
	}
	signInFlags(app, cmd, &form)
	cmd.Flags().StringVar(&out, "out", "", app.tr("file to write; it must not exist", "要写入的文件，须不存在"))
	takesFile(cmd, "out")
	return cmd
}
