package sms_test

import (
	"context"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/farenctl/farenctl/internal/sms"
	"github.com/farenctl/farenctl/internal/sms/smstest"
)

var message = sms.Message{ID: "sms_1", Kind: "code", To: "13700000002", Text: "【示例】您的短信验证码为024522。", Params: map[string]string{"code": "024522", "minutes": "5"}}

func newHTTP(t *testing.T, address string, authorities []byte) *sms.HTTP {
	t.Helper()
	h, err := sms.NewHTTP(address, []byte(smstest.Secret), authorities)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

// cut ends the connection without an answer.
func cut(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// hang answers when the client has gone.
func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func TestHTTPSendsSignedJSON(t *testing.T) {
	t.Parallel()
	g := smstest.New()
	defer g.Close()
	got := newHTTP(t, g.URL, nil).Send(within(t, time.Minute), message)
	if want := (sms.Result{Outcome: sms.Sent, Reference: "ref-sms_1"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	want := []smstest.Received{{ID: message.ID, To: message.To, Text: message.Text, Kind: message.Kind, Params: message.Params}}
	if diff := cmp.Diff(want, g.Messages()); diff != "" || g.Wrong() != 0 {
		t.Errorf("received (-want +got):\n%s%d wrong", diff, g.Wrong())
	}
}

// The vector that the documentation gives to those who write a gateway.
func TestSignature(t *testing.T) {
	t.Parallel()
	if got := sms.Sign([]byte("key"), "1700000000", "sms_1", []byte(`{"id":"sms_1"}`)); got != "5b703b4ed719e1613ddf0e7f0ccb2ed791b0266cd537ede4132439ffeb16c499" {
		t.Errorf("got %s", got)
	}
}

func TestHTTPOutcomes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   sms.Result
	}{
		"taken without a word":               {smstest.Status(204, ""), sms.Result{Outcome: sms.Sent}},
		"taken with an answer that is none":  {smstest.Status(200, "<html>"), sms.Result{Outcome: sms.Sent}},
		"taken, the number as its reference": {smstest.Status(200, `{"reference":"x13700000002"}`), sms.Result{Outcome: sms.Sent}},
		"refused for good":                   {smstest.Status(400, `{"code":"NUMBER_BLOCKED"}`), sms.Result{Outcome: sms.Refused, Code: "NUMBER_BLOCKED"}},
		"refused with the number as code":    {smstest.Status(422, `{"code":"13700000002"}`), sms.Result{Outcome: sms.Refused, Code: "http-422"}},
		"refused with a text as code":        {smstest.Status(413, `{"code":"too long: 您的"}`), sms.Result{Outcome: sms.Refused, Code: "http-413"}},
		"limited":                            {smstest.Status(429, ""), sms.Result{Outcome: sms.Limited, Code: "http-429"}},
		"wrong key":                          {smstest.Status(401, ""), sms.Result{Outcome: sms.Failed, Code: "http-401"}},
		"trouble":                            {smstest.Status(500, `{"code":"DOWN"}`), sms.Result{Outcome: sms.Failed, Code: "DOWN"}},
		"not available":                      {smstest.Status(503, ""), sms.Result{Outcome: sms.Failed, Code: "http-503"}},
		"nobody answered the gateway":        {smstest.Status(504, ""), sms.Result{Outcome: sms.Unknown, Code: "http-504"}},
		"cut after the request":              {cut, sms.Result{Outcome: sms.Unknown, Code: sms.CodeCut}},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusTemporaryRedirect) },
			sms.Result{Outcome: sms.Failed, Code: "http-307"}},
		"cut inside the answer": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "100")
			w.WriteHeader(http.StatusOK)
			_ = http.NewResponseController(w).Flush()
			cut(w, r)
		}, sms.Result{Outcome: sms.Sent}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := smstest.New()
			defer g.Close()
			g.Answer(c.answer)
			h := newHTTP(t, g.URL, nil)
			for range 2 { // the second goes over a connection that was used
				if got := h.Send(within(t, time.Minute), message); got != c.want {
					t.Errorf("got %+v, want %+v", got, c.want)
				}
			}
			if n := len(g.Messages()); n != 2 {
				t.Errorf("%d requests for two tries", n)
			}
		})
	}
}

