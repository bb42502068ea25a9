package cli

import (
	"context"
	"crypto/x509"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

type loginOptions struct {
	password    secretFlags
	keyPassword secretFlags
	form        account.SignInForm
	certificate string
	key         string
	challenge   string
	signature   string
	eLicence    bool
	sandbox     bool
}

func newLoginCmd(app *App) *cobra.Command {
	opts := &loginOptions{password: secretFlags{optional: true}, keyPassword: secretFlags{optional: true}}
	cmd := &cobra.Command{
		Use:   "login {<username> | --certificate C | --e-licence}",
		Short: app.tr("Sign in", "登录"),
		Long: app.tr(`Sign in. The session's token is kept in --session-file, readable by its owner only.

With user name and password: an account, or the applicant of a manual channel, who sees the state of the application.

With --certificate: the organization itself, by its digital certificate. The file is PEM (with the certificates between it and its
authority), DER or PKCS#12; the key, --key or in the same file, is RSA (from 2048 bits) or ECDSA. The certificate must lead to one of
the authorities of the setting certificate_authorities and not be in the revocation lists of certificate_crl; its subject names the
unit code. Where a token keeps the key: farenctl verify certificate start gives what the token signs, then --verification V
--signature-file F. --unit-code says which organization it has to be.

With --e-licence: the organization itself, by its electronic business licence, which the named person opens within --timeout.
With --sandbox the sandbox answers (not on production).

Such a session acts for the organization without an account: it reviews, adds, updates, disables and ends the agents' accounts; it
does not authorize administrators. Its operator is whoever is named, and approving an application needs that person's face check.`,
			`登录。会话保存在 --session-file，仅本人可读。

用户名和密码：账号登录；人工认证渠道的申请人可登录查看申请状态。

--certificate：以法人数字证书登录。证书文件为 PEM（可含中间证书）、DER 或 PKCS#12；私钥由 --key 指定或在同一文件中，须为 RSA（2048 位及
以上）或 ECDSA。证书须由配置项 certificate_authorities 中的发证机构签发，且不在 certificate_crl 的吊销列表中；单位编号取自证书主题。私钥在
令牌中时，先用 farenctl verify certificate start 取得待签内容，签名后加 --verification V --signature-file F。可用 --unit-code 指定单位。

--e-licence：以电子营业执照登录，须由所填人员在 --timeout 内打开。加 --sandbox 由沙箱代替（生产环境不可用）。

此类会话代表单位本身，没有账号：可审核申请，添加、变更、停用、注销经办人账号，但不能授权管理员。操作人为所填人员，同意申请须由其本人人脸核验。`),
		Example: `  farenctl login hz_legal --password-file password
  farenctl login --certificate unit.pem --key unit.key \
      --operator-name 王建国 --operator-document-number 330106198001010013
  farenctl login --e-licence --unit-code 91330106MA0000015K --sandbox \
      --operator-name 王建国 --operator-document-number 330106198001010013`,
		Annotations:       map[string]string{unlimited: waits},
		ValidArgsFunction: completes(app, usernames(account.AccountActive)),
		Args:              func(cmd *cobra.Command, args []string) error { return opts.arguments(app, cmd, args) },
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case opts.certificate != "":
				return opts.withCertificate(app, cmd)
			case opts.eLicence:
				return opts.withLicence(app, cmd)
			}
			typed, err := opts.password.read(app, cmd, false)
			if err != nil {
				return err
			}
			return printSession(cmd.Context(), app, func(ctx context.Context, s *service.Service) (account.Session, error) {
				return s.SignIn(ctx, args[0], typed)
			})
		},
	}
	flags := cmd.Flags()
	opts.password.add(app, cmd, "password", app.tr("password", "密码"))
	flags.StringVar(&opts.certificate, "certificate", "", app.tr("file of the organization's digital certificate", "法人数字证书文件"))
	flags.StringVar(&opts.key, "key", "", app.tr("file of the certificate's key", "数字证书私钥文件"))
	opts.keyPassword.add(app, cmd, "key-password", app.tr("password of the key", "私钥口令"))
	flags.StringVar(&opts.challenge, "verification", "", app.tr("challenge that a token signed", "令牌所签内容的编号"))
	flags.StringVar(&opts.signature, "signature-file", "", app.tr("file of the token's signature", "令牌签名文件"))
	flags.BoolVar(&opts.eLicence, "e-licence", false, app.tr("sign in by electronic business licence", "以电子营业执照登录"))
	flags.BoolVar(&opts.sandbox, "sandbox", false, app.tr("let the sandbox answer for the e-licence", "由沙箱代替电子营业执照"))
	takesFile(cmd, "certificate", "pem", "crt", "cer", "der", "p12", "pfx")
	takesFile(cmd, "key", "pem", "key", "der")
	takesFile(cmd, "signature-file")
	completesFlag(app, cmd, "verification", verifications(service.CandidateQuery{Statuses: []string{account.Pending}, Purposes: []string{account.PurposeSignIn}, Providers: []string{"certificate"}}))
	signInFlags(app, cmd, &opts.form)
	return cmd
}

// signInFlags are the flags that name an organization and who acts for it.
func signInFlags(app *App, cmd *cobra.Command, form *account.SignInForm) {
	flags := cmd.Flags()
	flags.StringVar(&form.UnitCode, "unit-code", "", app.tr("unit code of the organization", "单位编号"))
	flags.StringVar(&form.Operator.Name, "operator-name", "", app.tr("name of the person who acts for the organization", "操作人姓名"))
	flags.StringVar(&form.Operator.DocumentType, "operator-document-type", account.DefaultDocumentType, app.tr("document type: ", "操作人证件类型：")+list(account.DocumentTypeNames()))
	flags.StringVar(&form.Operator.DocumentNumber, "operator-document-number", "", app.tr("document number of that person", "操作人证件号码"))
	choices(cmd, "operator-document-type", account.DocumentTypeNames()...)
	completesFlag(app, cmd, "unit-code", unitCodes)
}

