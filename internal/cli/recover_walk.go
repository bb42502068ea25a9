package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

// walkRecovery leads through the steps of a recovery on a terminal (guide 一.5: 确认账号、验证方式、重置密码) and tells the commands that would
// have done the same.
func (app *App) walkRecovery(ctx context.Context, s *service.Service) (account.Recovery, error) {
	p := &prompter{app: app, in: bufio.NewReader(app.std.In)}
	form := account.RecoveryForm{}
	var err error
	if form.By, err = p.choose(app.tr("how is the account named", "找回方式"), account.RecoveryMethods()); err != nil {
		return account.Recovery{}, err
	}
	typed := "farenctl recover start --by " + form.By
	for _, f := range []struct {
		by, flag, label string
		value           *string
	}{
		{"username", "--username", app.tr("user name", "用户名"), &form.Username},
		{"phone", "--phone", app.tr("agent's mobile", "经办人手机号"), &form.Phone},
		{"document", "--document-number", app.tr("agent's document number", "经办人证件号码"), &form.DocumentNumber},
	} {
		if f.by != form.By {
			continue
		}
		if *f.value, err = p.line(f.label); err != nil {
			return account.Recovery{}, err
		}
		typed += " " + f.flag + " …"
	}
	if form.By != "username" {
		if form.UnitCode, err = p.line(app.tr("unit code given at registration", "单位编号（注册时填写的统一社会信用代码、注册号、组织机构代码等）")); err != nil {
			return account.Recovery{}, err
		}
		typed += " --unit-code …"
	}
	r, err := s.StartRecovery(ctx, form)
	if err != nil {
		return account.Recovery{}, err
	}
	commands := []string{typed}
	by, err := p.choose(app.tr("how do you prove it", "验证方式"), r.Methods)
	if err != nil {
		return r, err
	}
	if by == "sms" {
		r, commands, err = p.proveByCode(ctx, s, r, commands)
	} else {
		r, commands, err = p.proveByFace(ctx, s, r, commands)
	}
	if err != nil {
		return r, err
	}
	if r.Username != nil {
		app.note(app.tr("user name: ", "用户名：") + *r.Username)
	}
	r, commands, err = p.reset(ctx, s, r, commands)
	if err == nil {
		app.note(app.tr("the same as commands:", "等同的命令："))
		for _, c := range commands {
			app.note("  " + c)
		}
	}
	return r, err
}

// prompter asks on the terminal.
type prompter struct {
	app *App
	in  *bufio.Reader
}

// line asks for a line until one is typed. INTERRUPTED tells that there are no more.
func (p *prompter) line(label string) (string, error) {
	for {
		fmt.Fprint(p.app.std.Err, label+p.app.tr(": ", "：")) //nolint:errcheck // a prompt that cannot be shown still reads
		text, err := p.in.ReadString('\n')
		if text = strings.TrimSpace(text); text != "" {
			return text, nil
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return "", account.NewFault("INTERRUPTED").WithCause(err)
		}
	}
}

// choose asks for one of some words until one is typed.
func (p *prompter) choose(label string, words []string) (string, error) {
	for {
		typed, err := p.line(label + fmt.Sprintf(p.app.tr(" (%s)", "（%s）"), list(words)))
		if err != nil || oneOf("", typed, words) == nil {
			return typed, err
		}
	}
}

// proveByCode sends a code and asks for it; a wrong one may be typed again.
func (p *prompter) proveByCode(ctx context.Context, s *service.Service, r account.Recovery, commands []string) (account.Recovery, []string, error) {
	if _, err := s.RequestRecoveryCode(ctx, r.ID); err != nil {
		return r, commands, err
	}
	commands = append(commands, "farenctl verify sms --for "+r.ID.String())
	for {
		code, err := p.line(p.app.tr("SMS code, if there is such an account", "短信验证码（如账号存在）"))
		if err != nil {
			return r, commands, err
		}
		proven, err := s.ProveRecovery(ctx, r.ID, code, nil)
		if account.HasCode(err, "SMS_CODE_INVALID") {
			p.app.note(p.app.fault(err).Message(p.app.lang, p.app.location()))
			continue
		}
		return proven, append(commands, "farenctl recover verify "+r.ID.String()+" --sms-code …"), err
	}
}

// proveByFace starts a face check, waits for it, and spends it.
func (p *prompter) proveByFace(ctx context.Context, s *service.Service, r account.Recovery, commands []string) (account.Recovery, []string, error) {
	v, err := s.StartFaceCheck(ctx, service.FaceSubject{Recovery: &r.ID}, account.PurposeRecover)
	if err != nil {
		return r, commands, err
	}
	p.app.note(p.app.tr("face check of the agent:", "经办人人脸认证："))
	if v.Provider == "sandbox" {
		p.app.note("`farenctl verify face simulate " + v.ID.String() + " --outcome passed`")
	} else {
		p.app.showQR(v)
	}
	c, err := p.app.config()
	if err != nil {
		return r, commands, err
	}
	if _, err := s.WaitForFaceCheck(ctx, v.ID, []string{account.Passed}, c.Timeout); err != nil {
		return r, commands, err
	}
	proven, err := s.ProveRecovery(ctx, r.ID, "", &v.ID)
	return proven, append(commands, "farenctl verify face start --purpose recover --for "+r.ID.String(), "farenctl verify face wait "+v.ID.String(),
		"farenctl recover verify "+r.ID.String()+" --verification "+v.ID.String()), err
}

// reset asks for a new password, twice; nothing typed keeps the old one, for who wanted the user name only.
func (p *prompter) reset(ctx context.Context, s *service.Service, r account.Recovery, commands []string) (account.Recovery, []string, error) {
	for {
		typed, err := p.app.ask(p.app.tr("new password (empty: keep the old one)", "新密码（留空则不修改）"))
		if err != nil || typed == "" {
			return r, commands, err
		}
		again, err := p.app.ask(p.app.tr("new password again", "再次输入新密码"))
		if err != nil {
			return r, commands, err
		}
		if typed != again {
			p.app.note(p.app.tr("the two entries differ", "两次输入不一致"))
			continue
		}
		done, err := s.ResetPassword(ctx, r.ID, typed)
		if account.HasCode(err, "PASSWORD_WEAK") {
			f := p.app.fault(err)
			p.app.note(f.Message(p.app.lang, p.app.location()))
			p.app.note(f.Hint(p.app.lang, p.app.location()))
			continue
		}
		return done, append(commands, "farenctl recover reset "+r.ID.String()+" --password-file F"), err
	}
}
