package certificate

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"

	"github.com/youmark/pkcs8"
	"software.sslmate.com/src/go-pkcs12"
)

// rsaMinimum is the shortest RSA key that is taken, in bits (NIST SP 800-57: 112 bits of security).
const rsaMinimum = 2048

// sm2Curve is the object identifier of the curve of SM2 (GB/T 33560: 1.2.156.10197.1.301) as it stands in a key.
var sm2Curve = []byte{0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d}

// Holder is a certificate with the chain that came with it, leaf first, and its key where that came, too.
type Holder struct {
	Chain []*x509.Certificate
	Key   crypto.Signer // nil: a token keeps it
}

// Leaf is the organization's own certificate.
func (h Holder) Leaf() *x509.Certificate { return h.Chain[0] }

// ReadHolder reads a certificate: PEM, with the certificates between it and its authority and perhaps the key, DER, or PKCS#12. keyFile is
// the key's own file, nil where there is none: PEM or DER, PKCS#8, PKCS#1 or SEC 1. password opens an encrypted key. A key that does not
// belong to the certificate is refused.
func ReadHolder(file, keyFile []byte, password string) (Holder, error) {
	h, err := readChain(file, password)
	if err != nil {
		return Holder{}, err
	}
	if keyFile != nil {
		if h.Key, err = readKey(keyFile, password); err != nil {
			return Holder{}, err
		}
	}
	if err := supported(h.Leaf().PublicKey); err != nil {
		return Holder{}, err
	}
	if h.Key == nil {
		return h, nil
	}
	public, ok := h.Key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(h.Leaf().PublicKey) {
		return Holder{}, refuse(ReasonKeyMismatch)
	}
	return h, nil
}

func readChain(file []byte, password string) (Holder, error) {
	if !isPEM(file) {
		if leaf, err := x509.ParseCertificate(file); err == nil {
			return Holder{Chain: []*x509.Certificate{leaf}}, nil
		}
		if bytes.Contains(file, sm2Curve) {
			return Holder{}, refuse(ReasonUnsupported)
		}
		return readPKCS12(file, password)
	}
	var h Holder
	for rest := file; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		switch {
		case block.Type == "CERTIFICATE":
			parsed, err := x509.ParseCertificate(block.Bytes)
			if err != nil && bytes.Contains(block.Bytes, sm2Curve) {
				return Holder{}, refuse(ReasonUnsupported)
			}
			if err != nil {
				return Holder{}, &Error{Reason: ReasonUnreadable, cause: err}
			}
			h.Chain = append(h.Chain, parsed)
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			key, err := keyOf(block, password)
			if err != nil {
				return Holder{}, err
			}
			h.Key = key
		}
	}
	if len(h.Chain) == 0 {
		return Holder{}, refuse(ReasonUnreadable)
	}
	return h, nil
}

func readPKCS12(file []byte, password string) (Holder, error) {
	if costly(file) {
		return Holder{}, refuse(ReasonUnsupported)
	}
	key, leaf, between, err := pkcs12.DecodeChain(file, password)
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword):
		return Holder{}, refuse(ReasonPassword)
	case err != nil:
		return Holder{}, &Error{Reason: ReasonUnreadable, cause: err}
	}
	signer, err := signerOf(key)
	if err != nil {
		return Holder{}, err
	}
	return Holder{Chain: append([]*x509.Certificate{leaf}, between...), Key: signer}, nil
}

func readKey(file []byte, password string) (crypto.Signer, error) {
	if !isPEM(file) {
		return keyOf(&pem.Block{Type: "PRIVATE KEY", Bytes: file}, password)
	}
	for rest := file; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil, refuse(ReasonNoKey)
		}
		if strings.HasSuffix(block.Type, "PRIVATE KEY") {
			return keyOf(block, password)
		}
	}
}

// keyOf reads one key. The old encryption of PEM itself (Proc-Type: 4,ENCRYPTED) is not read: it does not tell a wrong password.
func keyOf(block *pem.Block, password string) (crypto.Signer, error) {
	switch {
	case block.Headers["DEK-Info"] != "":
		return nil, refuse(ReasonUnsupported)
	case block.Type == "ENCRYPTED PRIVATE KEY":
		if password == "" {
			return nil, refuse(ReasonPassword)
		}
		if costly(block.Bytes) {
			return nil, refuse(ReasonUnsupported)
		}
		key, _, err := pkcs8.ParsePrivateKey(block.Bytes, []byte(password))
		if err != nil {
			return nil, &Error{Reason: ReasonPassword, cause: err}
		}
		return signerOf(key)
	}
	if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
		return signerOf(key)
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return signerOf(key)
	}
	if key, err := x509.ParseECPrivateKey(block.Bytes); err == nil {
		return signerOf(key)
	}
	if bytes.Contains(block.Bytes, sm2Curve) {
		return nil, refuse(ReasonUnsupported)
	}
	return nil, refuse(ReasonUnreadable)
}

func signerOf(key any) (crypto.Signer, error) {
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, refuse(ReasonUnsupported)
	}
	return signer, supported(signer.Public())
}

func supported(key crypto.PublicKey) error {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() >= rsaMinimum {
			return nil
		}
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() || k.Curve == elliptic.P384() || k.Curve == elliptic.P521() {
			return nil
		}
	}
	return refuse(ReasonUnsupported)
}

func isPEM(file []byte) bool { return bytes.Contains(file, []byte("-----BEGIN ")) }
