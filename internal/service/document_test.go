package service_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

const document = `channel: zhejiang
entity_type: market-entity
organization_name: 杭州测试有限公司
unit_code: 91330100799655058B
legal_representative: {name: 测试甲, document_number: 110105194912310020}
accept_terms: true
username: agent_00001
password: "0123456!aB"
agent:
  name: 测试乙
  document_type: resident-id
  document_number: 330106200002290010
  phone: 13900000001
  landline: 0571-87654321
sms_code: 012345
`

func TestDocumentIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	r, err := service.ParseRegistration(strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	// Numbers without quotes keep their leading zeros and all of their digits.
	for field, got := range map[string][2]string{
		"the representative's number": {r.Representative.DocumentNumber, "110105194912310020"},
		"the agent's number":          {r.Agent.DocumentNumber, "330106200002290010"},
		"the phone":                   {r.Agent.Phone, "13900000001"},
		"the SMS code":                {r.SMSCode, "012345"},
		"the landline":                {r.Agent.Landline, "0571-87654321"},
		"the password":                {r.Password, "0123456!aB"},
		"the name":                    {r.OrganizationName, "杭州测试有限公司"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s is %q, want %q", field, got[0], got[1])
		}
	}
	if !r.AcceptTerms || r.Channel != account.Zhejiang {
		t.Errorf("terms %v, channel %s", r.AcceptTerms, r.Channel)
	}
}

func TestDocumentMayBeJSON(t *testing.T) {
	t.Parallel()
	r, err := service.ParseRegistration(strings.NewReader(`{"channel": "other-province", "accept_terms": true, "agent": {"phone": 13900000001, "email": null}}`))
	if err != nil || r.Channel != account.OtherProvince || !r.AcceptTerms || r.Agent.Phone != "13900000001" || r.Agent.Email != "" {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestDocumentIsRefused(t *testing.T) {
	t.Parallel()
	bomb := "a: &a [x, x]\nb: &b [*a, *a]\nusername: *b\n"
	for name, c := range map[string]struct {
		text string
		code account.Code
		says string // somewhere in the problem
	}{
		"an unknown field":               {"usernam: x", "FILE_INVALID", "usernam"},
		"an unknown field inside":        {"agent: {nam: x}", "FILE_INVALID", "nam"},
		"a field twice":                  {"username: a\nusername: b", "FILE_INVALID", ""},
		"a field twice inside":           {"agent: {phone: 1, phone: 2}", "FILE_INVALID", ""},
		"an alias":                       {"username: &u hunter22\npassword: *u", "FILE_INVALID", ""},
		"aliases that multiply":          {bomb, "FILE_INVALID", ""},
		"a merge key":                    {"agent: &a {name: x}\nlegal_representative: {<<: *a}", "FILE_INVALID", ""},
		"a list":                         {"- channel: zhejiang", "FILE_INVALID", ""},
		"a list in a field":              {"username: [a]", "FILE_INVALID", ""},
		"an object in a field":           {"username: {a: b}", "FILE_INVALID", "username"},
		"a text where a boolean belongs": {"accept_terms: hunter22", "FILE_INVALID", "accept_terms"},
		"a scalar":                       {"hunter22", "FILE_INVALID", ""},
		"a key that is a list":           {"[a]: b", "FILE_INVALID", ""},
		"two documents":                  {"channel: zhejiang\n---\nchannel: zhejiang", "FILE_INVALID", "document"},
		"no YAML":                        {"password: \"hunter22\nx: [", "FILE_INVALID", ""},
		"bytes that are no UTF-8":        {"username: \xd5\xc5", "FILE_INVALID", ""},
		"nothing":                        {"", "FILE_INVALID", ""},
		"deep nesting":                   {strings.Repeat("{agent: ", 500) + "x" + strings.Repeat("}", 500), "FILE_INVALID", ""},
		"deeper nesting":                 {strings.Repeat("[", 100_000), "FILE_INVALID", ""},
		"a mebibyte and one":             {"username: " + strings.Repeat("x", 1<<20), "INPUT_TOO_LARGE", ""},
	} {
		t.Run(name+" is "+string(c.code), func(t *testing.T) {
			t.Parallel()
			_, err := service.ParseRegistration(strings.NewReader(c.text))
			f := wantCode(t, err, c.code)
			if problem := fmt.Sprint(f.Details["problem"]); !strings.Contains(problem, c.says) || strings.Contains(f.Error()+problem, "hunter22") {
				t.Errorf("the problem is told as %q, want %q and no value in it", problem, c.says)
			}
		})
	}
	_, err := service.ParseRegistration(iotest.ErrReader(io.ErrUnexpectedEOF))
	wantCode(t, err, "FILE_INVALID")
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the cause is lost: %v", err)
	}
}

func FuzzParseRegistration(f *testing.F) {
	f.Add(document)
	f.Add(`{"agent": {"phone": 1e3}}`)
	f.Add("a: &a [*a]")
	f.Add("? {a: b}\n: c")
	f.Add("!!binary aGk=: x")
	f.Add("username: !!timestamp 2001-01-01")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := service.ParseRegistration(strings.NewReader(text))
		if code := codeOf(err); err != nil && code != "FILE_INVALID" && code != "INPUT_TOO_LARGE" {
			t.Errorf("%v is no fault of the file", err)
		}
	})
}
