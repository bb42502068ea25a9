package config

import (
	"net/url"
	"slices"
	"strings"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/outbound"
)

// safeAlgorithms are what an ID token may be signed with (RFC 7518, RFC 8037): signatures by a key of the issuer's alone. "none" is no
// signature, and HS… is made with a key that the client knows, so that neither proves who issued the token.
var safeAlgorithms = [...]string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}

func oneOf(names ...string) check {
	return func(text string) account.Text {
		if slices.Contains(names, text) {
			return account.Text{}
		}
		others, last := names[:len(names)-1], names[len(names)-1]
		return account.Say("is %[1]s or %[3]s", "须为 %[2]s或 %[3]s", strings.Join(others, ", "), strings.Join(others, "、")+" ", last)
	}
}

func filled(text string) account.Text {
	if text == "" {
		return account.Say("is empty", "不能为空")
	}
	return account.Text{}
}

// printable keeps to the characters that client ids and claims have (RFC 6749, appendix A.1).
func printable(text string) account.Text {
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return account.Say("holds a space or control character", "含有空格或控制字符")
	}
	return account.Text{}
}

// secureURL takes https, and http where nothing leaves the machine; secrets and personal data go there.
func secureURL(text string) account.Text {
	if text == "" {
		return account.Text{}
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "":
		return account.Say("is no address such as https://host/path", "须为 https://host/path 形式的地址")
	case u.User != nil:
		return account.Say("holds a user or password, which have no place in an address", "地址中不得含有用户名或密码")
	case u.Fragment != "":
		return account.Say("has a fragment", "地址中不得含有 # 部分")
	case u.Scheme == "https", u.Scheme == "http" && outbound.Loopback(u.Hostname()):
		return account.Text{}
	}
	return account.Say("is not https; http is for this machine's own addresses (localhost, 127.0.0.1, ::1) only", "须使用 https;http 仅可用于本机地址（localhost、127.0.0.1、::1）")
}

// issuer is secureURL without a query (OpenID Connect Discovery 1.0, 3).
func issuer(text string) account.Text {
	if problem := secureURL(text); problem != (account.Text{}) {
		return problem
	}
	if strings.Contains(text, "?") {
		return account.Say("has a query", "地址中不得含有？部分")
	}
	return account.Text{}
}

// host takes a host name or address, with or without a port.
func host(text string) account.Text {
	if text == "" {
		return account.Text{}
	}
	u, err := url.Parse("//" + text)
	if err != nil || u.Host != text || u.Hostname() == "" || u.User != nil {
		return account.Say("is no host such as dysmsapi.aliyuncs.com", "须为主机名，例如 dysmsapi.aliyuncs.com")
	}
	return account.Text{}
}

func scopes(names []string) account.Text {
	if !slices.Contains(names, "openid") {
		return account.Say("lacks openid, without which there is no ID token", "须包含 openid，否则没有 ID 令牌")
	}
	return account.Text{}
}

func algorithms(names []string) account.Text {
	if len(names) == 0 {
		return account.Say("is empty", "不能为空")
	}
	for _, name := range names {
		if !slices.Contains(safeAlgorithms[:], name) {
			return account.Say("has one that is not one of %[1]s", "只能包含：%[2]s", strings.Join(safeAlgorithms[:], ", "), strings.Join(safeAlgorithms[:], "、"))
		}
	}
	return account.Text{}
}

// complete tells which setting the chosen providers and sender still need.
func complete(c Config) error {
	type need struct{ name, text string }
	check := func(chosen string, needs ...need) error {
		for _, n := range needs {
			if n.text == "" {
				return invalid("%s is missing, which %s needs", "缺少 %s（%s 需要）", n.name, chosen)
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
