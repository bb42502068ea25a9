package identity

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/farenctl/farenctl/internal/outbound"
)

// The failures of a check by OpenID Connect, beside those of a person who is another one.
const (
	FailureDenied    = "denied"          // the person refused
	FailureSpent     = "code-spent"      // the device code was used by somebody whose answer is lost
	FailureSignature = "token-signature" // the token is not signed by the provider's keys, or by an algorithm that is not allowed
	FailureIssuer    = "token-issuer"    // another provider's token
	FailureAudience  = "token-audience"  // a token for another client
	FailureExpired   = "token-expired"   // its time is over
	FailureTime      = "token-time"      // the person was checked before this check began
	FailureAMR       = "token-amr"       // the person was checked otherwise than by face
	FailureClaims    = "token-claims"    // the token does not say who the person is
	FailureMissing   = "token-missing"   // no ID token in the answer
)

// uriMax is the longest address that is drawn as a QR code, in bytes.
const uriMax = 1000

// answerMax is the longest answer that is read, in bytes.
const answerMax = 1 << 20

// OIDCOptions say which provider and client, and how the token says what farenctl asks.
type OIDCOptions struct {
	Issuer, ClientID string
	ClientSecret     string // "": a public client
	Authorities      []byte // PEM, beside the system's
	Scopes           []string
	Algorithms       []string
	AMR              string
	ClaimName        string
	ClaimDocument    string
	ClaimType        string
	ClaimUnitCode    string // "": the token names no organization
	DocumentTypes    map[string]string
	Now              func() time.Time // nil: time.Now
}

// OIDC is a provider that speaks OpenID Connect Core 1.0 with the device authorization grant (RFC 8628).
//
// Discovery and keys are asked once a process; keys again where they do not fit a token, since providers change them.
type OIDC struct {
	o      OIDCOptions
	client *http.Client

	mu    sync.Mutex
	found *discovery
	jwks  json.RawMessage
	asked time.Time // for the keys
}

// keysLive is how long the provider's keys are good without being asked for again.
const keysLive = time.Minute

// NewOIDC prepares a provider. It asks nothing yet.
func NewOIDC(o OIDCOptions) (*OIDC, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	pool, err := outbound.Roots(o.Authorities)
	if err != nil {
		return nil, fmt.Errorf("identity provider: authorities: %w", err)
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
		DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext, TLSHandshakeTimeout: 5 * time.Second, ResponseHeaderTimeout: 10 * time.Second,
		MaxResponseHeaderBytes: outbound.HeadersMax}
	return &OIDC{o: o, client: &http.Client{Transport: outbound.Bounded(transport, answerMax), Timeout: 15 * time.Second, CheckRedirect: outbound.NoRedirect}}, nil
}

// Name is "oidc".
func (p *OIDC) Name() string { return "oidc" }

// pending is what a poll needs.
type pending struct {
	DeviceCode string    `json:"device_code"`
	Issuer     string    `json:"issuer"`
	ClientID   string    `json:"client_id"`
	Started    time.Time `json:"started"` // by this machine's clock, as auth_time is by the provider's
}

// discovery is what of the provider's metadata is used (OpenID Connect Discovery 1.0, RFC 8628 section 4).
type discovery struct {
	DeviceURL string `json:"device_authorization_endpoint"`
	TokenURL  string `json:"token_endpoint"`
	JWKSURL   string `json:"jwks_uri"`
}

func (p *OIDC) discover(ctx context.Context) (discovery, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return *p.found, nil
	}
	var d discovery
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.o.Issuer)
	if err == nil {
		err = provider.Claims(&d)
	}
	var away *url.Error
	if err != nil && !errors.As(err, &away) {
		err = errors.New("discovery: no answer that can be used") // which may have anything in it
	}
	for _, address := range []string{d.DeviceURL, d.TokenURL, d.JWKSURL} {
		if err == nil && !p.safe(address) {
			err = errors.New("the provider has no device authorization grant over https")
		}
	}
	if err != nil {
		return d, &Error{cause: err}
	}
	p.found = &d
	return d, nil
}

// safe tells an address to which a secret may go: https, or http on this machine for a provider that is there itself.
func (p *OIDC) safe(address string) bool {
	return outbound.Safe(address) && (strings.HasPrefix(p.o.Issuer, "http://") || !strings.HasPrefix(strings.ToLower(address), "http://"))
}

// post sends a form as this client and gives status and body.
func (p *OIDC) post(ctx context.Context, address string, form url.Values) (int, []byte, error) {
	form.Set("client_id", p.o.ClientID)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, nil, &Error{cause: err}
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	if p.o.ClientSecret != "" {
		request.SetBasicAuth(url.QueryEscape(p.o.ClientID), url.QueryEscape(p.o.ClientSecret))
	}
	response, err := p.client.Do(request)
	if err != nil {
		return 0, nil, &Error{cause: err}
	}
	defer response.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(io.LimitReader(response.Body, answerMax))
	if err != nil {
		return 0, nil, &Error{cause: err}
	}
	return response.StatusCode, body, nil
}

