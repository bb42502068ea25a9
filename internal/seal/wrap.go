package seal

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// wrapSaltSize is the length in bytes of the salt of a wrapped file.
const wrapSaltSize = 16

// wrappedFile is the JSON form of a keyring under a passphrase: Data is a
// random nonce, and keyringFile sealed by the suite's cipher under a key that
// Params and Salt derive. Everything else in the file is authenticated with it.
type wrappedFile struct {
	Version int      `json:"version"`
	Suite   Suite    `json:"suite"`
	Wrapped wrapping `json:"wrapped"`
}

type wrapping struct {
	Params PasswordParams `json:"params"`
	Salt   string         `json:"salt"`
	Data   string         `json:"data"`
}

// WrapParams returns how a passphrase becomes the key of a wrapped file: every
// start of the program pays for it once, with about 60 ms (aes: Argon2id with
// 46 MiB and 2 passes, the first choice of the OWASP Password Storage Cheat
// Sheet with one pass more) or 260 ms (sm: PBKDF2-HMAC-SM3) of a core.
func WrapParams(suite Suite) PasswordParams {
	if suite == SuiteSM {
		return DefaultPasswordParams(suite)
	}
	return PasswordParams{Scheme: SchemeArgon2id, Memory: 46 << 10, Time: 2, Parallelism: 1, KeyLen: 32}
}

// encodeWrapped writes the keyring under a passphrase.
func (k *Keyring) encodeWrapped(passphrase []byte) ([]byte, error) {
	plain, err := k.encode()
	if err != nil {
		return nil, err
	}
	random := make([]byte, wrapSaltSize+nonceSize)
	if _, err := rand.Read(random); err != nil {
		return nil, fmt.Errorf("random salt and nonce: %w", err)
	}
	salt, nonce := random[:wrapSaltSize], random[wrapSaltSize:]
	file := wrappedFile{Version: fileVersion, Suite: k.Suite(), Wrapped: wrapping{Params: WrapParams(k.Suite()), Salt: base64.StdEncoding.EncodeToString(salt)}}
	aead, aad, err := file.cipher(passphrase, salt)
	if err != nil {
		return nil, err
	}
	file.Wrapped.Data = base64.StdEncoding.EncodeToString(aead.Seal(bytes.Clone(nonce), nonce, plain, aad))
	data, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode keyring: %w", err)
	}
	return append(data, '\n'), nil
}

// cipher derives the cipher of a wrapped file, and what is authenticated beside
// its content.
func (f *wrappedFile) cipher(passphrase, salt []byte) (aead cipher.AEAD, aad []byte, err error) {
	raw, err := DerivePassword(passphrase, salt, f.Wrapped.Params)
	if err != nil {
		return nil, nil, err
	}
	params, err := json.Marshal(f.Wrapped.Params)
	if err != nil {
		return nil, nil, fmt.Errorf("encode keyring: %w", err)
	}
	if aead, err = f.Suite.newAEADFor(raw, "wrap"); err != nil {
		return nil, nil, err
	}
	aad = appendPart(nil, fmt.Sprintf("farenctl keyring %d", f.Version))
	for _, part := range []string{string(f.Suite), string(params), string(salt)} {
		aad = appendPart(aad, part)
	}
	return aead, aad, nil
}

// decodeFile is decode of a file that may be wrapped.
func decodeFile(data, passphrase []byte) (*Keyring, error) {
	var head struct {
		Version int             `json:"version"`
		Wrapped json.RawMessage `json:"wrapped"`
	}
	if json.Unmarshal(data, &head) != nil || head.Wrapped == nil || head.Version > fileVersion {
		return decode(data)
	}
	var file wrappedFile
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		if errors.Is(err, ErrPasswordParams) {
			return nil, fmt.Errorf("%w: wrapped.params are out of bounds", ErrMalformed)
		}
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
	salt, ok := strictBase64(base64.StdEncoding, file.Wrapped.Salt)
	sealed, isData := strictBase64(base64.StdEncoding, file.Wrapped.Data)
	if !ok || !isData || len(salt) != wrapSaltSize || len(sealed) < nonceSize+tagSize || file.Wrapped.Params.Validate() != nil {
		return nil, fmt.Errorf("%w: wrapped has no salt, params or data of the right form", ErrMalformed)
	}
	if len(passphrase) == 0 {
		return nil, ErrWrapped
	}
	aead, aad, err := file.cipher(passphrase, salt)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, sealed[:nonceSize], sealed[nonceSize:], aad)
	if err != nil {
		// The cipher's own error says no more than that.
		return nil, ErrPassphrase
	}
	k, err := decode(plain)
	if err != nil {
		return nil, err
	}
	if k.Suite() != file.Suite {
		return nil, fmt.Errorf("%w: the wrapped keyring is of another suite", ErrMalformed)
	}
	s := *k.s()
	s.wrapped = true
	return newKeyring(s), nil
}

// cutHex decodes lower-case hexadecimal.
func cutHex(text string) ([]byte, bool) {
	raw, err := hex.DecodeString(text)
	return raw, err == nil && hex.EncodeToString(raw) == text
}
