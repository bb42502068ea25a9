package cli

import (
	"bytes"
	"os"
	"time"

	"rsc.io/qr"

	"github.com/farenctl/farenctl/internal/account"
)

// quiet is the blank margin of a QR code, in modules (ISO/IEC 18004 asks for four).
const quiet = 4

// showQR draws what a person has to scan on the terminal, in colours of its own, so that it is right on dark and on light ones. Without a
// terminal, or colours, the text alone is told.
func (app *App) showQR(v account.Verification) {
	c, err := app.config()
	if err != nil {
		return
	}
	if code, err := qr.Encode(v.QRURI, qr.L); err == nil && app.std.ErrTTY && c.Color {
		_, _ = app.std.Err.Write(drawQR(code))
	}
	app.note(app.tr("scan, or open: ", "请扫描二维码，或打开：") + v.QRURI)
	if v.UserCode != nil {
		app.note(app.tr("and type the code: ", "并输入代码：") + *v.UserCode)
	}
	app.note(app.tr("until ", "有效期至 ") + v.ExpiresAt.In(c.Location).Format(time.DateTime))
}

// drawQR draws two rows of modules a line, by the upper half block.
func drawQR(code *qr.Code) []byte {
	const black, white = "16", "231"
	colour := func(x, y int) string {
		if code.Black(x, y) {
			return black
		}
		return white
	}
	var out bytes.Buffer
	for y := -quiet; y < code.Size+quiet; y += 2 {
		last := ""
		for x := -quiet; x < code.Size+quiet; x++ {
			if set := "\x1b[38;5;" + colour(x, y) + ";48;5;" + colour(x, y+1) + "m"; set != last {
				out.WriteString(set)
				last = set
			}
			out.WriteString("▀")
		}
		out.WriteString("\x1b[0m\n")
	}
	return out.Bytes()
}

// withQRFile begins a check, and writes its QR code as a picture into a new file, which is made before; "": no file.
func withQRFile(path string, begin func() (account.Verification, error)) (v account.Verification, err error) {
	if path == "" {
		return begin()
	}
	err = writeNew(path, func(file *os.File) error {
		if v, err = begin(); err != nil {
			return err
		}
		code, err := qr.Encode(v.QRURI, qr.M)
		if err != nil {
			return err
		}
		_, err = file.Write(code.PNG())
		return err
	})
	return v, err
}
