package config

import (
	"slices"
	"strings"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/sms"
)

// Kind is what a setting holds, and by that how it is written.
type Kind string

// The kinds.
const (
	Text     Kind = "text"
	Path     Kind = "path"
	Duration Kind = "duration" // such as 30s or 5m
	List     Kind = "list"     // in a variable: words, apart by spaces or commas
	Map      Kind = "map"      // in the file only
	// SecretFile names a file with a secret. The setting without _file, which would be the secret itself, is refused.
	SecretFile Kind = "secret-file"
)

// secretSuffix is how the name of every SecretFile ends.
const secretSuffix = "_file"

// value is what was found for a setting: text, words or pairs, by its kind.
type value struct {
	text  string
	words []string
	pairs map[string]string
}

// shown is the value in one line.
func (v value) shown(kind Kind) string {
	switch kind {
	case List:
		return strings.Join(v.words, " ")
	case Map:
		pairs := make([]string, 0, len(v.pairs))
		for name, text := range v.pairs {
			pairs = append(pairs, name+"="+text)
		}
		slices.Sort(pairs)
		return strings.Join(pairs, " ")
	}
	return v.text
}

// setting is one row of the table.
type setting struct {
	name     string // in a profile, with a dot below each group
	kind     Kind
	fallback string
	// find, when set, gives the default that depends on the machine or on settings above, and the variable that it is from, if any.
	find   func(getenv func(string) string, c *Config) (text, variable string)
	en, zh string // what it is
	// orEN and orZH tell the default that fallback does not.
	orEN, orZH string
	// put takes the value over, or tells what is wrong with it, without the value: "is no …".
	put func(c *Config, v value) (problem account.Text)
}

// variable is the environment variable of a setting: its name, with underscores.
func variable(name string) string {
	return "FARENCTL_" + strings.ToUpper(strings.ReplaceAll(name, ".", "_"))
}

// own reads a setting's variable; pairs have none.
func (s setting) own(getenv func(string) string) string {
	if s.kind == Map {
		return ""
	}
	return getenv(variable(s.name))
}

// settings is the one table of everything that can be set; a new setting is a row here and its field of [Config]. Rows stand in the
// order in which they are settled and shown.
func settings() []setting {
	all := []setting{
		{name: "database_url", kind: Text, en: "database address; empty: the private server", zh: "数据库地址；为空时使用私有服务",
			put: text(func(c *Config) *string { return &c.DatabaseURL })},
		{name: "keyring", kind: Path, en: "keyring file", zh: "密钥环文件", find: defaultKeyring,
			orEN: "beside the private server, else ~/.config/farenctl/keyring.json", orZH: "私有服务目录内，否则 ~/.config/farenctl/keyring.json",
			put: text(func(c *Config) *string { return &c.KeyringFile })},
		{name: "keyring_passphrase_file", kind: SecretFile, en: "file with the passphrase of a wrapped keyring", zh: "密钥环口令文件（密钥环已加口令时）",
			put: text(func(c *Config) *string { return &c.KeyringPassphraseFile })},
		{name: "session_file", kind: Path, en: "file that holds the session", zh: "会话文件", find: defaultSessionFile,
			orEN: "~/.local/state/farenctl/session.json", orZH: "~/.local/state/farenctl/session.json",
			put: text(func(c *Config) *string { return &c.SessionFile })},
		{name: "data_dir", kind: Path, en: "directory of the private server", zh: "私有服务的目录",
			orEN: "/var/lib/farenctl for root, else ~/.local/share/farenctl", orZH: "root 为 /var/lib/farenctl，否则 ~/.local/share/farenctl",
			put: text(func(c *Config) *string { return &c.DataDir })},
		{name: "pg_bin", kind: Path, en: "directory of PostgreSQL's programs; empty: looked for", zh: "PostgreSQL 程序目录；为空时自动查找",
			put: text(func(c *Config) *string { return &c.PGBin })},
		{name: "server_idle", kind: Duration, fallback: "10m", en: "disuse after which the private server stops", zh: "私有服务闲置多久后停止",
			put: duration(func(c *Config) *time.Duration { return &c.ServerIdle })},
		{name: "output", kind: Text, fallback: "table", en: "output format", zh: "输出格式",
			put: text(func(c *Config) *string { return &c.Output })},
		{name: "lang", kind: Text, en: "language of messages", zh: "消息语言", find: locale,
			orEN: "by the locale, else en", orZH: "按系统区域设置，否则 en",
			put: func(c *Config, v value) (problem account.Text) {
				c.Language = account.Language(v.text)
				return oneOf("zh", "en")(v.text)
			}},
		{name: "timezone", kind: Text, fallback: "Asia/Shanghai", en: "time zone of tables", zh: "表格使用的时区",
			put: func(c *Config, v value) (problem account.Text) {
				var err error
				if c.Location, err = time.LoadLocation(v.text); err != nil {
					return account.Say("is no time zone", "不是有效的时区")
				}
				return account.Text{}
			}},
		{name: "timeout", kind: Duration, fallback: "60s", en: "time limit", zh: "时限",
			put: duration(func(c *Config) *time.Duration { return &c.Timeout })},
		{name: "log_format", kind: Text, fallback: "text", en: "form of the log", zh: "日志格式",
			put: text(func(c *Config) *string { return &c.LogFormat }, oneOf("text", "json"))},
		{name: "certificate_authorities", kind: Path, en: "authorities of organizations' certificates (PEM)", zh: "法人数字证书的发证机构（PEM）",
			put: text(func(c *Config) *string { return &c.CertificateAuthorities })},
		{name: "certificate_crl", kind: Path, en: "their revocation lists (PEM), or none", zh: "吊销列表（PEM），或 none",
			put: text(func(c *Config) *string { return &c.CertificateCRL })},
		{name: "certificate_unit_code", kind: Text, fallback: "serialNumber", en: "the subject's attribute with the unit code", zh: "证书主题中单位编号所在的属性",
			put: text(func(c *Config) *string { return &c.CertificateUnitCode })},
		{name: "sms_signature", kind: Text, en: "signature in 【】; empty: the portal's", zh: "短信签名【】；为空时使用门户名称",
			put: text(func(c *Config) *string { return &c.SMSSignature })},
	}
	all = append(all,
		setting{name: "audit.checkpoints", kind: Path, en: "directory of the audit's checkpoints", zh: "审计检查点目录",
			put: text(func(c *Config) *string { return &c.AuditCheckpoints })},
		setting{name: "audit.public_key", kind: Path, en: "public key of who seals the audit", zh: "审计封存者的公钥文件",
			put: text(func(c *Config) *string { return &c.AuditPublicKey })})
	all = append(all, identitySettings("identity", "face checks", "人脸认证", func(c *Config) *Identity { return &c.Identity })...)
	all = append(all, identitySettings("e_licence", "e-licences", "电子营业执照", func(c *Config) *Identity { return &c.ELicence })...)
	return append(all, smsSettings()...)
}

