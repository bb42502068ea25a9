package account

import (
	"fmt"
	"strings"
	"time"
)

// The states of an SMS code. Live: it can be used; superseded: a newer one of its purpose was sent, which alone counts; exhausted: it was
// tried wrongly as often as one may.
const (
	CodeLive       = "live"
	CodeUsed       = "used"
	CodeExpired    = "expired"
	CodeSuperseded = "superseded"
	CodeExhausted  = "exhausted"
)

// SMSCode is how a code fares, never the code itself. Purpose and Tries are null of one that is long gone.
type SMSCode struct {
	Purpose      *string    `json:"purpose"`
	Status       string     `json:"status"`
	SentAt       time.Time  `json:"sent_at"`
	ExpiresAt    time.Time  `json:"expires_at"`
	UsedAt       *time.Time `json:"used_at"`
	Tries        *int       `json:"tries"`
	TriesLeft    int        `json:"tries_left"`
	SupersededAt *time.Time `json:"superseded_at"`
}

// SMSState is one message with all that is known of it. ClaimedBy is the login whose process took it last, ClaimedUntil until when it is
// that process's alone; ExpiresAt is until when a code is of use; Code is null for what is no code. Why tells how the message fares, and
// Next what to do, in a language.
type SMSState struct {
	SMS
	ClaimedBy    *string    `json:"claimed_by"`
	ClaimedUntil *time.Time `json:"claimed_until"`
	ExpiresAt    *time.Time `json:"expires_at"`
	Code         *SMSCode   `json:"code"`
	Why          string     `json:"why"`
	Next         []Step     `json:"next"`
}

// NumberLimits is where a number, masked, stands with the limits of SMS codes: how many it was sent within an hour and a day, rolling, and how
// many it may be. NextAt is when the next may be sent; null: at once. Codes are the newest of each purpose.
type NumberLimits struct {
	Phone     string       `json:"phone"`
	Hour      int          `json:"hour"`
	HourLimit int          `json:"hour_limit"`
	Day       int          `json:"day"`
	DayLimit  int          `json:"day_limit"`
	NextAt    *time.Time   `json:"next_at"`
	Codes     []NumberCode `json:"codes"`
}

// NumberCode is a code that was sent to a number, and its message.
type NumberCode struct {
	SMSCode
	Message *SMSID `json:"message"`
}

// WhyMessage tells how a message fares and what to do, at the rules' time now, with times of a zone. sends says whether this configuration has
// a sender at all.
func WhyMessage(m SMSState, now time.Time, sends bool, lang Language, zone *time.Location) (string, []Step) {
	if zone == nil {
		zone = time.UTC
	}
	w := messageTeller{m: m, now: now, sends: sends, lang: lang, zone: zone}
	next := []Step{}
	add := func(told string, steps []Step) string { next = append(next, steps...); return told }
	told := []string{add(w.sending())}
	if m.Code != nil {
		told = append(told, add(w.code()))
	}
	return strings.Join(told, lang.Pick(" ", "")), next
}

type messageTeller struct {
	m     SMSState
	now   time.Time
	sends bool
	lang  Language
	zone  *time.Location
}

func (w messageTeller) say(en, zh string, args ...any) string {
	for i, arg := range args {
		if at, ok := arg.(*time.Time); ok {
			args[i] = "?"
			if at != nil {
				args[i] = at.In(w.zone).Format("2006-01-02 15:04:05 -07:00")
			}
		}
	}
	return fmt.Sprintf(w.lang.Pick(en, zh), args...)
}

// cause is the newest result of sending, in words where there are some.
func (w messageTeller) cause() string {
	if w.m.LastCode == nil {
		return w.lang.Pick("no result", "无结果")
	}
	return Term(w.lang, SMSFailureTerms, *w.m.LastCode)
}

func (w messageTeller) login() string {
	if w.m.ClaimedBy == nil {
		return "?"
	}
	return *w.m.ClaimedBy
}

// gone says that the message is a code which is of no use any more, so that sending it helps nobody.
func (w messageTeller) gone() bool { return w.m.ExpiresAt != nil && !w.m.ExpiresAt.After(w.now) }

func (w messageTeller) dispatch() []Step {
	return []Step{{"farenctl sms dispatch", w.lang.Pick("sends what is due; role faren_registrar, full keyring", "发送到期的短信；需要 faren_registrar 角色和完整密钥环")}}
}

func (w messageTeller) retry(en, zh string) []Step {
	if w.gone() {
		return nil
	}
	return []Step{{"farenctl sms retry " + w.m.ID.String(), w.lang.Pick(en, zh)}}
}

