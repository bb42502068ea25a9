package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/config"
)

const providers = `
profile: production
profiles:
  production:
    identity: &issuer
      provider: oidc
      issuer: https://id.example.com/realm
      client_id: 0123
      client_secret_file: /secure/client
      ca_file: /secure/ca.pem
      scopes: [openid, realname]
      algorithms: ES256
      amr: pop
      claims: {name: full_name, document_type: doc_type, document_number: doc_no, unit_code: uscc}
      document_types: {ID_Card: resident-id, 护照: passport}
    e_licence:
      <<: *issuer
      issuer: http://127.0.0.1:8080
    sms:
      sender: aliyun
      http: {url: "https://sms.example.com/send?a=b", secret_file: /secure/http, ca_file: /secure/http.pem}
      aliyun: {endpoint: "dysmsapi.example.com:8443", access_key_id: AK, access_key_secret_file: /secure/ak, sign_name: 示例, templates: {code: SMS_1, review-requested: SMS_2}}
`

func TestProvidersComeFromTheProfile(t *testing.T) {
	t.Parallel()
	got, err := load(nil, nil, write(t, providers, 0o644))
	if err != nil {
		t.Fatal(err)
	}
	identity := config.Identity{Provider: "oidc", OIDC: config.OIDC{
		Issuer: "https://id.example.com/realm", ClientID: "0123", ClientSecretFile: "/secure/client", CAFile: "/secure/ca.pem",
		Scopes: []string{"openid", "realname"}, Algorithms: []string{"ES256"}, AMR: "pop",
		ClaimName: "full_name", ClaimDocumentType: "doc_type", ClaimDocumentNumber: "doc_no", ClaimUnitCode: "uscc",
		DocumentTypes: map[string]string{"ID_Card": "resident-id", "护照": "passport"},
	}}
	licence := identity
	licence.OIDC.Issuer = "http://127.0.0.1:8080"
	want := config.Config{Identity: identity, ELicence: licence, SMS: config.SMS{
		Sender: "aliyun",
		HTTP:   config.HTTPSender{URL: "https://sms.example.com/send?a=b", SecretFile: "/secure/http", CAFile: "/secure/http.pem"},
		Aliyun: config.AliyunSender{
			Endpoint: "dysmsapi.example.com:8443", AccessKeyID: "AK", AccessKeySecretFile: "/secure/ak", SignName: "示例",
			Templates: map[string]string{"code": "SMS_1", "review-requested": "SMS_2"},
		},
	}}
	if diff := cmp.Diff(want, config.Config{Identity: got.Identity, ELicence: got.ELicence, SMS: got.SMS}); diff != "" {
		t.Error(diff)
	}
}

