package cli_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/farenctl/farenctl/internal/identity/identitytest"
	"github.com/farenctl/farenctl/internal/sms/smstest"
)

// endless answers with more than any memory holds, or until the client has enough: first, then filler for ever, up to two gigabytes.
func endless(first, filler string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if _, err := io.WriteString(w, first); err != nil {
			return
		}
		block := []byte(strings.Repeat(filler, 64<<10/len(filler)))
		for range 2 << 30 / len(block) {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
}

// answering answers with a text.
func answering(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, text)
	}
}

// heads answers with heads that are too much.
func heads(w http.ResponseWriter, _ *http.Request) {
	for i := range 200 {
		w.Header().Set(fmt.Sprint("X-Filler-", i), strings.Repeat("x", 8<<10))
	}
}

// silent takes a request and never answers.
func silent(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// away sends whoever asks elsewhere, where the secret must not go.
func away(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusTemporaryRedirect)
}

// hostileAnswers are what nobody answers who means well.
func hostileAnswers() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"nothing": answering(""), "no JSON": answering("<html>\x1b[31m\u202e</html>"), "another kind": answering(`[1, "\u001b[31m"]`), "deep": answering(strings.Repeat(`{"a":`, 150000)),
		"deep lists": answering(strings.Repeat("[", 900<<10)), "endless text": endless(`{"issuer": "`, "x"), "endless blanks": endless("", " "),
		"endless keys": endless(`{"keys": [{}`, `,{"kty":"RSA","n":"AQAB","e":"AQAB"}`), "heads": heads, "away": away, "zeros": endless("", "\x00"),
	}
}

// hostileProvider is a good provider but for what one of its paths answers.
func (w *world) hostileProvider(good *identitytest.Provider, path string, answer http.HandlerFunc) []string {
	server := httptest.NewServer(nil)
	w.t.Cleanup(server.Close)
	server.Config.Handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, path) {
			answer(out, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		request, err := http.NewRequestWithContext(r.Context(), r.Method, good.URL+r.URL.RequestURI(), bytes.NewReader(body))
		if err != nil {
			return
		}
		request.Header = r.Header
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return
		}
		defer response.Body.Close() //nolint:errcheck // only read
		text, err := io.ReadAll(response.Body)
		if err != nil {
			return
		}
		out.Header().Set("Content-Type", response.Header.Get("Content-Type"))
		out.WriteHeader(response.StatusCode)
		_, _ = out.Write(bytes.ReplaceAll(text, []byte(good.URL), []byte(server.URL)))
	})
	return []string{"FARENCTL_IDENTITY_ISSUER=" + server.URL}
}

// An identity provider that means harm costs a bounded time and memory, and settles nothing.
func TestAHostileIdentityProviderSettlesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	application := w.must(w.submission(0, "")...)
	good := w.openID(5)
	type trial struct {
		name string
		env  []string
	}
	var trials []trial
	for _, path := range []string{"/.well-known/openid-configuration", "/device_authorization"} {
		for name, answer := range hostileAnswers() {
			trials = append(trials, trial{path + " " + name, w.hostileProvider(good, path, answer)})
		}
	}
	trials = append(trials, trial{"silent discovery", w.hostileProvider(good, "/openid-configuration", silent)})
	inParallel(trials, func(one trial) {
		s := w.measured("", one.env, "verify", "face", "start", "--purpose", "review", "--for", application, "--timeout", "4s", "-o", "json")
		w.withstood(one.name, s, 69, 78)
	})
	if n := w.count(`SELECT count(*) FROM faren.verification WHERE purpose = 'review'`); n != 0 {
		t.Errorf("%d checks were begun, want none", n)
	}
}

// A gateway that means harm costs a bounded time and memory, and what it says reaches no terminal.
func TestAHostileGatewayHarmsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	answers := hostileAnswers()
	answers["evil names"] = answering(`{"reference": "\u001b]0;x\u0007\u202e'; DROP TABLE faren.sms; --", "code": "\u001b[31m"}`)
	answers["long names"] = answering(`{"reference": "` + strings.Repeat("x", 12<<10) + `"}`)
	for name, answer := range answers {
		server := httptest.NewServer(answer)
		t.Cleanup(server.Close)
		var environment []string
		for key, value := range gatewayEnvironment(server.URL, w.write("gateway-secret", smstest.Secret)) {
			environment = append(environment, key+"="+value)
		}
		w.exec(`DELETE FROM faren.sms_code; DELETE FROM faren.sms_number; DELETE FROM faren.sms`)
		s := w.measured("", environment, "verify", "sms", "--phone", "13900000077", "--purpose", "register", "-q")
		w.withstood(name, s, 0)
		s = w.measured("", environment, "sms", "show", strings.TrimSpace(s.stdout))
		w.withstood(name+", shown", s, 0)
		s = w.measured("", environment, "sms", "dispatch", "--limit", "1")
		w.withstood(name+", dispatched", s, 0, 7)
	}
}
