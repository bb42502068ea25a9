package certificate

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"strconv"
	"strings"
	"time"
)

// reasonRemoveFromCRL takes an entry back (RFC 5280, 5.3.1).
const reasonRemoveFromCRL = 8

// Trust is what certificates are checked against. A nil Lists says that revocation is not looked at.
type Trust struct {
	Authorities []*x509.Certificate
	Lists       []*x509.RevocationList
}

// ReadAuthorities reads the certificates of authorities, PEM one after the other or one DER.
func ReadAuthorities(file []byte) ([]*x509.Certificate, error) {
	blocks, err := blocksOf(file, "CERTIFICATE")
	if err != nil {
		return nil, err
	}
	all := make([]*x509.Certificate, len(blocks))
	for i, raw := range blocks {
		if all[i], err = x509.ParseCertificate(raw); err != nil {
			return nil, &Error{Reason: ReasonUnreadable, cause: err}
		}
	}
	return all, nil
}

// ReadLists reads revocation lists, PEM one after the other or one DER.
func ReadLists(file []byte) ([]*x509.RevocationList, error) {
	blocks, err := blocksOf(file, "X509 CRL")
	if err != nil {
		return nil, err
	}
	all := make([]*x509.RevocationList, len(blocks))
	for i, raw := range blocks {
		if all[i], err = x509.ParseRevocationList(raw); err != nil {
			return nil, &Error{Reason: ReasonUnreadable, cause: err}
		}
	}
	return all, nil
}

func blocksOf(file []byte, kind string) ([][]byte, error) {
	if !isPEM(file) {
		return [][]byte{file}, nil
	}
	var all [][]byte
	for rest := file; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type == kind {
			all = append(all, block.Bytes)
		}
	}
	if len(all) == 0 {
		return nil, refuse(ReasonUnreadable)
	}
	return all, nil
}

// Check follows the chain of a certificate to an authority at a time, checks that it may sign (key usage digitalSignature, extended key
// usage clientAuth where it has one), and looks in the revocation lists whether it, or one between, was taken back by then. The lists have
// to be current now, which is later than at where a sign-in of the past is looked at. Every error is an [*Error].
func (t Trust) Check(chain []*x509.Certificate, at, now time.Time) error {
	leaf := chain[0]
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, authority := range t.Authorities {
		// An organization's own certificate that strays in here must not vouch for itself, past every revocation list.
		if authority.IsCA {
			roots.AddCert(authority)
		}
	}
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	if bytes.Equal(leaf.RawIssuer, leaf.RawSubject) && leaf.CheckSignature(leaf.SignatureAlgorithm, leaf.RawTBSCertificate, leaf.Signature) == nil {
		return refuse(ReasonSelfSigned)
	}
	switch {
	case at.Before(leaf.NotBefore):
		return &Error{Reason: ReasonNotYetValid, At: leaf.NotBefore}
	case at.After(leaf.NotAfter):
		return &Error{Reason: ReasonExpired, At: leaf.NotAfter}
	}
	chains, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	if err != nil {
		return untrusted(err)
	}
	if leaf.IsCA || leaf.KeyUsage&x509.KeyUsageDigitalSignature == 0 {
		return refuse(ReasonUsage)
	}
	if t.Lists == nil {
		return nil
	}
	// One chain that nobody has taken back is enough; else the worst that is known is told.
	worst := refuse(ReasonUntrusted)
	for _, found := range chains {
		refused := t.checkRevocation(found, at, now)
		if refused == nil {
			return nil
		}
		if worst.Reason != ReasonRevoked {
			worst = refused
		}
	}
	return worst
}

func untrusted(err error) *Error {
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) && invalid.Reason == x509.IncompatibleUsage {
		return &Error{Reason: ReasonUsage, cause: err}
	}
	return &Error{Reason: ReasonUntrusted, cause: err}
}

func (t Trust) checkRevocation(chain []*x509.Certificate, at, now time.Time) *Error {
	for i, c := range chain[:len(chain)-1] {
		known, refused := t.revoked(c, chain[i+1], at, now)
		if refused != nil {
			return refused
		}
		// Of the authorities between, those lists are looked at that are there.
		if !known && i == 0 {
			return refuse(ReasonRevocationUnknown)
		}
	}
	return nil
}

// revoked tells whether a current list of the issuer covers the certificate. An entry counts in an old list, too.
func (t Trust) revoked(c, issuer *x509.Certificate, at, now time.Time) (known bool, refused *Error) {
	for _, list := range t.Lists {
		if !bytes.Equal(list.RawIssuer, issuer.RawSubject) || list.CheckSignatureFrom(issuer) != nil {
			continue
		}
		for _, entry := range list.RevokedCertificateEntries {
			if entry.SerialNumber.Cmp(c.SerialNumber) == 0 && entry.ReasonCode != reasonRemoveFromCRL && !entry.RevocationTime.After(at) {
				return false, &Error{Reason: ReasonRevoked, At: entry.RevocationTime}
			}
		}
		if Current(list, now) && complete(list) {
			known = true
		}
	}
	return known, nil
}

// Current tells whether a revocation list is within its time.
func Current(list *x509.RevocationList, now time.Time) bool {
	return !now.Before(list.ThisUpdate) && now.Before(list.NextUpdate)
}

// complete tells that a list covers all of its issuer's certificates: an extension that limits it is critical (RFC 5280, 5.2).
func complete(list *x509.RevocationList) bool {
	for _, extension := range list.Extensions {
		if extension.Critical {
			return false
		}
	}
	return true
}

// attributes are the names under which a subject's attribute can be configured (X.520, RFC 4519).
var attributes = map[string]asn1.ObjectIdentifier{
	"CN": {2, 5, 4, 3}, "serialNumber": {2, 5, 4, 5}, "O": {2, 5, 4, 10}, "OU": {2, 5, 4, 11}, "UID": {0, 9, 2342, 19200300, 100, 1, 1},
	"organizationIdentifier": {2, 5, 4, 97},
}

// ParseAttribute reads an attribute's name (CN, serialNumber, O, OU, UID, organizationIdentifier) or object identifier (2.5.4.97).
func ParseAttribute(name string) (asn1.ObjectIdentifier, bool) {
	if id, known := attributes[name]; known {
		return id, true
	}
	parts := strings.Split(name, ".")
	id := make(asn1.ObjectIdentifier, len(parts))
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return nil, false
		}
		id[i] = n
	}
	return id, len(id) > 2
}

// Subject gives the values that the subject of a certificate has of an attribute.
func Subject(c *x509.Certificate, attribute asn1.ObjectIdentifier) []string {
	var values []string
	for _, name := range c.Subject.Names {
		if text, isText := name.Value.(string); isText && name.Type.Equal(attribute) {
			values = append(values, text)
		}
	}
	return values
}
