package cli

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/render"
	"github.com/farenctl/farenctl/internal/service"
)

// drawnCaptcha is a captcha and where its picture was written.
type drawnCaptcha struct {
	account.Captcha
	File string `json:"file"`
}

func newVerifyCaptchaNewCmd(app *App) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "new --out F.png",
		Short: app.tr("Draw a captcha", "获取图形验证码"),
		Long: app.tr(`Draw a captcha of four digits into a new PNG file. It lives five minutes and is used once, with --captcha ID:ANSWER, by register user,
register start of the manual channels and recover start, where policy captcha.required is on.`, `将四位数字的图形验证码写入新的 PNG 文件，5 分钟内有效，一次使用。策略 captcha.required 为 on 时，register user、
人工认证渠道的 register start 和 recover start 须加 --captcha ID:ANSWER。`),
		Args: arguments(app),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := required(app, cmd, "out"); err != nil {
				return err
			}
			view := render.Object[drawnCaptcha]{ID: func(d drawnCaptcha) string { return d.ID.String() }, Columns: []render.Column[drawnCaptcha]{
				{Key: "id", Title: app.tr("ID", "编号"), Kind: render.ID},
				{Key: "file", Title: app.tr("FILE", "文件"), Kind: render.ID},
				{Key: "expires_at", Title: app.tr("EXPIRES", "失效时间"), Kind: render.Time},
			}}
			return printObject(cmd.Context(), app, view, func(ctx context.Context, s *service.Service) (drawn drawnCaptcha, err error) {
				err = writeNew(out, func(file *os.File) error {
					made, picture, err := s.NewCaptcha(ctx)
					if err != nil {
						return err
					}
					drawn = drawnCaptcha{Captcha: made, File: out}
					_, err = file.Write(picture)
					return err
				})
				return drawn, err
			})
		},
	}
	cmd.Flags().StringVar(&out, "out", "", app.tr("PNG file to write; it must not exist", "要写入的 PNG 文件，须不存在"))
	takesFile(cmd, "out", "png")
	return cmd
}

// writeNew makes a file that only its owner can read, before what goes into it is asked for, and takes it away again when that fails.
// FILE_EXISTS tells that it is there.
func writeNew(path string, write func(*os.File) error) (err error) {
	if path == "-" {
		return account.NewFault("USAGE", "problem", account.Say("--out: a new file, not -", "--out 须为新文件，不能是 -"))
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return account.NewFault("FILE_EXISTS", "file", path)
	}
	if err != nil {
		return fileFault(path, err)
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err != nil {
			_ = os.Remove(path)
		}
	}()
	return write(file)
}