func TestProvidersHaveDefaults(t *testing.T) {
	t.Parallel()
	got, err := load(nil, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	sandbox := config.Identity{Provider: "sandbox", OIDC: config.OIDC{
		Scopes: []string{"openid", "profile"}, Algorithms: []string{"RS256", "PS256", "ES256", "ES384"}, AMR: "face",
		ClaimName: "name", ClaimDocumentType: "document_type", ClaimDocumentNumber: "document_number", ClaimUnitCode: "unit_code",
	}}
	want := config.Config{Identity: sandbox, ELicence: sandbox, SMS: config.SMS{Sender: "outbox"}}
	if diff := cmp.Diff(want, config.Config{Identity: got.Identity, ELicence: got.ELicence, SMS: got.SMS}); diff != "" {
		t.Error(diff)
	}
}

func TestAVariableGoesBeforeTheProfileOfAProvider(t *testing.T) {
	t.Parallel()
	got, err := load(nil, env("FARENCTL_IDENTITY_ISSUER", "https://other.example.com", "FARENCTL_IDENTITY_SCOPES", "openid, a  b", "FARENCTL_IDENTITY_CLAIMS_NAME", "n",
		"FARENCTL_E_LICENCE_PROVIDER", "sandbox", "FARENCTL_SMS_SENDER", "http", "FARENCTL_SMS_HTTP_URL", "http://[::1]:9/x", "FARENCTL_SMS_ALIYUN_TEMPLATES", "code"), write(t, providers, 0o644))
	if err != nil {
		t.Fatal(err)
	}
	o := got.Identity.OIDC
	if o.Issuer != "https://other.example.com" || !slices.Equal(o.Scopes, []string{"openid", "a", "b"}) || o.ClaimName != "n" || o.ClaimUnitCode != "uscc" {
		t.Errorf("identity: %+v", o)
	}
	if got.ELicence.Provider != "sandbox" || got.ELicence.OIDC.Issuer != "http://127.0.0.1:8080" {
		t.Errorf("e-licence: %+v", got.ELicence)
	}
	if got.SMS.Sender != "http" || got.SMS.HTTP.URL != "http://[::1]:9/x" || len(got.SMS.Aliyun.Templates) != 2 {
		t.Errorf("sms: %+v", got.SMS)
	}
}

func TestProvidersAreRefused(t *testing.T) {
	t.Parallel()
	const secret = "hunter22"
	oidc := func(more string) string {
		return "identity: {provider: oidc, issuer: 'https://id.example.com', client_id: c, " + more + "}"
	}
	type refusal struct {
		profile     string
		environment []string
		code        account.Code
		named       string // what the message names
	}
	all := map[string]refusal{
		"a provider that is none":        {profile: "identity: {provider: hunter22}", named: "identity.provider"},
		"an empty provider":              {profile: "identity: {provider: ''}", named: "identity.provider"},
		"a variable's provider":          {environment: []string{"FARENCTL_E_LICENCE_PROVIDER", secret}, named: "e_licence.provider"},
		"a sender that is none":          {profile: "sms: {sender: hunter22}", named: "sms.sender"},
		"no issuer":                      {profile: "identity: {provider: oidc, client_id: c}", named: "identity.issuer"},
		"no client id":                   {profile: "e_licence: {provider: oidc, issuer: 'https://id.example.com'}", named: "e_licence.client_id"},
		"no address of the gateway":      {profile: "sms: {sender: http, http: {secret_file: /x}}", named: "sms.http.url"},
		"no secret of the gateway":       {profile: "sms: {sender: http, http: {url: 'https://sms.example.com'}}", named: "sms.http.secret_file"},
		"no access key":                  {profile: "sms: {sender: aliyun, aliyun: {access_key_secret_file: /x}}", named: "sms.aliyun.access_key_id"},
		"no secret of the access key":    {profile: "sms: {sender: aliyun, aliyun: {access_key_id: x}}", named: "sms.aliyun.access_key_secret_file"},
		"http to elsewhere":              {profile: "identity: {issuer: 'http://hunter22.example.com'}", named: "identity.issuer"},
		"http to a name like loopback":   {profile: "identity: {issuer: 'http://localhost.hunter22.example'}", named: "identity.issuer"},
		"http to a private network":      {profile: "sms: {http: {url: 'http://10.0.0.1/hunter22'}}", named: "sms.http.url"},
		"another scheme":                 {profile: "sms: {http: {url: 'ftp://127.0.0.1/hunter22'}}", named: "sms.http.url"},
		"an address without a host":      {profile: "sms: {http: {url: 'https:///hunter22'}}", named: "sms.http.url"},
		"no address at all":              {profile: "sms: {http: {url: hunter22}}", named: "sms.http.url"},
		"an address that cannot be read": {profile: "sms: {http: {url: 'https://a:%hunter22'}}", named: "sms.http.url"},
		"a password in an address":       {profile: "sms: {http: {url: 'https://u:hunter22@sms.example.com/'}}", named: "sms.http.url"},
		"an issuer with a query":         {profile: "identity: {issuer: 'https://id.example.com/?hunter22'}", named: "identity.issuer"},
		"an issuer with a fragment":      {profile: "identity: {issuer: 'https://id.example.com/#hunter22'}", named: "identity.issuer"},
		"an endpoint with a scheme":      {profile: "sms: {aliyun: {endpoint: 'https://hunter22'}}", named: "sms.aliyun.endpoint"},
		"an endpoint with a path":        {profile: "sms: {aliyun: {endpoint: 'a.example.com/hunter22'}}", named: "sms.aliyun.endpoint"},
		"an endpoint with a user":        {profile: "sms: {aliyun: {endpoint: 'hunter22@a.example.com'}}", named: "sms.aliyun.endpoint"},
		"the algorithm none":             {profile: oidc("algorithms: [RS256, none]"), named: "identity.algorithms"},
		"an algorithm with a shared key": {environment: []string{"FARENCTL_IDENTITY_ALGORITHMS", "HS256"}, named: "identity.algorithms"},
		"no algorithm":                   {profile: oidc("algorithms: []"), named: "identity.algorithms"},
		"scopes without openid":          {profile: oidc("scopes: [hunter22]"), named: "identity.scopes"},
		"an empty amr":                   {profile: oidc("amr: ''"), named: "identity.amr"},
		"an empty claim":                 {profile: oidc("claims: {document_number: ''}"), named: "identity.claims.document_number"},
		"a client id with a space":       {profile: "identity: {client_id: 'a hunter22'}", named: "identity.client_id"},
		"a document type that is none":   {profile: oidc("document_types: {x: hunter22}"), named: "identity.document_types"},
		"a kind of message that is none": {profile: "sms: {aliyun: {templates: {hunter22: SMS_1}}}", named: "sms.aliyun.templates"},
		"a kind without a template code": {profile: "sms: {aliyun: {templates: {code: }}}", named: "sms.aliyun.templates"},

		"an unknown group":             {profile: "identiy: {provider: hunter22}", named: "identiy"},
		"an unknown key of a provider": {profile: "identity: {isuer: hunter22}", named: "identity.isuer"},
		"an unknown claim":             {profile: "identity: {claims: {phone: hunter22}}", named: "identity.claims.phone"},
		"an unknown key of sms":        {profile: "sms: {url: hunter22}", named: "sms.url"},
		"an unknown key of a sender":   {profile: "sms: {http: {uri: hunter22}}", named: "sms.http.uri"},
		"a key of the other sender":    {profile: "sms: {aliyun: {url: hunter22}}", named: "sms.aliyun.url"},
		"a text where a group belongs": {profile: "identity: hunter22", named: "identity"},
		"a list where a group belongs": {profile: "sms: {aliyun: [hunter22]}", named: "sms.aliyun"},
		"a list where a text belongs":  {profile: "identity: {issuer: [hunter22]}", named: "identity.issuer"},
		"a group where a list belongs": {profile: "identity: {scopes: {a: hunter22}}", named: "identity.scopes"},
		"a list where a map belongs":   {profile: "sms: {aliyun: {templates: [hunter22]}}", named: "sms.aliyun.templates"},
		"a group inside a map":         {profile: "sms: {aliyun: {templates: {code: {a: hunter22}}}}", named: "sms.aliyun.templates"},
		"a setting that stands twice":  {profile: "lang: zh, LANG: en", named: "lang"},

		"a client secret":              {profile: "identity: {client_secret: hunter22}", code: "SECRET_IN_CONFIGURATION", named: "identity.client_secret_file"},
		"a client secret of e-licence": {profile: "e_licence: {client_secret: hunter22}", code: "SECRET_IN_CONFIGURATION", named: "e_licence.client_secret_file"},
		"a secret of the gateway":      {profile: "sms: {http: {secret: hunter22}}", code: "SECRET_IN_CONFIGURATION", named: "sms.http.secret_file"},
		"a secret of the access key":   {profile: "sms: {aliyun: {access_key_secret: hunter22}}", code: "SECRET_IN_CONFIGURATION", named: "sms.aliyun.access_key_secret_file"},
	}
	for _, name := range []string{"IDENTITY_CLIENT_SECRET", "E_LICENCE_CLIENT_SECRET", "SMS_HTTP_SECRET", "SMS_ALIYUN_ACCESS_KEY_SECRET"} {
		all["the variable "+name] = refusal{environment: []string{"FARENCTL_" + name, secret}, code: "SECRET_IN_CONFIGURATION", named: "FARENCTL_" + name + "_FILE"}
	}
	for name, c := range all {
		if c.code == "" {
			c.code = "CONFIG_INVALID"
		}
		t.Run(name+" is "+string(c.code), func(t *testing.T) {
			t.Parallel()
			var file string
			if c.profile != "" {
				file = write(t, "profiles: {default: {"+c.profile+"}}", 0o600)
			}
			_, err := load(nil, env(c.environment...), file)
			var f *account.Fault
			if !errors.As(err, &f) || f.Code != c.code {
				t.Fatalf("got %v, want %s", err, c.code)
			}
			told := f.Message(account.English, time.UTC) + "\n" + f.Hint(account.English, time.UTC)
			if !strings.Contains(told, c.named) {
				t.Errorf("%s does not name %s", told, c.named)
			}
			if strings.Contains(told+f.Message(account.Chinese, time.UTC)+f.Hint(account.Chinese, time.UTC), secret) {
				t.Errorf("the fault tells a value: %s", told)
			}
		})
	}
}

func TestUnknownKeysOfTheFileAreRefused(t *testing.T) {
	t.Parallel()
	_, err := load(nil, nil, write(t, "profils: {default: {lang: zh}}", 0o600))
	var f *account.Fault
	if !errors.As(err, &f) || f.Code != "CONFIG_INVALID" || !strings.Contains(f.Message(account.English, time.UTC), `"profils"`) {
		t.Errorf("got %v", err)
	}
}

func TestEverySettingIsToldWithItsOrigin(t *testing.T) {
	t.Parallel()
	file := write(t, "profiles: {work: {timezone: UTC, lang: zh, timeout: 5s, sms: {aliyun: {templates: {code: SMS_1}}}}}", 0o600)
	got, err := load(map[string]string{"profile": "work", "timeout": "1s"}, env("FARENCTL_LANG", "en", "FARENCTL_IDENTITY_SCOPES", "openid,a", "PGHOST", "db.example.com"), file)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]config.Setting{
		"database_url":         {Value: "", Origin: config.Origin{Kind: "variable", Name: "PGHOST"}},
		"timeout":              {Value: "1s", Origin: config.Origin{Kind: "flag", Name: "--timeout"}},
		"lang":                 {Value: "en", Origin: config.Origin{Kind: "variable", Name: "FARENCTL_LANG"}},
		"timezone":             {Value: "UTC", Origin: config.Origin{Kind: "profile", Name: "work", File: file}},
		"identity.scopes":      {Value: "openid a", Origin: config.Origin{Kind: "variable", Name: "FARENCTL_IDENTITY_SCOPES"}},
		"sms.aliyun.templates": {Value: "code=SMS_1", Origin: config.Origin{Kind: "profile", Name: "work", File: file}},
		"identity.algorithms":  {Value: "RS256 PS256 ES256 ES384", Origin: config.Origin{Kind: "default"}},
		"session_file":         {Value: "/nonexistent/home/.local/state/farenctl/session.json", Origin: config.Origin{Kind: "default"}},
	}
	seen := map[string]bool{}
	for _, s := range got.Settings {
		if seen[s.Name] {
			t.Errorf("%s stands there twice", s.Name)
		}
		seen[s.Name] = true
		if s.English == "" || s.Chinese == "" || (s.Variable == "") != (s.Kind == config.Map) {
			t.Errorf("%+v is not whole", s)
		}
		if w, listed := want[s.Name]; listed && (s.Value != w.Value || s.Origin != w.Origin) {
			t.Errorf("%s: %q from %+v, want %q from %+v", s.Name, s.Value, s.Origin, w.Value, w.Origin)
		}
		delete(want, s.Name)
	}
	if len(want) > 0 {
		t.Errorf("not told: %v", want)
	}
	locale, err := load(nil, env("LANG", "zh_CN.UTF-8"), "")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(locale.Settings, func(s config.Setting) bool { return s.Name == "lang" })
	if s := locale.Settings[i]; s.Value != "zh" || s.Origin != (config.Origin{Kind: "variable", Name: "LANG"}) {
		t.Errorf("lang: %q from %+v", s.Value, s.Origin)
	}
}

