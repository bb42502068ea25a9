package cli

import "github.com/spf13/cobra"

func newVerifyCmd(app *App) *cobra.Command {
	return group(app, "verify", app.tr("Check formats, organizations, mobiles and faces", "校验格式、单位信息、手机号与人脸"),
		newVerifyFormatCmd(app), newVerifyOrganizationCmd(app), newVerifySMSCmd(app),
		group(app, "certificate", app.tr("Sign-ins by an organization's certificate", "法人数字证书登录"), newVerifyCertificateStartCmd(app), newVerifyCertificateEvidenceCmd(app)),
		group(app, "captcha", app.tr("Captchas", "图形验证码"), newVerifyCaptchaNewCmd(app)),
		group(app, "face", app.tr("Face checks", "人脸认证"),
			newVerifyFaceStartCmd(app), newVerifyFaceStatusCmd(app), newVerifyFaceWaitCmd(app), newVerifyFaceResolveCmd(app), newVerifyFaceSimulateCmd(app), newVerifyFaceEvidenceCmd(app)))
}