// sending tells how the message fares on its way to the gateway.
func (w messageTeller) sending() (string, []Step) {
	m := w.m
	switch m.Status {
	case "queued":
		return w.queued()
	case "sending":
		return w.say("A process of the login %s is sending it, until %s at most; then it counts as unknown.", "账号 %s 的进程正在发送，最迟至 %s，逾期视为结果不明。", w.login(), m.ClaimedUntil), nil
	case "sent":
		if m.Reference == nil {
			return w.say("The gateway took it at %s; whether the phone got it, the gateway knows.", "短信网关已于 %s 受理，是否送达须向网关查询。", m.SentAt), nil
		}
		return w.say("The gateway took it at %s as %s; whether the phone got it, the gateway knows.", "短信网关已于 %s 受理（编号 %s），是否送达须向网关查询。", m.SentAt, *m.Reference), nil
	case "dead":
		return w.dead()
	}
	told := w.say("Nobody knows whether it was sent (%s): it may have arrived. It is never sent again by itself.", "发送结果不明（%s），可能已送达，不会自动重发。", w.cause())
	return told, w.retry("ask the gateway first, it may arrive twice; role faren_support", "请先向网关核实，可能重复送达；需要 faren_support 角色")
}

func (w messageTeller) queued() (string, []Step) {
	m := w.m
	switch {
	case w.gone():
		return w.say("It was not sent, and will not be.", "短信未发送，也不会再发送。"), nil
	case !w.sends:
		return w.say("It is kept: this configuration sends nothing (sms.sender is outbox).", "短信仅保存：当前配置不发送短信（sms.sender 为 outbox）。"), nil
	case m.Attempts > 0 && m.NextAttemptAt.After(w.now):
		return w.say("Try %d failed (%s). The next is due at %s, without anybody's doing where a dispatcher runs.", "第 %d 次发送失败（%s），下次发送时间为 %s，有发送进程运行时自动进行。",
			m.Attempts, w.cause(), m.NextAttemptAt), w.dispatch()
	case m.Attempts > 0:
		return w.say("Try %d failed (%s). The next has been due since %s, and no process has taken it up.", "第 %d 次发送失败（%s），下次发送自 %s 起到期，尚无进程领取。",
			m.Attempts, w.cause(), m.NextAttemptAt), w.dispatch()
	}
	return w.say("It has been due since %s, and no process has taken it up.", "自 %s 起待发送，尚无进程领取。", m.NextAttemptAt), w.dispatch()
}

func (w messageTeller) dead() (string, []Step) {
	switch m := w.m; {
	case m.LastCode != nil && *m.LastCode == "expired":
		return w.say("It was never sent: its code had expired before.", "短信未发送：验证码在发送前已过期。"), nil
	case m.LastCode != nil && *m.LastCode == "number-changed":
		return w.say("It was not sent: the agent's number has changed since it was written.", "短信未发送：写入后经办人手机号已变更。"), nil
	default:
		return w.say("It was given up after try %d (%s).", "共发送 %d 次均失败，已放弃（%s）。", m.Attempts, w.cause()),
			w.retry("when the cause is gone; role faren_support", "排除原因后重发；需要 faren_support 角色")
	}
}

// code tells how the code of a message fares.
func (w messageTeller) code() (string, []Step) {
	k := *w.m.Code
	switch k.Status {
	case CodeLive:
		if k.Tries == nil {
			return w.say("Its code is good until %s.", "验证码有效期至 %s。", &k.ExpiresAt), nil
		}
		return w.say("Its code is good until %s; wrong tries so far: %d, left: %d.", "验证码有效期至 %s，已输错 %d 次，还可尝试 %d 次。", &k.ExpiresAt, *k.Tries, k.TriesLeft), nil
	case CodeUsed:
		return w.say("Its code was used at %s.", "验证码已于 %s 使用。", k.UsedAt), nil
	case CodeSuperseded:
		if k.SupersededAt == nil {
			return w.say("Its code is superseded: a newer one alone counts.", "验证码已被新的验证码取代。"), w.another(k)
		}
		return w.say("Its code is superseded: a newer one was sent at %s, which alone counts.", "验证码已被取代：%s 已发送新的验证码，仅新验证码有效。", k.SupersededAt), w.another(k)
	case CodeExhausted:
		return w.say("Its code was tried wrongly too often.", "验证码输错次数过多，已失效。"), w.another(k)
	}
	return w.say("Its code expired at %s.", "验证码已于 %s 过期。", &k.ExpiresAt), w.another(k)
}

// another names what sends another code.
func (w messageTeller) another(k SMSCode) []Step {
	command := "farenctl verify sms --phone P --purpose " + PurposeRegister
	if k.Purpose != nil && *k.Purpose == PurposeRecover {
		command = "farenctl verify sms --for <recovery>"
	} else if k.Purpose != nil {
		command = "farenctl verify sms --phone P --purpose " + *k.Purpose
	}
	return []Step{{command, w.lang.Pick("sends another code; role faren_registrar", "重新发送验证码；需要 faren_registrar 角色")}}
}
