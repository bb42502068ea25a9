package identity

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
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

// leeway is by how much the clocks of provider and client may differ.
const leeway = 30 * time.Second

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
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if o.Authorities != nil && !pool.AppendCertsFromPEM(o.Authorities) {
		return nil, errors.New("identity provider: the file of authorities has none")
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
		DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext, TLSHandshakeTimeout: 5 * time.Second, ResponseHeaderTimeout: 10 * time.Second}
	return &OIDC{o: o, client: &http.Client{Transport: transport, Timeout: 15 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error {
		// A secret must not follow where somebody else points.
		return http.ErrUseLastResponse
	}}}, nil
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

// evidence is what proves an answer: the token, and what it was checked by at that time, which may be gone when it is checked again.
type evidence struct {
	Token    string          `json:"token"`
	Keys     json.RawMessage `json:"keys"`
	From     time.Time       `json:"from"` // when the check began
	At       time.Time       `json:"at"`   // when the token came
	Issuer   string          `json:"issuer"`
	ClientID string          `json:"client_id"`
	AMR      string          `json:"amr"`
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
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	here := u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
	return u.Scheme == "https" || here && strings.HasPrefix(p.o.Issuer, "http://")
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

// Checked is what a token proves, or why it does not.
type Checked struct {
	Person   Person
	Failure  string // "" when it does
	Issuer   string
	KeyID    string
	IssuedAt time.Time
	AuthTime time.Time
	AMR      []string
}

// check checks a token (OpenID Connect Core 1.0, section 3.1.3.7): signature by one of the keys with an allowed algorithm, issuer,
// audience, expiry; that the person was checked after the check began, and by face (RFC 8176).
func (p *OIDC) check(ctx context.Context, token string, keys json.RawMessage, began, now time.Time) Checked {
	set, err := keySet(keys)
	if _, plain := signedParts(token); !plain || err != nil {
		return Checked{Failure: FailureSignature}
	}
	// One after the other, so that each reason has its own name. The signature comes first: nothing else of a forged token is read.
	verifier := oidc.NewVerifier(p.o.Issuer, set, &oidc.Config{SupportedSigningAlgs: p.o.Algorithms, SkipClientIDCheck: true, SkipExpiryCheck: true, SkipIssuerCheck: true})
	id, err := verifier.Verify(ctx, token)
	if err != nil {
		return Checked{Failure: FailureSignature}
	}
	var claims struct {
		AuthTime float64  `json:"auth_time"`
		NotYet   float64  `json:"nbf"`
		AMR      []string `json:"amr"`
		AZP      string   `json:"azp"`
	}
	var all map[string]any
	if id.Claims(&claims) != nil || id.Claims(&all) != nil {
		return Checked{Failure: FailureClaims}
	}
	c := Checked{Issuer: id.Issuer, KeyID: keyID(token), IssuedAt: id.IssuedAt.UTC(), AuthTime: time.Unix(int64(claims.AuthTime), 0).UTC(), AMR: claims.AMR}
	c.Person = Person{Name: text(all, p.o.ClaimName), DocumentNumber: text(all, p.o.ClaimDocument), DocumentType: text(all, p.o.ClaimType)}
	if mapped, known := p.o.DocumentTypes[c.Person.DocumentType]; known {
		c.Person.DocumentType = mapped
	}
	if p.o.ClaimUnitCode != "" {
		c.Person.UnitCode = text(all, p.o.ClaimUnitCode)
	}
	switch {
	case id.Issuer != p.o.Issuer:
		c.Failure = FailureIssuer
	case !slices.Contains(id.Audience, p.o.ClientID) || len(id.Audience) > 1 && claims.AZP != p.o.ClientID || claims.AZP != "" && claims.AZP != p.o.ClientID:
		c.Failure = FailureAudience
	case id.IssuedAt.Unix() <= 0:
		c.Failure = FailureClaims
	case id.Expiry.Add(leeway).Before(now) || id.IssuedAt.After(now.Add(leeway)) || time.Unix(int64(claims.NotYet), 0).After(now.Add(leeway)):
		c.Failure = FailureExpired
	case claims.AuthTime == 0 || c.AuthTime.Before(began.Add(-leeway)) || c.AuthTime.After(now.Add(leeway)):
		c.Failure = FailureTime
	case !slices.Contains(claims.AMR, p.o.AMR):
		c.Failure = FailureAMR
	case c.Person.Name == "" || c.Person.DocumentNumber == "" || c.Person.DocumentType == "" || p.o.ClaimUnitCode != "" && c.Person.UnitCode == "":
		c.Failure = FailureClaims
	}
	return c
}

func text(claims map[string]any, name string) string {
	value, _ := claims[name].(string)
	return strings.TrimSpace(value)
}

// Recheck checks evidence again, by what was expected when the token came, and at that time. published tells whether the key that signed it is among those
// that the provider publishes now; nil when it cannot be asked.
func (p *OIDC) Recheck(ctx context.Context, kept []byte) (checked Checked, published *bool, err error) {
	var e evidence
	if err := json.Unmarshal(kept, &e); err != nil {
		return Checked{}, nil, fmt.Errorf("decode the evidence: %w", err)
	}
	then := &OIDC{o: p.o}
	then.o.Issuer, then.o.ClientID, then.o.AMR = e.Issuer, e.ClientID, e.AMR
	checked = then.check(ctx, e.Token, e.Keys, e.From, e.At)
	if e.Issuer != p.o.Issuer {
		return checked, nil, nil // whom to ask is not configured any more
	}
	if d, err := p.discover(ctx); err == nil {
		if now, err := p.keys(ctx, d, true); err == nil {
			is := then.check(ctx, e.Token, now, e.From, e.At).Failure != FailureSignature
			published = &is
		}
	}
	return checked, published, nil
}

// signedParts gives what a token's signature is over. A token is written in one way only: three parts of strict base64url (RFC 7515, 7.1),
// no JSON serialization, no white space, so that the same token is never taken for another.
func signedParts(token string) ([]byte, bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, false
	}
	var signed []byte
	for i, part := range parts {
		raw, err := base64.RawURLEncoding.Strict().DecodeString(part)
		if err != nil || len(raw) == 0 || strings.ContainsAny(part, "\r\n") {
			return nil, false
		}
		if i < 2 {
			signed = append(append(signed, raw...), 0)
		}
	}
	return signed, true
}

// TokenHash is what tells one token from another: a token proves one check.
func TokenHash(kept []byte) ([]byte, error) {
	var e evidence
	if err := json.Unmarshal(kept, &e); err != nil {
		return nil, fmt.Errorf("decode the evidence: %w", err)
	}
	// The signature may be another one over the same.
	signed, plain := signedParts(e.Token)
	if !plain {
		signed = []byte(e.Token)
	}
	sum := sha256.Sum256(signed)
	return sum[:], nil
}
