package certificate

import "time"

// The reasons for which a certificate, key or signature is not taken.
const (
	ReasonUnreadable        = "unreadable"         // neither PEM nor DER nor PKCS#12
	ReasonPassword          = "password"           // the key's password is wrong or missing
	ReasonNoKey             = "no-key"             // no private key where one is needed
	ReasonKeyMismatch       = "key-mismatch"       // the key is not the certificate's
	ReasonUnsupported       = "unsupported"        // another kind of key than RSA from 2048 bits and ECDSA
	ReasonSelfSigned        = "self-signed"        // signed by itself instead of by an authority
	ReasonUntrusted         = "untrusted"          // no chain to a configured authority
	ReasonExpired           = "expired"            // its time is over
	ReasonNotYetValid       = "not-yet-valid"      // its time has not begun
	ReasonUsage             = "usage"              // not made for signing in
	ReasonRevoked           = "revoked"            // its authority has taken it back
	ReasonRevocationUnknown = "revocation-unknown" // no current revocation list of its authority
	ReasonNoUnitCode        = "no-unit-code"       // its subject names no unit code, or several
	ReasonSignature         = "signature"          // the signature is not of this key over this challenge
)

// Reasons lists every reason.
func Reasons() []string {
	return []string{ReasonUnreadable, ReasonPassword, ReasonNoKey, ReasonKeyMismatch, ReasonUnsupported, ReasonSelfSigned, ReasonUntrusted, ReasonExpired,
		ReasonNotYetValid, ReasonUsage, ReasonRevoked, ReasonRevocationUnknown, ReasonNoUnitCode, ReasonSignature}
}

// Error says why something is not taken. It never holds anything of a key, and nothing personal of a certificate.
type Error struct {
	Reason string
	// At is when the certificate expired, begins to be valid or was revoked; zero where there is no such time.
	At    time.Time
	cause error
}

func (e *Error) Error() string { return "certificate not taken: " + e.Reason }

func (e *Error) Unwrap() error { return e.cause }

func refuse(reason string) *Error { return &Error{Reason: reason} }
