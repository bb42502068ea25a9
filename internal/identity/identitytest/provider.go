// Package identitytest is an OpenID provider on loopback for tests, with a phone that a test plays. Whoever it knows is made up.
package identitytest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// The client that the provider knows.
const (
	ClientID     = "farenctl-test"
	ClientSecret = "test-client-secret"
)

// Provider is the provider. Its URL is the issuer.
type Provider struct {
	*httptest.Server
	storage *storage
	mu      sync.Mutex
	down    bool
	change  func(claims map[string]any) // of the next token
	forge   *ecdsa.PrivateKey           // signs the next tokens instead
	replay  string                      // given instead of the next token
	slow    int                         // answers slow_down so many times
	last    string                      // the newest token
	polls   int
	delay   time.Duration // before a token is handed out, which is spent already
}

// New starts a provider on loopback. interval is how long its clients wait between polls.
func New(interval time.Duration) (*Provider, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	p := &Provider{storage: &storage{key: key, keyID: "key-1", grants: map[string]*grant{}}}
	var handler http.Handler
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.serve(handler, w, r) }))
	handler, err = op.NewProvider(&op.Config{DeviceAuthorization: op.DeviceAuthorizationConfig{Lifetime: 5 * time.Minute, PollInterval: interval,
		UserFormURL: p.URL + "/phone", UserCode: op.UserCodeBase20}}, p.storage, op.StaticIssuer(p.URL), op.WithAllowInsecure(), op.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// serve plays what a test asked for, and lets the real provider answer everything else.
func (p *Provider) serve(handler http.Handler, w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	down := p.down
	slow := strings.HasSuffix(r.URL.Path, "/oauth/token") && p.slow > 0
	if slow {
		p.slow--
	}
	if strings.HasSuffix(r.URL.Path, "/oauth/token") {
		p.polls++
	}
	p.mu.Unlock()
	switch {
	case down:
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case slow:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error": "slow_down"}`))
		return
	case !strings.HasSuffix(r.URL.Path, "/oauth/token"):
		handler.ServeHTTP(w, r)
		return
	}
	recorded := httptest.NewRecorder()
	handler.ServeHTTP(recorded, r)
	body := recorded.Body.Bytes()
	var answer map[string]any
	if recorded.Code == http.StatusOK && json.Unmarshal(body, &answer) == nil {
		if token, ok := answer["id_token"].(string); ok {
			answer["id_token"] = p.altered(token)
			p.mu.Lock()
			delay := p.delay
			p.mu.Unlock()
			time.Sleep(delay)
			body, _ = json.Marshal(answer)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(recorded.Code)
	_, _ = w.Write(body)
}

// altered is the token that a client gets: the provider's own unless a test asked for another.
func (p *Provider) altered(token string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	change, forge, replay := p.change, p.forge, p.replay
	p.change, p.forge, p.replay = nil, nil, ""
	if replay != "" {
		return replay
	}
	if change != nil || forge != nil {
		signed, err := jose.ParseSigned(token, []jose.SignatureAlgorithm{jose.ES256})
		if err != nil {
			return ""
		}
		claims := map[string]any{}
		if json.Unmarshal(signed.UnsafePayloadWithoutVerification(), &claims) != nil {
			return ""
		}
		if change != nil {
			change(claims)
		}
		key := forge
		if key == nil {
			key = p.storage.key
		}
		token = sign(claims, key, p.storage.keyID)
	}
	p.last = token
	return token
}

func sign(claims map[string]any, key *ecdsa.PrivateKey, id string) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: id}}, nil)
	if err != nil {
		return ""
	}
	payload, _ := json.Marshal(claims)
	object, err := signer.Sign(payload)
	if err != nil {
		return ""
	}
	token, _ := object.CompactSerialize()
	return token
}

// Down makes the provider answer nothing but 503, or everything again.
func (p *Provider) Down(down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
}

// Delay makes the provider take its time over every token that it hands out.
func (p *Provider) Delay(delay time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = delay
}

// Slow makes the provider answer slow_down so many times.
func (p *Provider) Slow(times int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.slow = times
}

// Change alters the claims of the next token, which is signed as ever.
func (p *Provider) Change(change func(claims map[string]any)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.change = change
}

// Forge signs the next token with a key that nobody knows.
func (p *Provider) Forge() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forge = key
	return err
}

// Replay gives the newest token once more instead of the next one; Give gives any text.
func (p *Provider) Replay() { p.Give(p.last) }

// Give gives a text instead of the next token.
func (p *Provider) Give(token string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.replay = token
}

// Last is the newest token.
func (p *Provider) Last() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

// Polls is how often the token end point was asked.
func (p *Provider) Polls() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.polls
}

// Rotate signs with a new key from now on; the old one is published no more.
func (p *Provider) Rotate() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	p.storage.mu.Lock()
	defer p.storage.mu.Unlock()
	p.storage.key, p.storage.keyID = key, p.storage.keyID+"+"
	return err
}

