package certificate_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/youmark/pkcs8"
	"software.sslmate.com/src/go-pkcs12"

	"github.com/farenctl/farenctl/internal/certificate"
	"github.com/farenctl/farenctl/internal/certificate/certificatetest"
)

const unitCode = "91330106MA0000015K"

var now = time.Date(2026, 3, 10, 4, 0, 0, 0, time.UTC)

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func authority(t *testing.T, parent *certificatetest.Authority) *certificatetest.Authority {
	t.Helper()
	return must[*certificatetest.Authority](t)(certificatetest.NewAuthority("test", parent))
}

func issue(t *testing.T, a *certificatetest.Authority, r certificatetest.Request) certificatetest.Issued {
	t.Helper()
	if r.UnitCode == "" {
		r.UnitCode = unitCode
	}
	return must[certificatetest.Issued](t)(a.Issue(r))
}

func lists(t *testing.T, raw ...[]byte) []*x509.RevocationList {
	t.Helper()
	var text []byte
	for _, r := range raw {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: r})...)
	}
	return must[[]*x509.RevocationList](t)(certificate.ReadLists(text))
}

func list(t *testing.T, a *certificatetest.Authority, next time.Time, change func(*x509.RevocationList), revoked ...*x509.Certificate) []byte {
	t.Helper()
	return must[[]byte](t)(a.List(next, change, revoked...))
}

// wantReason fails the test when err is not refused for the reason; "" wants no error.
func wantReason(t *testing.T, err error, reason string) {
	t.Helper()
	var refused *certificate.Error
	switch {
	case reason == "" && err == nil:
	case !errors.As(err, &refused):
		t.Fatalf("got %v, want reason %q", err, reason)
	case refused.Reason != reason:
		t.Fatalf("reason %q, want %q", refused.Reason, reason)
	case !slices.Contains(certificate.Reasons(), refused.Reason):
		t.Fatalf("Reasons lacks %q", refused.Reason)
	}
}

func TestCheckFollowsTheChainAndItsTime(t *testing.T) {
	t.Parallel()
	root := authority(t, nil)
	between := authority(t, root)
	stranger := authority(t, nil)
	for name, tt := range map[string]struct {
		by     *certificatetest.Authority
		r      certificatetest.Request
		reason string
	}{
		"of the authority itself":         {root, certificatetest.Request{}, ""},
		"of one below":                    {between, certificatetest.Request{}, ""},
		"RSA":                             {between, certificatetest.Request{RSA: 2048}, ""},
		"no extended usage at all":        {root, certificatetest.Request{ExtUsage: []x509.ExtKeyUsage{}}, ""},
		"of a stranger":                   {stranger, certificatetest.Request{}, certificate.ReasonUntrusted},
		"self-signed":                     {root, certificatetest.Request{SelfSigned: true}, certificate.ReasonSelfSigned},
		"ended the second before":         {root, certificatetest.Request{NotAfter: now.Add(-time.Second)}, certificate.ReasonExpired},
		"ends this second":                {root, certificatetest.Request{NotAfter: now}, ""},
		"begins this second":              {root, certificatetest.Request{NotBefore: now}, ""},
		"begins the second after":         {root, certificatetest.Request{NotBefore: now.Add(time.Second)}, certificate.ReasonNotYetValid},
		"for encryption only":             {root, certificatetest.Request{KeyUsage: x509.KeyUsageKeyEncipherment}, certificate.ReasonUsage},
		"for servers only":                {root, certificatetest.Request{ExtUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}, certificate.ReasonUsage},
		"an authority's own":              {root, certificatetest.Request{Change: func(c *x509.Certificate) { c.IsCA = true }}, certificate.ReasonUsage},
		"with a critical unknown":         {root, certificatetest.Request{Change: critical}, certificate.ReasonUntrusted},
		"below one that may not sign any": {pretender(t, root), certificatetest.Request{}, certificate.ReasonUntrusted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			trust := certificate.Trust{Authorities: []*x509.Certificate{root.Certificate}}
			wantReason(t, trust.Check(issue(t, tt.by, tt.r).Chain, now, now), tt.reason)
		})
	}
	t.Run("the one between is missing", func(t *testing.T) {
		t.Parallel()
		trust := certificate.Trust{Authorities: []*x509.Certificate{root.Certificate}}
		wantReason(t, trust.Check(issue(t, between, certificatetest.Request{}).Chain[:1], now, now), certificate.ReasonUntrusted)
	})
}

