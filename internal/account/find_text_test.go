package account

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFindByText(t *testing.T) {
	t.Parallel()
	for want, texts := range map[string][]string{
		"PHONE_IN_USE": {
			"PHONE_IN_USE", "phone_in_use", " Phone_In_Use ", "ＰＨＯＮＥ＿ＩＮ＿ＵＳＥ", "phone in use",
			"farenctl: PHONE_IN_USE: the mobile number is bound", `{"error": {"code": "PHONE_IN_USE", "message": "…"}}`,
			"同一企业/组织下的账号绑定的手机号不可重复",
			"1、提示\"同一企业/组织下的账号绑定的手机号不可重复\"是什么原因?",
			"提示“同一企业／组织下的账号绑定的手机号不可重复”是什么原因？",
			"同一企业 / 组织下的 帐号绑定的 手机号不可重复。",
			"同一企业组织下的账号绑定手机号不可重夏", // two characters missing, one misread
			"账号绑定的手机号不可重复",
			"可能是注册提交的手机号码已被该企业/组织下的其他账号(包括待管理员审核的账号)所绑定。请注销或拒绝申请后,可重新绑定。",
			"the mobile number is bound to another account",
			"agent.phone: The mobile number is bound to another account or application of this organisation",
		},
		"APPLICATION_PENDING": {
			"您在该企业下已有一条经办人账号申请还在审核中,请耐心等待法定代表人或管理员审核",
			"您在该企业下已有一条经办人账号申请还在审核中", "该企业下已有一条经办人帐号申请还在审核中，请耐心等侍法定代表人或管理员审核",
			"该用户已提交过一条账号申请, 并且处于\"待审核\"状态。",
		},
		"DAILY_REJECTION_LIMIT": {
			"您的经办人账号申请当天已达次数限制，请明天再尝试", "经办人账号申请当天已达次数限制", "您的经办人账号申请当天己达次数限制",
			"一个经办人（以身份证号为唯一）在同个企业/组织下在一天内被拒绝3次后，则当天无法再次提交",
		},
		"AGENT_HAS_APPLICATION": {
			"当前添加的经办人已提交了账号注册申请,请前往【经办人申请】去审核", "当前添加的经办人已提交账号注册申请",
		},
		"ACCOUNT_LOCKED": {
			"locked until 2026-03-03 12:00:00 +08:00", "too many failed sign-ins: locked until 2026-03-03T12:00:00+08:00",
			"登录失败次数过多，已锁定至 2026-03-03 12:00:00 +08:00", "登陆失败次数过多", "账号被锁定了", "your account is locked",
		},
		"INVALID_CREDENTIALS":        {"用户名或密码错误", "用户名密码错误", "Wrong user name or password.", "密码错误"},
		"USCC_INVALID":               {"统一社会信用代码无效（校验位不符）", "unit_code: the unified social credit code is not valid (the check character does not fit)"},
		"WRONG_STATE":                {"申请当前状态为 待审核，不能执行此步骤", "this step does not fit the application's state pending-review"},
		"ORGANIZATION_MISMATCH":      {"与登记信息不一致：organization_name、legal_representative.name", "企业名称与登记信息不一致"},
		"ROW_DUPLICATE":              {"line 7 has the same unit code and was taken instead", "与第 7 行的单位编号相同，以该行为准"},
		"IDENTITY_MISMATCH":          {"人脸认证的人员与申请人员不一致"},
		"SMS_CODE_EXPIRED":           {"短信验证码已过期", "the SMS code has expird"},
		"NO_REVIEWER":                {"该企业/组织暂无审核人", "no reviewer"},
		"LEGAL_REPRESENTATIVE_FIXED": {"法定代表人已变更"},
		"FORBIDDEN":                  {"forbidden", "当前数据库用户无权执行此操作"},
		"forgotten-password":         {"forgotten-password", "FORGOTTEN-PASSWORD", "忘记密码", "I forgot my password", "忘记密码了"},
		"forgotten-username":         {"忘记用户名", "忘了用户名怎么办"},
		"phone-changed":              {"手机号已更换", "手机号换了"},
		"agent-left":                 {"当时经办人已离职", "经办人离职"},
		"pending-review":             {"待审核", "一直是待审核"},
		"COMPARISON_FAILED":          {"mismatched", "比对不通过", "您提交的“某某”的法人账号注册资料比对未通过，原因：照片不清。请于30天内按上述原因重新上传资料提交。"},
		"rejected":                   {"您在“某某有限公司”的经办人账号注册申请未通过审核，原因：信息不符。请核对后重新提交申请。"},
		"approved":                   {"比对通过", "审核通过"},
		"COMPARISON_PENDING": {
			"pending-comparison",
			"您的信息已提交!将于1个工作日内完成比对,请耐心等待。您可以使用刚才设置的用户名密码登陆,查看比对结果", "您的信息已提交",
			"将于 1 个工作日内完成比对，请耐心等待", ComparisonMessage(English), ComparisonMessage(Chinese),
		},
		"no-sms":              {"收不到短信", "收不到验证码"},
		"reviewing":           {"如何审核", "同意时需要操作人本人人脸核验"},
		"finding-certificate": {"法人数字证书一般在企业法定代表人或财务、办公室等关键岗位人员手上"},
		"online-help":         {"若有疑问, 请关注\"浙江企业在线\"微信公众服务号, 可进入人工咨询服务。"},
	} {
		for _, text := range texts {
			t.Run(want+" by "+text, func(t *testing.T) {
				t.Parallel()
				matches := FindByText(text)
				if m, ok := Clear(matches); !ok || m.Name() != want {
					t.Errorf("clear: %v, found %+v", ok, matches)
				}
			})
		}
	}
}