// identitySettings are the rows of a provider.
func identitySettings(group, en, zh string, of func(*Config) *Identity) []setting {
	oidc := func(field func(*OIDC) *string) func(*Config) *string {
		return func(c *Config) *string { return field(&of(c).OIDC) }
	}
	all := []setting{
		{name: "provider", kind: Text, fallback: ProviderSandbox, en: "provider of " + en + ": sandbox or oidc", zh: zh + "的提供方：sandbox 或 oidc",
			put: text(func(c *Config) *string { return &of(c).Provider }, oneOf(ProviderSandbox, ProviderOIDC))},
		{name: "issuer", kind: Text, en: "address of the OpenID Connect issuer", zh: "OpenID Connect 签发方地址",
			put: text(oidc(func(o *OIDC) *string { return &o.Issuer }), issuer)},
		{name: "client_id", kind: Text, en: "client id at the issuer", zh: "客户端编号",
			put: text(oidc(func(o *OIDC) *string { return &o.ClientID }), printable)},
		{name: "client_secret_file", kind: SecretFile, en: "file with the client secret; empty: a public client", zh: "客户端密钥文件；为空表示公开客户端",
			put: text(oidc(func(o *OIDC) *string { return &o.ClientSecretFile }))},
		{name: "ca_file", kind: Path, en: "authorities beside the system's (PEM)", zh: "系统之外的发证机构（PEM）",
			put: text(oidc(func(o *OIDC) *string { return &o.CAFile }))},
		{name: "scopes", kind: List, fallback: "openid profile", en: "scopes that are asked for", zh: "请求的 scope",
			put: words(func(c *Config) *[]string { return &of(c).OIDC.Scopes }, scopes)},
		{name: "algorithms", kind: List, fallback: "RS256 PS256 ES256 ES384", en: "signatures that the ID token may have", zh: "ID 令牌可用的签名算法",
			put: words(func(c *Config) *[]string { return &of(c).OIDC.Algorithms }, algorithms)},
		{name: "amr", kind: Text, fallback: "face", en: "method that the token's amr has to hold", zh: "令牌 amr 必须包含的认证方式",
			put: text(oidc(func(o *OIDC) *string { return &o.AMR }), filled, printable)},
		{name: "claims.name", kind: Text, fallback: "name", en: "claim with the person's name", zh: "姓名所在的 claim",
			put: text(oidc(func(o *OIDC) *string { return &o.ClaimName }), filled, printable)},
		{name: "claims.document_type", kind: Text, fallback: "document_type", en: "claim with the document's type", zh: "证件类型所在的 claim",
			put: text(oidc(func(o *OIDC) *string { return &o.ClaimDocumentType }), filled, printable)},
		{name: "claims.document_number", kind: Text, fallback: "document_number", en: "claim with the document's number", zh: "证件号码所在的 claim",
			put: text(oidc(func(o *OIDC) *string { return &o.ClaimDocumentNumber }), filled, printable)},
		{name: "claims.unit_code", kind: Text, fallback: "unit_code", en: "claim with the organization's unit code", zh: "单位编号所在的 claim",
			put: text(oidc(func(o *OIDC) *string { return &o.ClaimUnitCode }), filled, printable)},
		{name: "document_types", kind: Map, en: "the provider's words for document types, and farenctl's", zh: "提供方的证件类型与本程序类型的对应",
			put: func(c *Config, v value) (problem account.Text) {
				of(c).OIDC.DocumentTypes = v.pairs
				for _, known := range v.pairs {
					if !slices.Contains(account.DocumentTypeNames(), known) {
						return account.Say("leads to a document type that is not one of %s", "中的证件类型须为以下之一：%s", strings.Join(account.DocumentTypeNames(), ", "))
					}
				}
				return account.Text{}
			}},
	}
	for i := range all {
		all[i].name = group + "." + all[i].name
	}
	return all
}

