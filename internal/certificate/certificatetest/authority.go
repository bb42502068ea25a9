// Package certificatetest makes authorities, certificates and revocation lists for tests. All of them are made up.
package certificatetest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"sync/atomic"
	"time"
)

// Authorities and certificates of tests live from Begin to End, which holds every date that a test's clock shows.
var (
	Begin = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	End   = time.Date(2044, 1, 1, 0, 0, 0, 0, time.UTC)
)

var serial atomic.Int64

// Authority issues certificates.
type Authority struct {
	Certificate *x509.Certificate
	Key         crypto.Signer
	chain       []*x509.Certificate // those between it and the root, itself first; empty for a root
}

// NewAuthority makes an authority, below parent or, for nil, a root.
func NewAuthority(name string, parent *Authority) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial.Add(1)), Subject: pkix.Name{Country: []string{"CN"}, Organization: []string{"Example CA"}, CommonName: name},
		NotBefore: Begin, NotAfter: End, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign}
	a := &Authority{Key: key}
	above := &Authority{Certificate: template, Key: key}
	if parent != nil {
		above = parent
	}
	if a.Certificate, err = sign(template, above, key.Public()); err != nil {
		return nil, err
	}
	if parent != nil {
		a.chain = append([]*x509.Certificate{a.Certificate}, parent.chain...)
	}
	return a, nil
}

func sign(template *x509.Certificate, by *Authority, public crypto.PublicKey) (*x509.Certificate, error) {
	raw, err := x509.CreateCertificate(rand.Reader, template, by.Certificate, public, by.Key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(raw)
}

// Request says what certificate is wanted. The zero value of a field means what an organization's certificate has.
type Request struct {
	UnitCode   string
	Attribute  asn1.ObjectIdentifier // of the subject that has the unit code; nil: serialNumber
	RSA        int                   // bits of an RSA key; 0: ECDSA on P-256
	NotBefore  time.Time
	NotAfter   time.Time
	SelfSigned bool
	KeyUsage   x509.KeyUsage
	ExtUsage   []x509.ExtKeyUsage
	Change     func(*x509.Certificate)
}

// Issued is a certificate with its key and the chain to its authority's root, leaf first, without the root.
type Issued struct {
	Chain []*x509.Certificate
	Key   crypto.Signer
}

// Issue makes a certificate.
func (a *Authority) Issue(r Request) (Issued, error) {
	var key crypto.Signer
	var err error
	if r.RSA > 0 {
		key, err = rsa.GenerateKey(rand.Reader, r.RSA)
	} else {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	if err != nil {
		return Issued{}, err
	}
	if r.Attribute == nil {
		r.Attribute = asn1.ObjectIdentifier{2, 5, 4, 5}
	}
	subject := pkix.Name{Country: []string{"CN"}, CommonName: "示例单位"}
	if r.UnitCode != "" {
		subject.ExtraNames = []pkix.AttributeTypeAndValue{{Type: r.Attribute, Value: r.UnitCode}}
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial.Add(1)), Subject: subject, NotBefore: Begin, NotAfter: End, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, BasicConstraintsValid: true}
	if !r.NotBefore.IsZero() {
		template.NotBefore = r.NotBefore
	}
	if !r.NotAfter.IsZero() {
		template.NotAfter = r.NotAfter
	}
	if r.KeyUsage != 0 {
		template.KeyUsage = r.KeyUsage
	}
	if r.ExtUsage != nil {
		template.ExtKeyUsage = r.ExtUsage
	}
	if r.Change != nil {
		r.Change(template)
	}
	by := a
	if r.SelfSigned {
		by = &Authority{Certificate: template, Key: key}
	}
	leaf, err := sign(template, by, key.Public())
	if err != nil {
		return Issued{}, err
	}
	return Issued{Chain: append([]*x509.Certificate{leaf}, by.chain...), Key: key}, nil
}

// List makes a revocation list that is current from Begin until next (zero: End) and has the certificates in it, taken back at Begin.
// Change may alter it.
func (a *Authority) List(next time.Time, change func(*x509.RevocationList), revoked ...*x509.Certificate) ([]byte, error) {
	if next.IsZero() {
		next = End
	}
	template := &x509.RevocationList{Number: big.NewInt(serial.Add(1)), ThisUpdate: Begin, NextUpdate: next}
	for _, c := range revoked {
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: c.SerialNumber, RevocationTime: Begin})
	}
	if change != nil {
		change(template)
	}
	return x509.CreateRevocationList(rand.Reader, template, a.Certificate, a.Key)
}

// PEM writes certificates one after the other.
func PEM(certificates ...*x509.Certificate) []byte {
	var out []byte
	for _, c := range certificates {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return out
}

// KeyPEM writes a key as PKCS#8.
func KeyPEM(key crypto.Signer) ([]byte, error) {
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("write a key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}), nil
}
