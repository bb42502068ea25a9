package sms

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

func render(t *testing.T, kind string, params map[string]any, signature string) string {
	t.Helper()
	text, err := Render(kind, params, signature)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestRender(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		outcome, kind string
		params        map[string]any
		signature     string
		want          string
	}{
		{"code with both parameters", "code", map[string]any{"code": "024522", "minutes": 5}, "",
			"【浙江政务服务网】您的短信验证码为024522，5分钟内有效。请勿向任何人泄露，如非本人操作请忽略本短信。"},
		{"sealed code is starred", "code", map[string]any{"minutes": float64(5)}, "",
			"【浙江政务服务网】您的短信验证码为******，5分钟内有效。请勿向任何人泄露，如非本人操作请忽略本短信。"},
		{"review requested", "review-requested", map[string]any{"organization": "杭州某某贸易有限公司", "applicant": "*三"}, "浙里办",
			"【浙里办】*三提交了“杭州某某贸易有限公司”的经办人账号注册申请，请您登录浙江政务服务网或浙里办APP，进入“经办人申请”及时审核。"},
		{"approved", "approved", map[string]any{"organization": "杭州某某贸易有限公司"}, "",
			"【浙江政务服务网】您在“杭州某某贸易有限公司”的经办人账号注册申请已审核通过，可使用注册时设置的账号和密码登录。"},
		{"rejected with its reason and one full stop", "rejected", map[string]any{"organization": "杭州某某贸易有限公司", "reason": "非本单位员工。"}, "",
			"【浙江政务服务网】您在“杭州某某贸易有限公司”的经办人账号注册申请未通过审核，原因：非本单位员工。请核对后重新提交申请。"},
		{"no parameters at all", "rejected", nil, "",
			"【浙江政务服务网】您在“******”的经办人账号注册申请未通过审核，原因：******。请核对后重新提交申请。"},
		{"empty and unseen parameters are absent", "rejected", map[string]any{"organization": " \t", "reason": "\u200b\u202e\x00"}, "",
			"【浙江政务服务网】您在“******”的经办人账号注册申请未通过审核，原因：******。请核对后重新提交申请。"},
		{"parameter of another type is absent", "approved", map[string]any{"organization": []string{"甲"}}, "",
			"【浙江政务服务网】您在“******”的经办人账号注册申请已审核通过，可使用注册时设置的账号和密码登录。"},
		{"value that looks like a place stays as it is", "rejected", map[string]any{"organization": "{reason}", "reason": "{organization}"}, "",
			"【浙江政务服务网】您在“{reason}”的经办人账号注册申请未通过审核，原因：{organization}。请核对后重新提交申请。"},
		{"line breaks become spaces", "rejected", map[string]any{"organization": "甲公司", "reason": "一\r\n二\u2028三\u3000 四"}, "",
			"【浙江政务服务网】您在“甲公司”的经办人账号注册申请未通过审核，原因：一 二 三 四。请核对后重新提交申请。"},
		{"no second signature", "rejected", map[string]any{"organization": "【某银行】", "reason": "乙"}, "甲】【",
			"【甲〕〔】您在“〔某银行〕”的经办人账号注册申请未通过审核，原因：乙。请核对后重新提交申请。"},
		{"broken bytes are dropped", "approved", map[string]any{"organization": "甲\xff公司\ufffd"}, "\xf0",
			"【浙江政务服务网】您在“甲公司”的经办人账号注册申请已审核通过，可使用注册时设置的账号和密码登录。"},
	} {
		t.Run(c.outcome, func(t *testing.T) {
			t.Parallel()
			if got := render(t, c.kind, c.params, c.signature); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestRenderWritesNumbersPlainly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value any
		want  string
	}{
		{5, "5"}, {int64(10), "10"}, {float64(1000000), "1000000"}, {json.Number("15"), "15"}, {math.NaN(), Absent}, {math.Inf(1), Absent}, {nil, Absent},
	} {
		t.Run(fmt.Sprintf("%T becomes %s", c.value, c.want), func(t *testing.T) {
			t.Parallel()
			if got := render(t, "code", map[string]any{"code": "1", "minutes": c.value}, ""); !strings.Contains(got, "，"+c.want+"分钟内有效") {
				t.Error(got)
			}
		})
	}
}

func TestRenderRefusesAnUnknownKind(t *testing.T) {
	t.Parallel()
	text, err := Render("greeting", nil, "")
	var unknown *UnknownKindError
	if !errors.As(err, &unknown) || unknown.Kind != "greeting" || text != "" {
		t.Fatalf("got %q, %v", text, err)
	}
	if got, want := err.Error(), `no text for messages of kind "greeting"`; got != want {
		t.Errorf("error %q, want %q", got, want)
	}
}

func TestKindsAreTheOnesThatRender(t *testing.T) {
	t.Parallel()
	if want := []string{"code", "review-requested", "approved", "rejected", "comparison-passed", "comparison-failed", "agent-changed", "password-reset", "deactivated"}; !slices.Equal(Kinds(), want) {
		t.Fatalf("kinds %q, want %q", Kinds(), want)
	}
	for _, kind := range Kinds() {
		if text := render(t, kind, nil, ""); !strings.HasPrefix(text, "【"+DefaultSignature+"】") || strings.ContainsAny(text, "{}") {
			t.Errorf("%s: %s", kind, text)
		}
	}
}

func TestACodeIsOneSegment(t *testing.T) {
	t.Parallel()
	if text := render(t, "code", map[string]any{"code": "024522", "minutes": 30}, ""); Segments(text) != 1 {
		t.Errorf("%d segments: %s", Segments(text), text)
	}
}

func TestRenderShortensTheLongest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		outcome              string
		organization, reason string
		whole                bool // the organization's name stays
	}{
		{"reason of 1000 characters", "杭州某某贸易有限公司", strings.Repeat("照", 1000), true},
		{"reason of 1000 surrogate pairs", strings.Repeat("公", 100), strings.Repeat("𠮷", 1000), true},
		{"both of surrogate pairs", strings.Repeat("𠮷", 100), strings.Repeat("𠮷", 1000), true},
		{"both beyond any limit", strings.Repeat("𠮷", 5000), strings.Repeat("公", 5001), false},
	} {
		t.Run(c.outcome, func(t *testing.T) {
			t.Parallel()
			text := render(t, "rejected", map[string]any{"organization": c.organization, "reason": c.reason}, "")
			// A pair is never cut in two, so one unit may stay free for each value.
			if n := len(utf16.Encode([]rune(text))); n > MaxUnits || n < MaxUnits-3 {
				t.Errorf("%d units", n)
			}
			if strings.Contains(text, "“"+c.organization+"”") != c.whole {
				t.Errorf("organization: %s", text)
			}
			if !strings.Contains(text, "…。请核对后重新提交申请。") || !strings.HasPrefix(text, "【"+DefaultSignature+"】") {
				t.Errorf("frame: %s", text)
			}
			if strings.ContainsRune(text, '\ufffd') {
				t.Errorf("half a character: %s", text)
			}
		})
	}
}

