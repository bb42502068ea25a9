package cli

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

// registerWalk leads through the steps of a registration on a terminal, page by page as in the guide (一.1 to 一.4), and tells the commands
// that would have done the same.
type registerWalk struct {
	*prompter
	s       *service.Service
	sandbox bool // answers SMS codes and the face check
	r       account.Registration
	a       account.Application // as the last step left it
	codeFor string              // the mobile to which a code was sent last
	pages   []string            // those that were shown, in their order
}

func (app *App) walkRegistration(ctx context.Context, s *service.Service, sandbox bool) (account.Application, error) {
	w := &registerWalk{prompter: app.prompter(), s: s, sandbox: sandbox}
	// Who has to type a page wants to know before whether it can be sent.
	if err := s.CanRegister(ctx, sandbox); err != nil {
		return account.Application{}, err
	}
	if err := w.steps(ctx); err != nil {
		w.left(ctx)
		return w.a, err
	}
	w.tellCommands()
	app.submitted(w.a, nil)
	return w.a, nil
}

func (w *registerWalk) steps(ctx context.Context) error {
	channel, err := w.choose(ctx, w.app.tr("where is the organization registered", "单位登记所在地"), []choice{
		{string(account.Zhejiang), w.app.tr("in Zhejiang", "浙江省内")},
		{string(account.OtherProvince), w.app.tr("in another province", "非浙江省")},
		{string(account.Overseas), w.app.tr("outside the mainland; staff compare", "非中华人民共和国大陆地区（人工认证渠道）")},
		{string(account.Project), w.app.tr("a project without any licence; staff compare", "无任何证照的临时项目工程（人工认证渠道）")},
	})
	if err != nil {
		return err
	}
	w.r.Channel = account.Channel(channel)
	if !w.r.Channel.Manual() {
		err = w.certify(ctx)
	}
	switch {
	case err != nil:
		return err
	case w.r.Channel.Manual():
		return w.manual(ctx)
	}
	for {
		if err := w.submit(ctx, w.userPage, true, w.createUser); err != nil {
			return err
		}
		if err := w.check(ctx); err != nil || w.a.Status != account.Certified {
			return err
		}
		// Its user name is free again, and its code spent.
		w.r.SMSCode = ""
		w.app.note(w.app.tr("something came in between: create the user once more", "其间情况有变，请重新创建用户"))
	}
}

// certify has the organization certified (信息认证), unless it turns out to have no licence, which is a project's way.
func (w *registerWalk) certify(ctx context.Context) error {
	return w.submit(ctx, w.organizationPage, false, func(ctx context.Context) (account.Application, error) {
		if w.r.Channel.Manual() {
			return account.Application{}, nil
		}
		f := w.r.OrganizationForm
		a, err := w.s.StartRegistration(ctx, f)
		line := "farenctl register start --channel " + string(f.Channel)
		if f.EntityType != "" {
			line += " --entity-type " + f.EntityType
		}
		w.did(err, line+" --organization-name "+shellWord(f.OrganizationName)+" --unit-code "+shellWord(f.UnitCode)+
			" --legal-representative …"+unusual(" --legal-representative-document-type ", f.Representative.DocumentType)+" --legal-representative-document-number … --accept-terms")
		return a, err
	})
}

func (w *registerWalk) createUser(ctx context.Context) (account.Application, error) {
	a, err := w.s.CreateUser(ctx, w.a.ID, w.r.UserForm, w.sandbox)
	line := "farenctl register user " + w.a.ID.String() + " --username " + w.shownUsername() + " --password-file F --agent-name …" +
		unusual(" --agent-document-type ", w.r.Agent.DocumentType) + " --agent-document-number … --phone …"
	if w.r.Agent.Landline != "" {
		line += " --landline …"
	}
	w.did(err, line+w.codeFlag())
	return a, err
}

