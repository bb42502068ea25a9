package cli

import (
	"context"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

// walkRecovery leads through the steps of a recovery on a terminal (guide 一.5: 确认账号、验证方式、重置密码) and tells the commands that would
// have done the same.
func (app *App) walkRecovery(ctx context.Context, s *service.Service) (account.Recovery, error) {
	p := app.prompter()
	form := account.RecoveryForm{}
	var err error
	if form.By, err = p.choose(ctx, app.tr("how is the account named", "找回方式"), plain(account.RecoveryMethods())); err != nil {
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
		if *f.value, err = p.line(ctx, f.label); err != nil {
			return account.Recovery{}, err
		}
		typed += " " + f.flag + " …"
	}
	if form.By != "username" {
		if form.UnitCode, err = p.line(ctx, app.tr("unit code given at registration", "单位编号（注册时填写的统一社会信用代码、注册号、组织机构代码等）")); err != nil {
			return account.Recovery{}, err
		}
		typed += " --unit-code …"
	}
	r, err := s.StartRecovery(ctx, form)
	if err != nil {
		return account.Recovery{}, err
	}
	p.commands = append(p.commands, typed)
	by, err := p.choose(ctx, app.tr("how do you prove it", "验证方式"), plain(r.Methods))
	if err != nil {
		return r, err
	}
	if by == "sms" {
		r, err = p.proveByCode(ctx, s, r)
	} else {
		r, err = p.proveByFace(ctx, s, r)
	}
	if err != nil {
		return r, err
	}
	if r.Username != nil {
		app.note(app.tr("user name: ", "用户名：") + *r.Username)
	}
	if r, err = p.reset(ctx, s, r); err == nil {
		p.tellCommands()
	}
	return r, err
}

// proveByCode sends a code and asks for it; a wrong one may be typed again.
func (p *prompter) proveByCode(ctx context.Context, s *service.Service, r account.Recovery) (account.Recovery, error) {
	if _, err := s.RequestRecoveryCode(ctx, r.ID); err != nil {
		return r, err
	}
	p.commands = append(p.commands, "farenctl verify sms --for "+r.ID.String())
	for {
		code, err := p.line(ctx, p.app.tr("SMS code, if there is such an account", "短信验证码（如账号存在）"))
		if err != nil {
			return r, err
		}
		proven, err := s.ProveRecovery(ctx, r.ID, code, nil)
		if account.HasCode(err, "SMS_CODE_INVALID") {
			p.tell(err)
			continue
		}
		p.commands = append(p.commands, "farenctl recover verify "+r.ID.String()+" --sms-code …")
		return proven, err
	}
}

// proveByFace has a face check passed and spends it.
func (p *prompter) proveByFace(ctx context.Context, s *service.Service, r account.Recovery) (account.Recovery, error) {
	p.app.note(p.app.tr("face check of the agent:", "经办人人脸认证："))
	v, err := p.faceCheck(ctx, s, service.FaceSubject{Recovery: &r.ID}, account.PurposeRecover, r.ID.String(), false)
	if err != nil {
		return r, err
	}
	p.commands = append(p.commands, "farenctl recover verify "+r.ID.String()+" --verification "+v.ID.String())
	return s.ProveRecovery(ctx, r.ID, "", &v.ID)
}

// reset asks for a new password; nothing typed keeps the old one, for who wanted the user name only.
func (p *prompter) reset(ctx context.Context, s *service.Service, r account.Recovery) (account.Recovery, error) {
	for {
		typed, err := p.password(ctx, p.app.tr("new password (empty: keep the old one)", "新密码（留空则不修改）"), func(string) error { return nil })
		if err != nil || typed == "" {
			return r, err
		}
		done, err := s.ResetPassword(ctx, r.ID, typed)
		if account.HasCode(err, "PASSWORD_WEAK") {
			p.tell(err)
			continue
		}
		p.commands = append(p.commands, "farenctl recover reset "+r.ID.String()+" --password-file F")
		return done, err
	}
}
