package service

import (
	"fmt"
	"strings"

	"github.com/farenctl/farenctl/internal/account"
)

// The group roles of database logins that remedies name.
const (
	roleRegistrar = "faren_registrar"
	roleSupport   = "faren_support"
	roleReviewer  = "faren_reviewer"
	roleAdmin     = "faren_admin"
)

// The sessions that remedies need besides.
const (
	sessionReviewer       = "reviewer"
	sessionRepresentative = "legal-representative"
)

// situation is a cause with the records that tell more of it, so that its words and commands can name them.
type situation struct {
	account.Cause
	application  *account.Application // the holder, or the subject
	account      *account.Account
	organization *account.OrganizationState
	unitCode     string
	hasReviewer  bool // of the organization
}

// remedy makes a command of its words.
func remedy(role, session string, why account.Text, command string, args ...any) account.Remedy {
	return account.Remedy{Command: "farenctl " + fmt.Sprintf(command, args...), Role: role, Session: session, Why: account.Both(why)}
}

// remedies are the commands that end a cause, the likeliest first, and who may run each. This is the one place of them: `diagnose` and `register
// check` print what it gives.
func remedies(s situation) []account.Remedy {
	holder := ""
	if s.Holder != nil {
		holder = s.Holder.ID
	}
	subject := holder
	if s.Subject != nil {
		subject = s.Subject.ID
	}
	status, _ := s.Details["status"].(string)
	purpose, _ := s.Details["purpose"].(string)
	switch s.Code {
	case "PHONE_IN_USE":
		if s.account != nil {
			return append(s.deactivate(holder), s.care(true, account.Say("or its agent gets another number", "或为该账号更换手机号"),
				"agent update %s --phone P --sms-code S", holder))
		}
		return s.endApplication(holder)
	case "APPLICATION_PENDING", "AGENT_HAS_APPLICATION":
		return s.decide(holder)
	case "AGENT_ALREADY_REGISTERED":
		if s.account != nil && s.account.Status == account.AccountPending {
			return append(s.waitsForCheck(holder), s.deactivate(holder)...)
		}
		if s.account != nil && s.account.Status == account.AccountDisabled {
			return append([]account.Remedy{s.enable(holder)}, s.deactivate(holder)...)
		}
		return append(s.recover(), s.deactivate(holder)...)
	case "USERNAME_TAKEN":
		if s.Holder != nil && s.Holder.Kind == "application" {
			return append(s.endApplication(holder), chooseAnother)
		}
		return append([]account.Remedy{chooseAnother}, s.recover()...)
	case "DAILY_REJECTION_LIMIT":
		return s.raise("registration.daily_rejections")
	case "FACE_CHECK_LIMIT":
		out := s.raise("identity.daily_starts")
		if s.Subject != nil && s.Subject.Kind == "application" {
			out = append(out, remedy(roleRegistrar, "", account.Say("or end the application and begin a new one", "或撤回后重新申请"), "register withdraw %s", subject))
		}
		return out
	case "SIGN_IN_LIMIT":
		return s.raise("sign_in.daily_unproven")
	case "ACCOUNT_LOCKED":
		if s.account == nil {
			return nil // nobody has that user name: only time ends it
		}
		return append([]account.Remedy{remedy(roleSupport, "", account.Say("end the lock at once", "立即解除锁定"), "agent unlock %s", holder)}, s.recover()...)
	case "INVALID_CREDENTIALS":
		return s.recover()
	case "ACCOUNT_NOT_ACTIVE":
		if s.account != nil {
			switch s.account.Status {
			case account.AccountPending:
				return s.waitsForCheck(holder)
			case account.AccountDisabled:
				return []account.Remedy{s.enable(holder)}
			}
			return []account.Remedy{registerAnew}
		}
		if status == account.PendingReview {
			return s.decide(holder)
		}
		return s.steps()
	case "REGISTRATION_UNFINISHED", "COMPARISON_FAILED":
		return s.steps()
	case "COMPARISON_PENDING":
		return s.decide(holder)
	case "REGISTRATION_ENDED":
		return []account.Remedy{registerAnew}
	case "NO_REVIEWER":
		return s.steps()
	case "FACE_CHECK_REQUIRED":
		return []account.Remedy{remedy(roleRegistrar, sessionReviewer, account.Say("the reviewer's own face check", "审核人本人人脸核验"),
			"verify face start --purpose review --for %s", subject)}
	case "IDENTITY_MISMATCH", "VERIFICATION_ENDED":
		session := ""
		if purpose == account.PurposeReview {
			session = sessionReviewer
		}
		return []account.Remedy{remedy(roleRegistrar, session, account.Say("the right person does another check", "由本人重新认证"),
			"verify face start --purpose %s --for %s", purpose, subject)}
	case "FACE_CHECK_OPEN":
		if status == account.ManualReview {
			return []account.Remedy{remedy(roleReviewer, "", account.Say("staff settle it", "由工作人员认定"),
				"verify face resolve %s --outcome passed --reason TEXT", holder)}
		}
		return []account.Remedy{remedy(roleRegistrar, "", account.Say("the person scans the code; this waits for it", "由本人扫码完成认证；此命令等待结果"), "verify face wait %s", holder)}
	case "SMS_TOO_FREQUENT":
		again := s.anotherCode(subject, purpose)
		again.Why = account.Both(account.Say("after that time", "届时重新获取"))
		return []account.Remedy{again}
	case "SMS_CODE_INVALID", "SMS_CODE_EXPIRED", "SMS_CODE_EXHAUSTED":
		return []account.Remedy{s.anotherCode(subject, purpose)}
	case "SMS_NOT_DELIVERED":
		return s.deliver(holder, status)
	case "ORGANIZATION_NOT_FOUND", "ORGANIZATION_MISMATCH", "ORGANIZATION_NOT_ACTIVE":
		out := []account.Remedy{}
		if s.unitCode != "" {
			out = append(out, remedy(roleSupport, "", account.Say("what the register has", "查看登记信息"), "registry show %s", s.unitCode))
		}
		return append(out, remedy(roleAdmin, "", account.Say("bring the register up to date, where it lags behind", "登记信息滞后时更新"), "registry import FILE.csv"))
	case "CALENDAR_MISSING":
		return []account.Remedy{remedy(roleAdmin, "", account.Say("add the year's working days", "导入该年度工作日历"), "calendar import FILE")}
	case "SESSION_ENDED", "SESSION_EXPIRED":
		return []account.Remedy{remedy(roleRegistrar, "", account.Say("sign in again", "重新登录"), "login %s", s.username())}
	}
	return nil
}

