package cli_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/identity/identitytest"
)

// However many ask for a check at once, its provider is asked once an interval, and one answer is settled.
func TestManyWhoWaitAskTheProviderOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.openID(5 * time.Second)
	app := w.must(append([]string{"register", "start", "-q", "--entity-type", "market-entity"}, organizationArgs(hangzhou)...)...)
	w.must("register", "user", app, "--username", "hz_staff1", "--password-file", w.path("password"), "--agent-name", "陈小明",
		"--agent-document-number", "330106199205050011", "--phone", "13700000002", "--sandbox", "-q")
	var check struct {
		ID string `json:"id"`
		QR string `json:"qr_uri"`
	}
	if err := json.Unmarshal([]byte(w.must("verify", "face", "start", "--purpose", "register", "--for", app, "-o", "json")), &check); err != nil {
		t.Fatal(err)
	}
	if err := p.Approve(check.QR, identitytest.Person{Name: "陈小明", DocumentType: "resident-id", DocumentNumber: "330106199205050011"}); err != nil {
		t.Fatal(err)
	}
	w.exec(`UPDATE faren.setting SET clock_offset = clock_offset + interval '6 seconds'`)
	results := w.race(`SELECT FROM faren.verification FOR UPDATE`, func(int) []string { return []string{"verify", "face", "status", check.ID, "-q"} })
	expect(t, results, map[string]int{"0": rivals})
	if n := p.Polls(); n != 1 {
		t.Errorf("the provider was asked %d times, want once", n)
	}
	if n := w.count(`SELECT count(*) FROM faren.application WHERE status = 'pending-review'`); n != 1 {
		t.Errorf("%d applications wait for review, want 1", n)
	}
}

// openID starts an OpenID provider and sets the program up for it.
func (w *world) openID(interval time.Duration) *identitytest.Provider {
	w.t.Helper()
	p, err := identitytest.New(interval)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(p.Close)
	w.environment = append(w.environment, "FARENCTL_IDENTITY_PROVIDER=oidc", "FARENCTL_IDENTITY_ISSUER="+p.URL, "FARENCTL_IDENTITY_CLIENT_ID="+identitytest.ClientID,
		"FARENCTL_IDENTITY_CLIENT_SECRET_FILE="+w.write("client-secret", identitytest.ClientSecret), "FARENCTL_IDENTITY_CLAIMS_NAME=person_name")
	return p
}
