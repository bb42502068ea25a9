// Package smstest is an HTTP gateway of messages on this machine that takes what package sms sends and notes it. Only tests and the bench
// import it.
package smstest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"time"

	"github.com/farenctl/farenctl/internal/sms"
)

// Secret is the key of the gateway's signatures.
const Secret = "gateway-test-secret"

// Received is a message as the gateway got it.
type Received struct {
	ID     string            `json:"id"`
	To     string            `json:"to"`
	Text   string            `json:"text"`
	Kind   string            `json:"kind"`
	Params map[string]string `json:"params"`
}

// Gateway takes messages. Answer, when set, answers in its place after a message was noted.
type Gateway struct {
	*httptest.Server

	mu       sync.Mutex
	answer   http.HandlerFunc
	messages []Received
	wrong    int
}

// New starts a gateway; close it.
func New() *Gateway {
	g := &Gateway{}
	g.Server = httptest.NewServer(http.HandlerFunc(g.take))
	return g
}

// Answer makes every later message be answered by answer; nil: taken.
func (g *Gateway) Answer(answer http.HandlerFunc) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.answer = answer
}

// Status answers with a status and a body.
func Status(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body) //nolint:errcheck // the client may be gone
	}
}

func (g *Gateway) take(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var m Received
	at := r.Header.Get(sms.HeaderTimestamp)
	seconds, timeErr := strconv.ParseInt(at, 10, 64)
	right := err == nil && timeErr == nil && json.Unmarshal(body, &m) == nil && r.Method == http.MethodPost && m.ID != "" &&
		m.ID == r.Header.Get(sms.HeaderMessageID) && r.Header.Get(sms.HeaderSignature) == sms.Sign([]byte(Secret), at, m.ID, body) &&
		time.Since(time.Unix(seconds, 0)).Abs() < time.Minute
	g.mu.Lock()
	answer := g.answer
	if right {
		g.messages = append(g.messages, m)
	} else {
		g.wrong++
	}
	g.mu.Unlock()
	switch {
	case !right:
		w.WriteHeader(http.StatusForbidden)
	case answer != nil:
		answer(w, r)
	default:
		io.WriteString(w, `{"reference": "ref-`+m.ID+`"}`) //nolint:errcheck // the client may be gone
	}
}

// Messages are those received so far, in their order.
func (g *Gateway) Messages() []Received {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]Received(nil), g.messages...)
}

// Wrong counts the requests that were no message, or badly signed.
func (g *Gateway) Wrong() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.wrong
}
