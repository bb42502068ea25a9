package service_test

import (
	"context"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/certificate"
	"github.com/farenctl/farenctl/internal/certificate/certificatetest"
	"github.com/farenctl/farenctl/internal/service"
)

// signInWithCertificate signs a registered organization in and gives its certificate as the evidence has it.
func (b *bench) signInWithCertificate(n int) string {
	b.t.Helper()
	ca, err := certificatetest.NewAuthority("test", nil)
	if err != nil {
		b.t.Fatal(err)
	}
	held, err := ca.Issue(certificatetest.Request{UnitCode: uscc(n)})
	if err != nil {
		b.t.Fatal(err)
	}
	key, err := certificatetest.KeyPEM(held.Key)
	if err != nil {
		b.t.Fatal(err)
	}
	file := filepath.Join(b.t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, certificatetest.PEM(ca.Certificate), 0o600); err != nil {
		b.t.Fatal(err)
	}
	s := open(b.t, b.db, func(o *service.Options) {
		o.Config.CertificateAuthorities, o.Config.CertificateCRL, o.Config.CertificateUnitCode = file, "none", "serialNumber"
	})
	session, err := s.SignInWithCertificate(context.Background(), service.CertificateSignIn{Certificate: certificatetest.PEM(held.Chain...), Key: key,
		Form: account.SignInForm{Operator: account.OperatorForm{Name: personName(7), DocumentNumber: residentID(7)}}})
	if err != nil {
		b.t.Fatal(err)
	}
	if session.Kind != "certificate" || session.Organization.UnitCode != uscc(n) {
		b.t.Fatalf("session %+v", session)
	}
	return base64.StdEncoding.EncodeToString(held.Chain[0].Raw)
}

func TestEveryReasonOfACertificateHasItsCode(t *testing.T) {
	t.Parallel()
	for _, reason := range certificate.Reasons() {
		code := account.Code("CERTIFICATE_" + strings.ToUpper(strings.ReplaceAll(reason, "-", "_")))
		if _, known := account.Find(code); !known {
			t.Errorf("reason %s: the table has no %s", reason, code)
		}
	}
}

func TestSubjectUnitCodeIsOneUSCC(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		values []string
		want   string
	}{
		"one":               {[]string{uscc(1)}, uscc(1)},
		"with its prefix":   {[]string{"NTRCN-" + uscc(1)}, uscc(1)},
		"small letters":     {[]string{strings.ToLower(uscc(1))}, uscc(1)},
		"among others":      {[]string{"示例单位", uscc(1), "1"}, uscc(1)},
		"twice the same":    {[]string{uscc(1), " " + uscc(1)}, uscc(1)},
		"two":               {[]string{uscc(1), uscc(2)}, ""},
		"a wrong one":       {[]string{uscc(1)[:17] + "I"}, ""},
		"something with it": {[]string{uscc(1) + " " + "x"}, ""},
		"none":              {nil, ""},
	} {
		if got, ok := account.SubjectUnitCode(tt.values); got != tt.want && ok || ok != (tt.want != "") {
			t.Errorf("%s: %q, %v, want %q", name, got, ok, tt.want)
		}
	}
}
