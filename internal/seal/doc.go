// Package seal keeps personal data unreadable for the database: it owns the
// keyring, the encryption of single fields, the keyed blind index they are
// searched by, the keyed proof of one-time codes, and the derivation of
// passwords.
//
// Two suites exist. "aes" is AES-256-GCM (NIST SP 800-38D), HMAC-SHA256
// (FIPS 198-1) and Argon2id (RFC 9106); "sm" is SM4-GCM (GB/T 32907-2016,
// RFC 8998), HMAC-SM3 (GB/T 32905-2016, GM/T 0042-2015) and PBKDF2-HMAC-SM3
// (GM/T 0091-2020). A database is bound to one of them for life.
//
// A keyring has two parts. The index key is enough to search and to prove
// one-time codes. The sealing keys encrypt and decrypt; a keyring without them
// is index-only. No raw key of the file is used by an algorithm: each purpose
// has its own subkey, derived by HKDF (RFC 5869) with the suite's hash.
//
// # Sealed form
//
//	offset  length  content
//	0       1       format version, 1
//	1       1       suite: 1 aes, 2 sm
//	2       4       fingerprint of the sealing key
//	6       1       n, length of the sealing key's id, 1-32
//	7       n       id of the sealing key
//	7+n     12      random nonce
//	19+n    rest    ciphertext and 16-byte tag
//
// The bytes before the nonce, and the table, row and column the field belongs
// to, are authenticated with it, so a ciphertext moved to another place does
// not open. The fingerprint tells a key of the same id from another keyring
// (ErrWrongKey) from data that was changed (ErrTampered).
//
// Nonces are random, so one sealing key must not seal more than 2^32 fields
// (NIST SP 800-38D, 8.3); rotation starts a new count.
//
// The package never talks to a database, never decides who may see a field,
// never masks, never judges whether a password is good, and never logs.
package seal
