package cli_test

import (
	"encoding/pem"
	"fmt"
	"os"
	"testing"

	"github.com/farenctl/farenctl/internal/certificate"
	"github.com/farenctl/farenctl/internal/certificate/certificatetest"
)

// However many answer one challenge at once with a right signature, one session is opened.
func TestOneOfManyAnswersToAChallengeSignsIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	held := w.certified(t)
	id := w.must("verify", "certificate", "start", "--unit-code", hangzhou.code, "--operator-name", "林小红", "--operator-document-number", "330106199306060024",
		"--out", w.path("challenge"), "-q")
	text, err := os.ReadFile(w.path("challenge"))
	if err != nil {
		t.Fatal(err)
	}
	signature, err := certificate.Sign(held.Key, text)
	if err != nil {
		t.Fatal(err)
	}
	w.write("signature", string(signature))
	before := w.count(`SELECT count(*) FROM faren.session`)
	results := w.race(`SELECT FROM faren.verification FOR UPDATE`, func(i int) []string {
		return []string{"login", "--certificate", w.path("unit.pem"), "--verification", id, "--signature-file", w.path("signature"), "--session-file", w.path(fmt.Sprint("s", i)), "-q"}
	})
	expect(t, results, map[string]int{"0": 1, "4 SIGN_IN_USED": rivals - 1})
	if n := w.count(`SELECT count(*) FROM faren.session`); n != before+1 {
		t.Errorf("%d new sessions, want 1", n-before)
	}
}

// An organization that nobody registered for is written once, whoever signs in first.
func TestManySignInsMeetInOneOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	results := w.race(`LOCK TABLE faren.unit_code_claim IN SHARE MODE`, func(i int) []string {
		return []string{"login", "--e-licence", "--sandbox", "--unit-code", shanghai.code, "--operator-name", "林小红", "--operator-document-number", "330106199306060024",
			"--session-file", w.path(fmt.Sprint("s", i)), "-q"}
	})
	expect(t, results, map[string]int{"0": rivals})
	if n := w.count(`SELECT count(*) FROM faren.organization WHERE unit_code = '` + shanghai.code + `'`); n != 1 {
		t.Errorf("%d organizations, want 1", n)
	}
}

// certified writes the certificate of hz's organization and the authority that every command of this test trusts.
func (w *world) certified(t *testing.T) certificatetest.Issued {
	t.Helper()
	ca, err := certificatetest.NewAuthority("test", nil)
	if err != nil {
		t.Fatal(err)
	}
	held, err := ca.Issue(certificatetest.Request{UnitCode: hangzhou.code})
	if err != nil {
		t.Fatal(err)
	}
	list, err := ca.List(certificatetest.End, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.write("ca.pem", string(certificatetest.PEM(ca.Certificate)))
	w.write("ca.crl", string(pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: list})))
	w.write("unit.pem", string(certificatetest.PEM(held.Chain...)))
	w.environment = append(w.environment, "FARENCTL_CERTIFICATE_AUTHORITIES="+w.path("ca.pem"), "FARENCTL_CERTIFICATE_CRL="+w.path("ca.crl"))
	return held
}
