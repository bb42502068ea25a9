package service_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/certificate/certificatetest"
	"github.com/farenctl/farenctl/internal/config"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/seal"
	"github.com/farenctl/farenctl/internal/service"
	"github.com/farenctl/farenctl/internal/sms"
)

// planted is a secret that no finding may tell.
const planted = "hidden-secret"

// healthy is a configuration with which every check passes.
func healthy(o *service.Options) {
	o.Config.Identity.Provider, o.Config.ELicence.Provider, o.Config.SMS.Sender = config.ProviderSandbox, config.ProviderSandbox, config.SenderOutbox
}

// examine runs the doctor, and checks what holds for all findings: each check once, a hint for what is wrong, no secret, and
// DOCTOR_FAILED with the number of failures.
func examine(t testing.TB, s *service.Service, problem error) map[string]service.Finding {
	t.Helper()
	found, err := s.Doctor(context.Background(), problem)
	failed := 0
	byName := map[string]service.Finding{}
	for _, f := range found {
		if _, twice := byName[f.Check]; twice || f.Message == "" {
			t.Errorf("%+v", f)
		}
		byName[f.Check] = f
		switch f.Status {
		case service.CheckFailed, service.CheckWarning:
			if f.Hint == "" {
				t.Errorf("%s: no hint for %s", f.Check, f.Message)
			}
			if f.Status == service.CheckFailed {
				failed++
			}
		case service.CheckOK, service.CheckSkipped:
		default:
			t.Errorf("%s: status %q", f.Check, f.Status)
		}
	}
	if len(byName) != 18 {
		t.Errorf("%d checks", len(byName))
	}
	var f *account.Fault
	switch {
	case failed == 0 && err != nil:
		t.Errorf("nothing failed, but %v", err)
	case failed > 0 && (!errors.As(err, &f) || f.Code != "DOCTOR_FAILED" || f.Details["count"] != failed || f.Status() != account.StatusConfig):
		t.Errorf("%d failed, but %v", failed, err)
	}
	text, err := json.Marshal(found)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), planted) {
		t.Errorf("a finding tells a secret: %s", text)
	}
	return byName
}

// expect compares the status of one check, and a word of its message, hint or code.
func expect(t testing.TB, found map[string]service.Finding, check, status, told string) {
	t.Helper()
	f := found[check]
	code := ""
	if f.Code != nil {
		code = string(*f.Code)
	}
	if all := f.Message + " " + f.Hint + " " + code; f.Status != status || !strings.Contains(all, told) {
		t.Errorf("%s is %s (%s), want %s with %q", check, f.Status, all, status, told)
	}
}

func secretFile(t testing.TB, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNothingFailsOnAHealthyInstallation(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	pgtest.On(t, b.super, "2026-10-31 23:59")
	found := examine(t, open(t, b.db, healthy), nil)
	// The test's clock is set, and its server is not the private one.
	expect(t, found, "test_clock", service.CheckWarning, "farenctl clock reset")
	expect(t, found, "disk", service.CheckSkipped, "private server")
	for name, f := range found {
		if f.Status != service.CheckOK && name != "test_clock" && name != "disk" {
			t.Errorf("%s: %+v", name, f)
		}
	}
	expect(t, found, "environment", service.CheckOK, "test, suite aes")
	expect(t, found, "keyring", service.CheckOK, "seals")
	expect(t, found, "session_file", service.CheckOK, "not signed in")
}

func TestChecksGoOnWithoutADatabase(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ address, told string }{
		"nothing listens":    {"postgres://u:" + planted + "@127.0.0.1:1/none?sslmode=disable", "DATABASE_UNAVAILABLE"},
		"no address":         {"postgres://u:" + planted + "@127.0.0.1:x/none", "CONFIG_INVALID"},
		"clear over the net": {"postgres://u:" + planted + "@192.0.2.1/none?sslmode=disable", "CONFIG_INVALID"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := examine(t, open(t, pgtest.Database{}, func(o *service.Options) {
				healthy(o)
				o.Config.DatabaseURL, o.Config.KeyringFile = c.address, "/nonexistent/keyring.json"
			}), nil)
			expect(t, found, "database", service.CheckFailed, c.told)
			for _, check := range []string{"transport", "clock", "schema", "roles", "environment", "test_clock", "calendar", "outbox", "audit"} {
				expect(t, found, check, service.CheckSkipped, "not checked")
			}
			expect(t, found, "keyring", service.CheckFailed, "KEYRING_MISSING")
			expect(t, found, "identity", service.CheckOK, "sandbox")
		})
	}
}