func critical(c *x509.Certificate) {
	c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 156, 1}, Critical: true, Value: []byte{5, 0}}}
}

// pretender is an organization that issues certificates with its own, as a chain that must not be followed.
func pretender(t *testing.T, root *certificatetest.Authority) *certificatetest.Authority {
	t.Helper()
	own := issue(t, root, certificatetest.Request{})
	return &certificatetest.Authority{Certificate: own.Chain[0], Key: own.Key}
}

func TestCheckLooksForRevocation(t *testing.T) {
	t.Parallel()
	root := authority(t, nil)
	between := authority(t, root)
	stranger := authority(t, nil)
	leaf := issue(t, between, certificatetest.Request{})
	other := issue(t, between, certificatetest.Request{})
	var none time.Time
	limited := func(l *x509.RevocationList) {
		l.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 28}, Critical: true, Value: []byte{0x30, 0x03, 0x81, 0x01, 0xff}}}
	}
	for name, tt := range map[string]struct {
		lists  [][]byte
		reason string
	}{
		"a current list without it":                    {[][]byte{list(t, between, none, nil, other.Chain[0])}, ""},
		"a current list with it":                       {[][]byte{list(t, between, none, nil, other.Chain[0], leaf.Chain[0])}, certificate.ReasonRevoked},
		"an old list with it beside a current without": {[][]byte{list(t, between, now.Add(-time.Hour), nil, leaf.Chain[0]), list(t, between, none, nil)}, certificate.ReasonRevoked},
		"an old list without it":                       {[][]byte{list(t, between, now, nil)}, certificate.ReasonRevocationUnknown},
		"a list that is not current yet":               {[][]byte{list(t, between, none, func(l *x509.RevocationList) { l.ThisUpdate = now.Add(time.Hour) })}, certificate.ReasonRevocationUnknown},
		"the list of another authority":                {[][]byte{list(t, root, none, nil)}, certificate.ReasonRevocationUnknown},
		"the list of a stranger":                       {[][]byte{list(t, stranger, none, nil)}, certificate.ReasonRevocationUnknown},
		"a list of a part of the certificates":         {[][]byte{list(t, between, none, limited)}, certificate.ReasonRevocationUnknown},
		"a list of a part, with it":                    {[][]byte{list(t, between, none, limited, leaf.Chain[0])}, certificate.ReasonRevoked},
		"the one between is taken back":                {[][]byte{list(t, between, none, nil), list(t, root, none, nil, between.Certificate)}, certificate.ReasonRevoked},
		"taken back, and given again": {[][]byte{list(t, between, none, func(l *x509.RevocationList) {
			l.RevokedCertificateEntries = []x509.RevocationListEntry{{SerialNumber: leaf.Chain[0].SerialNumber, RevocationTime: certificatetest.Begin, ReasonCode: 8}}
		})}, ""},
		"taken back later": {[][]byte{list(t, between, none, func(l *x509.RevocationList) {
			l.RevokedCertificateEntries = []x509.RevocationListEntry{{SerialNumber: leaf.Chain[0].SerialNumber, RevocationTime: now.Add(time.Second)}}
		})}, ""},
		"on hold": {[][]byte{list(t, between, none, func(l *x509.RevocationList) {
			l.RevokedCertificateEntries = []x509.RevocationListEntry{{SerialNumber: leaf.Chain[0].SerialNumber, RevocationTime: certificatetest.Begin, ReasonCode: 6}}
		})}, certificate.ReasonRevoked},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			trust := certificate.Trust{Authorities: []*x509.Certificate{root.Certificate}, Lists: lists(t, tt.lists...)}
			err := trust.Check(leaf.Chain, now, now)
			wantReason(t, err, tt.reason)
			var refused *certificate.Error
			if errors.As(err, &refused) && refused.Reason == certificate.ReasonRevoked && !refused.At.Equal(certificatetest.Begin) {
				t.Errorf("revoked at %v, want %v", refused.At, certificatetest.Begin)
			}
		})
	}
	t.Run("forged in the authority's name", func(t *testing.T) {
		t.Parallel()
		forged := *stranger
		subject := *between.Certificate
		subject.PublicKey = stranger.Key.Public()
		forged.Certificate = &subject
		trust := certificate.Trust{Authorities: []*x509.Certificate{root.Certificate}, Lists: lists(t, list(t, &forged, none, nil))}
		wantReason(t, trust.Check(leaf.Chain, now, now), certificate.ReasonRevocationUnknown)
	})
}

