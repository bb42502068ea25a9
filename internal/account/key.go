package account

import "time"

// The kinds of keys.
const (
	KeySealing = "sealing"
	KeyIndex   = "index"
)

// What becomes of a key: the active one seals, an old one opens what it sealed. A missing one sealed something and is not in this keyring; a
// retired one seals nothing any more, and is still in the keyring's file.
const (
	KeyActive  = "active"
	KeyOld     = "old"
	KeyMissing = "missing"
	KeyRetired = "retired"
)

// KeyVersion is one key of a keyring, without the key. Values is how many sealed values it has, null when this login may not count them;
// CreatedAt is null when it is not known.
type KeyVersion struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind"`
	Suite     string     `json:"suite"`
	Status    string     `json:"status"`
	Values    *int64     `json:"values"`
	CreatedAt *time.Time `json:"created_at"`
}

// KeyChange is what a keyring's file is after a change of it. Key is the one that the change was about.
type KeyChange struct {
	Key     *string `json:"key"`
	Keyring string  `json:"keyring"`
	Wrapped bool    `json:"wrapped"`
	// Finished says that an earlier change, which was cut short, was brought to its end.
	Finished bool `json:"finished"`
}

// Reencryption is what a run of it did. Changed values were written by somebody else meanwhile; Unreadable ones can't be opened, for want of
// MissingKeys or because they were damaged. Left are those that are not under Key now.
type Reencryption struct {
	Key         string   `json:"key"`
	Resealed    int64    `json:"resealed"`
	Changed     int64    `json:"changed"`
	Unreadable  int64    `json:"unreadable"`
	MissingKeys []string `json:"missing_keys"`
	Left        int64    `json:"left"`
}