func TestAConfigurationThatIsNoneIsTheOnlyFinding(t *testing.T) {
	t.Parallel()
	found := examine(t, open(t, pgtest.Database{}, nil), account.NewFault("CONFIG_INVALID", "problem", "sms.sender is outbox, http or aliyun"))
	expect(t, found, "configuration", service.CheckFailed, "sms.sender")
	delete(found, "configuration")
	for name := range found {
		expect(t, found, name, service.CheckSkipped, "not checked")
	}
}

func TestSchemasThatDoNotFitAreTold(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(`UPDATE faren.setting SET schema_version = schema_version + 1`)
	found := examine(t, open(t, b.db, healthy), nil)
	expect(t, found, "schema", service.CheckFailed, "SCHEMA_NEWER")
	expect(t, found, "keyring", service.CheckOK, "not compared")
	found = examine(t, open(t, pgtest.Database{}, func(o *service.Options) {
		healthy(o)
		o.Config.DatabaseURL = pgtest.Empty(t).Super()
	}), nil)
	expect(t, found, "schema", service.CheckFailed, "SCHEMA_MISSING")
}

func TestCalendarsAreAskedForInTime(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for at, c := range map[string]struct{ status, told string }{
		"2026-11-01 00:00": {service.CheckWarning, "2027"},
		"2026-12-31 23:59": {service.CheckWarning, "2027"},
		"2025-12-01 00:00": {service.CheckOK, "2025"},
		"2027-01-01 00:00": {service.CheckFailed, "CALENDAR_MISSING"},
	} {
		pgtest.On(t, b.super, at)
		t.Log(at)
		expect(t, examine(t, open(t, b.db, healthy), nil), "calendar", c.status, c.told)
	}
	found := examine(t, open(t, b.db, func(o *service.Options) { healthy(o); o.Config.DatabaseURL = b.db.Login(t, "faren_auditor") }), nil)
	expect(t, found, "calendar", service.CheckSkipped, "may not")
}

func TestTestClocksAreTold(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for offset, c := range map[string]struct{ status, told string }{
		"0":                {service.CheckOK, "not set"},
		"49 hours":         {service.CheckWarning, "2d 1h ahead"},
		"-1 day -1 minute": {service.CheckWarning, "1d 0h behind"},
	} {
		b.exec(`UPDATE faren.setting SET clock_offset = CAST($1 AS interval)`, offset)
		expect(t, examine(t, open(t, b.db, healthy), nil), "test_clock", c.status, c.told)
	}
}

func TestRolesAreLookedAt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	with := func(dsn string) map[string]service.Finding {
		return examine(t, open(t, b.db, func(o *service.Options) { healthy(o); o.Config.DatabaseURL = dsn }), nil)
	}
	expect(t, with(b.db.Login(t, "faren_reviewer")), "roles", service.CheckOK, "has faren_support, faren_reviewer")
	expect(t, with(b.db.Super()), "roles", service.CheckWarning, "superuser")
	expect(t, with(b.db.Login(t, "faren_support", "faren_owner")), "roles", service.CheckWarning, "may act as faren_owner")
	b.exec(`GRANT EXECUTE ON FUNCTION api.audit_state() TO PUBLIC`)
	expect(t, with(b.db.Local()), "roles", service.CheckFailed, "every login may execute: api.audit_state")
	b.exec(`ALTER FUNCTION faren.is_open(text) OWNER TO faren_super`)
	expect(t, with(b.db.Local()), "roles", service.CheckFailed, "does not own: faren.is_open")
}