func TestPasswordsOfAddressesAreNotShown(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"postgres://u:hunter22@db.example.com/d?sslmode=verify-full":  "postgres://u@db.example.com/d?sslmode=verify-full",
		"postgres://db.example.com/d?password=hunter22":               "postgres://db.example.com/d?password=%28hidden%29",
		"postgres://db.example.com/d?sslPassword=hunter22":            "postgres://db.example.com/d?sslPassword=%28hidden%29",
		"postgres://u:12/hunter22@db.example.com/d":                   "(hidden)",
		"postgres://u:12?hunter22@db.example.com/d":                   "(hidden)",
		"postgres://u:%hunter22@db.example.com/d":                     "(hidden)",
		"host=db.example.com password = 'hunter22 x'":                 "(hidden)",
		"host=db.example.com user=u passfile=/x sslmode=verify-full":  "host=db.example.com user=u passfile=/x sslmode=verify-full",
		"postgres://u@db.example.com:5433/d?application_name=abc%20d": "postgres://u@db.example.com:5433/d?application_name=abc%20d",
	} {
		got, err := load(nil, nil, write(t, `profiles: {default: {database_url: "`+address+`"}}`, 0o600))
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		if s := got.Settings[0]; s.Name != "database_url" || s.Value != want {
			t.Errorf("%s is shown as %s, want %s", address, s.Value, want)
		}
	}
}

