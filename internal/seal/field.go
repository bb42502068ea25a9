package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"fmt"
)

const (
	formatVersion   = 1
	fingerprintSize = 4
	headerFixed     = 2 + fingerprintSize + 1 // bytes of a header before the key id
	nonceSize       = 12
	tagSize         = 16
)

// AAD is the place a sealed field belongs to. All three parts are required.
type AAD struct {
	Table  string
	Row    string // the row's id, as text
	Column string
}

// Seal encrypts one field for one place with the active sealing key; the
// layout of the result is in the package comment, 35 bytes and the length of
// the key's id longer than plain. It fails with ErrNoSealingKey or ErrAAD.
func (k *Keyring) Seal(plain []byte, aad AAD) ([]byte, error) {
	key := k.s().active
	if key == nil {
		return nil, ErrNoSealingKey
	}
	place, err := aad.bind(key.header)
	if err != nil {
		return nil, err
	}
	n := len(key.header)
	out := make([]byte, n+nonceSize, n+nonceSize+len(plain)+tagSize)
	copy(out, key.header)
	nonce := out[n:]
	if _, err := rand.Read(nonce); err != nil {
		return nil, fmt.Errorf("random nonce: %w", err)
	}
	return key.aead.Seal(out, nonce, plain, place), nil
}

// Open decrypts what Seal made for the same place, by whichever sealing key of
// the keyring made it. It fails with ErrNoSealingKey, ErrAAD, ErrWrongKey or
// ErrTampered. The result is the caller's own.
func (k *Keyring) Open(sealed []byte, aad AAD) ([]byte, error) {
	if !k.CanSeal() {
		return nil, ErrNoSealingKey
	}
	header, err := cutHeader(sealed)
	if err != nil {
		return nil, err
	}
	place, err := aad.bind(header)
	if err != nil {
		return nil, err
	}
	for i := range k.s().sealing {
		key := &k.s().sealing[i]
		if !bytes.Equal(key.header, header) {
			continue
		}
		body := sealed[len(header):]
		plain, err := key.aead.Open(nil, body[:nonceSize], body[nonceSize:], place)
		if err != nil {
			// The cipher's own error says no more than that.
			return nil, ErrTampered
		}
		return plain, nil
	}
	return nil, ErrWrongKey
}

// SealedKeyID returns the id of the sealing key that a field names, without
// proof that the field is genuine: enough to find what a rotation left behind.
// It fails with ErrTampered if the field has not the sealed form.
func SealedKeyID(sealed []byte) (string, error) {
	header, err := cutHeader(sealed)
	if err != nil {
		return "", err
	}
	return string(header[headerFixed:]), nil
}

// newHeader is what fields sealed by a key begin with.
func newHeader(suite Suite, id string, raw []byte) ([]byte, error) {
	fingerprint, err := suite.derive(raw, "fingerprint", fingerprintSize)
	if err != nil {
		return nil, err
	}
	header := make([]byte, 0, headerFixed+len(id))
	header = append(header, formatVersion, suite.code())
	header = append(header, fingerprint...)
	header = append(header, byte(len(id)))
	return append(header, id...), nil
}

// cutHeader returns the header of a sealed field that is long enough to have a
// nonce and a tag as well.
func cutHeader(sealed []byte) ([]byte, error) {
	if len(sealed) < headerFixed || sealed[0] != formatVersion {
		return nil, ErrTampered
	}
	if code := sealed[1]; code != SuiteAES.code() && code != SuiteSM.code() {
		return nil, ErrTampered
	}
	end := headerFixed + int(sealed[headerFixed-1])
	if len(sealed) < end+nonceSize+tagSize || !validKeyID(string(sealed[headerFixed:end])) {
		return nil, ErrTampered
	}
	return sealed[:end:end], nil
}

// bind joins the header and the place to the data that GCM authenticates. Each
// part is preceded by its length, so no two places give the same bytes.
func (a AAD) bind(header []byte) ([]byte, error) {
	if a.Table == "" || a.Row == "" || a.Column == "" {
		return nil, ErrAAD
	}
	out := make([]byte, 0, len(header)+len(a.Table)+len(a.Row)+len(a.Column)+3*lengthSize)
	out = append(out, header...) // tells its own length
	out = appendPart(out, a.Table)
	out = appendPart(out, a.Row)
	return appendPart(out, a.Column), nil
}

// lengthSize is the size of a length that precedes a part.
const lengthSize = 8

// appendPart appends a part after its length.
func appendPart(b []byte, part string) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(len(part)))
	return append(b, part...)
}