//nolint:paralleltest // group roles belong to the whole server, which no other test may meet like this
func TestGroupRolesAreWhatTheyShouldBe(t *testing.T) {
	b := newBench(t)
	undo := func(do, undo string) {
		b.exec(do)
		t.Cleanup(func() { b.exec(undo) })
	}
	undo(`GRANT faren_owner TO faren_fixture`, `REVOKE faren_owner FROM faren_fixture`)
	expect(t, examine(t, open(t, b.db, healthy), nil), "roles", service.CheckFailed, "may do everything: faren_fixture")
	undo(`REVOKE faren_support FROM faren_reviewer`, `GRANT faren_support TO faren_reviewer`)
	expect(t, examine(t, open(t, b.db, healthy), nil), "roles", service.CheckFailed, "missing or incomplete: faren_reviewer")
	undo(`ALTER ROLE faren_auditor RENAME TO faren_auditor_lost`, `ALTER ROLE faren_auditor_lost RENAME TO faren_auditor`)
	expect(t, examine(t, open(t, b.db, healthy), nil), "roles", service.CheckFailed, "incomplete: faren_reviewer, faren_auditor")
}

func TestBacklogsOfTheOutboxAreTold(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	pgtest.On(t, b.super, "2026-03-10 12:00")
	ctx := context.Background()
	sending := func(o *service.Options) {
		healthy(o)
		o.Config.SMS = config.SMS{Sender: config.SenderHTTP, HTTP: config.HTTPSender{URL: "https://127.0.0.1:1", SecretFile: "absent"}}
	}
	outbox := func(change func(*service.Options), status, told string) {
		t.Helper()
		expect(t, examine(t, open(t, b.db, change), nil), "outbox", status, told)
	}
	outbox(sending, service.CheckOK, "due: 0")
	for n := range 3 {
		if _, err := b.RequestSMSCode(ctx, mobile(n), account.PurposeRegister); err != nil {
			t.Fatal(err)
		}
	}
	outbox(sending, service.CheckOK, "due: 3")
	pgtest.On(t, b.super, "2026-03-10 12:10")
	outbox(sending, service.CheckWarning, "due: 3, the oldest for 10m")
	pgtest.On(t, b.super, "2026-03-10 13:10")
	outbox(sending, service.CheckFailed, "sms dispatch")
	outbox(healthy, service.CheckOK, "stay there: 3")
	outbox(func(o *service.Options) { sending(o); o.Config.DatabaseURL = b.db.Login(t, "faren_auditor") }, service.CheckSkipped, "may not")
	b.exec(`UPDATE faren.sms SET status = 'unknown', next_attempt_at = NULL`)
	outbox(sending, service.CheckWarning, "unknown: 3")
	b.exec(`UPDATE faren.sms SET status = 'dead' WHERE to_mask = '139****0001'`)
	outbox(sending, service.CheckWarning, "dead: 1, unknown: 2")
	pgtest.On(t, b.super, "2026-03-12 00:00")
	outbox(sending, service.CheckOK, "none")
	// On production nothing stays on purpose.
	b.exec(`UPDATE faren.sms SET status = 'queued', next_attempt_at = created_at`)
	b.exec(`UPDATE faren.setting SET environment = 'production', clock_offset = '0'`)
	b.exec(`UPDATE faren.sms SET next_attempt_at = clock_timestamp() - interval '2 hours'`)
	outbox(healthy, service.CheckFailed, "the oldest for 2h")
}

