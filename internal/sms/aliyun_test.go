package sms_test

import (
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/farenctl/farenctl/internal/sms"
)

// aliyun is a server that takes SendSms as Aliyun's does, and a sender that has it.
type aliyun struct {
	*sms.Aliyun
	mu    sync.Mutex
	asked []url.Values
}

func newAliyun(t *testing.T, answer http.HandlerFunc) *aliyun {
	t.Helper()
	a := &aliyun{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		a.mu.Lock()
		a.asked = append(a.asked, r.Form)
		a.mu.Unlock()
		discard(w, r, answer)
	}))
	t.Cleanup(func() {
		server.CloseClientConnections() // the SDK waits on when its caller does not any more
		server.Close()
	})
	a.Aliyun = openAliyun(t, strings.TrimPrefix(server.URL, "http://"))
	return a
}

func openAliyun(t *testing.T, endpoint string) *sms.Aliyun {
	t.Helper()
	a, err := sms.NewAliyun(sms.AliyunOptions{Endpoint: endpoint, AccessKeyID: "ak", Secret: []byte("secret"), SignName: "示例", Templates: map[string]string{"code": "SMS_1"}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *aliyun) requests() []url.Values {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]url.Values(nil), a.asked...)
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func TestAliyunSendsATemplate(t *testing.T) {
	t.Parallel()
	a := newAliyun(t, says(200, `{"Code":"OK","Message":"OK","BizId":"9006197469364984^0","RequestId":"r"}`))
	if got, want := a.Send(within(t, time.Minute), message), (sms.Result{Outcome: sms.Sent, Reference: "9006197469364984^0"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	got := map[string]string{}
	for _, q := range a.requests() {
		for name := range maps.Keys(q) {
			got[name] = q.Get(name)
		}
	}
	for _, name := range []string{"Signature", "SignatureNonce", "Timestamp", "SignatureMethod", "SignatureVersion", "AccessKeyId", "Format", "Version"} {
		delete(got, name)
	}
	want := map[string]string{"PhoneNumbers": "13700000002", "SignName": "示例", "TemplateCode": "SMS_1", "TemplateParam": `{"code":"024522","minutes":"5"}`, "OutId": "sms_1"}
	delete(got, "Action")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

func TestAliyunOutcomes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   sms.Result
	}{
		"too many to this number": {says(200, `{"Code":"isv.BUSINESS_LIMIT_CONTROL"}`), sms.Result{Outcome: sms.Refused, Code: "isv.BUSINESS_LIMIT_CONTROL"}},
		"no such number":          {says(200, `{"Code":"isv.MOBILE_NUMBER_ILLEGAL"}`), sms.Result{Outcome: sms.Refused, Code: "isv.MOBILE_NUMBER_ILLEGAL"}},
		"no money":                {says(200, `{"Code":"isv.AMOUNT_NOT_ENOUGH"}`), sms.Result{Outcome: sms.Failed, Code: "isv.AMOUNT_NOT_ENOUGH"}},
		"trouble of its own":      {says(200, `{"Code":"isp.SYSTEM_ERROR"}`), sms.Result{Outcome: sms.Failed, Code: "isp.SYSTEM_ERROR"}},
		"too fast":                {says(400, `{"Code":"Throttling.User","Message":"13700000002"}`), sms.Result{Outcome: sms.Limited, Code: "Throttling.User"}},
		"limited":                 {says(429, `{"Code":"Busy"}`), sms.Result{Outcome: sms.Limited, Code: "Busy"}},
		"wrong key":               {says(404, `{"Code":"InvalidAccessKeyId.NotFound"}`), sms.Result{Outcome: sms.Failed, Code: "InvalidAccessKeyId.NotFound"}},
		"a 5xx of its own":        {says(503, `{"Code":"ServiceUnavailable"}`), sms.Result{Outcome: sms.Failed, Code: "ServiceUnavailable"}},
		"a 5xx of somebody else":  {says(502, `<html>`), sms.Result{Outcome: sms.Unknown}},
		"a 5xx without a code":    {says(500, `{}`), sms.Result{Outcome: sms.Unknown, Code: sms.CodeUnreadable}},
		"an answer without code":  {says(200, `{}`), sms.Result{Outcome: sms.Unknown, Code: sms.CodeUnreadable}},
		"the number as its code":  {says(200, `{"Code":"isv.13700000002"}`), sms.Result{Outcome: sms.Failed, Code: "other"}},
		"cut after the request":   {cut, sms.Result{Outcome: sms.Unknown, Code: sms.CodeCut}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAliyun(t, c.answer)
			got := a.Send(within(t, time.Minute), message)
			if c.want.Code == "" {
				got.Code = ""
			}
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
			if n := len(a.requests()); n != 1 {
				t.Errorf("%d requests, want one", n)
			}
		})
	}
}

func TestAliyunTimeOutIsUnknown(t *testing.T) {
	t.Parallel()
	a := newAliyun(t, hang)
	got := a.Send(within(t, 200*time.Millisecond), message)
	if want := (sms.Result{Outcome: sms.Unknown, Code: sms.CodeTimeout}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestAliyunThatReachesNobodyFailed(t *testing.T) {
	t.Parallel()
	deaf, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := deaf.Addr().String()
	_ = deaf.Close()
	if got, want := openAliyun(t, gone).Send(within(t, time.Minute), message), (sms.Result{Outcome: sms.Failed, Code: sms.CodeUnreachable}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestAliyunSendsNothingWithoutATemplate(t *testing.T) {
	t.Parallel()
	a := newAliyun(t, says(200, `{"Code":"OK"}`))
	m := message
	m.Kind = "approved"
	if got, want := a.Send(within(t, time.Minute), m), (sms.Result{Outcome: sms.Refused, Code: sms.CodeNoTemplate}); got != want || len(a.requests()) != 0 {
		t.Errorf("got %+v after %d requests, want %+v", got, len(a.requests()), want)
	}
}

func TestNewAliyunRefusesWhatIsMissing(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]sms.AliyunOptions{
		"a scheme":     {Endpoint: "https://hunter22", AccessKeyID: "a", Secret: []byte("s"), SignName: "n"},
		"a path":       {Endpoint: "hunter22/x", AccessKeyID: "a", Secret: []byte("s"), SignName: "n"},
		"no key id":    {Secret: []byte("hunter22"), SignName: "n"},
		"no secret":    {AccessKeyID: "hunter22", SignName: "n"},
		"no signature": {AccessKeyID: "a", Secret: []byte("hunter22")},
	} {
		if _, err := sms.NewAliyun(o); err == nil || strings.Contains(err.Error(), "hunter22") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