var (
	chooseAnother = remedy(roleRegistrar, "", account.Say("choose another user name", "更换用户名"), "register user <application> --username OTHER")
	registerAnew  = remedy(roleRegistrar, "", account.Say("register again", "重新申请"), "register start")
)

// username is that of the account, unless it is masked.
func (s situation) username() string {
	if s.account != nil && !strings.Contains(s.account.Username, "*") {
		return s.account.Username
	}
	return "<username>"
}

func (s situation) recover() []account.Remedy {
	return []account.Remedy{
		remedy(roleRegistrar, "", account.Say("get the password back", "找回密码"), "recover start --by username --username %s", s.username()),
		remedy(roleRegistrar, "", account.Say("or the user name", "或找回用户名"), "recover start --by phone --phone P --unit-code %s", s.unit()),
	}
}

func (s situation) unit() string {
	if s.unitCode != "" {
		return s.unitCode
	}
	return "C"
}

// care is of an account: by a reviewer's session, of administrators and where byRepresentative says so by the legal representative's, if
// there is one; where the organization has nobody, by staff for a ticket.
func (s situation) care(byRepresentative bool, why account.Text, command string, args ...any) account.Remedy {
	o := s.organization
	switch {
	case o != nil && o.Reviewers == 0:
		return remedy(roleReviewer, "", account.Say("nobody of the organization can: staff do it for a ticket", "本单位已无人可操作，由工作人员凭工单办理"), command+" --ticket T", args...)
	case o != nil && o.Represented && (byRepresentative || s.reviewer()):
		return remedy(roleRegistrar, sessionRepresentative, why, command, args...)
	}
	return remedy(roleRegistrar, sessionReviewer, why, command, args...)
}

func (s situation) enable(holder string) account.Remedy {
	return s.care(false, account.Say("the organization enables it", "由本单位恢复该账号"), "agent enable %s", holder)
}

// reviewer tells that the account is of somebody who may review, or might when it is active again.
func (s situation) reviewer() bool { return s.account != nil && s.account.Role != account.RoleAgent }

func (s situation) deactivate(holder string) []account.Remedy {
	command, o := "agent deactivate %s", s.organization
	if o != nil && o.Reviewers == 1 && o.Waiting > 0 && s.reviewer() && (s.account.Status == account.AccountActive || s.account.Status == account.AccountLocked) {
		command += " --force" // nobody will be left to decide
	}
	return []account.Remedy{s.care(false, account.Say("deactivate the account (for good)", "注销该账号（不可恢复）"), command, holder)}
}