func TestReadHolderTakesEveryFormat(t *testing.T) {
	t.Parallel()
	root := authority(t, nil)
	between := authority(t, root)
	for name, r := range map[string]certificatetest.Request{"ECDSA": {}, "RSA": {RSA: 2048}} {
		held := issue(t, between, r)
		key := must[[]byte](t)(certificatetest.KeyPEM(held.Key))
		block, _ := pem.Decode(key)
		encrypted := pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: must[[]byte](t)(pkcs8.MarshalPrivateKey(held.Key, []byte("open"), nil))})
		p12 := must[[]byte](t)(pkcs12.Modern.Encode(held.Key, held.Chain[0], held.Chain[1:], "open"))
		legacy := must[[]byte](t)(pkcs12.LegacyDES.Encode(held.Key, held.Chain[0], nil, "open"))
		chain := certificatetest.PEM(held.Chain...)
		for format, tt := range map[string]struct {
			file, key []byte
			password  string
			chain     int
			hasKey    bool
			reason    string
		}{
			"PEM":                           {chain, key, "", 2, true, ""},
			"PEM with the key in it":        {append(slices.Clone(key), chain...), nil, "", 2, true, ""},
			"PEM without a key":             {chain, nil, "", 2, false, ""},
			"DER":                           {held.Chain[0].Raw, block.Bytes, "", 1, true, ""},
			"encrypted key":                 {chain, encrypted, "open", 2, true, ""},
			"encrypted key, wrong password": {chain, encrypted, "shut", 0, false, certificate.ReasonPassword},
			"encrypted key, no password":    {chain, encrypted, "", 0, false, certificate.ReasonPassword},
			"PKCS#12":                       {p12, nil, "open", 2, true, ""},
			"old PKCS#12":                   {legacy, nil, "open", 1, true, ""},
			"PKCS#12, wrong password":       {p12, nil, "shut", 0, false, certificate.ReasonPassword},
			"no certificate":                {key, nil, "", 0, false, certificate.ReasonUnreadable},
			"nothing":                       {[]byte("hello"), nil, "", 0, false, certificate.ReasonUnreadable},
			"no key in the key's file":      {chain, chain, "", 0, false, certificate.ReasonNoKey},
			"nothing in the key's file":     {chain, []byte("hello"), "", 0, false, certificate.ReasonUnreadable},
			"PEM's own encryption":          {chain, []byte("-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n"), "open", 0, false, certificate.ReasonUnsupported},
		} {
			t.Run(name+" "+format, func(t *testing.T) {
				t.Parallel()
				h, err := certificate.ReadHolder(tt.file, tt.key, tt.password)
				wantReason(t, err, tt.reason)
				if len(h.Chain) != tt.chain || (h.Key != nil) != tt.hasKey {
					t.Fatalf("%d certificates and key %v, want %d and %v", len(h.Chain), h.Key != nil, tt.chain, tt.hasKey)
				}
			})
		}
	}
}

func TestReadHolderRefusesOtherKeys(t *testing.T) {
	t.Parallel()
	root := authority(t, nil)
	one, two := issue(t, root, certificatetest.Request{}), issue(t, root, certificatetest.Request{})
	_, err := certificate.ReadHolder(certificatetest.PEM(one.Chain...), must[[]byte](t)(certificatetest.KeyPEM(two.Key)), "")
	wantReason(t, err, certificate.ReasonKeyMismatch)
	short := issue(t, root, certificatetest.Request{RSA: 1024})
	_, err = certificate.ReadHolder(certificatetest.PEM(short.Chain...), nil, "")
	wantReason(t, err, certificate.ReasonUnsupported)
}

