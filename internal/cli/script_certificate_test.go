package cli_test

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"software.sslmate.com/src/go-pkcs12"

	"github.com/farenctl/farenctl/internal/certificate"
	"github.com/farenctl/farenctl/internal/certificate/certificatetest"
)

type authoritiesKey struct{}

// madeCertificates are the authorities and certificates of one script.
type madeCertificates struct {
	authorities map[string]*certificatetest.Authority
	issued      map[string]*x509.Certificate
}

func certificateCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"authority": scriptAuthority, "certificate": scriptCertificate, "crl": scriptCRL,
		"sign": scriptSign, "replayed": scriptReplayed}
}

func certificatesOf(ts *testscript.TestScript) *madeCertificates {
	made, ok := ts.Value(authoritiesKey{}).(*madeCertificates)
	if !ok {
		ts.Fatalf("the script has no certificates")
	}
	return made
}

// scriptAuthority is `authority NAME [PARENT]`: an authority's certificate in NAME.pem and its empty revocation list in NAME.crl.
func scriptAuthority(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: authority NAME [PARENT]")
	}
	made := certificatesOf(ts)
	a, err := certificatetest.NewAuthority(args[0], made.authorities[append(args, "")[1]])
	ts.Check(err)
	made.authorities[args[0]] = a
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".pem"), certificatetest.PEM(a.Certificate), 0o600))
	scriptCRL(ts, false, args[:1])
}

// scriptCertificate is `certificate NAME AUTHORITY [unit-code=C] [attribute=A] [key=rsa] [begins=DAY] [ends=DAY] [self-signed=true]
// [usage=encryption] [format=p12]`: NAME.pem and NAME.key, or NAME.p12 with the password "open".
func scriptCertificate(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: certificate NAME AUTHORITY [field=value]...")
	}
	r := certificatetest.Request{UnitCode: hangzhou.code}
	p12 := false
	for _, change := range args[2:] {
		field, value, _ := strings.Cut(change, "=")
		day := func() time.Time {
			at, err := time.Parse(time.DateOnly, value)
			ts.Check(err)
			return at
		}
		switch field {
		case "unit-code":
			r.UnitCode = value
		case "attribute":
			r.Attribute, _ = certificate.ParseAttribute(value)
		case "key":
			r.RSA = 2048
		case "begins":
			r.NotBefore = day()
		case "ends":
			r.NotAfter = day()
		case "self-signed":
			r.SelfSigned = true
		case "usage":
			r.KeyUsage = x509.KeyUsageKeyEncipherment
		case "format":
			p12 = true
		default:
			ts.Fatalf("certificate: no field %s", field)
		}
	}
	made := certificatesOf(ts)
	issued, err := made.authorities[args[1]].Issue(r)
	ts.Check(err)
	made.issued[args[0]] = issued.Chain[0]
	if p12 {
		raw, err := pkcs12.Modern.Encode(issued.Key, issued.Chain[0], issued.Chain[1:], "open")
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(args[0]+".p12"), raw, 0o600))
		return
	}
	key, err := certificatetest.KeyPEM(issued.Key)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".pem"), certificatetest.PEM(issued.Chain...), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".key"), key, 0o600))
}

// scriptSign is `sign TEXT KEY SIGNATURE`: what a token does with a file.
func scriptSign(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: sign TEXT KEY SIGNATURE")
	}
	block, _ := pem.Decode([]byte(ts.ReadFile(args[1])))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	ts.Check(err)
	signer, ok := key.(crypto.Signer)
	if !ok {
		ts.Fatalf("%s is no key that signs", args[1])
	}
	signature, err := certificate.Sign(signer, []byte(ts.ReadFile(args[0])))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), signature, 0o600))
}

// scriptReplayed is `replayed STATUS CODE CERTIFICATE ID-FILE SIGNATURE`: a sign-in with what a token signed; with status 0 it is taken.
func scriptReplayed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 5 {
		ts.Fatalf("usage: replayed STATUS CODE CERTIFICATE ID-FILE SIGNATURE")
	}
	line := []string{"farenctl", "login", "--certificate", args[2], "--verification", strings.TrimSpace(ts.ReadFile(args[3])), "--signature-file", args[4], "-q"}
	if args[0] == "0" {
		scriptRun(ts, false, append(args[:1:1], line...))
		return
	}
	scriptRefused(ts, false, append(args[:2:2], line...))
}

// scriptCRL is `crl AUTHORITY [next=DAY] [NAME]...`: the authority's revocation list, with these certificates in it.
func scriptCRL(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: crl AUTHORITY [next=DAY] [NAME]...")
	}
	made := certificatesOf(ts)
	var next time.Time
	var revoked []*x509.Certificate
	for _, arg := range args[1:] {
		if day, is := strings.CutPrefix(arg, "next="); is {
			var err error
			next, err = time.Parse(time.DateOnly, day)
			ts.Check(err)
			continue
		}
		revoked = append(revoked, made.issued[arg])
	}
	raw, err := made.authorities[args[0]].List(next, nil, revoked...)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".crl"), raw, 0o600))
}
