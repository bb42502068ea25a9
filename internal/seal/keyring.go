package seal

import (
	"crypto/cipher"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"time"
)

// rawKeySize is the length in bytes of every key in the keyring file.
const rawKeySize = 32

// firstKeyID is the id of the sealing key that Generate makes.
const firstKeyID = "k1"

// Keyring holds the keys of one database, ready for use. It comes from
// Generate, Load or IndexOnly, never changes, and is safe for concurrent use.
//
// However it is printed, logged or marshalled, it shows its public description
// and no key. Its only field is a function, so that even the print of a
// structure that has a Keyring in an unexported field, where package fmt calls
// no methods, shows an address; a pointer it would follow for some verbs.
type Keyring struct {
	s func() *secrets
}

func newKeyring(s secrets) *Keyring {
	return &Keyring{s: func() *secrets { return &s }}
}

// secrets is the content of a keyring with everything derived from it.
type secrets struct {
	suite        Suite
	indexVersion int
	indexRaw     []byte
	indexCheck   string
	index        *mac
	code         *mac
	sealing      []sealingKey
	active       *sealingKey // nil for an index-only keyring
	wrapped      bool        // it comes from a file that a passphrase opens
}

// sealingKey is one raw key with the cipher made of it.
type sealingKey struct {
	id        string
	createdAt time.Time
	raw       []byte
	header    []byte // what every field sealed by this key begins with
	aead      cipher.AEAD
}

// SealingKey describes one sealing key without its bytes.
type SealingKey struct {
	ID        string
	CreatedAt time.Time // UTC
	Active    bool      // the key that Seal uses
	// Header is what every field that the key sealed begins with, in
	// hexadecimal: suite, fingerprint and id, and nothing of the key itself.
	Header string
}

// Generate makes a keyring with an index key, version 1, and one sealing key,
// "k1", of 32 bytes each, read from rand; now becomes the sealing key's time of
// creation, to the second. It fails with ErrSuite, with the error of rand, or
// with ErrMalformed when rand repeats itself.
func Generate(suite Suite, rand io.Reader, now time.Time) (*Keyring, error) {
	if err := suite.Validate(); err != nil {
		return nil, err
	}
	raw := make([]byte, 2*rawKeySize)
	if _, err := io.ReadFull(rand, raw); err != nil {
		return nil, fmt.Errorf("read random key: %w", err)
	}
	return build(secrets{
		suite:        suite,
		indexVersion: 1,
		indexRaw:     raw[:rawKeySize:rawKeySize],
		sealing: []sealingKey{{
			id:        firstKeyID,
			createdAt: now.UTC().Truncate(time.Second),
			raw:       raw[rawKeySize:],
		}},
	}, firstKeyID)
}

// build derives what s needs to work. s must have its raw keys; active is the
// id of the key to seal with, or empty when s has none.
func build(s secrets, active string) (*Keyring, error) {
	if err := checkDistinct(s); err != nil {
		return nil, err
	}
	version := strconv.Itoa(s.indexVersion)
	check, err := s.suite.derive(s.indexRaw, "index-check/"+version, indexCheckSize)
	if err != nil {
		return nil, err
	}
	s.indexCheck = hex.EncodeToString(check)
	if s.index, err = newMAC(s.suite, s.indexRaw, "index/"+version); err != nil {
		return nil, err
	}
	if s.code, err = newMAC(s.suite, s.indexRaw, "code/"+version); err != nil {
		return nil, err
	}
	for i := range s.sealing {
		key := &s.sealing[i]
		if key.aead, err = s.suite.newAEAD(key.raw); err != nil {
			return nil, err
		}
		if key.header, err = newHeader(s.suite, key.id, key.raw); err != nil {
			return nil, err
		}
		if key.id == active {
			s.active = key
		}
	}
	if s.active == nil && (active != "" || len(s.sealing) > 0) {
		return nil, fmt.Errorf("%w: the active sealing key is not among the keys", ErrMalformed)
	}
	return newKeyring(s), nil
}

// checkDistinct refuses an id or a raw key that stands twice: the first makes
// the choice of a key ambiguous, the second is a mistake of copying, or a
// broken source of randomness.
func checkDistinct(s secrets) error {
	ids := make(map[string]bool, len(s.sealing))
	raws := map[string]bool{string(s.indexRaw): true}
	for _, key := range s.sealing {
		if ids[key.id] {
			return fmt.Errorf("%w: two sealing keys have the same id", ErrMalformed)
		}
		if raws[string(key.raw)] {
			return fmt.Errorf("%w: two keys are equal", ErrMalformed)
		}
		ids[key.id] = true
		raws[string(key.raw)] = true
	}
	return nil
}

// Suite is the suite of all keys in the keyring.
func (k *Keyring) Suite() Suite { return k.s().suite }

// CanSeal tells whether Seal and Open work: false for an index-only keyring.
func (k *Keyring) CanSeal() bool { return k.s().active != nil }

// IndexOnly returns a keyring that searches like k but can't seal or open.
func (k *Keyring) IndexOnly() *Keyring {
	s := *k.s()
	s.sealing, s.active = nil, nil
	return newKeyring(s)
}

// Active describes the key that Seal uses; the zero value for an index-only
// keyring.
func (k *Keyring) Active() SealingKey {
	for _, key := range k.SealingKeys() {
		if key.Active {
			return key
		}
	}
	return SealingKey{}
}

// Wrapped tells whether the keyring comes from a file that a passphrase opens.
func (k *Keyring) Wrapped() bool { return k.s().wrapped }

// IndexVersion is the version of the index key, from 1.
func (k *Keyring) IndexVersion() int { return k.s().indexVersion }

// IndexCheck is a public fingerprint of suite, index key version and index
// key: 16 hexadecimal digits. Two keyrings with the same check find each
// other's rows; a database that keeps it can refuse a client that would not.
func (k *Keyring) IndexCheck() string { return k.s().indexCheck }

// SealingKeys describes the sealing keys in the order of the file; it is empty
// for an index-only keyring.
func (k *Keyring) SealingKeys() []SealingKey {
	keys := make([]SealingKey, 0, len(k.s().sealing))
	for _, key := range k.s().sealing {
		keys = append(keys, SealingKey{ID: key.id, CreatedAt: key.createdAt, Active: key.id == k.s().active.id, Header: hex.EncodeToString(key.header)})
	}
	return keys
}

// The methods below have value receivers so that a dereferenced keyring is
// described as well, not only a pointer.

// String describes the keyring by its public facts.
func (k Keyring) String() string {
	if k.s == nil {
		return "keyring(empty)"
	}
	active := "none"
	if k.s().active != nil {
		active = k.s().active.id
	}
	return fmt.Sprintf("keyring(suite=%s, index=v%d:%s, sealing=%s)", k.s().suite, k.s().indexVersion, k.s().indexCheck, active)
}

// Format writes String for every verb and flag.
func (k Keyring) Format(f fmt.State, _ rune) {
	// A failed write can't be reported here; fmt keeps it for its own caller.
	_, _ = io.WriteString(f, k.String())
}

// GoString is String.
func (k Keyring) GoString() string { return k.String() }

// MarshalJSON gives String as a JSON string: a keyring leaves the process by
// Create only.
func (k Keyring) MarshalJSON() ([]byte, error) { return json.Marshal(k.String()) }

// LogValue gives String to slog.
func (k Keyring) LogValue() slog.Value { return slog.StringValue(k.String()) }