func TestTheAuditsGuardsAreLookedAt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	pgtest.On(t, b.super, "2026-03-10 12:00")
	audit := func(status, told string) {
		t.Helper()
		expect(t, examine(t, open(t, b.db, healthy), nil), "audit", status, told)
	}
	audit(service.CheckOK, "guarded; events: 0")
	if _, err := b.RequestSMSCode(context.Background(), mobile(1), account.PurposeRegister); err != nil {
		t.Fatal(err)
	}
	pgtest.On(t, b.super, "2026-03-13 14:30")
	audit(service.CheckOK, "events: 1, the newest 3d 2h ago")
	pgtest.On(t, b.super, "2026-03-09 12:00")
	audit(service.CheckOK, "events: 1, the newest is of a time to come")
	found := examine(t, open(t, b.db, func(o *service.Options) { healthy(o); o.Config.DatabaseURL = b.db.Login(t, "faren_auditor") }), nil)
	expect(t, found, "audit", service.CheckOK, "events: 1")
	for _, c := range []struct{ do, told string }{
		{`ALTER TABLE faren.audit_event DISABLE TRIGGER audit_event_guard`, "triggers: audit_event_guard "},
		{`ALTER TABLE faren.audit_event ENABLE ALWAYS TRIGGER audit_event_guard`, ""},
		{`ALTER TABLE faren.audit_event ENABLE REPLICA TRIGGER audit_event_guard_truncate`, "triggers: audit_event_guard_truncate "},
		{`DROP TRIGGER audit_event_guard ON faren.audit_event`, "triggers: audit_event_guard, audit_event_guard_truncate "},
		{`CREATE TRIGGER audit_event_guard BEFORE DELETE ON faren.audit_event FOR EACH ROW EXECUTE FUNCTION faren.refuse_audit_change()`,
			"triggers: audit_event_guard, audit_event_guard_truncate "},
	} {
		b.exec(c.do)
		if c.told == "" {
			audit(service.CheckOK, "guarded")
			continue
		}
		audit(service.CheckFailed, c.told)
	}
}