func TestSignatureIsOfTheKeyOverTheText(t *testing.T) {
	t.Parallel()
	root := authority(t, nil)
	for name, r := range map[string]certificatetest.Request{"ECDSA": {}, "RSA": {RSA: 2048}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			held, other := issue(t, root, r), issue(t, root, r)
			signature := must[[]byte](t)(certificate.Sign(held.Key, []byte("text")))
			wantReason(t, certificate.CheckSignature(held.Chain[0], []byte("text"), signature), "")
			wantReason(t, certificate.CheckSignature(held.Chain[0], []byte("texT"), signature), certificate.ReasonSignature)
			wantReason(t, certificate.CheckSignature(other.Chain[0], []byte("text"), signature), certificate.ReasonSignature)
			wantReason(t, certificate.CheckSignature(held.Chain[0], []byte("text"), nil), certificate.ReasonSignature)
			signature[len(signature)/2] ^= 1
			wantReason(t, certificate.CheckSignature(held.Chain[0], []byte("text"), signature), certificate.ReasonSignature)
		})
	}
}

func TestSubjectReadsTheConfiguredAttribute(t *testing.T) {
	t.Parallel()
	root := authority(t, nil)
	for name, want := range map[string]string{"serialNumber": "2.5.4.5", "CN": "2.5.4.3", "O": "2.5.4.10", "OU": "2.5.4.11", "organizationIdentifier": "2.5.4.97",
		"UID": "0.9.2342.19200300.100.1.1", "1.2.156.10260.4.1.4": "1.2.156.10260.4.1.4"} {
		id, known := certificate.ParseAttribute(name)
		if !known || id.String() != want {
			t.Errorf("ParseAttribute(%q) = %v, %v, want %s", name, id, known, want)
		}
		c := issue(t, root, certificatetest.Request{Attribute: id}).Chain[0]
		if got := certificate.Subject(c, id); !slices.Contains(got, unitCode) {
			t.Errorf("%s: got %q, want %s among them", name, got, unitCode)
		}
		if got := certificate.Subject(c, asn1.ObjectIdentifier{2, 5, 4, 99}); got != nil {
			t.Errorf("%s: another attribute has %q", name, got)
		}
	}
	for _, name := range []string{"", "serialnumber", "1.2", "1..2.3", "1.-2.3", "a.b.c"} {
		if _, known := certificate.ParseAttribute(name); known {
			t.Errorf("ParseAttribute(%q) is known", name)
		}
	}
}

func FuzzReadHolder(f *testing.F) {
	root, err := certificatetest.NewAuthority("fuzz", nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(certificatetest.PEM(root.Certificate), []byte("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n"), "x")
	f.Add(root.Certificate.Raw, []byte{}, "")
	f.Fuzz(func(t *testing.T, file, key []byte, password string) {
		h, err := certificate.ReadHolder(file, key, password)
		var refused *certificate.Error
		if err != nil && !errors.As(err, &refused) {
			t.Fatalf("an error that is no refusal: %v", err)
		}
		if err == nil && (len(h.Chain) == 0 || h.Key != nil && h.Key.Public() == nil) {
			t.Fatal("a holder without a certificate")
		}
	})
}

func TestTrustFilesAreReadWhole(t *testing.T) {
	t.Parallel()
	one, two := authority(t, nil), authority(t, nil)
	got := must[[]*x509.Certificate](t)(certificate.ReadAuthorities(certificatetest.PEM(one.Certificate, two.Certificate)))
	if len(got) != 2 {
		t.Fatalf("%d authorities, want 2", len(got))
	}
	if got = must[[]*x509.Certificate](t)(certificate.ReadAuthorities(one.Certificate.Raw)); len(got) != 1 {
		t.Fatalf("%d authorities of DER, want 1", len(got))
	}
	raw := list(t, one, time.Time{}, nil)
	if got := must[[]*x509.RevocationList](t)(certificate.ReadLists(raw)); len(got) != 1 {
		t.Fatalf("%d lists of DER, want 1", len(got))
	}
	for _, bad := range [][]byte{nil, []byte("hello"), certificatetest.PEM(one.Certificate)[:80], []byte("-----BEGIN X-----\n-----END X-----\n")} {
		_, err := certificate.ReadAuthorities(bad)
		wantReason(t, err, certificate.ReasonUnreadable)
		_, err = certificate.ReadLists(bad)
		wantReason(t, err, certificate.ReasonUnreadable)
	}
	broken := append(certificatetest.PEM(one.Certificate), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte{1}})...)
	_, err := certificate.ReadAuthorities(broken)
	wantReason(t, err, certificate.ReasonUnreadable)
}

