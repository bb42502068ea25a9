package config

// The providers of face checks and e-licences, and the senders of messages.
const (
	ProviderSandbox = "sandbox"
	ProviderOIDC    = "oidc"
	SenderOutbox    = "outbox"
	SenderHTTP      = "http"
	SenderAliyun    = "aliyun"
)

// Identity is a provider of face checks, or of e-licences: sandbox or oidc.
type Identity struct {
	Provider string // sandbox (default), oidc
	OIDC     OIDC
}

// OIDC is a provider that speaks OpenID Connect with the device authorization grant (RFC 8628).
type OIDC struct {
	Issuer           string // https, or http on loopback
	ClientID         string
	ClientSecretFile string // empty: a public client
	CAFile           string // PEM of authorities beside the system's; empty: the system's alone
	Scopes           []string
	Algorithms       []string // that the ID token may be signed with
	AMR              string   // that the token's amr has to hold (RFC 8176)
	// The names of the claims that say who the person is, and for e-licences which organization.
	ClaimName, ClaimDocumentType, ClaimDocumentNumber, ClaimUnitCode string
	// DocumentTypes maps the provider's words for document types to farenctl's; a word that is not in it is taken as it is.
	DocumentTypes map[string]string
}

// SMS is how messages leave.
type SMS struct {
	Sender string // outbox (default: keeps only), http, aliyun
	HTTP   HTTPSender
	Aliyun AliyunSender
}

// HTTPSender is a gateway that takes signed JSON.
type HTTPSender struct {
	URL        string // https, or http on loopback
	SecretFile string // key of the HMAC-SHA256 signature
	CAFile     string
}

// AliyunSender is Aliyun's SMS service.
type AliyunSender struct {
	Endpoint            string // host; empty: dysmsapi.aliyuncs.com
	AccessKeyID         string
	AccessKeySecretFile string
	SignName            string            // empty: the SMS signature
	Templates           map[string]string // kind of message -> template code
}