// Start asks for a device code.
func (p *OIDC) Start(ctx context.Context, _ string) (Started, error) {
	d, err := p.discover(ctx)
	if err != nil {
		return Started{}, err
	}
	began := p.o.Now()
	status, body, err := p.post(ctx, d.DeviceURL, url.Values{"scope": {strings.Join(p.o.Scopes, " ")}})
	if err != nil {
		return Started{}, err
	}
	if status != http.StatusOK {
		return Started{}, &Error{Refused: status >= 400 && status < 500 && status != http.StatusTooManyRequests, cause: fmt.Errorf("device authorization: HTTP status %d", status)}
	}
	var answer oauth2.DeviceAuthResponse
	if err := json.Unmarshal(body, &answer); err != nil || answer.DeviceCode == "" || !p.safe(answer.VerificationURI) ||
		answer.VerificationURIComplete != "" && !p.safe(answer.VerificationURIComplete) || len(answer.VerificationURI)+len(answer.VerificationURIComplete) > uriMax {
		return Started{}, &Error{cause: errors.New("device authorization: the answer is not that of RFC 8628")}
	}
	secret, err := json.Marshal(pending{DeviceCode: answer.DeviceCode, Issuer: p.o.Issuer, ClientID: p.o.ClientID, Started: began})
	if err != nil {
		return Started{}, fmt.Errorf("encode a device code: %w", err)
	}
	// The device code itself is no name of the check: who has it can take the answer.
	sum := sha256.Sum256([]byte(answer.DeviceCode))
	started := Started{Reference: hex.EncodeToString(sum[:16]), QRURI: answer.VerificationURIComplete, Secret: secret, Interval: 5 * time.Second}
	if started.QRURI == "" {
		started.QRURI, started.UserCode = answer.VerificationURI, answer.UserCode
	}
	if answer.Interval > 0 {
		started.Interval = time.Duration(min(answer.Interval, 3600)) * time.Second
	}
	if !answer.Expiry.IsZero() {
		started.Lifetime = min(max(time.Until(answer.Expiry).Round(time.Second), time.Second), 24*time.Hour)
	}
	return started, nil
}

// Ready has discovery and keys at hand.
func (p *OIDC) Ready(ctx context.Context) error {
	d, err := p.discover(ctx)
	if err != nil {
		return err
	}
	_, err = p.keys(ctx, d, false)
	return err
}

// Poll asks the token end point once.
func (p *OIDC) Poll(ctx context.Context, secret []byte) (Answer, error) {
	var waiting pending
	if err := json.Unmarshal(secret, &waiting); err != nil {
		return Answer{}, fmt.Errorf("decode a device code: %w", err)
	}
	if waiting.Issuer != p.o.Issuer || waiting.ClientID != p.o.ClientID {
		// The code is as good as the answer: it goes to nobody else.
		return Answer{}, &Error{Other: true}
	}
	d, err := p.discover(ctx)
	if err != nil {
		return Answer{}, err
	}
	// Before the code is spent: whoever dies in between has lost the answer.
	keys, err := p.keys(ctx, d, false)
	if err != nil {
		return Answer{}, err
	}
	status, body, err := p.post(ctx, d.TokenURL, url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "device_code": {waiting.DeviceCode}})
	if err != nil {
		return Answer{}, err
	}
	var answer struct {
		Error   string `json:"error"`
		IDToken string `json:"id_token"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return Answer{}, &Error{cause: fmt.Errorf("token end point: HTTP status %d without JSON", status)}
	}
	switch answer.Error {
	case "":
	case "authorization_pending":
		return Answer{}, nil
	case "slow_down":
		return Answer{SlowDown: true}, nil
	case "access_denied":
		return Answer{Outcome: "failed", Failure: FailureDenied}, nil
	case "expired_token":
		return Answer{Outcome: "expired"}, nil
	case "invalid_grant":
		return Answer{Outcome: "failed", Failure: FailureSpent}, nil
	case "invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope", "invalid_request":
		return Answer{}, &Error{Refused: true, cause: errors.New("token end point: " + answer.Error)}
	default:
		return Answer{}, &Error{cause: fmt.Errorf("token end point: HTTP status %d", status)}
	}
	if status != http.StatusOK {
		return Answer{}, &Error{cause: fmt.Errorf("token end point: HTTP status %d", status)}
	}
	if answer.IDToken == "" {
		return Answer{Outcome: "failed", Failure: FailureMissing}, nil
	}
	now := p.o.Now()
	checked := p.check(ctx, answer.IDToken, keys, waiting.Started, now)
	// Keys are changed while people check: those that are published now have the last word. The code is spent, so they are asked for again.
	for try := 0; checked.Failure == FailureSignature && try < 3; try++ {
		fresh, err := p.keys(ctx, d, true)
		if err == nil {
			keys = fresh
			checked = p.check(ctx, answer.IDToken, keys, waiting.Started, now)
			break
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
	kept, err := json.Marshal(evidence{Token: answer.IDToken, Keys: keys, From: waiting.Started, At: now, Issuer: p.o.Issuer, ClientID: p.o.ClientID, AMR: p.o.AMR})
	if err != nil {
		return Answer{}, fmt.Errorf("encode the evidence: %w", err)
	}
	out := Answer{Outcome: "passed", Person: checked.Person, Evidence: kept}
	if checked.Failure != "" {
		out.Outcome, out.Failure = "failed", checked.Failure
	}
	return out, nil
}

// keys gives the provider's keys as they are published: fresh says that those of before are not good enough.
func (p *OIDC) keys(ctx context.Context, d discovery, fresh bool) (json.RawMessage, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.jwks != nil && !fresh && p.o.Now().Sub(p.asked) < keysLive {
		return p.jwks, nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.JWKSURL, nil)
	if err != nil {
		return nil, &Error{cause: err}
	}
	response, err := p.client.Do(request)
	if err != nil {
		return nil, &Error{cause: err}
	}
	defer response.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(io.LimitReader(response.Body, answerMax))
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("keys: HTTP status %d", response.StatusCode)
	}
	if err == nil && !json.Valid(body) {
		err = errors.New("keys: no JSON")
	}
	if err != nil {
		return nil, &Error{cause: err}
	}
	p.jwks, p.asked = body, p.o.Now()
	return body, nil
}
