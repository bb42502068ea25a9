package service

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/config"
	"github.com/farenctl/farenctl/internal/outbound"
)

const (
	// netTime bounds one exchange with a provider or gateway.
	netTime = 5 * time.Second
	// answerMax is far above what discovery and key sets take, in bytes.
	answerMax = 1 << 20
	// deviceGrant is RFC 8628, 3.4.
	deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"
)

// statusError is an answer that is not 200.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("status %d", int(e)) }

var errNoJSON = errors.New("the answer is no JSON")

// oidcMetadata is what the doctor reads of OpenID Connect Discovery 1.0, 3 and RFC 8628, 4.
type oidcMetadata struct {
	Issuer     string   `json:"issuer"`
	Device     string   `json:"device_authorization_endpoint"`
	Token      string   `json:"token_endpoint"`
	Keys       string   `json:"jwks_uri"`
	Algorithms []string `json:"id_token_signing_alg_values_supported"`
	Grants     []string `json:"grant_types_supported"`
}

// oidcKeys is a JSON Web Key set (RFC 7517), as far as it tells which signatures its keys are for.
type oidcKeys struct {
	Keys []struct {
		Type      string `json:"kty"`
		Use       string `json:"use"`
		Algorithm string `json:"alg"`
	} `json:"keys"`
}

// oidc checks a provider as far as that goes without a person: secret, discovery, end points and keys.
func (d *doctor) oidc(ctx context.Context, c config.OIDC) Finding {
	if c.ClientSecretFile != "" {
		if _, err := config.ReadSecret(c.ClientSecretFile); err != nil {
			return d.fault(err)
		}
	}
	roots, err := authorities("ca_file", c.CAFile)
	if err != nil {
		return d.fault(err)
	}
	client := plainClient(roots)
	defer client.CloseIdleConnections()
	var m oidcMetadata
	if err := fetch(ctx, client, strings.TrimSuffix(c.Issuer, "/")+"/.well-known/openid-configuration", &m); err != nil {
		return d.unreachable(d.tr("discovery", "发现文档"), err)
	}
	theirs := d.tr("ask whoever runs the provider", "请联系身份认证服务方")
	switch {
	case m.Issuer != c.Issuer:
		return d.fail(d.tr("the provider calls itself by another issuer than the configured one", "服务方声明的 issuer 与配置不一致"),
			d.tr("copy the issuer to the letter, a slash at its end included", "请逐字填写 issuer，包括末尾的斜杠"))
	case m.Device == "" || m.Grants != nil && !slices.Contains(m.Grants, deviceGrant):
		return d.fail(d.tr("the provider has no device authorization (RFC 8628)", "服务方不支持设备授权（RFC 8628）"), theirs)
	case !outbound.Safe(m.Device) || !outbound.Safe(m.Token) || !outbound.Safe(m.Keys):
		return d.fail(d.tr("the provider names end points that are missing or not https", "服务方的接口地址缺失或不是 https"), theirs)
	}
	algorithm := d.tr("`algorithms` of the profile must have one that the provider signs with", "配置的 `algorithms` 须包含服务方使用的签名算法")
	if m.Algorithms != nil && !slices.ContainsFunc(m.Algorithms, func(a string) bool { return slices.Contains(c.Algorithms, a) }) {
		return d.fail(d.tr("the provider signs with none of the allowed algorithms", "服务方不使用任何允许的签名算法"), algorithm)
	}
	var set oidcKeys
	if err := fetch(ctx, client, m.Keys, &set); err != nil {
		return d.unreachable(d.tr("keys", "密钥集"), err)
	}
	for _, key := range set.Keys {
		if key.Use != "enc" && slices.ContainsFunc(c.Algorithms, func(a string) bool { return (key.Algorithm == "" || key.Algorithm == a) && key.Type == keyType(a) }) {
			return d.ok(d.tr("answers; device authorization and keys are there", "可以连接，设备授权和密钥均已提供"))
		}
	}
	return d.fail(d.tr("the provider has no key for an allowed algorithm", "服务方没有适用于允许算法的密钥"), algorithm)
}

