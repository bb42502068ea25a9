package sms

import (
	"fmt"
	"strings"
)

// DefaultSignature is the name of the sender that stands in 【】 in front of a text when none is configured.
const DefaultSignature = "浙江政务服务网"

// MaxUnits is the longest text, signature included, in UTF-16 code units; the gateways refuse longer ones.
const MaxUnits = 500

// Absent stands for a parameter that is not known, or is sealed to whoever reads the text.
const Absent = "******"

// template is the text of one kind. {name} is the place of a parameter.
type template struct{ kind, text string }

// templates is the one table of kinds and their texts.
var templates = [...]template{
	{"code", "您的短信验证码为{code}，{minutes}分钟内有效。请勿向任何人泄露，如非本人操作请忽略本短信。"},
	{"review-requested", "{applicant}提交了“{organization}”的经办人账号注册申请，请您登录浙江政务服务网或浙里办APP，进入“经办人申请”及时审核。"},
	{"approved", "您在“{organization}”的经办人账号注册申请已审核通过，可使用注册时设置的账号和密码登录。"},
	{"rejected", "您在“{organization}”的经办人账号注册申请未通过审核，原因：{reason}。请核对后重新提交申请。"},
	{"comparison-passed", "您提交的“{organization}”的法人账号注册资料已比对通过，单位编号为{unit_code}，可使用注册时设置的用户名和密码登录。"},
	{"comparison-failed", "您提交的“{organization}”的法人账号注册资料比对未通过，原因：{reason}。请于{days}天内按上述原因重新上传资料提交。"},
	{"agent-changed", "您在“{organization}”的法人账号{change}。如有疑问，请联系本单位法定代表人或管理员。"},
	{"password-reset", "您在“{organization}”的法人账号密码已重置，原登录会话均已结束。如非本人操作，请立即联系本单位法定代表人或管理员。"},
	{"deactivated", "您在“{organization}”的法人账号已注销。如有疑问，请联系本单位法定代表人或管理员。"},
}

// UnknownKindError tells that there is no text for a kind of message.
type UnknownKindError struct{ Kind string }

// Error names the kind.
func (e *UnknownKindError) Error() string {
	return fmt.Sprintf("no text for messages of kind %q", e.Kind)
}

// Kinds lists the kinds of message that have a text, in the order in which a registration sends them.
func Kinds() []string {
	kinds := make([]string, len(templates))
	for i, t := range templates {
		kinds[i] = t.kind
	}
	return kinds
}

// Render writes the text of a message with 【signature】 in front; an empty signature is [DefaultSignature]. Parameters are
// text or numbers; one that is missing, empty or of another type is shown as [Absent]. Characters that are not seen are
// taken out of parameters and signature, and the longest of them are shortened, with an ellipsis, until the whole text
// keeps to [MaxUnits]. The error is an *[UnknownKindError].
func Render(kind string, params map[string]any, signature string) (text string, err error) {
	for _, t := range templates {
		if t.kind == kind {
			return t.fill(params, signature), nil
		}
	}
	return "", &UnknownKindError{Kind: kind}
}

// Params gives what stands in the places of a kind's text, as the text has it but for its length: for gateways that keep the texts
// themselves. It is empty for an unknown kind.
func Params(kind string, params map[string]any) map[string]string {
	places := map[string]string{}
	for _, t := range templates {
		if t.kind != kind {
			continue
		}
		for _, rest := range strings.Split(t.text, "{")[1:] {
			name, _, _ := strings.Cut(rest, "}")
			places[name] = show(params[name])
		}
	}
	return places
}

// fill puts the signature and the parameters in. Each place is filled once: braces in a value are only braces.
func (t template) fill(params map[string]any, signature string) string {
	if signature = clean(signature); signature == "" {
		signature = DefaultSignature
	}
	fixed, values := []string{"【"}, []string{signature}
	rest := "】" + t.text
	for {
		before, behind, found := strings.Cut(rest, "{")
		fixed = append(fixed, before)
		if !found {
			break
		}
		name, after, _ := strings.Cut(behind, "}")
		values = append(values, show(params[name]))
		rest = after
	}
	room := MaxUnits
	for _, s := range fixed {
		room -= units(s)
	}
	shorten(values, room)
	var b strings.Builder
	for i, s := range fixed {
		b.WriteString(s)
		if i < len(values) {
			b.WriteString(values[i])
		}
	}
	return b.String()
}
