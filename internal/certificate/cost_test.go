package certificate_test

import (
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/certificate"
	"github.com/farenctl/farenctl/internal/certificate/certificatetest"
)

type algorithm struct {
	ID         asn1.ObjectIdentifier
	Parameters any `asn1:"optional"`
}

type encrypted struct {
	Algorithm algorithm
	Data      []byte
}

// encryptedKey is a key that says of itself how much work opening it takes.
func encryptedKey(t testing.TB, kdf asn1.ObjectIdentifier, costs any) []byte {
	t.Helper()
	type pbes2 struct{ KDF, Cipher algorithm }
	cipher := algorithm{asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}, make([]byte, 16)}
	der, err := asn1.Marshal(encrypted{algorithm{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}, pbes2{algorithm{kdf, costs}, cipher}}, make([]byte, 128)})
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: der})
}

var (
	pbkdf2OID = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
	scryptOID = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11591, 4, 11}
)

type scryptCosts struct {
	Salt    []byte
	N, R, P int64
}

type pbkdf2Costs struct {
	Salt       []byte
	Iterations int64
	KeyLength  int64
	PRF        algorithm
}

func TestAKeyThatAsksForTooMuchWorkIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	authority, err := certificatetest.NewAuthority("ca", nil)
	if err != nil {
		t.Fatal(err)
	}
	sha256 := algorithm{ID: asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 9}, Parameters: asn1.NullRawValue}
	for name, c := range map[string]struct {
		key  []byte
		want string
	}{
		"as OpenSSL makes it":   {encryptedKey(t, pbkdf2OID, pbkdf2Costs{make([]byte, 8), 2048, 32, sha256}), certificate.ReasonPassword},
		"hours of PBKDF2":       {encryptedKey(t, pbkdf2OID, pbkdf2Costs{make([]byte, 8), 1 << 40, 32, sha256}), certificate.ReasonUnsupported},
		"a terabyte of scrypt":  {encryptedKey(t, scryptOID, scryptCosts{make([]byte, 8), 1 << 20, 1 << 13, 1}), certificate.ReasonUnsupported},
		"years of scrypt":       {encryptedKey(t, scryptOID, scryptCosts{make([]byte, 8), 1 << 14, 8, 1 << 40}), certificate.ReasonUnsupported},
		"less than nothing":     {encryptedKey(t, scryptOID, scryptCosts{make([]byte, 8), -1, 8, 1}), certificate.ReasonUnsupported},
		"scrypt as OpenSSL has": {encryptedKey(t, scryptOID, scryptCosts{make([]byte, 8), 1 << 14, 8, 1}), certificate.ReasonPassword},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			_, err := certificate.ReadHolder(certificatetest.PEM(authority.Certificate), c.key, "open")
			var refused *certificate.Error
			if !errors.As(err, &refused) || refused.Reason != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}
