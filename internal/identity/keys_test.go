package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

func set(t testing.TB, keys ...any) json.RawMessage {
	t.Helper()
	var all jose.JSONWebKeySet
	for _, key := range keys {
		all.Keys = append(all.Keys, jose.JSONWebKey{Key: key, Use: "sig"})
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func read(t testing.TB, text json.RawMessage) int {
	t.Helper()
	got, err := keySet(text)
	if err != nil {
		return -1
	}
	static, ok := got.(*oidc.StaticKeySet)
	if !ok {
		t.Fatalf("a set of kind %T", got)
	}
	return len(static.PublicKeys)
}

func TestKeysThatCostTooMuchAreLeftOut(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	long := &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 100_000, 1), E: 65537}
	if n := read(t, set(t, long, &key.PublicKey)); n != 1 {
		t.Errorf("%d keys are read beside a modulus of 100,000 bits, want 1", n)
	}
	many := make([]any, 3*keysMax)
	for i := range many {
		many[i] = &key.PublicKey
	}
	if n := read(t, set(t, many...)); n != keysMax {
		t.Errorf("%d keys are read of %d, want %d", n, len(many), keysMax)
	}
	// A secret that signs is no public key, and a private one was never to be published.
	if n := read(t, set(t, []byte("secret"), key)); n != 0 {
		t.Errorf("%d keys are read that are not public", n)
	}
}

func FuzzToken(f *testing.F) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	keys := set(f, &key.PublicKey)
	f.Add("eyJhbGciOiJub25lIn0.e30.", []byte(keys))
	f.Add("eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJhIn0.AAAA", []byte(`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"},{"kty":"oct","k":"AAAA"},null,[]]}`))
	f.Add(strings.Repeat(".", 10), []byte(strings.Repeat("[", 100)))
	p, err := NewOIDC(OIDCOptions{Issuer: "https://id.example", ClientID: "c", Algorithms: []string{"ES256", "RS256"}, AMR: "face", ClaimName: "n", ClaimDocument: "d", ClaimType: "t"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, token string, set []byte) {
		now := p.o.Now()
		if c := p.check(t.Context(), token, set, now, now); c.Failure == "" {
			t.Fatalf("%q proves something", token)
		}
		kept, err := json.Marshal(evidence{Token: token})
		if err != nil {
			t.Fatal(err)
		}
		if hash, err := TokenHash(kept); err != nil || len(hash) != 32 {
			t.Fatalf("%q has no hash: %v", token, err)
		}
		_, _ = TokenHash(set)
		_ = keyID(token)
	})
}
