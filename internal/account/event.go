package account

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Event is one thing that happened to a record, masked. Done ones changed something or were a look that is written down; of a refused one
// Code says why. Operator is the database login, Session the session that it acted in and Username whose that is. What the clock alone did
// has no operator. Part is whether whoever is concerned was its subject, or its actor: it was done in their session to something else. Source
// is where the event is known from: audit, or record, of what the records themselves tell.
type Event struct {
	At        time.Time      `json:"at"`
	Action    string         `json:"action"`
	Subject   EventSubject   `json:"subject"`
	Outcome   string         `json:"outcome"`
	Code      *Code          `json:"code"`
	Operator  *string        `json:"operator"`
	Session   *SessionID     `json:"session"`
	Username  *string        `json:"username"`
	Part      string         `json:"part"`
	Ticket    *string        `json:"ticket"`
	Reason    *string        `json:"reason"`
	RequestID *uuid.UUID     `json:"request_id"`
	Source    string         `json:"source"`
	Details   map[string]any `json:"details"`
}

// EventSubject is the record that an event is of: its id as people know it, or, of a unit code, that. A user name that failed to sign in
// is kept as a value that means nothing outside its database.
type EventSubject struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Refused is the outcome of an event that changed nothing; Actor the part of who did something to a record that is not theirs.
const (
	Refused = "refused"
	Actor   = "actor"
)

// Actions gives the actions that there are words for, sorted.
func Actions() []string {
	all := make([]string, 0, len(actionWords))
	for action := range actionWords {
		all = append(all, action)
	}
	slices.Sort(all)
	return all
}

// actionWords say what an event did, or was to do.
var actionWords = map[string]Text{
	"account.add":           {"add an agent's account", "添加经办人账号"},
	"account.authorize":     {"make administrator", "授权为管理员"},
	"account.deactivate":    {"deactivate the account", "注销账号"},
	"account.deauthorize":   {"take administrator away", "取消管理员授权"},
	"account.disable":       {"disable the account", "停用账号"},
	"account.enable":        {"enable the account", "恢复账号"},
	"account.open":          {"the account is opened", "账号生效"},
	"account.unlock":        {"unlock the account", "解锁账号"},
	"account.update":        {"change the agent", "变更经办人信息"},
	"application.approve":   {"approve the application", "审核通过"},
	"application.batch":     {"register in a batch", "批量注册"},
	"application.expire":    {"the application expires", "注册申请过期"},
	"application.reject":    {"reject the application", "审核拒绝"},
	"application.resubmit":  {"submit again for comparison", "重新提交比对"},
	"application.start":     {"open an application", "发起注册申请"},
	"application.submit":    {"the application is submitted", "注册申请已提交"},
	"application.sweep":     {"end applications past their time", "清理过期申请"},
	"application.unit":      {"state the unit", "填写单位信息"},
	"application.user":      {"create the user", "创建用户"},
	"application.withdraw":  {"withdraw the application", "撤回注册申请"},
	"calendar.import":       {"import a calendar", "导入工作日历"},
	"captcha.make":          {"make a captcha", "生成图形验证码"},
	"clock.set":             {"set the clock", "设置时钟"},
	"document.read":         {"read a document", "查阅文件"},
	"fixture.close":         {"end work on a fixture", "结束测试数据操作"},
	"fixture.delete":        {"delete a fixture", "删除测试数据"},
	"fixture.make":          {"make a fixture", "生成测试数据"},
	"fixture.open":          {"begin work on a fixture", "开始测试数据操作"},
	"key.reencrypt":         {"seal under the newest key", "改用最新密钥加密"},
	"key.retire":            {"retire a sealing key", "停用加密密钥"},
	"key.rotate":            {"change the sealing key", "更换加密密钥"},
	"operator.add":          {"add an operator", "添加操作员"},
	"operator.grant":        {"give an operator roles", "授予操作员角色"},
	"operator.remove":       {"remove an operator", "移除操作员"},
	"operator.revoke":       {"take roles from an operator", "收回操作员角色"},
	"policy.set":            {"set a policy", "设置规则参数"},
	"recovery.code":         {"send a recovery code", "发送找回验证码"},
	"recovery.expire":       {"the recovery expires", "找回操作过期"},
	"recovery.look":         {"look at a recovery", "查看找回操作"},
	"recovery.prove":        {"prove the recovery", "验证找回操作"},
	"recovery.reset":        {"reset the password", "重置密码"},
	"recovery.start":        {"start a recovery", "发起找回"},
	"register.import":       {"import the business register", "导入登记信息"},
	"reveal":                {"show in clear", "明文查看"},
	"review.look":           {"look at an application to review", "查看待审核申请"},
	"session.end":           {"the session is ended", "会话被结束"},
	"session.expire":        {"the session expires", "会话过期"},
	"session.look":          {"look at the session", "查看会话"},
	"session.open":          {"begin a sign-in of the organization", "发起单位登录"},
	"session.revoke":        {"end a session", "结束会话"},
	"session.sign_in":       {"sign in", "登录"},
	"session.sign_out":      {"sign out", "退出登录"},
	"sms.claim":             {"take messages to send", "领取待发短信"},
	"sms.code":              {"ask for a code", "获取验证码"},
	"sms.dead":              {"the message will not be sent", "短信发送失败"},
	"sms.queued":            {"a message is to be sent", "短信待发送"},
	"sms.retry":             {"send the message again", "重发短信"},
	"sms.sent":              {"the message is sent", "短信已发送"},
	"sms.settle":            {"tell what became of messages", "登记短信结果"},
	"sms.unknown":           {"nobody knows whether the message was sent", "短信结果不明"},
	"verification.complete": {"the check ends", "认证结束"},
	"verification.evidence": {"check the evidence again", "复核认证证据"},
	"verification.expire":   {"the check expires", "认证过期"},
	"verification.poll":     {"ask the provider", "查询认证结果"},
	"verification.resolve":  {"staff settle the check", "人工认定认证结果"},
	"verification.start":    {"begin a face check", "发起人脸认证"},
}

