package identity_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/farenctl/farenctl/internal/identity"
	"github.com/farenctl/farenctl/internal/identity/identitytest"
)

var wang = identitytest.Person{Name: "王建国", DocumentType: "01", DocumentNumber: "330106198001010013", UnitCode: "91330106MA0000015K"}

func provider(t *testing.T) *identitytest.Provider {
	t.Helper()
	p, err := identitytest.New(time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func client(t *testing.T, p *identitytest.Provider, change func(*identity.OIDCOptions)) *identity.OIDC {
	t.Helper()
	o := identity.OIDCOptions{Issuer: p.URL, ClientID: identitytest.ClientID, ClientSecret: identitytest.ClientSecret, Scopes: []string{"openid", "profile"},
		Algorithms: []string{"ES256"}, AMR: "face", ClaimName: "person_name", ClaimType: "document_type", ClaimDocument: "document_number",
		DocumentTypes: map[string]string{"01": "resident-id"}}
	if change != nil {
		change(&o)
	}
	c, err := identity.NewOIDC(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func start(t *testing.T, c *identity.OIDC) identity.Started {
	t.Helper()
	s, err := c.Start(context.Background(), "ver_1")
	if err != nil {
		t.Fatal(chain(err))
	}
	return s
}

func poll(t *testing.T, c *identity.OIDC, s identity.Started) identity.Answer {
	t.Helper()
	a, err := c.Poll(context.Background(), s.Secret)
	if err != nil {
		t.Fatal(chain(err))
	}
	return a
}

func chain(err error) string {
	if err == nil {
		return ""
	}
	return err.Error() + ": " + chain(errors.Unwrap(err))
}

func TestACheckThatPassesSaysWhoThePersonIs(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := client(t, p, func(o *identity.OIDCOptions) { o.ClaimUnitCode = "unit_code" })
	s := start(t, c)
	if s.Interval != time.Second || s.Lifetime < 4*time.Minute || s.Lifetime > 5*time.Minute || !strings.Contains(s.QRURI, "user_code=") || s.UserCode != "" {
		t.Fatalf("started %+v", s)
	}
	if strings.Contains(s.Reference, "device_code") || strings.Contains(string(s.Secret), s.Reference) {
		t.Fatal("the reference tells the device code")
	}
	if a := poll(t, c, s); a.Outcome != "" || a.SlowDown {
		t.Fatalf("before the person did anything: %+v", a)
	}
	p.Slow(1)
	if a := poll(t, c, s); a.Outcome != "" || !a.SlowDown {
		t.Fatalf("slow_down: %+v", a)
	}
	if err := p.Approve(s.QRURI, wang); err != nil {
		t.Fatal(err)
	}
	// Another process goes on with the secret alone.
	other := client(t, p, func(o *identity.OIDCOptions) { o.ClaimUnitCode = "unit_code" })
	a := poll(t, other, s)
	if a.Outcome != "passed" || a.Failure != "" || a.Person != (identity.Person{Name: "王建国", DocumentType: "resident-id", DocumentNumber: "330106198001010013", UnitCode: "91330106MA0000015K"}) {
		t.Fatalf("answer %q %q %+v", a.Outcome, a.Failure, a.Person)
	}
	checked, published, err := c.Recheck(context.Background(), a.Evidence)
	if err != nil || checked.Failure != "" || checked.Person != a.Person || published == nil || !*published || checked.KeyID != "key-1" || len(checked.AMR) != 1 {
		t.Fatalf("recheck %+v, %v, %v", checked, published, err)
	}
	// The keys of that time are kept: later the provider signs with others, or is gone.
	if err := p.Rotate(); err != nil {
		t.Fatal(err)
	}
	if checked, published, err = c.Recheck(context.Background(), a.Evidence); err != nil || checked.Failure != "" || published == nil || *published {
		t.Fatalf("after a change of keys: %+v, %v, %v", checked, published, err)
	}
	p.Down(true)
	if checked, published, err = client(t, p, nil).Recheck(context.Background(), a.Evidence); err != nil || checked.Failure != "" || published != nil {
		t.Fatalf("without the provider: %+v, %v, %v", checked, published, err)
	}
	p.Down(false)
	// This provider calls a code that was used denied.
	if a := poll(t, c, s); a.Outcome != "failed" || a.Failure != identity.FailureDenied {
		t.Fatalf("once more: %+v", a)
	}
}

func TestKeysThatChangedMeanwhileAreFetchedAgain(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := client(t, p, nil)
	s := start(t, c)
	poll(t, c, s) // has the old keys now
	if err := errors.Join(p.Rotate(), p.Approve(s.QRURI, wang)); err != nil {
		t.Fatal(err)
	}
	if a := poll(t, c, s); a.Outcome != "passed" {
		t.Fatalf("answer %q %q", a.Outcome, a.Failure)
	}
}

func TestEveryWayInWhichACheckFailsHasItsName(t *testing.T) {
	t.Parallel()
	set := func(name string, value any) func(*identitytest.Provider, string) error {
		return func(p *identitytest.Provider, qr string) error {
			p.Change(func(claims map[string]any) { claims[name] = value })
			return p.Approve(qr, wang)
		}
	}
	give := func(text func(last string) string) func(*identitytest.Provider, string) error {
		return func(p *identitytest.Provider, qr string) error {
			p.Give(text(p.Last()))
			return p.Approve(qr, wang)
		}
	}
	now := time.Now()
	for name, tt := range map[string]struct {
		act              func(*identitytest.Provider, string) error
		outcome, failure string
	}{
		"denied":                     {func(p *identitytest.Provider, qr string) error { return p.Deny(qr) }, "failed", identity.FailureDenied},
		"not in time":                {func(p *identitytest.Provider, qr string) error { return p.Expire(qr) }, "expired", ""},
		"another key":                {func(p *identitytest.Provider, qr string) error { return errors.Join(p.Forge(), p.Approve(qr, wang)) }, "failed", identity.FailureSignature},
		"another issuer":             {set("iss", "https://other.example"), "failed", identity.FailureIssuer},
		"another client":             {set("aud", []string{"somebody"}), "failed", identity.FailureAudience},
		"for two, not to us":         {set("aud", []string{"somebody", identitytest.ClientID}), "passed", ""},
		"to another party":           {set("azp", "somebody"), "failed", identity.FailureAudience},
		"over":                       {set("exp", now.Add(-time.Minute).Unix()), "failed", identity.FailureExpired},
		"over within the leeway":     {set("exp", now.Add(-time.Second).Unix()), "passed", ""},
		"checked before":             {set("auth_time", now.Add(-time.Minute).Unix()), "failed", identity.FailureTime},
		"checked in the future":      {set("auth_time", now.Add(time.Hour).Unix()), "failed", identity.FailureTime},
		"not told when":              {set("auth_time", nil), "failed", identity.FailureTime},
		"by password":                {set("amr", []string{"pwd"}), "failed", identity.FailureAMR},
		"not told how":               {set("amr", nil), "failed", identity.FailureAMR},
		"by face and password":       {set("amr", []string{"pwd", "face"}), "passed", ""},
		"no name":                    {set("person_name", ""), "failed", identity.FailureClaims},
		"no document":                {set("document_number", nil), "failed", identity.FailureClaims},
		"a number for a name":        {set("person_name", 7), "failed", identity.FailureClaims},
		"amr of another kind":        {set("amr", "face"), "failed", identity.FailureClaims},
		"no token":                   {give(func(string) string { return " " }), "failed", identity.FailureSignature},
		"unsigned":                   {give(unsigned), "failed", identity.FailureSignature},
		"signed with the public key": {give(symmetric), "failed", identity.FailureSignature},
		"signed with the key set":    {published, "failed", identity.FailureSignature},
		"with a key of its own":      {give(own), "failed", identity.FailureSignature},
		"unsigned, spelt otherwise":  {give(func(last string) string { return headed(last, `{"alg":"nOnE"}`) }), "failed", identity.FailureSignature},
		"without an algorithm":       {give(func(last string) string { return headed(last, `{"typ":"JWT"}`) }), "failed", identity.FailureSignature},
		"not valid yet":              {set("nbf", now.Add(time.Hour).Unix()), "failed", identity.FailureExpired},
		"issued in the future":       {set("iat", now.Add(time.Hour).Unix()), "failed", identity.FailureExpired},
		"over since always":          {set("exp", 0), "failed", identity.FailureExpired},
		"checked in another year":    {set("auth_time", now.AddDate(-1, 0, 0).Unix()), "failed", identity.FailureTime},
		"by a face that is a list":   {set("amr", []any{[]any{"face"}}), "failed", identity.FailureClaims},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := provider(t)
			c := client(t, p, nil)
			first := start(t, c)
			if err := p.Approve(first.QRURI, wang); err != nil {
				t.Fatal(err)
			}
			if a := poll(t, c, first); a.Outcome != "passed" {
				t.Fatalf("the first check: %q %q", a.Outcome, a.Failure)
			}
			s := start(t, c)
			if err := tt.act(p, s.QRURI); err != nil {
				t.Fatal(err)
			}
			a := poll(t, c, s)
			if a.Outcome != tt.outcome || a.Failure != tt.failure {
				t.Fatalf("%q %q, want %q %q", a.Outcome, a.Failure, tt.outcome, tt.failure)
			}
			if a.Outcome == "failed" && a.Failure == identity.FailureSignature && a.Person != (identity.Person{}) {
				t.Error("something of a forged token was read")
			}
		})
	}
}

// unsigned is a token with the algorithm none.
func unsigned(last string) string {
	parts := strings.Split(last, ".")
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + parts[1] + "."
}

// headed is the last token under another head, with its signature.
func headed(last, head string) string {
	_, rest, _ := strings.Cut(last, ".")
	return base64.RawURLEncoding.EncodeToString([]byte(head)) + "." + rest
}

// own is a token that is signed, and brings the key for it along (RFC 7515, 4.1.3).
func own(last string) string {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return ""
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, &jose.SignerOptions{EmbedJWK: true})
	if err != nil {
		return ""
	}
	claims, err := base64.RawURLEncoding.DecodeString(strings.Split(last, ".")[1])
	if err != nil {
		return ""
	}
	signed, err := signer.Sign(claims)
	if err != nil {
		return ""
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		return ""
	}
	return text
}

// published gives tokens that take what the provider publishes for a secret: the whole set, and its parts.
func published(p *identitytest.Provider, qr string) error {
	response, err := http.Get(p.URL + "/keys")
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // only read
	secret, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return fmt.Errorf("keys: %d, %w", response.StatusCode, err)
	}
	parts := strings.Split(p.Last(), ".")
	signed := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","kid":"key-1"}`)) + "." + parts[1]
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(signed))
	p.Give(signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)))
	return p.Approve(qr, wang)
}