// manual goes the way of the channels that staff compare.
func (w *registerWalk) manual(ctx context.Context) error {
	err := w.submit(ctx, w.manualPage, true, func(ctx context.Context) (account.Application, error) {
		a, err := w.s.StartManual(ctx, w.r.Manual(), w.r.Documents, w.sandbox, w.app.openDocument)
		line := "farenctl register start --channel " + string(w.r.Channel)
		if w.r.Channel == account.Overseas {
			line += " --organization-name " + shellWord(w.r.OrganizationName)
		}
		line += " --agent-name …" + unusual(" --agent-document-type ", w.r.Agent.DocumentType) + " --agent-document-number …"
		if w.r.Channel == account.Overseas {
			line += " --phone … --email … --licence-file " + shellWord(w.r.Documents.Licence) + " --agent-document-file " + shellWord(w.r.Documents.AgentDocument)
		} else {
			line += " --ethnic-group … --phone …"
		}
		w.did(err, line+w.codeFlag()+" --accept-terms")
		return a, err
	})
	if err == nil {
		err = w.check(ctx)
	}
	if err == nil && w.r.Channel == account.Project {
		err = w.submit(ctx, w.unitPage, false, w.recordUnit)
	}
	if err != nil {
		return err
	}
	return w.submit(ctx, w.credentialsPage, false, func(ctx context.Context) (account.Application, error) {
		a, err := w.s.SubmitForComparison(ctx, w.a.ID, w.r.Credentials())
		w.did(err, "farenctl register user "+w.a.ID.String()+" --username "+w.shownUsername()+" --password-file F")
		return a, err
	})
}

func (w *registerWalk) recordUnit(ctx context.Context) (account.Application, error) {
	u := w.r.Unit()
	a, err := w.s.RecordUnit(ctx, w.a.ID, u, w.r.Documents.Proof, w.app.openDocument)
	line := "farenctl register unit " + w.a.ID.String() + " --has-uscc-document=" + yesNo{&u.HasUSCCDocument}.String() +
		" --organization-name " + shellWord(u.OrganizationName) + " --unit-code " + shellWord(u.UnitCode)
	if u.ConfirmCode {
		line += " --confirm-code"
	}
	w.did(err, line+" --proof-file "+shellWord(w.r.Documents.Proof))
	return a, err
}

// submit goes through a page and does its step, until it is done: what a rule has against it is told, and the page comes again. coded: with
// an SMS code, which a wrong one leaves to be typed again.
func (w *registerWalk) submit(ctx context.Context, page func(context.Context) error, coded bool, do func(context.Context) (account.Application, error)) error {
	coded = coded && !w.sandbox
	for {
		err := page(ctx)
		if err == nil && coded && (w.r.SMSCode == "" || w.codeFor != w.r.Agent.Phone) {
			err = w.code(ctx, true)
		}
		if err != nil {
			return err
		}
		a, err := do(ctx)
		for again := true; again && err != nil; {
			if again, err = w.correct(ctx, err); again && err == nil {
				a, err = do(ctx)
			}
		}
		if err == nil {
			if a.ID != (account.ApplicationID{}) {
				w.a = a
			}
			w.s.AnswerCaptcha("")
			w.app.warn(a.Warnings)
			return nil
		}
		if !correctable(err) {
			return err
		}
		w.tell(err)
	}
}

// correct asks for what a step wants beside its page: another code, or the answer of a captcha. again: the step is worth another try, if
// that was given.
func (w *registerWalk) correct(ctx context.Context, refused error) (again bool, err error) {
	var f *account.Fault
	if !errors.As(refused, &f) {
		return false, refused
	}
	switch f.Code {
	case "SMS_CODE_INVALID":
		w.tell(refused)
		return true, w.code(ctx, false)
	case "SMS_CODE_EXPIRED", "SMS_CODE_EXHAUSTED":
		w.tell(refused)
		return true, w.code(ctx, true)
	case "CAPTCHA_REQUIRED", "CAPTCHA_INVALID":
		if f.Code == "CAPTCHA_INVALID" {
			w.tell(refused)
		}
		return true, w.captcha(ctx, w.s)
	}
	return false, refused
}

// correctable tells refusals that other answers on the page may avoid.
func correctable(err error) bool {
	var f *account.Fault
	if !errors.As(err, &f) || f.Code == "WRONG_STATE" {
		return false
	}
	switch f.Status() {
	case account.StatusConflict, account.StatusRefused, account.StatusInput, account.StatusUsage:
		return true
	}
	return false
}

