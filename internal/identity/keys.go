package identity

import (
	"crypto"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

// The most keys of a provider that are tried, and the longest RSA modulus in bits: each costs time, and a set of a megabyte has room for
// thousands, or for one that takes minutes.
const (
	keysMax = 100
	rsaMax  = 8192
)

// keySet reads a JSON Web Key Set (RFC 7517). Keys that are not for signatures, or of a kind that is not known, are left out.
func keySet(text json.RawMessage) (oidc.KeySet, error) {
	var raw struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, fmt.Errorf("read the provider's keys: %w", err)
	}
	set := &oidc.StaticKeySet{}
	for _, one := range raw.Keys {
		var key jose.JSONWebKey
		if json.Unmarshal(one, &key) != nil || !key.Valid() || !key.IsPublic() || key.Use != "" && key.Use != "sig" {
			continue
		}
		if public, isRSA := key.Key.(*rsa.PublicKey); isRSA && public.N.BitLen() > rsaMax {
			continue
		}
		if len(set.PublicKeys) == keysMax {
			break
		}
		set.PublicKeys = append(set.PublicKeys, crypto.PublicKey(key.Key))
	}
	return set, nil
}

// keyID reads the name of the key that a token says it was signed with; the token has been checked.
func keyID(token string) string {
	header, _, _ := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(header)
	if err != nil {
		return ""
	}
	var h struct {
		KeyID string `json:"kid"`
	}
	if json.Unmarshal(raw, &h) != nil {
		return ""
	}
	return h.KeyID
}