func TestKeyringsAreComparedWithTheDatabase(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	own, err := seal.Load(b.db.Keyring)
	if err != nil {
		t.Fatal(err)
	}
	other, err := seal.Generate(seal.SuiteAES, rand.Reader, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	keyring := func(name string, keys *seal.Keyring, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := keys.Create(path); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for path, c := range map[string]struct{ status, told string }{
		keyring("index", own.IndexOnly(), 0o600): {service.CheckOK, "searches only"},
		keyring("other", other, 0o600):           {service.CheckFailed, "KEYRING_MISMATCH"},
		keyring("shared", own, 0o640):            {service.CheckFailed, "FILE_PERMISSIONS"},
		secretFile(t, "{}", 0o600):               {service.CheckFailed, "KEYRING_INVALID"},
		filepath.Join(dir, "absent"):             {service.CheckFailed, "KEYRING_MISSING"},
		keyring("copy", own, 0o600):              {service.CheckOK, "seals"},
		filepath.Join(dir, "copy", "nonsense"):   {service.CheckFailed, "KEYRING"},
	} {
		found := examine(t, open(t, b.db, func(o *service.Options) { healthy(o); o.Config.KeyringFile = path }), nil)
		expect(t, found, "keyring", c.status, c.told)
	}
}

func TestSessionFilesAreTheirOwners(t *testing.T) {
	t.Parallel()
	session := fmt.Sprintf(`{"organization": %q, "session": %q, "token": %q}`, "org_00000000000000000000000001", "ses_00000000000000000000000001", planted)
	for path, c := range map[string]struct{ status, told string }{
		secretFile(t, session, 0o600): {service.CheckOK, "owner"},
		secretFile(t, session, 0o644): {service.CheckFailed, "FILE_PERMISSIONS"},
		secretFile(t, planted, 0o600): {service.CheckFailed, "sign in again"},
	} {
		found := examine(t, open(t, pgtest.Database{}, func(o *service.Options) {
			healthy(o)
			o.Config.DatabaseURL, o.Config.SessionFile = "postgres://127.0.0.1:1/none?sslmode=disable", path
		}), nil)
		expect(t, found, "session_file", c.status, c.told)
	}
}

func TestCertificatesAreCurrent(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	pgtest.On(t, b.super, "2026-03-10 12:00")
	authority, err := certificatetest.NewAuthority("Doctor CA", nil)
	if err != nil {
		t.Fatal(err)
	}
	list := func(next string) string {
		at, err := time.Parse(time.DateOnly, next)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := authority.List(at, nil)
		if err != nil {
			t.Fatal(err)
		}
		return secretFile(t, string(raw), 0o600)
	}
	authorities := secretFile(t, string(certificatetest.PEM(authority.Certificate)), 0o600)
	current := list("2026-12-31")
	for name, c := range map[string]struct{ authorities, crl, status, told string }{
		"current":            {authorities, current, service.CheckOK, "authorities: 1"},
		"an old list":        {authorities, list("2026-03-10"), service.CheckFailed, "Doctor CA"},
		"no revocation":      {authorities, "none", service.CheckWarning, "certificate_crl"},
		"no lists set":       {authorities, "", service.CheckFailed, "CERTIFICATES_NOT_CONFIGURED"},
		"no file":            {authorities + "x", current, service.CheckFailed, "certificate_authorities"},
		"no list":            {authorities, secretFile(t, "x", 0o600), service.CheckFailed, "certificate_crl"},
		"nothing configured": {"", "", service.CheckOK, "no sign-in by certificate"},
	} {
		t.Log(name)
		found := examine(t, open(t, b.db, func(o *service.Options) {
			healthy(o)
			o.Config.CertificateAuthorities, o.Config.CertificateCRL, o.Config.CertificateUnitCode = c.authorities, c.crl, "serialNumber"
		}), nil)
		expect(t, found, "certificates", c.status, c.told)
	}
	pgtest.On(t, b.super, certificatetest.End.AddDate(0, 0, 2).Format("2006-01-02 15:04"))
	found := examine(t, open(t, b.db, func(o *service.Options) {
		healthy(o)
		o.Config.CertificateAuthorities, o.Config.CertificateCRL, o.Config.CertificateUnitCode = authorities, "none", "serialNumber"
	}), nil)
	expect(t, found, "certificates", service.CheckFailed, "Doctor CA")
}

func TestProductionRefusesWhatIsPlayed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(`UPDATE faren.setting SET environment = 'production', clock_offset = '0'`)
	found := examine(t, open(t, b.db, healthy), nil)
	expect(t, found, "identity", service.CheckFailed, "identity.provider")
	expect(t, found, "e_licence", service.CheckWarning, "e_licence.provider")
	expect(t, found, "sms", service.CheckFailed, "sms.sender")
}

// issuer answers as an OpenID Connect provider whose metadata and keys change puts out of order.
func issuer(t testing.TB, change func(metadata, key map[string]any)) (address, caFile string) {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewTLSServer(mux)
	t.Cleanup(server.Close)
	metadata := map[string]any{
		"issuer": server.URL, "device_authorization_endpoint": server.URL + "/device", "token_endpoint": server.URL + "/token", "jwks_uri": server.URL + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256", "none"}, "grant_types_supported": []string{"authorization_code", "urn:ietf:params:oauth:grant-type:device_code"},
	}
	key := map[string]any{"kty": "RSA", "use": "sig", "alg": "RS256"}
	if change != nil {
		change(metadata, key)
	}
	answer := func(v any) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			if err := json.NewEncoder(w).Encode(v); err != nil {
				t.Errorf("answer: %v", err)
			}
		}
	}
	mux.HandleFunc("/.well-known/openid-configuration", answer(metadata))
	mux.HandleFunc("/keys", answer(map[string]any{"keys": []any{key}}))
	mux.Handle("/moved", http.RedirectHandler("/keys", http.StatusFound))
	mux.HandleFunc("/text", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, planted) })
	return server.URL, secretFile(t, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})), 0o644)
}