// code asks for the SMS code, unseen; send: after one was sent.
func (w *registerWalk) code(ctx context.Context, send bool) error {
	for {
		if send {
			made, err := w.s.RequestSMSCode(ctx, w.r.Agent.Phone, account.PurposeRegister)
			switch {
			case err == nil:
				w.did(nil, "farenctl verify sms --phone … --purpose register")
				w.app.note(w.app.tr("an SMS code was sent to ", "短信验证码已发送至 ") + made.To)
				w.app.tellUnsent(ctx, w.s, made.ID)
			case correctable(err):
				w.tell(err) // one that was sent before may still be good
			default:
				return err
			}
		}
		typed, err := w.app.ask(ctx, w.app.tr("SMS code [Enter: send another]", "短信验证码[回车：重新发送]"))
		if err != nil {
			return err
		}
		if send = typed == ""; send {
			continue
		}
		w.r.SMSCode = typed
		_, _, faults := w.r.UserForm.Check(time.Now(), true)
		if wrong := faultsOf(faults, "sms_code"); wrong != nil {
			w.tellHere(wrong)
			continue
		}
		w.codeFor = w.r.Agent.Phone
		return nil
	}
}

// check has the agent's face checked, as often as it takes, and looks at what that made of the application.
func (w *registerWalk) check(ctx context.Context) error {
	w.page(w.app.tr("The agent's face check", "经办人人脸认证"))
	for {
		v, err := w.faceCheck(ctx, w.s, service.FaceSubject{Application: &w.a.ID}, account.PurposeRegister, w.a.ID.String(), w.sandbox)
		if a, lookErr := w.s.Application(ctx, w.a.ID); lookErr == nil {
			w.a = a
		}
		switch {
		case err == nil:
			return nil
		case w.a.Status == account.Certified && correctable(err):
			w.tell(err) // an obstacle that arose meanwhile
			return nil
		case !account.HasCode(err, "ENDED_OTHERWISE") || w.a.Status != account.AwaitingIdentity:
			return err
		}
		w.tell(err)
		if v.Failure != nil {
			w.app.note("  " + *v.Failure)
		}
		again, askErr := w.confirm(ctx, w.app.tr("another face check", "再次发起人脸认证"))
		if askErr != nil || !again {
			return errors.Join(askErr, err)
		}
	}
}

// tidyUp is how long an interrupted walk may take to withdraw what it opened; less than the grace that a command has.
const tidyUp = 2 * time.Second

// left tells how to go on with what a walk that did not come to its end has opened. With nothing but an organization in it, it is withdrawn.
func (w *registerWalk) left(ctx context.Context) {
	if w.a.ID == (account.ApplicationID{}) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyUp)
	defer cancel()
	if w.a.Status == account.Certified {
		if a, err := w.s.Withdraw(ctx, w.a.ID); err == nil {
			w.a = a
			w.app.note(w.app.tr("withdrawn: ", "已撤回：") + a.ID.String())
			return
		}
	}
	w.app.note(w.app.tr("the application stays; to go on:", "注册申请仍保留，可继续："))
	for _, step := range w.app.steps(w.a.Next) {
		w.app.note("  " + step)
	}
	if !w.a.Final() {
		for _, step := range w.app.steps([]account.Step{{Command: "farenctl register withdraw " + w.a.ID.String(), Why: w.app.tr("or end it", "或撤回")}}) {
			w.app.note("  " + step)
		}
	}
}

// did notes the command for a step that is done.
func (w *registerWalk) did(err error, command string) {
	if err == nil {
		w.commands = append(w.commands, command)
	}
}

func (w *registerWalk) codeFlag() string {
	if w.sandbox {
		return " --sandbox"
	}
	return " --sms-code …"
}

// shownUsername is the user name where that is not personal: no mobile or e-mail address.
func (w *registerWalk) shownUsername() string {
	if regexp.MustCompile(`^[A-Za-z]\w*$`).MatchString(w.r.Username) {
		return w.r.Username
	}
	return "…"
}

// unusual is a flag with a document type that is not the usual one.
func unusual(flag, documentType string) string {
	if documentType == "" || documentType == account.DefaultDocumentType {
		return ""
	}
	return flag + documentType
}

// shellWord writes a word as a shell takes it.
func shellWord(word string) string {
	if word != "" && !strings.ContainsAny(word, " \t'\"\\$`&|;<>()[]{}*?!#~") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