// keyType is the kind of key (RFC 7518, 6.1; RFC 8037) behind an algorithm.
func keyType(algorithm string) string {
	switch {
	case strings.HasPrefix(algorithm, "ES"):
		return "EC"
	case algorithm == "EdDSA":
		return "OKP"
	}
	return "RSA"
}

// unreachable tells why something was not reached, never what stands in an address.
func (d *doctor) unreachable(what string, err error) Finding {
	var status statusError
	var verify *tls.CertificateVerificationError
	var timeout net.Error
	problem, hint := d.tr("cannot be reached", "无法连接"), d.tr("check address, network and firewall", "请检查地址、网络和防火墙")
	switch {
	case errors.As(err, &status):
		problem = fmt.Sprintf(d.tr("answers with status %d", "返回状态 %d"), int(status))
		hint = d.tr("check the address, or ask whoever runs it", "请检查地址，或联系服务方")
	case errors.Is(err, errNoJSON):
		problem, hint = d.tr("does not answer with JSON", "返回内容不是 JSON"), d.tr("check the address", "请检查地址")
	case errors.As(err, &verify):
		problem = d.tr("has a certificate that is not trusted", "服务器证书不受信任")
		hint = d.tr("name its authority's file with `ca_file`", "请用 `ca_file` 指定其发证机构文件")
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		problem = d.tr("does not answer in time", "未及时响应")
	}
	return d.fail(what+" "+problem, hint)
}

// authorities are the system's with those of a file; nil: the system's alone.
func authorities(setting, path string) (*x509.CertPool, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // that is how crypto/tls says the system's
	}
	bad := func(problem account.Text, err error) error {
		return account.NewFault("CONFIG_INVALID", "problem", account.Say("%s: %s", "%s：%s", setting, problem)).WithCause(err)
	}
	file, err := config.ReadBounded(path, authoritiesMax)
	if err != nil {
		return nil, bad(account.Say("the file cannot be read", "文件无法读取"), err)
	}
	pool, err := outbound.Roots(file)
	if err != nil {
		return nil, bad(account.Say("the file has no certificate in PEM", "文件中没有 PEM 格式的证书"), err)
	}
	return pool, nil
}

// plainClient asks without credentials, and like the provider's own client follows no redirection.
func plainClient(roots *x509.CertPool) *http.Client {
	return &http.Client{
		Timeout:       netTime,
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}},
		CheckRedirect: outbound.NoRedirect,
	}
}

func fetch(ctx context.Context, client *http.Client, address string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	if answer.StatusCode != http.StatusOK {
		return statusError(answer.StatusCode)
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, answerMax)).Decode(into); err != nil {
		var netErr net.Error
		if errors.As(err, &netErr) {
			return err
		}
		return errNoJSON
	}
	return nil
}

// aliyunAddress is that of the service, or of what stands for it on this machine.
func aliyunAddress(endpoint string) string {
	if endpoint == "" {
		endpoint = "dysmsapi.aliyuncs.com"
	}
	if u, err := url.Parse("//" + endpoint); err == nil && outbound.Loopback(u.Hostname()) {
		return "http://" + endpoint
	}
	return "https://" + endpoint
}

// touch opens a connection and closes it: TLS with https. Nothing is asked. Where a proxy stands between, that is what can be touched.
func touch(ctx context.Context, address string, roots *x509.CertPool) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	target, secure := request.URL, request.URL.Scheme == "https"
	proxy, err := http.ProxyFromEnvironment(request)
	if err != nil {
		return err
	}
	if proxy != nil {
		target, secure = proxy, proxy.Scheme == "https"
		roots = nil
	}
	port := target.Port()
	if port == "" {
		port = map[bool]string{true: "443", false: "80"}[secure]
	}
	host := net.JoinHostPort(target.Hostname(), port)
	dialer := &net.Dialer{Timeout: netTime}
	bounded, cancel := context.WithTimeout(ctx, netTime)
	defer cancel()
	var conn net.Conn
	if secure {
		conn, err = (&tls.Dialer{NetDialer: dialer, Config: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}).DialContext(bounded, "tcp", host)
	} else {
		conn, err = dialer.DialContext(bounded, "tcp", host)
	}
	if err != nil {
		return err
	}
	return conn.Close()
}
