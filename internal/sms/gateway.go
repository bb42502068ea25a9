package sms

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
)

// The codes of what became of a try when the gateway itself gave none.
const (
	CodeTimeout     = "timeout"     // no answer in time
	CodeUnreachable = "unreachable" // nothing listens there, or its certificate is not trusted
	CodeCut         = "cut"         // the connection ended before the answer
	CodeUnreadable  = "unreadable"  // the answer is none of the gateway's
	CodeNoTemplate  = "no-template" // no template is configured for the kind
)

// wordMax is the longest code or reference of a gateway that is kept, in bytes.
const wordMax = 64

// isWord tells what a gateway may say of itself that is worth keeping. No regular expression: making it would cost every start of the program.
func isWord(text string) bool {
	return text != "" && len(text) <= wordMax && !strings.ContainsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune("._:^-", r)
	})
}

// plain keeps a gateway's code or reference where it is one, and says nothing of the message: neither its number nor anything else that
// comes from outside is passed on.
func plain(text string, m Message) string {
	if !isWord(text) || m.To != "" && strings.Contains(text, m.To) {
		return ""
	}
	return text
}

// lost is the outcome of a request without an answer. written tells whether it may have reached the gateway.
func lost(err error, written bool) Result {
	r := Result{Outcome: Failed, Code: CodeCut}
	if written {
		r.Outcome = Unknown
	}
	var slow net.Error
	var op *net.OpError
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.As(err, &slow) && slow.Timeout():
		r.Code = CodeTimeout
	case errors.As(err, &op) && op.Op == "dial", untrusted(err):
		r.Code = CodeUnreachable
	}
	return r
}

// untrusted: the handshake ended before anything was sent.
func untrusted(err error) bool {
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var authority x509.UnknownAuthorityError
	return errors.As(err, &verify) || errors.As(err, &record) || errors.As(err, &authority)
}

// watched gives a context that notes in written whether a request that has it went out, wholly or in part. Go tells of the headers when it
// has buffered them, before anything is on the wire: a later sign could come after the gateway's answer. What it sends again by itself on
// another connection did not go out on the first.
func watched(ctx context.Context, written *atomic.Bool) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:      func(httptrace.GotConnInfo) { written.Store(false) },
		WroteHeaders: func() { written.Store(true) },
	})
}
