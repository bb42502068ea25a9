package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"hash"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"
)

// Suite names a set of algorithms.
type Suite string

// The suites.
const (
	SuiteAES Suite = "aes" // AES-256-GCM, HMAC-SHA256, Argon2id
	SuiteSM  Suite = "sm"  // SM4-GCM, HMAC-SM3, PBKDF2-HMAC-SM3
)

// Validate returns an error that wraps ErrSuite unless s is a suite.
func (s Suite) Validate() error {
	switch s {
	case SuiteAES, SuiteSM:
		return nil
	default:
		return fmt.Errorf("%w: want aes or sm", ErrSuite)
	}
}

// code is the suite's byte in the sealed form.
func (s Suite) code() byte {
	if s == SuiteSM {
		return 2
	}
	return 1
}

// newHash is the hash under HMAC, HKDF and PBKDF2.
func (s Suite) newHash() hash.Hash {
	if s == SuiteSM {
		return sm3.New()
	}
	return sha256.New()
}

// newAEAD makes the cipher of a raw sealing key.
func (s Suite) newAEAD(raw []byte) (cipher.AEAD, error) { return s.newAEADFor(raw, "seal") }

// newAEADFor makes the cipher of a raw key for one purpose.
func (s Suite) newAEADFor(raw []byte, purpose string) (cipher.AEAD, error) {
	size := 32 // AES-256
	if s == SuiteSM {
		size = sm4.BlockSize // SM4 has one key size, that of its block
	}
	key, err := s.derive(raw, purpose, size)
	if err != nil {
		return nil, err
	}
	return s.newGCM(key)
}

// newBlock is the suite's block cipher.
func (s Suite) newBlock(key []byte) (cipher.Block, error) {
	newCipher := aes.NewCipher
	if s == SuiteSM {
		newCipher = sm4.NewCipher
	}
	block, err := newCipher(key)
	if err != nil {
		return nil, fmt.Errorf("block cipher: %w", err)
	}
	return block, nil
}

// newGCM is the suite's block cipher in Galois/Counter mode.
func (s Suite) newGCM(key []byte) (cipher.AEAD, error) {
	block, err := s.newBlock(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("gcm: %w", err)
	}
	return aead, nil
}

// derive makes the subkey of a raw key for one purpose. The suite is part of
// the purpose, so that the same raw key in a file edited to another suite
// gives unrelated subkeys.
func (s Suite) derive(raw []byte, purpose string, size int) ([]byte, error) {
	key, err := hkdf.Key(s.newHash, raw, nil, "farenctl/v1/"+string(s)+"/"+purpose, size)
	if err != nil {
		return nil, fmt.Errorf("derive subkey %s: %w", purpose, err)
	}
	return key, nil
}
