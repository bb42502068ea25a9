package seal

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// maxPHCLen is more than any string within the bounds needs, in bytes.
const maxPHCLen = 256

// ParsePHC reads an Argon2id password hash in the PHC string format,
// "$argon2id$v=19$m=19456,t=2,p=1$salt$hash", with salt and hash in base64
// without padding: params (whose KeyLen is the length of the hash), salt and
// key. It takes this one spelling: other versions, other orders, key ids,
// associated data, signs and leading zeros are refused. It fails with ErrPHC,
// or with ErrPasswordParams when the string is good but outside the bounds of
// Validate. No error quotes the string.
func ParsePHC(s string) (params PasswordParams, salt, key []byte, err error) {
	if len(s) > maxPHCLen {
		return PasswordParams{}, nil, nil, fmt.Errorf("%w: longer than %d bytes", ErrPHC, maxPHCLen)
	}
	fields := strings.Split(s, "$")
	if len(fields) != 6 || fields[0] != "" || fields[1] != SchemeArgon2id {
		return PasswordParams{}, nil, nil, fmt.Errorf("%w: want $argon2id$v=19$m=,t=,p=$salt$hash", ErrPHC)
	}
	if fields[2] != "v=19" {
		return PasswordParams{}, nil, nil, fmt.Errorf("%w: want version 19", ErrPHC)
	}
	params, err = parsePHCCosts(fields[3])
	if err != nil {
		return PasswordParams{}, nil, nil, err
	}
	var ok bool
	salt, ok = strictBase64(base64.RawStdEncoding, fields[4])
	if !ok {
		return PasswordParams{}, nil, nil, fmt.Errorf("%w: salt is not base64 without padding", ErrPHC)
	}
	key, ok = strictBase64(base64.RawStdEncoding, fields[5])
	if !ok {
		return PasswordParams{}, nil, nil, fmt.Errorf("%w: hash is not base64 without padding", ErrPHC)
	}
	params.KeyLen = uint32(len(key))
	if err := params.Validate(); err != nil {
		return PasswordParams{}, nil, nil, err
	}
	if err := checkSalt(salt); err != nil {
		return PasswordParams{}, nil, nil, err
	}
	return params, salt, key, nil
}

// parsePHCCosts reads "m=19456,t=2,p=1".
func parsePHCCosts(text string) (PasswordParams, error) {
	params := PasswordParams{Scheme: SchemeArgon2id}
	costs := []struct {
		name string
		into *uint32
	}{{"m=", &params.Memory}, {"t=", &params.Time}, {"p=", &params.Parallelism}}
	fields := strings.Split(text, ",")
	if len(fields) != len(costs) {
		return PasswordParams{}, fmt.Errorf("%w: want the costs m, t and p", ErrPHC)
	}
	for i, cost := range costs {
		digits, ok := strings.CutPrefix(fields[i], cost.name)
		value, err := strconv.ParseUint(digits, 10, 32)
		// The second spelling of a number ("+2", "02") is not canonical.
		if !ok || err != nil || strconv.FormatUint(value, 10) != digits {
			return PasswordParams{}, fmt.Errorf("%w: want the costs m, t and p as plain numbers", ErrPHC)
		}
		*cost.into = uint32(value)
	}
	return params, nil
}