// smsSettings are the rows of the senders.
func smsSettings() []setting {
	return []setting{
		{name: "sms.sender", kind: Text, fallback: SenderOutbox, en: "how messages leave: outbox (they do not), http or aliyun", zh: "短信发送方式：outbox（不发送）、http 或 aliyun",
			put: text(func(c *Config) *string { return &c.SMS.Sender }, oneOf(SenderOutbox, SenderHTTP, SenderAliyun))},
		{name: "sms.http.url", kind: Text, en: "address of the gateway", zh: "短信网关地址",
			put: text(func(c *Config) *string { return &c.SMS.HTTP.URL }, secureURL)},
		{name: "sms.http.secret_file", kind: SecretFile, en: "file with the key of the signature", zh: "签名密钥文件",
			put: text(func(c *Config) *string { return &c.SMS.HTTP.SecretFile })},
		{name: "sms.http.ca_file", kind: Path, en: "authorities beside the system's (PEM)", zh: "系统之外的发证机构（PEM）",
			put: text(func(c *Config) *string { return &c.SMS.HTTP.CAFile })},
		{name: "sms.aliyun.endpoint", kind: Text, en: "host; empty: dysmsapi.aliyuncs.com", zh: "服务地址；为空时使用 dysmsapi.aliyuncs.com",
			put: text(func(c *Config) *string { return &c.SMS.Aliyun.Endpoint }, host)},
		{name: "sms.aliyun.access_key_id", kind: Text, en: "id of the access key", zh: "访问密钥编号",
			put: text(func(c *Config) *string { return &c.SMS.Aliyun.AccessKeyID }, printable)},
		{name: "sms.aliyun.access_key_secret_file", kind: SecretFile, en: "file with the secret of the access key", zh: "访问密钥的密钥文件",
			put: text(func(c *Config) *string { return &c.SMS.Aliyun.AccessKeySecretFile })},
		{name: "sms.aliyun.sign_name", kind: Text, en: "signature; empty: sms_signature", zh: "签名；为空时使用 sms_signature",
			put: text(func(c *Config) *string { return &c.SMS.Aliyun.SignName })},
		{name: "sms.aliyun.templates", kind: Map, en: "template code of each kind of message", zh: "各类短信的模板编号",
			put: func(c *Config, v value) (problem account.Text) {
				c.SMS.Aliyun.Templates = v.pairs
				for kind, code := range v.pairs {
					if !slices.Contains(sms.Kinds(), kind) {
						return account.Say("has a kind of message that is not one of %s", "中的短信类型须为以下之一：%s", strings.Join(sms.Kinds(), ", "))
					}
					if code == "" {
						return account.Say("has a kind of message without a template code", "中有短信类型缺少模板编号")
					}
				}
				return account.Text{}
			}},
	}
}

// check tells what is wrong with a text, or nothing.
type check func(text string) (problem account.Text)

func text(field func(*Config) *string, checks ...check) func(*Config, value) account.Text {
	return func(c *Config, v value) (problem account.Text) {
		*field(c) = v.text
		for _, check := range checks {
			if problem := check(v.text); problem != (account.Text{}) {
				return problem
			}
		}
		return account.Text{}
	}
}

func words(field func(*Config) *[]string, check func([]string) account.Text) func(*Config, value) account.Text {
	return func(c *Config, v value) (problem account.Text) {
		*field(c) = v.words
		return check(v.words)
	}
}

func duration(field func(*Config) *time.Duration) func(*Config, value) account.Text {
	return func(c *Config, v value) (problem account.Text) {
		d, err := time.ParseDuration(v.text)
		if err != nil || d <= 0 {
			return account.Say("is no duration such as 30s or 5m", "须为时长，例如 30s、5m")
		}
		*field(c) = d
		return account.Text{}
	}
}