func TestASignInOfThePastIsLookedAtWithTheListsOfNow(t *testing.T) {
	t.Parallel()
	root := authority(t, nil)
	leaf := issue(t, root, certificatetest.Request{NotAfter: now.Add(time.Hour)})
	later := now.Add(48 * time.Hour)
	fresh := func(entries ...x509.RevocationListEntry) certificate.Trust {
		return certificate.Trust{Authorities: []*x509.Certificate{root.Certificate}, Lists: lists(t, list(t, root, later.Add(time.Hour), func(l *x509.RevocationList) {
			l.ThisUpdate = later.Add(-time.Hour)
			l.RevokedCertificateEntries = entries
		}))}
	}
	entry := func(at time.Time) x509.RevocationListEntry {
		return x509.RevocationListEntry{SerialNumber: leaf.Chain[0].SerialNumber, RevocationTime: at}
	}
	wantReason(t, fresh().Check(leaf.Chain, now, later), "")
	wantReason(t, fresh(entry(now.Add(time.Hour))).Check(leaf.Chain, now, later), "")
	wantReason(t, fresh(entry(now)).Check(leaf.Chain, now, later), certificate.ReasonRevoked)
	wantReason(t, fresh().Check(leaf.Chain, later, later), certificate.ReasonExpired)
}

func TestACertificateAmongTheAuthoritiesIsStillLookedFor(t *testing.T) {
	t.Parallel()
	root := authority(t, nil)
	leaf := issue(t, root, certificatetest.Request{})
	trust := certificate.Trust{Authorities: []*x509.Certificate{root.Certificate, leaf.Chain[0]}, Lists: lists(t, list(t, root, time.Time{}, nil, leaf.Chain[0]))}
	wantReason(t, trust.Check(leaf.Chain, now, now), certificate.ReasonRevoked)
	trust.Authorities = trust.Authorities[1:]
	wantReason(t, trust.Check(leaf.Chain, now, now), certificate.ReasonUntrusted)
}

// A certificate of the curve of SM2, made for this test.
const sm2 = `-----BEGIN CERTIFICATE-----
MIIBcTCCARegAwIBAgIUUFS8QakfeWpIe0jSw9DFj06dflAwCgYIKoEcz1UBg3Uw
DjEMMAoGA1UEAwwDc20yMB4XDTI2MTEyNTA0NDM0MVoXDTM2MTEyMjA0NDM0MVow
DjEMMAoGA1UEAwwDc20yMFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAEHRtoob1f
1sLUtJOtvzA0b1se7oW9hsPNxve6SI68m8U90vOwy5nQvfxuuakw2VvGj0OvMvza
t5a3/Bh788WiHaNTMFEwHQYDVR0OBBYEFClzMMfI+NRrHzL4Frn+3p/2FEx2MB8G
A1UdIwQYMBaAFClzMMfI+NRrHzL4Frn+3p/2FEx2MA8GA1UdEwEB/wQFMAMBAf8w
CgYIKoEcz1UBg3UDSAAwRQIhAIOs0CZ5hDlgkXfut2eafePJQr+sNiK0LNM55Hr6
8E28AiA74P/2XDY8YXDKRLTnRXLIxIAE5vbGVUeZDfkN2XIe8A==
-----END CERTIFICATE-----
`

func TestSM2IsRefusedAsUnsupported(t *testing.T) {
	t.Parallel()
	_, err := certificate.ReadHolder([]byte(sm2), nil, "")
	wantReason(t, err, certificate.ReasonUnsupported)
	block, _ := pem.Decode([]byte(sm2))
	_, err = certificate.ReadHolder(block.Bytes, nil, "")
	wantReason(t, err, certificate.ReasonUnsupported)
}
