package account

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// state is a message at noon: what a test says of it, over what every message has.
func state(status string, change func(*SMSState)) SMSState {
	m := SMSState{SMS: SMS{ID: SMSID{1}, Kind: "approved", Status: status, Attempts: 1, LastCode: new("timeout")}}
	if status == "queued" {
		m.NextAttemptAt = new(noon.Add(time.Hour))
	}
	if change != nil {
		change(&m)
	}
	return m
}

var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

func coded(status string, expires time.Time) *SMSCode {
	k := &SMSCode{Purpose: new(PurposeRegister), Status: status, ExpiresAt: expires, Tries: new(2)}
	if status == CodeLive {
		k.TriesLeft = 3
	}
	return k
}

func TestMessageTellsWhyItDidNotArriveAndWhatToDo(t *testing.T) {
	t.Parallel()
	const retry, dispatch, another = "farenctl sms retry ", "farenctl sms dispatch", "farenctl verify sms --phone P --purpose register"
	later, before := noon.Add(time.Minute), noon.Add(-time.Minute)
	withCode := func(k *SMSCode) func(*SMSState) {
		return func(m *SMSState) { m.Code, m.ExpiresAt = k, &k.ExpiresAt }
	}
	for name, c := range map[string]struct {
		m      SMSState
		silent bool // this configuration has no sender
		en, zh string
		next   []string
	}{
		"never tried": {m: state("queued", func(m *SMSState) { m.Attempts, m.LastCode, m.NextAttemptAt = 0, nil, &before }),
			en: "It has been due since 2026-03-10 11:59:00 +00:00, and no process has taken it up.", zh: "自 2026-03-10 11:59:00 +00:00 起待发送，尚无进程领取。", next: []string{dispatch}},
		"to be tried again": {m: state("queued", nil), en: "Try 1 failed (timeout). The next is due at 2026-03-10 13:00:00", zh: "第 1 次发送失败（响应超时），下次发送时间为 2026-03-10 13:00:00", next: []string{dispatch}},
		"due again": {m: state("queued", func(m *SMSState) { m.NextAttemptAt = &before }),
			en: "Try 1 failed (timeout). The next has been due since", zh: "第 1 次发送失败（响应超时），下次发送自", next: []string{dispatch}},
		"no sender":                   {m: state("queued", nil), silent: true, en: "It is kept", zh: "短信仅保存"},
		"a code that expired unsent":  {m: state("queued", withCode(coded(CodeExpired, before))), en: "It was not sent, and will not be. Its code expired at", zh: "短信未发送，也不会再发送。验证码已于", next: []string{another}},
		"in hand":                     {m: state("sending", func(m *SMSState) { m.ClaimedBy, m.ClaimedUntil = new("zhou"), &later }), en: "A process of the login zhou is sending it, until 2026-03-10 12:01:00", zh: "账号 zhou 的进程正在发送"},
		"taken by the gateway":        {m: state("sent", func(m *SMSState) { m.SentAt, m.Reference = &before, new("ref-7") }), en: "The gateway took it at 2026-03-10 11:59:00 +00:00 as ref-7;", zh: "（编号 ref-7），是否送达须向网关查询。"},
		"taken without a name":        {m: state("sent", func(m *SMSState) { m.SentAt = &before }), en: "The gateway took it at 2026-03-10 11:59:00 +00:00;", zh: "受理，是否送达"},
		"refused by the gateway":      {m: state("dead", nil), en: "It was given up after try 1 (timeout).", zh: "共发送 1 次均失败，已放弃（响应超时）。", next: []string{retry}},
		"a dead code that is good":    {m: state("dead", withCode(coded(CodeLive, later))), en: "wrong tries so far: 2, left: 3.", zh: "已输错 2 次，还可尝试 3 次。", next: []string{retry}},
		"a dead code that is not":     {m: state("dead", withCode(coded(CodeExpired, before))), en: "Its code expired", zh: "过期。", next: []string{another}},
		"expired before it was sent":  {m: state("dead", func(m *SMSState) { m.LastCode = new("expired") }), en: "It was never sent", zh: "短信未发送：验证码在发送前已过期。"},
		"another number":              {m: state("dead", func(m *SMSState) { m.LastCode = new("number-changed") }), en: "the agent's number has changed", zh: "手机号已变更"},
		"nobody knows":                {m: state("unknown", func(m *SMSState) { m.LastCode = new("claim-ran-out") }), en: "Nobody knows whether it was sent (claim-ran-out)", zh: "发送结果不明（发送进程未报告结果）", next: []string{retry}},
		"nobody knows of an old code": {m: state("unknown", withCode(coded(CodeExpired, before))), en: "Nobody knows", zh: "发送结果不明", next: []string{another}},
		"a used code":                 {m: state("sent", func(m *SMSState) { m.SentAt, m.Code = &before, &SMSCode{Status: CodeUsed, UsedAt: &before} }), en: "Its code was used at 2026-03-10 11:59:00", zh: "验证码已于 2026-03-10 11:59:00 +00:00 使用。"},
		"a superseded code": {m: state("sent", func(m *SMSState) {
			m.SentAt, m.Code = &before, &SMSCode{Purpose: new(PurposeRecover), Status: CodeSuperseded, SupersededAt: &before}
		}), en: "superseded: a newer one was sent at", zh: "仅新验证码有效。", next: []string{"farenctl verify sms --for <recovery>"}},
		"an exhausted code": {m: state("sent", func(m *SMSState) { m.SentAt, m.Code = &before, coded(CodeExhausted, later) }), en: "tried wrongly too often.", zh: "输错次数过多", next: []string{another}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for lang, want := range map[Language]string{English: c.en, Chinese: c.zh} {
				why, next := WhyMessage(c.m, noon, !c.silent, lang, nil)
				if !strings.Contains(why, want) {
					t.Errorf("%s: %q, want %q in it", lang, why, want)
				}
				if lang == Chinese && regexp.MustCompile(`[,;()?!]|[^0-9]:`).MatchString(why) {
					t.Errorf("%q has half-width punctuation", why)
				}
				if len(next) != len(c.next) {
					t.Fatalf("%s: what comes next is %v, want %v", lang, next, c.next)
				}
				for i, step := range next {
					if !strings.HasPrefix(step.Command, c.next[i]) || !strings.Contains(step.Why, "faren_") {
						t.Errorf("%s: step %+v, want %s and the role", lang, step, c.next[i])
					}
				}
			}
		})
	}
}
