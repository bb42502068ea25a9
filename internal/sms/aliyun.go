package sms

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	dysms "github.com/alibabacloud-go/dysmsapi-20170525/v4/client"
	util "github.com/alibabacloud-go/tea-utils/v2/service"
	"github.com/alibabacloud-go/tea/tea"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/outbound"
)

// AliyunEndpoint is the service's own host.
const AliyunEndpoint = "dysmsapi.aliyuncs.com"

// AliyunOptions say how to reach Aliyun's SMS service. Templates has the template code of each kind of message.
type AliyunOptions struct {
	Endpoint    string // host, with a port if it is another than 443; empty: AliyunEndpoint
	AccessKeyID string
	Secret      []byte
	SignName    string
	Templates   map[string]string
}

// Aliyun sends messages by SendSms of Aliyun's SDK. Aliyun keeps no deduplication key, so that whatever had no answer of its own is
// unknown, but for what never got a connection.
type Aliyun struct {
	client    *dysms.Client
	signName  string
	templates map[string]string
	address   string // host and port; "": a proxy stands between
	reached   atomic.Int64
}

// How long the SDK waits for an answer, and how long an address that took a connection needs no other look.
const (
	aliyunWait  = 10 * time.Second
	aliyunFresh = 10 * time.Second
)

// NewAliyun prepares the service. It connects nowhere.
func NewAliyun(o AliyunOptions) (*Aliyun, error) {
	endpoint := cmp.Or(o.Endpoint, AliyunEndpoint)
	u, err := url.Parse("//" + endpoint)
	if err != nil || u.Host != endpoint || u.Hostname() == "" {
		return nil, &ConfigError{account.Say("the endpoint is no host", "服务地址不是主机名")}
	}
	if o.AccessKeyID == "" || len(o.Secret) == 0 || o.SignName == "" {
		return nil, &ConfigError{account.Say("the access key or the signature is missing", "缺少访问密钥或签名")}
	}
	scheme := "https"
	if outbound.Loopback(u.Hostname()) {
		scheme = "http" // for tests
	}
	// The SDK reads a proxy from the environment in the same way.
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: scheme, Host: endpoint}})
	if err != nil {
		return nil, &ConfigError{account.Say("the proxy of the environment is no address", "环境变量中的代理地址无效")}
	}
	client, err := dysms.NewClient(&openapi.Config{AccessKeyId: tea.String(o.AccessKeyID), AccessKeySecret: tea.String(string(o.Secret)), Endpoint: tea.String(endpoint),
		Protocol: tea.String(scheme), ReadTimeout: tea.Int(int(aliyunWait.Milliseconds())), ConnectTimeout: tea.Int(int(aliyunWait.Milliseconds()))})
	if err != nil {
		return nil, fmt.Errorf("prepare the SDK: %T", err)
	}
	a := &Aliyun{client: client, signName: o.SignName, templates: o.Templates}
	if proxy == nil {
		port := u.Port()
		if port == "" {
			port = map[string]string{"https": "443", "http": "80"}[scheme]
		}
		a.address = net.JoinHostPort(u.Hostname(), port)
	}
	return a, nil
}

// Name is "aliyun".
func (*Aliyun) Name() string { return "aliyun" }

// Send hands one message to the service.
func (a *Aliyun) Send(ctx context.Context, m Message) Result {
	template, ok := a.templates[m.Kind]
	if !ok {
		return Result{Outcome: Refused, Code: CodeNoTemplate}
	}
	params := m.Params
	if params == nil {
		params = map[string]string{}
	}
	text, err := json.Marshal(params)
	if err != nil {
		return Result{Outcome: Refused, Code: CodeUnreadable}
	}
	if r, ok := a.reach(ctx); !ok {
		return r
	}
	request := &dysms.SendSmsRequest{PhoneNumbers: tea.String(m.To), SignName: tea.String(a.signName), TemplateCode: tea.String(template),
		TemplateParam: tea.String(string(text)), OutId: tea.String(m.ID)}
	// The SDK knows no context. It ends by its own limit, and what it would say after ours nobody hears.
	done := make(chan Result, 1)
	go func() {
		response, err := a.client.SendSmsWithOptions(request, &util.RuntimeOptions{Autoretry: tea.Bool(false)})
		if err != nil {
			done <- aliyunFailure(err, m)
			return
		}
		done <- aliyunAnswer(response, m)
	}()
	select {
	case r := <-done:
		return r
	case <-ctx.Done():
		return Result{Outcome: Unknown, Code: CodeTimeout}
	}
}

