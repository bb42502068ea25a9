// Package certificate decides whether a digital certificate of an organization (法人数字证书, guide 一.5, 二.1) may sign in: it reads
// certificates and keys (PEM, DER, PKCS#12), follows the chain to the configured authorities, looks for the certificate in their revocation
// lists, and makes and checks signatures of a challenge. Rules of form: RFC 5280.
//
// It knows RSA (from 2048 bits) and ECDSA (P-256, P-384, P-521). SM2 certificates are refused as unsupported. It keeps no key, opens no
// database and no network connection: revocation lists are files that somebody else brings up to date.
package certificate
