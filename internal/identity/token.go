package identity

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// leeway is by how much the clocks of provider and client may differ.
const leeway = 30 * time.Second

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