// reach finds out whether the service takes connections, as the SDK does not tell what of a request went out: without it, one that could
// not even connect in time would count as unknown.
func (a *Aliyun) reach(ctx context.Context) (Result, bool) {
	if ctx.Err() != nil {
		return Result{Outcome: Failed, Code: CodeTimeout}, false
	}
	if a.address == "" || time.Since(time.Unix(0, a.reached.Load())) < aliyunFresh {
		return Result{}, true
	}
	conn, err := (&net.Dialer{Timeout: aliyunWait}).DialContext(ctx, "tcp", a.address)
	if err != nil {
		return Result{Outcome: Failed, Code: CodeUnreachable}, false
	}
	a.reached.Store(time.Now().UnixNano())
	_ = conn.Close()
	return Result{}, true
}

// final are the codes that no other try changes; of one more message to a number that had too many, too (isv.BUSINESS_LIMIT_CONTROL).
var final = []string{"isv.BUSINESS_LIMIT_CONTROL", "isv.MOBILE_NUMBER_ILLEGAL", "isv.MOBILE_COUNT_OVER_LIMIT", "isv.INVALID_PARAMETERS",
	"isv.TEMPLATE_MISSING_PARAMETERS", "isv.TEMPLATE_PARAMS_ILLEGAL", "isv.PARAM_LENGTH_LIMIT", "isv.PARAM_NOT_SUPPORT_URL",
	"isv.BLACK_KEY_CONTROL_LIMIT", "isv.SMS_CONTENT_ILLEGAL", "isv.INVALID_JSON_PARAM", "isv.DENY_IP_RANGE"}

// byCode sorts what Aliyun answered. What it says of itself was not taken; of an account without money or a template that is not approved
// yet, another try may find it mended.
func byCode(code string) Outcome {
	switch {
	case code == "OK":
		return Sent
	case slices.Contains(final, code):
		return Refused
	case strings.HasPrefix(code, "Throttling"), code == "isv.DAY_LIMIT_CONTROL":
		return Limited
	}
	return Failed
}

func aliyunAnswer(response *dysms.SendSmsResponse, m Message) Result {
	if response == nil || response.Body == nil || tea.StringValue(response.Body.Code) == "" {
		return Result{Outcome: Unknown, Code: CodeUnreadable}
	}
	code := tea.StringValue(response.Body.Code)
	r := Result{Outcome: byCode(code), Reference: plain(tea.StringValue(response.Body.BizId), m)}
	if r.Outcome != Sent {
		r.Code = cmp.Or(plain(code, m), "other")
	}
	return r
}

// aliyunFailure sorts what the SDK gives as an error: an answer of the service with status 4xx or 5xx, or none.
func aliyunFailure(err error, m Message) Result {
	var answer *tea.SDKError
	if errors.As(err, &answer) {
		code, status := tea.StringValue(answer.Code), tea.IntValue(answer.StatusCode)
		switch {
		case status == http.StatusTooManyRequests:
			return Result{Outcome: Limited, Code: cmp.Or(plain(code, m), "http-429")}
		case code == "" || code == "<nil>" || status == 0:
			return Result{Outcome: Unknown, Code: CodeUnreadable}
		}
		return Result{Outcome: byCode(code), Code: cmp.Or(plain(code, m), "other")}
	}
	var op *net.OpError
	return lost(err, !(errors.As(err, &op) && op.Op == "dial") && !untrusted(err))
}