func TestRenderCutsBeforeTheBaseOfAMark(t *testing.T) {
	t.Parallel()
	for shift := range 4 {
		reason := strings.Repeat("x", shift) + strings.Repeat("e\u0301\u0302", 400)
		text := render(t, "rejected", map[string]any{"organization": "甲公司", "reason": reason}, "")
		if !strings.Contains(text, "e\u0301\u0302…") {
			t.Errorf("shift %d: %s", shift, text)
		}
	}
}

func TestSegments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		outcome, text string
		want          int
	}{
		{"empty is one", "", 1},
		{"70 units are one", strings.Repeat("字", 70), 1},
		{"71 units are two", strings.Repeat("字", 71), 2},
		{"134 units are two", strings.Repeat("字", 134), 2},
		{"135 units are three", strings.Repeat("字", 135), 3},
		{"500 units are eight", strings.Repeat("字", 500), 8},
		{"35 surrogate pairs are one", strings.Repeat("𠮷", 35), 1},
		{"36 surrogate pairs are two", strings.Repeat("𠮷", 36), 2},
		{"67 surrogate pairs are two", strings.Repeat("𠮷", 67), 2},
		{"68 surrogate pairs are three", strings.Repeat("𠮷", 68), 3},
		{"ASCII counts like Han", strings.Repeat("a", 71), 2},
	} {
		t.Run(c.outcome, func(t *testing.T) {
			t.Parallel()
			if got := Segments(c.text); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

func TestParamsAreWhatStandsInTheText(t *testing.T) {
	t.Parallel()
	got := Params("rejected", map[string]any{"organization": "甲\n公司", "other": "x"})
	if len(got) != 2 || got["organization"] != "甲 公司" || got["reason"] != Absent {
		t.Errorf("got %q", got)
	}
	for _, kind := range Kinds() {
		params := map[string]any{"code": "1", "minutes": 5, "organization": "甲", "applicant": "*乙", "reason": "丙", "unit_code": "U", "days": 30, "change": "改"}
		text := render(t, kind, params, "")
		for name, value := range Params(kind, params) {
			if value == Absent || !strings.Contains(text, value) {
				t.Errorf("%s: %s is %q in %s", kind, name, value, text)
			}
		}
	}
	if got := Params("greeting", nil); len(got) != 0 {
		t.Errorf("got %q", got)
	}
}