func TestHTTPTimeOutIsUnknown(t *testing.T) {
	t.Parallel()
	g := smstest.New()
	defer g.Close()
	g.Answer(hang)
	got := newHTTP(t, g.URL, nil).Send(within(t, 200*time.Millisecond), message)
	if want := (sms.Result{Outcome: sms.Unknown, Code: sms.CodeTimeout}); got != want || len(g.Messages()) != 1 {
		t.Errorf("got %+v after %d requests, want %+v after one", got, len(g.Messages()), want)
	}
}

func TestHTTPThatReachesNobodyFailed(t *testing.T) {
	t.Parallel()
	deaf, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := deaf.Addr().String()
	_ = deaf.Close()
	if got, want := newHTTP(t, "http://"+gone, nil).Send(within(t, time.Minute), message), (sms.Result{Outcome: sms.Failed, Code: sms.CodeUnreachable}); got != want {
		t.Errorf("nothing listens: got %+v, want %+v", got, want)
	}
	// Connections are taken and cut before the handshake has ended, so that nothing of the request went out.
	rude, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer rude.Close()
	go func() {
		for {
			conn, err := rude.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 1))
			_ = conn.Close()
		}
	}()
	if got := newHTTP(t, "https://"+rude.Addr().String(), nil).Send(within(t, time.Minute), message); got.Outcome != sms.Failed {
		t.Errorf("cut before the request: got %+v", got)
	}
	// Somebody takes connections, or not even that, and is never heard of: the handshake does not end.
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	if got, want := newHTTP(t, "https://"+mute.Addr().String(), nil).Send(within(t, 200*time.Millisecond), message), (sms.Result{Outcome: sms.Failed, Code: sms.CodeTimeout}); got != want {
		t.Errorf("no handshake: got %+v, want %+v", got, want)
	}
}

func TestHTTPChecksTheCertificate(t *testing.T) {
	t.Parallel()
	var taken atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { taken.Add(1) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if got, want := newHTTP(t, server.URL, nil).Send(within(t, time.Minute), message), (sms.Result{Outcome: sms.Failed, Code: sms.CodeUnreachable}); got != want || taken.Load() != 0 {
		t.Errorf("unknown authority: got %+v after %d requests, want %+v", got, taken.Load(), want)
	}
	if got := newHTTP(t, server.URL, authority).Send(within(t, time.Minute), message); got.Outcome != sms.Sent || taken.Load() != 1 {
		t.Errorf("known authority: got %+v", got)
	}
}

func TestNewHTTPRefusesWhatIsNotSafe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		address     string
		secret      string
		authorities []byte
	}{
		"http elsewhere":          {"http://sms.example.com/hunter22", "s", nil},
		"http on a network":       {"http://10.0.0.1/hunter22", "s", nil},
		"a name that looks local": {"http://127.0.0.1.example.com/hunter22", "s", nil},
		"another scheme":          {"ftp://127.0.0.1/hunter22", "s", nil},
		"no host":                 {"https:///hunter22", "s", nil},
		"no URL":                  {"https://a:%hunter22", "s", nil},
		"no secret":               {"https://sms.example.com/hunter22", "", nil},
		"no authorities":          {"https://sms.example.com/hunter22", "s", []byte("hunter22")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := sms.NewHTTP(c.address, []byte(c.secret), c.authorities); err == nil || strings.Contains(err.Error(), "hunter22") {
				t.Errorf("got %v", err)
			}
		})
	}
	for _, address := range []string{"https://sms.example.com/send?x=y", "http://127.0.0.1:1/", "http://localhost:1", "http://[::1]:1"} {
		if _, err := sms.NewHTTP(address, []byte("s"), nil); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// discard reads a request to its end before it is answered.
func discard(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
	_, _ = io.Copy(io.Discard, r.Body)
	answer(w, r)
}