func TestSecretsAreReadFromFilesOfTheirOwner(t *testing.T) {
	t.Parallel()
	const secret = "hunter22"
	file := func(text string, mode os.FileMode) string { return write(t, text, mode) }
	for name, path := range map[string]string{"a line": file(secret+"\n", 0o600), "a line of Windows": file(secret+"\r\n", 0o400), "no line end": file(secret, 0o600)} {
		if got, err := config.ReadSecret(path); err != nil || string(got) != secret {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if got, err := config.ReadSecret(file(secret+"\n\n", 0o600)); err != nil || string(got) != secret+"\n" {
		t.Errorf("two line ends: %q, %v", got, err)
	}
	for name, c := range map[string]struct {
		path string
		code account.Code
	}{
		"others":    {file(secret, 0o604), "FILE_PERMISSIONS"},
		"the group": {file(secret, 0o640), "FILE_PERMISSIONS"},
		"no file":   {filepath.Join(t.TempDir(), "absent"), "CONFIG_INVALID"},
		"directory": {t.TempDir(), "CONFIG_INVALID"},
		"no secret": {file("\n", 0o600), "CONFIG_INVALID"},
		"too long":  {file(strings.Repeat(secret, 1024), 0o600), "CONFIG_INVALID"},
	} {
		got, err := config.ReadSecret(c.path)
		var f *account.Fault
		if !errors.As(err, &f) || f.Code != c.code || f.Status() != account.StatusConfig || got != nil {
			t.Errorf("%s: %q, %v", name, got, err)
			continue
		}
		if told := f.Message(account.English, time.UTC) + f.Hint(account.English, time.UTC); strings.Contains(told, secret) || !strings.Contains(told, c.path) {
			t.Errorf("%s: %s", name, told)
		}
	}
}
