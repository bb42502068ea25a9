package service

import (
	"time"

	"github.com/farenctl/farenctl/internal/account"
)

// why tells in a sentence what is in the way.
func why(s situation, loc *time.Location) account.Both {
	// What lasts has a time since when, what happened one at which.
	timed := func(en, zh string) account.Text {
		if s.Since == nil {
			return account.Text{}
		}
		at := s.Since.In(loc).Format("2006-01-02 15:04:05 -07:00")
		return account.Text{English: en + at, Chinese: zh + at}
	}
	holder := func(lang account.Language) string {
		h := s.Holder
		if h == nil {
			return ""
		}
		text := h.ID
		status := h.Status
		for _, list := range []account.TermList{account.AccountTerms, account.ApplicationTerms, account.SMSTerms} {
			status = account.Term(lang, list, status)
		}
		for _, part := range []string{h.Name, h.Phone, status} {
			if part != "" {
				text += lang.Pick(", ", "，") + part
			}
		}
		return text
	}
	in := func(list account.TermList, key string) account.Text {
		code, _ := s.Details[key].(string)
		return account.Say("%s", "%s", account.Text{English: code, Chinese: account.Term(account.Chinese, list, code)})
	}
	of := account.Text{English: holder(account.English), Chinese: holder(account.Chinese)}
	from, when := timed(" since ", "，自 "), timed(" at ", "，时间 ")
	reason, _ := s.Details["reason"].(string)
	say := func(en, zh string, args ...any) account.Both { return account.Both(account.Say(en, zh, args...)) }
	switch s.Code {
	case "PHONE_IN_USE":
		if s.account != nil {
			return say("the number is that of the account %s%s", "该手机号已由账号绑定：%s%s", of, from)
		}
		return say("the number is that of an application that waits: %s%s", "该手机号已由待审核的申请占用：%s%s", of, from)
	case "APPLICATION_PENDING", "AGENT_HAS_APPLICATION":
		return say("the agent's application waits for its decision: %s%s", "该经办人的申请尚未审核：%s%s", of, from)
	case "AGENT_ALREADY_REGISTERED":
		return say("the agent has an account in this organization: %s%s", "该经办人在本单位已有账号：%s%s", of, from)
	case "USERNAME_TAKEN":
		return say("it is held by %s%s", "已被占用：%s%s", of, from)
	case "DAILY_REJECTION_LIMIT":
		return say("the agent's applications were rejected %v times today, the last of them %s%s", "该经办人当天已被拒绝 %v 次，最近一次：%s%s", s.Details["limit"], of, when)
	case "ACCOUNT_LOCKED":
		return say("the sign-in failed too often%s", "登录失败次数过多%s", from)
	case "INVALID_CREDENTIALS":
		return say("%v wrong passwords of %v before the lock, the last%s", "已输错密码 %v 次，达 %v 次将锁定，最近一次%s", s.Details["failures"], s.Details["allowed"], timed(" at ", "："))
	case "ACCOUNT_NOT_ACTIVE":
		if s.account != nil {
			return say("the account is %s%s", "账号状态为%s%s", in(account.AccountTerms, "status"), from)
		}
		return say("the application is %s%s", "申请状态为%s%s", in(account.ApplicationTerms, "status"), from)
	case "REGISTRATION_UNFINISHED":
		return say("the registration stopped at %s%s: there is no user yet", "注册停在“%s”%s，尚未创建用户", in(account.ApplicationTerms, "status"), from)
	case "REGISTRATION_ENDED":
		if s.Details["another_person"] == true {
			return say("the account is another person's now: %s", "该账号已变更为他人使用：%s", of)
		}
		if reason != "" {
			return say("the last application is %s%s: %s", "最近一次申请%s%s：%s", in(account.ApplicationTerms, "status"), from, reason)
		}
		return say("the last application is %s%s", "最近一次申请%s%s", in(account.ApplicationTerms, "status"), from)
	case "COMPARISON_PENDING":
		if overdue, _ := s.Details["overdue"].(bool); overdue {
			return say("staff have not compared it, and it is overdue%s", "工作人员尚未比对，且已逾期%s", from)
		}
		return say("staff have not compared it yet%s", "工作人员尚未比对%s", from)
	case "COMPARISON_FAILED":
		return say("staff found that it does not agree%s: %s", "工作人员比对不通过%s：%s", when, reason)
	case "NO_REVIEWER":
		return say("the organization has nobody who may review%s", "本单位暂无审核人%s", from)
	case "FACE_CHECK_REQUIRED":
		return say("no passed, unused face check of a reviewer is there for this application", "尚无审核人针对该申请的有效人脸核验")
	case "IDENTITY_MISMATCH":
		return say("the face check %s saw another person%s", "人脸认证 %s 的人员与申请人员不一致%s", of, when)
	case "VERIFICATION_ENDED":
		return say("the face check %s ended%s: %s", "人脸认证已结束 %s%s：%s", of, when, in(account.CheckTerms, "status"))
	case "FACE_CHECK_OPEN":
		return say("the face check %s has no outcome yet%s: %s", "人脸认证 %s 尚无结果%s：%s", of, from, in(account.CheckTerms, "status"))
	case "FACE_CHECK_LIMIT":
		return say("%v face checks were begun today, which is the limit", "当天已发起 %v 次人脸认证，达到上限", s.Details["limit"])
	case "SIGN_IN_LIMIT":
		return say("%v sign-ins of the organization were begun by %v today and not proven", "该单位当天由 %[2]v 发起而未通过的登录已达 %[1]v 次", s.Details["limit"], s.Details["operator"])
	case "SMS_TOO_FREQUENT":
		return say("the number had as many codes as the limits allow, the last%s", "该号码的验证码已达频次上限，最近一次%s", timed(" at ", "："))
	case "SMS_CODE_EXPIRED":
		return say("the newest code for %s ran out; it was sent%s", "最近一次用于%s的验证码已过期，发送时间%s", in(account.PurposeTerms, "purpose"), timed(" at ", "："))
	case "SMS_CODE_EXHAUSTED":
		return say("the newest code for %s was tried too often; it was sent%s", "最近一次用于%s的验证码尝试次数过多，发送时间%s", in(account.PurposeTerms, "purpose"), timed(" at ", "："))
	case "SMS_CODE_INVALID":
		return say("the newest code for %s was typed wrongly; tries left: %v", "最近一次用于%s的验证码输入有误，剩余次数：%v", in(account.PurposeTerms, "purpose"), s.Details["tries_left"])
	case "SMS_NOT_DELIVERED":
		if count, _ := s.Details["count"].(float64); count > 1 {
			return say("%v messages wait to be sent, the oldest of them %s%s", "有 %v 条短信待发送，最早的为 %s%s", count, of, from)
		}
		return say("%s (%s)%s", "%s（%s）%s", of, in(account.SMSKindTerms, "kind"), from)
	case "ORGANIZATION_NOT_FOUND":
		return say("the business register has no such unit code", "登记信息中没有此统一社会信用代码")
	case "ORGANIZATION_NOT_ACTIVE":
		return say("the business register has it as %s%s", "登记状态为%s%s", in(account.RegisterTerms, "status"), from)
	case "CALENDAR_MISSING":
		return say("no working days are known of %v, so that no deadline can be set", "工作日历缺少 %v 年，无法确定期限", s.Details["year"])
	case "SESSION_EXPIRED":
		return say("the last session %s expired%s", "最近的会话 %s 已过期%s", of, when)
	case "SESSION_ENDED":
		return say("the last session %s was ended%s", "最近的会话 %s 已结束%s", of, when)
	}
	return account.Both{}
}

// seenAs is the code whose message the person gets, where it is another one: a sign-in does not tell what became of a registration.
func seenAs(code account.Code) account.Code {
	if code == "REGISTRATION_UNFINISHED" || code == "REGISTRATION_ENDED" {
		return "INVALID_CREDENTIALS"
	}
	return code
}

// sees is what the person is told as they meet the cause, in the guide's words where it has some.
func sees(s situation) account.Both {
	if s.Code == "COMPARISON_PENDING" {
		return account.Both{English: account.ComparisonMessage(account.English), Chinese: account.ComparisonMessage(account.Chinese)}
	}
	f := account.NewFault(seenAs(s.Code))
	f.Details = map[string]any{}
	for k, v := range s.Details {
		if k != "reason" && k != "field" { // they would be told as those of a form
			f.Details[k] = v
		}
	}
	if s.Until != nil {
		f.Details["until"] = *s.Until
	}
	return account.Both{English: f.Message(account.English, china), Chinese: f.Message(account.Chinese, china)}
}