func TestIdentityProvidersAreTried(t *testing.T) {
	t.Parallel()
	set := func(name string, value any) func(metadata, key map[string]any) {
		return func(metadata, key map[string]any) {
			if _, is := key[name]; is {
				key[name] = value
				return
			}
			metadata[name] = value
		}
	}
	secret := secretFile(t, planted, 0o600)
	for name, c := range map[string]struct {
		server       func(metadata, key map[string]any)
		client       func(*config.OIDC)
		status, told string
	}{
		"all is well":                       {nil, nil, service.CheckOK, "device authorization"},
		"metadata that leaves out what may": {func(m, k map[string]any) { delete(m, "grant_types_supported"); delete(k, "alg"); delete(k, "use") }, nil, service.CheckOK, ""},
		"a key of an elliptic curve": {func(m, k map[string]any) {
			k["kty"], k["alg"] = "EC", "ES256"
			delete(m, "id_token_signing_alg_values_supported")
		}, nil, service.CheckOK, ""},
		"another issuer":                    {set("issuer", "https://"+planted), nil, service.CheckFailed, "issuer"},
		"an issuer with a slash":            {nil, func(o *config.OIDC) { o.Issuer += "/" }, service.CheckFailed, "slash"},
		"no device authorization":           {set("device_authorization_endpoint", ""), nil, service.CheckFailed, "RFC 8628"},
		"no grant for devices":              {set("grant_types_supported", []string{"authorization_code"}), nil, service.CheckFailed, "RFC 8628"},
		"an end point in clear":             {set("token_endpoint", "http://id.example.com/token"), nil, service.CheckFailed, "not https"},
		"keys in clear":                     {set("jwks_uri", "http://id.example.com/keys"), nil, service.CheckFailed, "not https"},
		"no keys named":                     {set("jwks_uri", ""), nil, service.CheckFailed, "not https"},
		"algorithms that are not allowed":   {set("id_token_signing_alg_values_supported", []string{"HS256", "none"}), nil, service.CheckFailed, "algorithms"},
		"a key for another algorithm":       {set("alg", "RS512"), nil, service.CheckFailed, "no key"},
		"a key of another type":             {set("kty", "oct"), nil, service.CheckFailed, "no key"},
		"a key for encryption":              {set("use", "enc"), nil, service.CheckFailed, "no key"},
		"a certificate that is not trusted": {nil, func(o *config.OIDC) { o.CAFile = "" }, service.CheckFailed, "ca_file"},
		"authorities that are none":         {nil, func(o *config.OIDC) { o.CAFile = secret }, service.CheckFailed, "ca_file"},
		"authorities that are not there":    {nil, func(o *config.OIDC) { o.CAFile += "x" }, service.CheckFailed, "ca_file"},
		"a secret that is not there":        {nil, func(o *config.OIDC) { o.ClientSecretFile += "x" }, service.CheckFailed, "is not there"},
		"a public client":                   {nil, func(o *config.OIDC) { o.ClientSecretFile = "" }, service.CheckOK, ""},
		"no provider at the address":        {nil, func(o *config.OIDC) { o.Issuer += "/realm" }, service.CheckFailed, "status 404"},
		"nobody at the address":             {nil, func(o *config.OIDC) { o.Issuer = "https://127.0.0.1:1" }, service.CheckFailed, "cannot be reached"},
		"keys that are elsewhere":           {func(m, _ map[string]any) { m["jwks_uri"] = fmt.Sprint(m["issuer"]) + "/moved" }, nil, service.CheckFailed, "status 302"},
		"keys that are no JSON":             {func(m, _ map[string]any) { m["jwks_uri"] = fmt.Sprint(m["issuer"]) + "/text" }, nil, service.CheckFailed, "not answer with JSON"},
		"a secret that others can read":     {nil, func(o *config.OIDC) { o.ClientSecretFile = secretFile(t, planted, 0o644) }, service.CheckFailed, "FILE_PERMISSIONS"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, ca := issuer(t, c.server)
			oidc := config.OIDC{Issuer: address, ClientID: "c", ClientSecretFile: secret, CAFile: ca, Algorithms: []string{"RS256", "ES256"}}
			if c.client != nil {
				c.client(&oidc)
			}
			found := examine(t, open(t, pgtest.Database{}, func(o *service.Options) {
				healthy(o)
				o.Config.DatabaseURL = "postgres://127.0.0.1:1/none?sslmode=disable"
				o.Config.Identity = config.Identity{Provider: config.ProviderOIDC, OIDC: oidc}
				o.Config.ELicence = o.Config.Identity
			}), nil)
			expect(t, found, "identity", c.status, c.told)
			expect(t, found, "e_licence", c.status, c.told)
		})
	}
}

