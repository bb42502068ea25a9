package certificate

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
)

// Sign signs a challenge: SHA-256, with RSA PKCS #1 v1.5 or ECDSA in ASN.1, which is what `openssl dgst -sha256 -sign` and tokens make.
func Sign(key crypto.Signer, challenge []byte) ([]byte, error) {
	digest := sha256.Sum256(challenge)
	signature, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("sign the challenge: %w", err)
	}
	return signature, nil
}

// CheckSignature checks that the key of a certificate signed a challenge.
func CheckSignature(leaf *x509.Certificate, challenge, signature []byte) error {
	digest := sha256.Sum256(challenge)
	switch key := leaf.PublicKey.(type) {
	case *rsa.PublicKey:
		if rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) == nil {
			return nil
		}
	case *ecdsa.PublicKey:
		if ecdsa.VerifyASN1(key, digest[:], signature) {
			return nil
		}
	}
	return refuse(ReasonSignature)
}
