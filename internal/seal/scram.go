package seal

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
)

// scramIterations is four times PostgreSQL's own default. Every connection by password pays it, some milliseconds.
const scramIterations = 16384

// scramSalt is PostgreSQL's own length of a salt, in bytes.
const scramSalt = 16

// SCRAMVerifier makes what PostgreSQL keeps of a login's password (RFC 5803, RFC 7677), so that the password itself stays here:
// SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>. password is ASCII, which SASLprep leaves as it is.
func SCRAMVerifier(password string, random io.Reader) (string, error) {
	salt := make([]byte, scramSalt)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", fmt.Errorf("draw a salt: %w", err)
	}
	salted, err := pbkdf2.Key(sha256.New, password, salt, scramIterations, sha256.Size)
	if err != nil {
		return "", fmt.Errorf("derive the password: %w", err)
	}
	keyed := func(word string) []byte {
		mac := hmac.New(sha256.New, salted)
		mac.Write([]byte(word))
		return mac.Sum(nil)
	}
	stored := sha256.Sum256(keyed("Client Key"))
	text := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", scramIterations, text(salt), text(stored[:]), text(keyed("Server Key"))), nil
}
