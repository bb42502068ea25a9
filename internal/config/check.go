package config

import (
	"net/url"
	"slices"
	"strings"

	"github.com/farenctl/farenctl/internal/outbound"
)

// safeAlgorithms are what an ID token may be signed with (RFC 7518, RFC 8037): signatures by a key of the issuer's alone. "none" is no
// signature, and HS… is made with a key that the client knows, so that neither proves who issued the token.
var safeAlgorithms = [...]string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}

func oneOf(names ...string) check {
	return func(text string) string {
		if slices.Contains(names, text) {
			return ""
		}
		return "is " + strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
	}
}

func filled(text string) string {
	if text == "" {
		return "is empty"
	}
	return ""
}

// printable keeps to the characters that client ids and claims have (RFC 6749, appendix A.1).
func printable(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return "holds a space or control character"
	}
	return ""
}

// secureURL takes https, and http where nothing leaves the machine; secrets and personal data go there.
func secureURL(text string) string {
	if text == "" {
		return ""
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "":
		return "is no address such as https://host/path"
	case u.User != nil:
		return "holds a user or password, which have no place in an address"
	case u.Fragment != "":
		return "has a fragment"
	case u.Scheme == "https", u.Scheme == "http" && outbound.Loopback(u.Hostname()):
		return ""
	}
	return "is not https; http is for this machine's own addresses (localhost, 127.0.0.1, ::1) only"
}

// issuer is secureURL without a query (OpenID Connect Discovery 1.0, 3).
func issuer(text string) string {
	if problem := secureURL(text); problem != "" {
		return problem
	}
	if strings.Contains(text, "?") {
		return "has a query"
	}
	return ""
}

// host takes a host name or address, with or without a port.
func host(text string) string {
	if text == "" {
		return ""
	}
	u, err := url.Parse("//" + text)
	if err != nil || u.Host != text || u.Hostname() == "" || u.User != nil {
		return "is no host such as dysmsapi.aliyuncs.com"
	}
	return ""
}

func scopes(names []string) string {
	if !slices.Contains(names, "openid") {
		return "lacks openid, without which there is no ID token"
	}
	return ""
}

func algorithms(names []string) string {
	if len(names) == 0 {
		return "is empty"
	}
	for _, name := range names {
		if !slices.Contains(safeAlgorithms[:], name) {
			return "has one that is not one of " + strings.Join(safeAlgorithms[:], ", ")
		}
	}
	return ""
}

// complete tells which setting the chosen providers and sender still need.
func complete(c Config) error {
	type need struct{ name, text string }
	check := func(chosen string, needs ...need) error {
		for _, n := range needs {
			if n.text == "" {
				return invalid(n.name + " is missing, which " + chosen + " needs")
			}
		}
		return nil
	}
	for _, p := range []struct {
		group string
		Identity
	}{{"identity", c.Identity}, {"e_licence", c.ELicence}} {
		if p.Provider != ProviderOIDC {
			continue
		}
		if err := check(p.group+".provider oidc", need{p.group + ".issuer", p.OIDC.Issuer}, need{p.group + ".client_id", p.OIDC.ClientID}); err != nil {
			return err
		}
	}
	switch c.SMS.Sender {
	case SenderHTTP:
		return check("sms.sender http", need{"sms.http.url", c.SMS.HTTP.URL}, need{"sms.http.secret_file", c.SMS.HTTP.SecretFile})
	case SenderAliyun:
		return check("sms.sender aliyun", need{"sms.aliyun.access_key_id", c.SMS.Aliyun.AccessKeyID},
			need{"sms.aliyun.access_key_secret_file", c.SMS.Aliyun.AccessKeySecretFile})
	}
	return nil
}
