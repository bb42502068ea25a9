package seal

import (
	"crypto/hmac"
	"hash"
	"sync"
)

const (
	macSize        = 32 // bytes; HMAC-SHA256 and HMAC-SM3 alike
	indexCheckSize = 8  // bytes
)

// Index is the keyed blind index of a value: 32 bytes, the same for the same
// keyring, domain and value, and unrelated otherwise. The domain says what is
// compared with what ("phone"), so that equal values of different kinds can't
// be linked. Normalising the value is the caller's part.
//
// Values with few possibilities (a phone number) can be found by trial by
// whoever holds the index key, so the index must not be readable by them.
func (k *Keyring) Index(domain, value string) []byte {
	return k.s().index.sum(domain, value)
}

// CodeProof is the keyed value of a one-time code for one purpose and one
// number: 32 bytes. Issuer and checker compute it from the index key, so the
// database compares codes without ever seeing one.
func (k *Keyring) CodeProof(purpose, number, code string) []byte {
	return k.s().code.sum(purpose, number, code)
}

// mac computes HMACs under one subkey. It keeps keyed states for reuse, since
// keying costs as much as the sum of a short field.
type mac struct {
	pool sync.Pool
}

// newMAC derives the subkey of raw for a purpose.
func newMAC(suite Suite, raw []byte, purpose string) (*mac, error) {
	key, err := suite.derive(raw, purpose, macSize)
	if err != nil {
		return nil, err
	}
	m := &mac{}
	m.pool.New = func() any { return &keyed{Hash: hmac.New(suite.newHash, key)} }
	return m, nil
}

// keyed is a keyed state and room for a message.
type keyed struct {
	hash.Hash
	message []byte
}

// sum authenticates the parts, each preceded by its length, so that
// ("ab", "c") and ("a", "bc") differ.
func (m *mac) sum(parts ...string) []byte {
	h := m.pool.Get().(*keyed)
	for _, part := range parts {
		h.message = appendPart(h.message, part)
	}
	h.Write(h.message) // a hash never fails to write
	out := h.Sum(make([]byte, 0, macSize))
	h.Reset()
	clear(h.message) // it is personal
	h.message = h.message[:0]
	m.pool.Put(h)
	return out
}