func (s situation) waitsForCheck(holder string) []account.Remedy {
	return []account.Remedy{remedy(roleRegistrar, "", account.Say("the agent's own face check", "经办人本人人脸认证"), "verify face start --purpose agent --for %s", holder)}
}

// decide is what ends the wait of an application: the organization's reviewers, or staff, say yes or no.
func (s situation) decide(holder string) []account.Remedy {
	manual := s.application != nil && s.application.Channel.Manual()
	if !manual && !s.hasReviewer {
		return append(s.steps(), s.withdraw(holder))
	}
	role, session := roleRegistrar, sessionReviewer
	if manual {
		role, session = roleReviewer, ""
	}
	out := []account.Remedy{}
	if !manual {
		out = append(out, remedy(role, session, account.Say("the reviewer's own face check", "审核人本人人脸核验"), "verify face start --purpose review --for %s", holder))
	}
	return append(out, remedy(role, session, account.Say("then approve", "然后同意"), "review approve %s", holder),
		remedy(role, session, account.Say("or reject", "或拒绝"), "review reject %s --reason TEXT", holder), s.withdraw(holder))
}

func (s situation) withdraw(holder string) account.Remedy {
	return remedy(roleRegistrar, "", account.Say("or the applicant gives it up", "或由申请人撤回"), "register withdraw %s", holder)
}

// endApplication is what frees what an application holds.
func (s situation) endApplication(holder string) []account.Remedy {
	out := []account.Remedy{remedy(roleRegistrar, "", account.Say("the applicant gives it up", "由申请人撤回"), "register withdraw %s", holder)}
	if s.application == nil {
		return out
	}
	switch s.application.Status {
	case account.PendingReview:
		if s.hasReviewer {
			out = append(out, remedy(roleRegistrar, sessionReviewer, account.Say("or a reviewer rejects it", "或由审核人拒绝"), "review reject %s --reason TEXT", holder))
		}
	case account.PendingComparison:
		out = append(out, remedy(roleReviewer, "", account.Say("or staff find that it does not agree", "或由工作人员判定比对不通过"), "review reject %s --reason TEXT", holder))
	}
	return out
}

// raise changes a limit for everybody; one more is enough for now.
func (s situation) raise(policy string) []account.Remedy {
	limit, ok := s.Details["limit"].(float64)
	if !ok {
		return nil
	}
	return []account.Remedy{remedy(roleAdmin, "", account.Say("if it cannot wait: one more, for everybody", "不能等待时：放宽一次（对所有人生效）"), "policy set %s %d", policy, int(limit)+1)}
}

// steps are those that come next for the application.
func (s situation) steps() []account.Remedy {
	out := []account.Remedy{}
	if s.application == nil {
		return out
	}
	en, zh := account.NextSteps(*s.application, s.hasReviewer, account.English), account.NextSteps(*s.application, s.hasReviewer, account.Chinese)
	for i := range en {
		out = append(out, account.Remedy{Command: en[i].Command, Role: roleRegistrar, Why: account.Both{English: en[i].Why, Chinese: zh[i].Why}})
	}
	return out
}

func (s situation) anotherCode(subject, purpose string) account.Remedy {
	why := account.Say("get another code", "重新获取验证码")
	if s.Subject != nil && s.Subject.Kind == "recovery" {
		return remedy(roleRegistrar, "", why, "verify sms --for %s", subject)
	}
	if purpose == "" {
		purpose = account.PurposeRegister
	}
	return remedy(roleRegistrar, "", why, "verify sms --phone P --purpose %s", purpose)
}

func (s situation) deliver(holder, status string) []account.Remedy {
	if expired, _ := s.Details["expired"].(bool); expired {
		return []account.Remedy{s.anotherCode("", "")}
	}
	if status == "queued" {
		return []account.Remedy{remedy(roleRegistrar, "", account.Say("send what is due, where a sender and the full keyring are", "在已配置短信发送和完整密钥环处发送到期短信"), "sms dispatch")}
	}
	if s.Details["last_code"] == "number-changed" {
		return nil // it would go nowhere again
	}
	return []account.Remedy{remedy(roleSupport, "", account.Say("queue it again; it may arrive twice if the first did", "重新排队发送；若此前已送达可能重复"), "sms retry %s", holder)}
}