// eventDetails are the details that stand behind an action, in this order, each with the list that has its words; "": as it is.
var eventDetails = []struct {
	key  string
	list func(Event) TermList
}{
	{"kind", func(e Event) TermList {
		return map[string]TermList{"sms": SMSKindTerms, "session": SessionKindTerms, "document": DocumentTerms, "application": ReviewTerms}[e.Subject.Kind]
	}},
	{"to", nil},
	{"username", nil},
	{"cause", func(Event) TermList { return SMSFailureTerms }},
	{"outcome", func(Event) TermList { return CheckTerms }},
	{"failure", func(Event) TermList { return FailureTerms }},
	{"purpose", func(Event) TermList { return PurposeTerms }},
	{"method", func(Event) TermList { return MethodTerms }},
	{"by", func(Event) TermList { return MethodTerms }},
	{"field", nil},
}

// Sentence tells an event to people: what was done, to what, the reason that was given, and why it was refused. named: with the record's
// id, where the action alone does not say of which. Times are told in loc.
func (e Event) Sentence(lang Language, loc *time.Location, named bool) string {
	text := e.Action
	if words, ok := actionWords[e.Action]; ok {
		text = words.In(lang)
	}
	var parts []string
	for _, d := range eventDetails {
		value, ok := e.Details[d.key].(string)
		switch {
		case !ok || value == "" || value == "code" && e.Action == "sms.code":
		case d.list == nil:
			parts = append(parts, value)
		default:
			parts = append(parts, Term(lang, d.list(e), value))
		}
	}
	// What became of it stands where nothing later tells.
	if status, _ := e.Details["status"].(string); status == "dead" || status == "unknown" {
		parts = append(parts, lang.Pick("now ", "现为")+Term(lang, SMSTerms, status))
	}
	switch e.Details["review"] {
	case ReviewNone:
		parts = append(parts, lang.Pick("no review needed", "无需审核"))
	case ReviewOrganization:
		parts = append(parts, lang.Pick("for review", "待审核"))
	}
	if e.Details["new_person"] == true {
		parts = append(parts, lang.Pick("another person", "更换为他人"))
	}
	if e.Details["sandbox"] == true {
		parts = append(parts, lang.Pick("sandbox", "沙箱"))
	}
	if len(parts) > 0 {
		text += lang.Pick(": ", "：") + strings.Join(parts, lang.Pick(", ", "、"))
	}
	if e.Code != nil {
		text += fmt.Sprintf(lang.Pick(" (%s: %s)", "（%s：%s）"), *e.Code, NewFault(*e.Code).Message(lang, loc))
	}
	if e.Reason != nil && *e.Reason != "" {
		text += lang.Pick("; reason: ", "；原因：") + *e.Reason
	}
	// Last, so that nothing stands beside it when it has a line to itself.
	if (named || e.Part == Actor) && strings.Contains(e.Subject.ID, "_") {
		text += " " + e.Subject.ID
	}
	return text
}

// Who tells who did it: the operator, and in whose session; empty: nobody, but time.
func (e Event) Who(lang Language) string {
	switch {
	case e.Operator == nil:
		return ""
	case e.Username != nil:
		return fmt.Sprintf(lang.Pick("%s (%s)", "%s（%s）"), *e.Operator, *e.Username)
	}
	return *e.Operator
}
