package seal

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Rotated returns a keyring that seals with a new key, read from rand, and
// still opens what the old ones sealed. The new key's id is one above the
// highest number of the ids there; now becomes its time of creation. It fails
// with ErrNoSealingKey, ErrFull or the error of rand.
func (k *Keyring) Rotated(rand io.Reader, now time.Time) (*Keyring, error) {
	if !k.CanSeal() {
		return nil, ErrNoSealingKey
	}
	s := *k.s()
	if len(s.sealing) >= maxSealingKeys {
		return nil, fmt.Errorf("%w: it has %d", ErrFull, len(s.sealing))
	}
	raw := make([]byte, rawKeySize)
	if _, err := io.ReadFull(rand, raw); err != nil {
		return nil, fmt.Errorf("read random key: %w", err)
	}
	id := nextKeyID(s.sealing)
	s.sealing = append(slices.Clone(s.sealing), sealingKey{id: id, createdAt: now.UTC().Truncate(time.Second), raw: raw})
	return build(s, id)
}

// nextKeyID is k2 behind k1. Ids of another form don't count.
func nextKeyID(keys []sealingKey) string {
	highest := 0
	for _, key := range keys {
		digits, _ := strings.CutPrefix(key.id, "k")
		if n, err := strconv.Atoi(digits); err == nil && n < 1<<30 {
			highest = max(highest, n)
		}
	}
	return "k" + strconv.Itoa(highest+1)
}

// Without returns a keyring that lacks one sealing key: what it sealed opens no
// more. It fails with ErrNoKey, or with ErrActive for the key that seals.
func (k *Keyring) Without(id string) (*Keyring, error) {
	s := *k.s()
	place := slices.IndexFunc(s.sealing, func(key sealingKey) bool { return key.id == id })
	if place < 0 {
		return nil, ErrNoKey
	}
	if id == s.active.id {
		return nil, ErrActive
	}
	s.sealing = slices.Delete(slices.Clone(s.sealing), place, place+1)
	return build(s, s.active.id)
}

// KeyOf describes the sealing key that a header in hexadecimal names, whether
// or not a keyring has it: its id. It fails with ErrTampered for what is none.
func KeyOf(header string) (id string, err error) {
	raw, ok := cutHex(header)
	if !ok || len(raw) < headerFixed || len(raw) != headerFixed+int(raw[headerFixed-1]) || !validKeyID(string(raw[headerFixed:])) {
		return "", ErrTampered
	}
	return string(raw[headerFixed:]), nil
}