func TestFindByTextListsWhatIsClose(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"工程编码校验位不符": {"PROJECT_CODE_CHECK", "PROJECT_CODE_NOT_CONFIRMED"},
		"手机号":       {"PHONE_INVALID", "PHONE_IN_USE", "phone-changed"},
		"验证码":       {"SMS_CODE_EXPIRED", "SMS_CODE_INVALID", "no-sms"},
		"PHONE_IN_USE and SMS_CODE_INVALID, both": {"PHONE_IN_USE", "SMS_CODE_INVALID"},
	} {
		matches := FindByText(text)
		if m, ok := Clear(matches); ok || len(matches) > most {
			t.Errorf("%s: %+v is clear among %+v", text, m, matches)
		}
		for _, name := range want {
			if !slices.ContainsFunc(matches, func(m Match) bool { return m.Name() == name }) {
				t.Errorf("%s: %s is not among %+v", text, name, matches)
			}
		}
	}
}

func TestFindByTextFindsNothingInOtherThings(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "?!", "12345", "app_01k5ttmkxvfk68qvfex7zzy001", "2026-03-03 12:00", "PHONE_INUSE", "NO_SUCH_CODE", "no-such-situation",
		"今天天气很好", "明天去杭州西湖玩", "the weather is nice today", "hello world", "审核", "密码", "the", "lorem ipsum dolor sit amet, consectetur adipiscing elit",
	} {
		if matches := FindByText(text); len(matches) > 0 {
			t.Errorf("%q: %+v", text, matches)
		}
	}
	if near := NearText("审核"); len(near) == 0 || near[0].Situation != "pending-review" {
		t.Errorf("near: %+v", near)
	}
}

// filled is every message as commands print it.
func filled(f func(e Entry, lang Language, text string)) {
	for _, e := range table {
		if newPhrase(e.English).size < fewest || newPhrase(e.Chinese).size < fewest {
			continue // all of the message is what a detail says
		}
		details := []*Fault{NewFault(e.Code)}
		if all, ok := produced()[e.Code]; ok {
			details = append(details, NewFault(e.Code, all...))
		}
		for _, fault := range details {
			for _, lang := range []Language{English, Chinese} {
				f(e, lang, fault.Message(lang, time.UTC))
			}
		}
	}
}

func TestEveryMessageIsFoundAsItIsPrinted(t *testing.T) {
	t.Parallel()
	checked := 0
	filled(func(e Entry, lang Language, text string) {
		matches := FindByText(text)
		at := slices.IndexFunc(matches, func(m Match) bool { return m.Code == e.Code })
		if at < 0 || matches[0].Score-matches[at].Score >= gapScore {
			t.Errorf("%s, %s, by %q: %+v", e.Code, lang, text, matches)
		}
		checked++
	})
	if checked < 250 {
		t.Errorf("only %d messages", checked)
	}
}

func TestEveryPhraseIsFound(t *testing.T) {
	t.Parallel()
	for _, p := range known().phrases {
		if matches := FindByText(p.whole); !slices.ContainsFunc(matches, func(m Match) bool { return m.Name() == p.of.Name() && m.Score == 1 }) {
			t.Errorf("%s by %s: %+v", p.of.Name(), p.whole, matches)
		}
	}
}

// One character of a Chinese sentence is missing or misread, as from a screenshot; but for one that turns the sentence round.
func TestASmallMistakeIsNoObstacle(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, p := range known().phrases {
		runes := []rune(p.whole)
		if p.size < 8 || float64(len(runes)) > p.size {
			continue
		}
		for at, r := range runes {
			if strings.ContainsRune("不未无没", r) {
				continue
			}
			text := string(runes[:at]) + []string{"", "口", "曰"}[at%3] + string(runes[at+1:])
			matches := FindByText(text)
			i := slices.IndexFunc(matches, func(m Match) bool { return m.Name() == p.of.Name() })
			if i < 0 || matches[0].Score-matches[i].Score >= gapScore {
				t.Errorf("%s by %s: %+v", p.of.Name(), text, matches)
			}
			checked++
		}
	}
	if checked < 2000 {
		t.Errorf("only %d mistakes", checked)
	}
}

func FuzzFindByText(f *testing.F) {
	f.Add("locked until {until}")
	f.Add("手机号")
	f.Add("\xff{}_-")
	f.Fuzz(func(t *testing.T, text string) {
		last := 1.0
		for _, m := range FindByText(text) {
			if m.Score > last || m.Score < goodScore || (m.Code == "") == (m.Situation == "") {
				t.Fatalf("%+v after %v", m, last)
			}
			last = m.Score
		}
		if len(FindByText(text)) > most {
			t.Fatal("too many")
		}
	})
}
