package seal

import (
	"bytes"
	"crypto/pbkdf2"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/argon2"

	"github.com/emmansun/gmsm/sm3"
)

// The password schemes.
const (
	SchemeArgon2id  = "argon2id"   // RFC 9106, version 0x13
	SchemePBKDF2SM3 = "pbkdf2-sm3" // RFC 8018 over HMAC-SM3, GM/T 0091-2020
)

// Bounds of Validate. They come from a database or an imported file, so the
// upper ones bound what a hostile one can make this process spend (at most
// 256 MiB), and the lower ones keep it from asking for a key that is cheap to
// guess from. They are ours, wide enough for the defaults of common libraries.
const (
	minMemory      = 8 << 10   // KiB: 8 MiB
	maxMemory      = 256 << 10 // KiB: 256 MiB
	maxTime        = 16
	maxParallelism = 16
	minWork        = 16 << 10 // KiB written over all passes
	maxWork        = 1 << 20  // KiB written over all passes: 1 GiB
	minIterations  = 100_000
	maxIterations  = 2_000_000
	minKeyLen      = 16 // bytes
	maxKeyLen      = 64 // bytes
	minSaltLen     = 8  // bytes, RFC 9106 3.1 and GM/T 0091-2020
	maxSaltLen     = 64 // bytes
)

// PasswordParams says how a password becomes a key. Argon2id uses Memory, Time
// and Parallelism, PBKDF2 uses Iterations; what a scheme does not use is zero,
// and absent from JSON.
type PasswordParams struct {
	Scheme      string `json:"scheme"`                // SchemeArgon2id or SchemePBKDF2SM3
	Memory      uint32 `json:"memory,omitempty"`      // kibibytes
	Time        uint32 `json:"time,omitempty"`        // passes over the memory
	Parallelism uint32 `json:"parallelism,omitempty"` // lanes
	Iterations  uint32 `json:"iterations,omitempty"`
	KeyLen      uint32 `json:"key_len"` // bytes of the derived key
}

// DefaultPasswordParams returns the parameters for new passwords, from the
// OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, 2 passes, 1 lane;
// for SM the count it gives for PBKDF2-HMAC-SHA256, 600,000, since SM3 has the
// same block and output size and about the same cost for an attacker
// (GM/T 0091-2020 itself asks for no more than 1,024). Unknown suites get
// those of SuiteAES.
func DefaultPasswordParams(suite Suite) PasswordParams {
	if suite == SuiteSM {
		return PasswordParams{Scheme: SchemePBKDF2SM3, Iterations: 600_000, KeyLen: 32}
	}
	return PasswordParams{Scheme: SchemeArgon2id, Memory: 19 << 10, Time: 2, Parallelism: 1, KeyLen: 32}
}

// ThrowawayPasswordParams returns the cheapest parameters that Validate takes, for
// the passwords of test accounts. A database of production refuses them.
func ThrowawayPasswordParams(suite Suite) PasswordParams {
	if suite == SuiteSM {
		return PasswordParams{Scheme: SchemePBKDF2SM3, Iterations: minIterations, KeyLen: 32}
	}
	return PasswordParams{Scheme: SchemeArgon2id, Memory: minMemory, Time: minWork / minMemory, Parallelism: 1, KeyLen: 32}
}

// Validate returns an error that wraps ErrPasswordParams unless the scheme is
// known, its parameters are in bounds, and those of other schemes are zero.
// Argon2id: 8-256 MiB, 1-16 passes, 1-16 lanes, memory times passes 16 MiB to
// 1 GiB. PBKDF2: 100,000 to 2,000,000 iterations. Keys: 16-64 bytes.
func (p PasswordParams) Validate() error {
	if err := inRange("key_len", p.KeyLen, minKeyLen, maxKeyLen); err != nil {
		return err
	}
	switch p.Scheme {
	case SchemeArgon2id:
		work := uint64(p.Memory) * uint64(p.Time)
		err := errors.Join(
			inRange("memory", p.Memory, minMemory, maxMemory),
			inRange("time", p.Time, 1, maxTime),
			inRange("parallelism", p.Parallelism, 1, maxParallelism),
			inRange("iterations", p.Iterations, 0, 0),
		)
		if err == nil && (work < minWork || work > maxWork) {
			err = fmt.Errorf("%w: memory times time is %d KiB, want %d-%d", ErrPasswordParams, work, minWork, maxWork)
		}
		return err
	case SchemePBKDF2SM3:
		return errors.Join(
			inRange("iterations", p.Iterations, minIterations, maxIterations),
			inRange("memory", p.Memory, 0, 0),
			inRange("time", p.Time, 0, 0),
			inRange("parallelism", p.Parallelism, 0, 0),
		)
	default:
		return fmt.Errorf("%w: unknown scheme", ErrPasswordParams)
	}
}

func inRange(name string, value, low, high uint32) error {
	if value < low || value > high {
		return fmt.Errorf("%w: %s is %d, want %d-%d", ErrPasswordParams, name, value, low, high)
	}
	return nil
}

// UnmarshalJSON reads parameters and validates them. Unknown members are
// refused: one that this version does not know would change the key.
func (p *PasswordParams) UnmarshalJSON(data []byte) error {
	type plain PasswordParams // without this method
	var read plain
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&read); err != nil {
		return fmt.Errorf("%w: %w", ErrPasswordParams, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: something follows the parameters", ErrPasswordParams)
	}
	if err := PasswordParams(read).Validate(); err != nil {
		return err
	}
	*p = PasswordParams(read)
	return nil
}

// DerivePassword derives p.KeyLen bytes from a password and a salt of 8-64
// bytes. It fails with ErrPasswordParams, before it spends anything. With the
// default parameters it takes tens (aes) to hundreds (sm) of milliseconds and
// can't be interrupted.
func DerivePassword(password, salt []byte, p PasswordParams) ([]byte, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if err := checkSalt(salt); err != nil {
		return nil, err
	}
	if p.Scheme == SchemeArgon2id {
		return argon2.IDKey(password, salt, p.Time, p.Memory, uint8(p.Parallelism), p.KeyLen), nil
	}
	key, err := pbkdf2.Key(sm3.New, string(password), salt, int(p.Iterations), int(p.KeyLen))
	if err != nil {
		return nil, fmt.Errorf("pbkdf2: %w", err)
	}
	return key, nil
}

func checkSalt(salt []byte) error {
	if len(salt) < minSaltLen || len(salt) > maxSaltLen {
		return fmt.Errorf("%w: salt has %d bytes, want %d-%d", ErrPasswordParams, len(salt), minSaltLen, maxSaltLen)
	}
	return nil
}