// The flags that each way of signing in has of its own.
var (
	passwordFlagNames    = []string{"password-file", "password-stdin"}
	certificateFlagNames = []string{"certificate", "key", "key-password-file", "key-password-stdin", "verification", "signature-file"}
	licenceFlagNames     = []string{"e-licence", "sandbox"}
	operatorFlagNames    = []string{"unit-code", "operator-name", "operator-document-type", "operator-document-number"}
)

// arguments takes one way of signing in and refuses the flags of the others.
func (o *loginOptions) arguments(app *App, cmd *cobra.Command, args []string) error {
	var others []string
	switch {
	case o.certificate != "":
		others = slices.Concat(passwordFlagNames, licenceFlagNames)
	case o.eLicence:
		others = slices.Concat(passwordFlagNames, certificateFlagNames)
	default:
		if err := arguments(app, "<username>")(cmd, args); err != nil {
			return err
		}
		others = slices.Concat(certificateFlagNames, licenceFlagNames, operatorFlagNames)
	}
	if len(args) > 0 && (o.certificate != "" || o.eLicence) {
		return account.NewFault("USAGE", "problem", app.tr("certificate and e-licence sign the organization in: no user name goes with them", "数字证书和电子营业执照代表单位登录，不需要用户名"), "command", cmd.CommandPath())
	}
	return refuseFlags(app, cmd, others)
}

// refuseFlags refuses flags that another way of signing in has, instead of leaving them out in silence.
func refuseFlags(app *App, cmd *cobra.Command, names []string) error {
	var wrong []string
	for _, name := range names {
		if cmd.Flags().Changed(name) {
			wrong = append(wrong, "--"+name)
		}
	}
	if len(wrong) > 0 {
		return account.NewFault("USAGE", "problem", app.tr("not for this way of signing in: ", "此登录方式不使用：")+strings.Join(wrong, ", "), "command", cmd.CommandPath())
	}
	return nil
}

func (o *loginOptions) withCertificate(app *App, cmd *cobra.Command) error {
	r := service.CertificateSignIn{Form: o.form}
	names := []string{"operator-name", "operator-document-number"}
	if o.challenge != "" || o.signature != "" {
		names = []string{"verification", "signature-file"}
		// The challenge names organization and person, and the token keeps the key.
		if err := refuseFlags(app, cmd, slices.Concat(operatorFlagNames, []string{"key", "key-password-file", "key-password-stdin"})); err != nil {
			return err
		}
	}
	if err := required(app, cmd, names...); err != nil {
		return err
	}
	if o.challenge != "" {
		id, err := idArgument(app, "--verification", "ver_…", o.challenge, account.ParseVerificationID)
		if err != nil {
			return err
		}
		r.Verification = &id
	}
	var err error
	for _, file := range []struct {
		path                string
		secret, certificate bool
		to                  *[]byte
	}{{o.certificate, false, true, &r.Certificate}, {o.key, true, false, &r.Key}, {o.signature, false, false, &r.Signature}} {
		if file.path == "" {
			continue
		}
		if *file.to, err = app.readCertificateFile(file.path, file.secret, file.certificate); err != nil {
			return err
		}
	}
	if o.keyPassword.given(cmd) {
		if r.Password, err = o.keyPassword.read(app, cmd, false); err != nil {
			return err
		}
	}
	return printSession(cmd.Context(), app, func(ctx context.Context, s *service.Service) (account.Session, error) {
		session, err := s.SignInWithCertificate(ctx, r)
		if !account.HasCode(err, "CERTIFICATE_PASSWORD") || o.keyPassword.given(cmd) || !app.interactive() {
			return session, err
		}
		if r.Password, err = app.ask(ctx, o.keyPassword.label); err != nil {
			return session, err
		}
		return s.SignInWithCertificate(ctx, r)
	})
}

func (o *loginOptions) withLicence(app *App, cmd *cobra.Command) error {
	if err := required(app, cmd, "unit-code", "operator-name", "operator-document-number"); err != nil {
		return err
	}
	c, err := app.config()
	if err != nil {
		return err
	}
	return printSession(cmd.Context(), app, func(ctx context.Context, s *service.Service) (account.Session, error) {
		return s.SignInWithLicence(ctx, o.form, o.sandbox, c.Timeout, func(v account.Verification) { app.tellCheck(v, true) })
	})
}

// certificateMax is far above what any certificate with its chain needs, in bytes.
const certificateMax = 1 << 20

// readCertificateFile reads a file as it is. One that is secret, or has a key in it, must be its owner's alone.
func (app *App) readCertificateFile(path string, secret, certificate bool) ([]byte, error) {
	file, err := app.open(path, true)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(file, certificateMax+1))
	if err != nil {
		return nil, fileFault(path, err)
	}
	if len(text) > certificateMax {
		return nil, account.NewFault("INPUT_TOO_LARGE", "limit", certificateMax)
	}
	// Of a certificate's file only one without a key is no secret: PEM, or a certificate alone.
	if !secret && certificate {
		_, err := x509.ParseCertificate(text)
		secret = strings.Contains(string(text), "PRIVATE KEY-----") || !strings.Contains(string(text), "-----BEGIN ") && err != nil
	}
	if secret {
		err = file.private(path)
	}
	return text, err
}