func TestSendersAreTried(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the gateway was asked something") }))
	t.Cleanup(server.Close)
	ca := secretFile(t, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})), 0o644)
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { plain.Close() })
	secret, shared := secretFile(t, planted, 0o600), secretFile(t, planted, 0o644)
	templates := map[string]string{}
	for _, kind := range sms.Kinds() {
		templates[kind] = "SMS_1"
	}
	few := maps.Clone(templates)
	delete(few, "deactivated")
	gateway := func(url, secret, ca string) config.SMS {
		return config.SMS{Sender: config.SenderHTTP, HTTP: config.HTTPSender{URL: url, SecretFile: secret, CAFile: ca}}
	}
	aliyun := func(endpoint, secret string, templates map[string]string) config.SMS {
		return config.SMS{Sender: config.SenderAliyun, Aliyun: config.AliyunSender{Endpoint: endpoint, AccessKeyID: "x", AccessKeySecretFile: secret, Templates: templates}}
	}
	for name, c := range map[string]struct {
		sms          config.SMS
		status, told string
	}{
		"a gateway":                          {gateway(server.URL+"/send", secret, ca), service.CheckOK, "no message was sent"},
		"a gateway in clear on this machine": {gateway("http://"+plain.Addr().String(), secret, ""), service.CheckOK, "no message was sent"},
		"a gateway that is not trusted":      {gateway(server.URL, secret, ""), service.CheckFailed, "ca_file"},
		"a gateway that is not there":        {gateway("https://127.0.0.1:1/"+planted, secret, ""), service.CheckFailed, "cannot be reached"},
		"a gateway's secret for all":         {gateway(server.URL, shared, ca), service.CheckFailed, "FILE_PERMISSIONS"},
		"authorities that are none":          {gateway(server.URL, secret, secret), service.CheckFailed, "sms.http.ca_file"},
		"aliyun":                             {aliyun(plain.Addr().String(), secret, templates), service.CheckOK, "no message was sent"},
		"aliyun that is not there":           {aliyun("127.0.0.1:1", secret, templates), service.CheckFailed, "cannot be reached"},
		"a template that is missing":         {aliyun(plain.Addr().String(), secret, few), service.CheckFailed, "deactivated"},
		"an access key's secret for all":     {aliyun(plain.Addr().String(), shared, templates), service.CheckFailed, "FILE_PERMISSIONS"},
		"an access key's secret is missing":  {aliyun(plain.Addr().String(), secret+"x", templates), service.CheckFailed, "is not there"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := examine(t, open(t, pgtest.Database{}, func(o *service.Options) {
				healthy(o)
				o.Config.DatabaseURL, o.Config.SMS = "postgres://127.0.0.1:1/none?sslmode=disable", c.sms
			}), nil)
			expect(t, found, "sms", c.status, c.told)
		})
	}
}

func TestDoctorSpeaksChinese(t *testing.T) {
	t.Parallel()
	found := examine(t, open(t, pgtest.Database{}, func(o *service.Options) {
		healthy(o)
		o.Config.DatabaseURL, o.Config.Language = "postgres://127.0.0.1:1/none?sslmode=disable", account.Chinese
	}), nil)
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if !strings.ContainsFunc(found[name].Message, func(r rune) bool { return r > 0x2fff }) {
			t.Errorf("%s: %s", name, found[name].Message)
		}
	}
}
