package seal

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

const (
	fileVersion     = 1       // version of the keyring file
	maxFileSize     = 1 << 16 // bytes; 64 keys need about 8 kB
	maxSealingKeys  = 64
	maxIndexVersion = 1 << 15
	maxKeyIDLen     = 32
)

// keyringFile is the JSON form of a keyring. Keys are standard base64 with
// padding; sealing is absent from an index-only keyring.
type keyringFile struct {
	Version int          `json:"version"`
	Suite   Suite        `json:"suite"`
	Index   indexFile    `json:"index"`
	Sealing *sealingFile `json:"sealing,omitempty"`
}

type indexFile struct {
	Version int    `json:"version"`
	Key     string `json:"key"`
}

type sealingFile struct {
	Active string           `json:"active"`
	Keys   []sealingKeyFile `json:"keys"`
}

type sealingKeyFile struct {
	ID        string `json:"id"`
	CreatedAt string `json:"created_at"` // RFC 3339
	Key       string `json:"key"`
}

// encode writes the keyring with its keys.
func (k *Keyring) encode() ([]byte, error) {
	file := keyringFile{
		Version: fileVersion,
		Suite:   k.s().suite,
		Index:   indexFile{Version: k.s().indexVersion, Key: base64.StdEncoding.EncodeToString(k.s().indexRaw)},
	}
	if k.CanSeal() {
		file.Sealing = &sealingFile{Active: k.s().active.id}
		for _, key := range k.s().sealing {
			file.Sealing.Keys = append(file.Sealing.Keys, sealingKeyFile{
				ID:        key.id,
				CreatedAt: key.createdAt.Format(time.RFC3339),
				Key:       base64.StdEncoding.EncodeToString(key.raw),
			})
		}
	}
	data, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode keyring: %w", err)
	}
	return append(data, '\n'), nil
}

// decode reads what encode writes. Every error wraps ErrMalformed, or ErrNewer,
// and names a place, never a value: errors of encoding/json quote the input, so
// they are replaced and not wrapped.
func decode(data []byte) (*Keyring, error) {
	// A newer form may have fields that this one does not know.
	var head struct {
		Version int `json:"version"`
	}
	if json.Unmarshal(data, &head) == nil && head.Version > fileVersion {
		return nil, fmt.Errorf("%w: version is %d, this program knows %d", ErrNewer, head.Version, fileVersion)
	}
	var file keyringFile
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("%w: %s near byte %d", ErrMalformed, jsonFault(err), dec.InputOffset())
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: something follows the keyring at byte %d", ErrMalformed, dec.InputOffset())
	}
	if file.Version != fileVersion {
		return nil, fmt.Errorf("%w: version is %d, want %d", ErrMalformed, file.Version, fileVersion)
	}
	if file.Suite.Validate() != nil {
		return nil, fmt.Errorf("%w: suite is neither aes nor sm", ErrMalformed)
	}
	if file.Index.Version < 1 || file.Index.Version > maxIndexVersion {
		return nil, fmt.Errorf("%w: index.version is not in 1-%d", ErrMalformed, maxIndexVersion)
	}
	s := secrets{suite: file.Suite, indexVersion: file.Index.Version}
	var err error
	if s.indexRaw, err = decodeKey(file.Index.Key); err != nil {
		return nil, fmt.Errorf("index.key: %w", err)
	}
	if file.Sealing == nil {
		return build(s, "")
	}
	if n := len(file.Sealing.Keys); n < 1 || n > maxSealingKeys {
		return nil, fmt.Errorf("%w: sealing.keys has %d keys, want 1-%d", ErrMalformed, n, maxSealingKeys)
	}
	for i, entry := range file.Sealing.Keys {
		key, err := decodeSealingKey(entry)
		if err != nil {
			return nil, fmt.Errorf("sealing.keys[%d]: %w", i, err)
		}
		s.sealing = append(s.sealing, key)
	}
	return build(s, file.Sealing.Active)
}

func decodeSealingKey(entry sealingKeyFile) (sealingKey, error) {
	if !validKeyID(entry.ID) {
		return sealingKey{}, fmt.Errorf("%w: id is not 1-%d of a-z, 0-9 and hyphen", ErrMalformed, maxKeyIDLen)
	}
	createdAt, err := time.Parse(time.RFC3339, entry.CreatedAt)
	createdAt = createdAt.UTC()
	// An offset can move a time into a year that RFC 3339 can't write.
	if err != nil || createdAt.Year() < 0 || createdAt.Year() > 9999 {
		return sealingKey{}, fmt.Errorf("%w: created_at is no RFC 3339 time", ErrMalformed)
	}
	raw, err := decodeKey(entry.Key)
	if err != nil {
		return sealingKey{}, err
	}
	return sealingKey{id: entry.ID, createdAt: createdAt, raw: raw}, nil
}

func decodeKey(text string) ([]byte, error) {
	raw, ok := strictBase64(base64.StdEncoding, text)
	if !ok || len(raw) != rawKeySize {
		return nil, fmt.Errorf("%w: key is not %d bytes in base64", ErrMalformed, rawKeySize)
	}
	return raw, nil
}

// strictBase64 decodes the one spelling of some bytes: unlike encoding/base64
// even in its strict mode, it takes no line breaks.
func strictBase64(encoding *base64.Encoding, text string) ([]byte, bool) {
	raw, err := encoding.Strict().DecodeString(text)
	return raw, err == nil && len(text) == encoding.EncodedLen(len(raw))
}

// validKeyID accepts 1-32 of a-z, 0-9 and hyphen.
func validKeyID(id string) bool {
	if id == "" || len(id) > maxKeyIDLen {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// jsonFault says what is wrong without the words of the input.
func jsonFault(err error) string {
	var typeErr *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF):
		return "the file is empty"
	case errors.As(err, &typeErr) && typeErr.Field != "":
		return typeErr.Field + " has the wrong type"
	default:
		return "bad JSON or unknown field"
	}
}