// symmetric is a token that takes a public text for a secret.
func symmetric(last string) string {
	parts := strings.Split(last, ".")
	signed := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256"}`)) + "." + parts[1]
	mac := hmac.New(sha256.New, []byte("key-1"))
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func TestATokenIsWrittenInOneWayOnly(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := client(t, p, nil)
	first := start(t, c)
	if err := p.Approve(first.QRURI, wang); err != nil {
		t.Fatal(err)
	}
	one := poll(t, c, first)
	parts := strings.Split(p.Last(), ".")
	flipped := []byte(parts[1])
	last := strings.IndexByte(base64URL, flipped[len(flipped)-1])
	flipped[len(flipped)-1] = base64URL[last^1]
	for name, text := range map[string]string{
		"a leading space":     " " + p.Last(),
		"a line feed between": parts[0] + ".\n" + parts[1] + "." + parts[2],
		"as JSON":             `{"protected":"` + parts[0] + `","payload":"` + parts[1] + `","signature":"` + parts[2] + `","x":"1.2"}`,
		"spare bits":          parts[0] + "." + string(flipped) + "." + parts[2],
		"padded":              parts[0] + "." + parts[1] + "." + parts[2] + "=",
	} {
		s := start(t, c)
		p.Give(text)
		if err := p.Approve(s.QRURI, wang); err != nil {
			t.Fatal(err)
		}
		if a := poll(t, c, s); a.Outcome != "failed" || a.Failure != identity.FailureSignature {
			t.Errorf("%s: %q %q", name, a.Outcome, a.Failure)
		}
	}
	s := start(t, c)
	p.Replay()
	if err := p.Approve(s.QRURI, wang); err != nil {
		t.Fatal(err)
	}
	again := poll(t, c, s)
	x, errX := identity.TokenHash(one.Evidence)
	y, errY := identity.TokenHash(again.Evidence)
	if errX != nil || errY != nil || string(x) != string(y) {
		t.Errorf("the same token has two hashes: %v, %v", errX, errY)
	}
}

const base64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// Evidence is looked at as it was when it came: what was refused then is refused again, and who asks another provider is told so.
func TestEvidenceIsLookedAtAsOfItsTime(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := client(t, p, nil)
	for name, tt := range map[string]struct {
		claim   string
		value   any
		failure string
	}{
		"over when it came": {"exp", time.Now().Add(-time.Minute).Unix(), identity.FailureExpired},
		"not begun":         {"nbf", time.Now().Add(time.Hour).Unix(), identity.FailureExpired},
		"without iat":       {"iat", nil, identity.FailureClaims},
	} {
		s := start(t, c)
		p.Change(func(claims map[string]any) {
			if claims[tt.claim] = tt.value; tt.value == nil {
				delete(claims, tt.claim)
			}
		})
		if err := p.Approve(s.QRURI, wang); err != nil {
			t.Fatal(err)
		}
		a := poll(t, c, s)
		checked, _, err := c.Recheck(context.Background(), a.Evidence)
		if a.Failure != tt.failure || err != nil || checked.Failure != tt.failure {
			t.Errorf("%s: %q, looked at again %q, want %q", name, a.Failure, checked.Failure, tt.failure)
		}
	}
	s := start(t, c)
	var failed *identity.Error
	if _, err := client(t, provider(t), nil).Poll(context.Background(), s.Secret); !errors.As(err, &failed) || !failed.Other {
		t.Errorf("a device code went to another provider: %v", err)
	}
}

func TestAProviderThatCannotBeAskedSettlesNothing(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := client(t, p, nil)
	s := start(t, c)
	p.Down(true)
	var failed *identity.Error
	if _, err := c.Poll(context.Background(), s.Secret); !errors.As(err, &failed) || failed.Refused {
		t.Fatalf("down: %v", err)
	}
	if _, err := client(t, p, nil).Start(context.Background(), "x"); !errors.As(err, &failed) || failed.Refused {
		t.Fatalf("start while down: %v", err)
	}
	p.Down(false)
	if err := p.Approve(s.QRURI, wang); err != nil {
		t.Fatal(err)
	}
	if a := poll(t, c, s); a.Outcome != "passed" {
		t.Fatalf("afterwards: %q %q", a.Outcome, a.Failure)
	}
	wrong := client(t, p, func(o *identity.OIDCOptions) { o.ClientSecret = "wrong-secret" })
	if _, err := wrong.Start(context.Background(), "x"); !errors.As(err, &failed) || !failed.Refused || strings.Contains(chain(err), "wrong-secret") {
		t.Fatalf("wrong secret: %s", chain(err))
	}
	if _, err := client(t, p, func(o *identity.OIDCOptions) { o.Issuer = p.URL + "/other" }).Start(context.Background(), "x"); !errors.As(err, &failed) {
		t.Fatalf("another issuer: %v", err)
	}
	p.Close()
	if _, err := client(t, p, nil).Start(context.Background(), "x"); !errors.As(err, &failed) || failed.Refused {
		t.Fatalf("gone: %v", err)
	}
}