// Person is who holds the phone.
type Person struct {
	Name, DocumentType, DocumentNumber, UnitCode string
	AMR                                          []string // nil: face
}

// Approve plays the phone: the person scans the code of the QR URI and passes the face check.
func (p *Provider) Approve(qrURI string, person Person) error {
	return p.storage.settle(qrURI, func(g *grant) {
		g.state.Done, g.state.Subject, g.state.AuthTime, g.person = true, "subject-1", time.Now(), person
		if g.state.AMR = person.AMR; person.AMR == nil {
			g.state.AMR = []string{"face"}
		}
	})
}

// Deny plays the phone: the person refuses.
func (p *Provider) Deny(qrURI string) error {
	return p.storage.settle(qrURI, func(g *grant) { g.state.Denied = true })
}

// Expire ends a device code's time.
func (p *Provider) Expire(qrURI string) error {
	return p.storage.settle(qrURI, func(g *grant) { g.state.Expires = time.Now().Add(-time.Second) })
}

type grant struct {
	user   string
	state  op.DeviceAuthorizationState
	person Person
	spent  bool
}

// storage keeps what the provider needs for the device grant of one client, in memory. What it does not implement is never called.
type storage struct {
	op.Storage
	mu     sync.Mutex
	key    *ecdsa.PrivateKey
	keyID  string
	grants map[string]*grant
}

func (s *storage) settle(qrURI string, change func(*grant)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.grants {
		if strings.HasSuffix(qrURI, "user_code="+g.user) {
			change(g)
			return nil
		}
	}
	return fmt.Errorf("no device code for this QR code")
}

func (s *storage) StoreDeviceAuthorization(_ context.Context, clientID, deviceCode, userCode string, expires time.Time, scopes []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.grants[deviceCode] = &grant{user: userCode, state: op.DeviceAuthorizationState{ClientID: clientID, Scopes: scopes, Expires: expires}}
	return nil
}

func (s *storage) GetDeviceAuthorizatonState(_ context.Context, _, deviceCode string) (*op.DeviceAuthorizationState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := s.grants[deviceCode]
	if !ok || g.spent {
		return nil, oidc.ErrInvalidGrant()
	}
	g.spent = g.state.Done
	state := g.state
	return &state, nil
}

func (s *storage) CreateAccessToken(context.Context, op.TokenRequest) (string, time.Time, error) {
	return "access", time.Now().Add(time.Minute), nil
}

func (s *storage) SigningKey(context.Context) (op.SigningKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return signingKey{s.key, s.keyID}, nil
}

func (s *storage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.ES256}, nil
}

func (s *storage) KeySet(context.Context) ([]op.Key, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return []op.Key{publicKey{signingKey{s.key, s.keyID}}}, nil
}

func (s *storage) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if id != ClientID {
		return nil, errors.New("no such client")
	}
	return client{}, nil
}

func (s *storage) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	if id != ClientID || secret != ClientSecret {
		return errors.New("wrong secret")
	}
	return nil
}

func (s *storage) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil
}

// SetUserinfoFromRequest says who the person is, in the token itself.
func (s *storage) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, request op.IDTokenRequest, _ []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.grants {
		if g.spent && g.state.AuthTime.Equal(request.GetAuthTime()) {
			info.AppendClaims("person_name", g.person.Name)
			info.AppendClaims("document_type", g.person.DocumentType)
			info.AppendClaims("document_number", g.person.DocumentNumber)
			info.AppendClaims("unit_code", g.person.UnitCode)
		}
	}
	return nil
}

func (s *storage) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, nil
}

func (s *storage) Health(context.Context) error { return nil }

type signingKey struct {
	key *ecdsa.PrivateKey
	id  string
}

func (k signingKey) ID() string                                  { return k.id }
func (k signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.ES256 }
func (k signingKey) Key() any                                    { return k.key }

type publicKey struct{ signingKey }

func (k publicKey) Algorithm() jose.SignatureAlgorithm { return jose.ES256 }
func (k publicKey) Use() string                        { return "sig" }
func (k publicKey) Key() any                           { return &k.key.PublicKey }

// client is the one client.
type client struct{ op.Client }

func (client) GetID() string                        { return ClientID }
func (client) ApplicationType() op.ApplicationType  { return op.ApplicationTypeWeb }
func (client) AuthMethod() oidc.AuthMethod          { return oidc.AuthMethodBasic }
func (client) GrantTypes() []oidc.GrantType         { return []oidc.GrantType{oidc.GrantTypeDeviceCode} }
func (client) AccessTokenType() op.AccessTokenType  { return op.AccessTokenTypeBearer }
func (client) IDTokenLifetime() time.Duration       { return time.Minute }
func (client) ClockSkew() time.Duration             { return 0 }
func (client) IDTokenUserinfoClaimsAssertion() bool { return true }

//nolint:staticcheck // the library's name
func (client) RestrictAdditionalIdTokenScopes() func([]string) []string     { return same }
func (client) RestrictAdditionalAccessTokenScopes() func([]string) []string { return same }

func same(scopes []string) []string { return scopes }
