// Package outbound has what every client of a provider or gateway goes by: to which addresses a secret may go, whose certificates are
// trusted, how much of an answer is read, and that nobody is followed elsewhere. It opens no connection.
package outbound

import (
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
)

// Loopback tells whether a host is this machine.
func Loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// Safe tells an address to which a secret may go: https, or http on this machine.
func Safe(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Hostname() != "" && (u.Scheme == "https" || u.Scheme == "http" && Loopback(u.Hostname()))
}

// Roots are the system's authorities and those of a PEM file; nil, which crypto/tls takes for the system's alone, where there is no file.
func Roots(file []byte) (*x509.CertPool, error) {
	if file == nil {
		return nil, nil //nolint:nilnil // see above
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(file) {
		return nil, errors.New("no certificate in PEM")
	}
	return pool, nil
}

// NoRedirect is the redirect policy of a client: none is followed. A secret must not follow where somebody else points.
func NoRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// HeadersMax is the longest head of an answer that is read, in bytes.
const HeadersMax = 64 << 10

// Bounded ends every answer after so many bytes, whoever reads it: a library may read whatever comes.
func Bounded(transport http.RoundTripper, limit int64) http.RoundTripper {
	return bounded{transport, limit}
}

type bounded struct {
	http.RoundTripper
	limit int64
}

func (b bounded) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := b.RoundTripper.RoundTrip(request)
	if err == nil {
		response.Body = body{io.LimitReader(response.Body, b.limit), response.Body}
	}
	return response, err
}

type body struct {
	io.Reader
	io.Closer
}
