package sms

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/outbound"
)

// The headers of a request to an HTTP gateway. The deduplication key is not called Idempotency-Key: with that, Go's transport takes a POST
// for one that it may send again by itself.
const (
	HeaderTimestamp = "X-Farenctl-Timestamp"  // seconds since 1970
	HeaderMessageID = "X-Farenctl-Message-Id" // the deduplication key: a gateway takes one id once
	HeaderSignature = "X-Farenctl-Signature"  // HMAC-SHA256 over timestamp, line feed, id, line feed and body, hexadecimal
)

// answerMax is as much of an answer as is read, in bytes.
const answerMax = 16 << 10

// HTTP sends messages to a gateway that takes signed JSON: POST {id, to, text, kind, params} with the headers above. Of its answer the
// status counts:
//
//	2xx                taken, now or before under this id; {"reference": …} is the gateway's name of it
//	400, 413, 422      refused for good; {"code": …} says why
//	429                too many: tried again
//	504                nobody knows: never tried again by itself
//	any other          not taken (a wrong key, a wrong address, trouble): tried again under the same id
//
// No answer after the request went out means that nobody knows, either. It follows no redirect.
type HTTP struct {
	url    string
	secret []byte
	client *http.Client
	now    func() time.Time
}

// NewHTTP prepares a gateway at an address: https, or http on this machine. authorities are PEM certificates beside the system's; nil: none.
func NewHTTP(address string, secret, authorities []byte) (*HTTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, &ConfigError{account.Say("the gateway's address is no URL", "短信网关地址无效")} // which may hold a secret
	}
	if !outbound.Safe(address) {
		return nil, &ConfigError{account.Say("the gateway's address is neither https nor on this machine", "短信网关地址既不是 https，也不在本机")}
	}
	if len(secret) == 0 {
		return nil, &ConfigError{account.Say("the gateway's secret is empty", "短信网关密钥为空")}
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 64, IdleConnTimeout: 30 * time.Second,
		MaxResponseHeaderBytes: outbound.HeadersMax, TLSHandshakeTimeout: 10 * time.Second, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	if transport.TLSClientConfig.RootCAs, err = outbound.Roots(authorities); err != nil {
		return nil, &ConfigError{account.Say("the gateway's authorities are no PEM certificates", "短信网关的发证机构文件不是 PEM 证书")}
	}
	return &HTTP{url: address, secret: secret, now: time.Now, client: &http.Client{Transport: transport,
		CheckRedirect: outbound.NoRedirect}}, nil
}

// Name is "http".
func (*HTTP) Name() string { return "http" }

// Sign is the signature of a body.
func Sign(secret []byte, timestamp, id string, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(timestamp + "\n" + id + "\n"))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// Send hands one message to the gateway.
func (h *HTTP) Send(ctx context.Context, m Message) Result {
	var written atomic.Bool
	request, err := h.request(watched(ctx, &written), m)
	if err != nil {
		return Result{Outcome: Failed, Code: CodeUnreachable}
	}
	response, err := h.client.Do(request)
	if err != nil {
		return lost(err, written.Load())
	}
	defer response.Body.Close() //nolint:errcheck // what is wanted of it was read
	// The status has been told already; a cut in the rest changes nothing.
	body, _ := io.ReadAll(io.LimitReader(response.Body, answerMax))
	var answer struct {
		Reference string `json:"reference"`
		Code      string `json:"code"`
	}
	_ = json.Unmarshal(body, &answer)
	status := response.StatusCode
	r := Result{Outcome: Failed, Reference: plain(answer.Reference, m), Code: cmp.Or(plain(answer.Code, m), "http-"+strconv.Itoa(status))}
	switch {
	case status >= 200 && status < 300:
		r.Outcome, r.Code = Sent, ""
	case status == http.StatusBadRequest, status == http.StatusRequestEntityTooLarge, status == http.StatusUnprocessableEntity:
		r.Outcome = Refused
	case status == http.StatusTooManyRequests:
		r.Outcome = Limited
	case status == http.StatusGatewayTimeout:
		r.Outcome = Unknown
	}
	return r
}

func (h *HTTP) request(ctx context.Context, m Message) (*http.Request, error) {
	body, err := json.Marshal(struct {
		ID     string            `json:"id"`
		To     string            `json:"to"`
		Text   string            `json:"text"`
		Kind   string            `json:"kind"`
		Params map[string]string `json:"params,omitempty"`
	}{m.ID, m.To, m.Text, m.Kind, m.Params})
	if err != nil {
		return nil, fmt.Errorf("encode a message: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make a request: %w", err)
	}
	timestamp := strconv.FormatInt(h.now().Unix(), 10)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(HeaderTimestamp, timestamp)
	request.Header.Set(HeaderMessageID, m.ID)
	request.Header.Set(HeaderSignature, Sign(h.secret, timestamp, m.ID, body))
	return request, nil
}
