package audit

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// ErrCheckpoint is that a text is no checkpoint, or is not signed by the key; ErrKey that a text is no key of its kind.
var (
	ErrCheckpoint = errors.New("not a checkpoint that this key signed")
	ErrKey        = errors.New("not a key")
)

// DefaultName is what a key is called unless told otherwise. It is the origin of the checkpoints that the key signs.
const DefaultName = "farenctl-audit"

// GenerateKey makes a pair of Ed25519 keys as note writes them. name has neither spaces nor +.
func GenerateKey(name string) (private, public string, err error) {
	private, public, err = note.GenerateKey(rand.Reader, name)
	if err != nil {
		return "", "", fmt.Errorf("make a key: %w", err)
	}
	// GenerateKey takes any name; what cannot be read back is no key.
	if _, err := note.NewVerifier(public); err != nil {
		return "", "", fmt.Errorf("%w: %w", ErrKey, err)
	}
	return private, public, nil
}

// Signer reads a private key. Its public key comes with it.
func Signer(private string) (signer note.Signer, public note.Verifier, err error) {
	signer, err = note.NewSigner(strings.TrimSpace(private))
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	// PRIVATE+KEY+<name>+<hash>+<algorithm and seed>; the public key's hash is the same.
	parts := strings.SplitN(strings.TrimSpace(private), "+", 5)
	raw, err := base64.StdEncoding.DecodeString(parts[4])
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	text, err := note.NewEd25519VerifierKey(signer.Name(), ed25519.PublicKey(ed25519.NewKeyFromSeed(raw[1:])[ed25519.SeedSize:]))
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	public, err = Verifier(text)
	return signer, public, err
}

// Verifier reads a public key.
func Verifier(public string) (note.Verifier, error) {
	v, err := note.NewVerifier(strings.TrimSpace(public))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	return v, nil
}

// Checkpoint is what was signed: the first Size events, in the order of their numbers, the newest of which is Last, have the tree Root.
// Number counts the checkpoints of a directory. What the one before had, and the proof that its tree is the beginning of this one, come with it;
// of the first there is none.
type Checkpoint struct {
	Number   int
	Origin   string
	Size     int64
	Root     tlog.Hash
	At       time.Time // by the clock of who signed
	Last     int64     // number of an event, 0: there was none
	Previous *Earlier
	Proof    tlog.TreeProof
	// File is where it was read.
	File string
}

// Earlier is what a checkpoint says of the one before.
type Earlier struct {
	Size int64
	Root tlog.Hash
}

// text is what is signed: origin, size and root as other transparency logs write them, then what is ours, one thing a line.
func (c Checkpoint) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%d\n%s\ncheckpoint %d\ntime %s\nlast-event %d\n", c.Origin, c.Size, c.Root, c.Number, c.At.UTC().Format(time.RFC3339), c.Last)
	if c.Previous != nil {
		fmt.Fprintf(&b, "previous %d %s\n", c.Previous.Size, c.Previous.Root)
	}
	for _, h := range c.Proof {
		fmt.Fprintf(&b, "consistency %s\n", h)
	}
	return b.String()
}

// Sign writes the checkpoint with its signature.
func (c Checkpoint) Sign(key note.Signer) ([]byte, error) {
	signed, err := note.Sign(&note.Note{Text: c.text()}, key)
	if err != nil {
		return nil, fmt.Errorf("sign a checkpoint: %w", err)
	}
	return signed, nil
}

// Read reads a checkpoint that key signed; ErrCheckpoint tells that it is none.
func Read(signed []byte, key note.Verifier) (Checkpoint, error) {
	n, err := note.Open(signed, note.VerifierList(key))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("%w: %w", ErrCheckpoint, err)
	}
	c, err := parse(n.Text)
	if err != nil || c.Origin != key.Name() || c.text() != n.Text {
		return Checkpoint{}, fmt.Errorf("%w: a text of another kind: %w", ErrCheckpoint, err)
	}
	return c, nil
}

func parse(text string) (c Checkpoint, err error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) < 6 {
		return c, errors.New("too short")
	}
	c.Origin = lines[0]
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return c, fmt.Errorf("size: %w", err)
	}
	if c.Root, err = tlog.ParseHash(lines[2]); err != nil {
		return c, fmt.Errorf("root: %w", err)
	}
	for _, line := range lines[3:] {
		key, value, _ := strings.Cut(line, " ")
		switch key {
		case "checkpoint":
			c.Number, err = strconv.Atoi(value)
		case "time":
			c.At, err = time.Parse(time.RFC3339, value)
		case "last-event":
			c.Last, err = strconv.ParseInt(value, 10, 64)
		case "previous":
			c.Previous = &Earlier{}
			size, root, _ := strings.Cut(value, " ")
			if c.Previous.Size, err = strconv.ParseInt(size, 10, 64); err == nil {
				c.Previous.Root, err = tlog.ParseHash(root)
			}
		case "consistency":
			var h tlog.Hash
			h, err = tlog.ParseHash(value)
			c.Proof = append(c.Proof, h)
		default:
			err = fmt.Errorf("unknown line %q", key)
		}
		if err != nil {
			return c, err
		}
	}
	return c, nil
}

// Follows tells whether the checkpoint proves that the tree of the one before is the beginning of its own.
func (c Checkpoint) Follows(before Checkpoint) bool {
	if c.Previous == nil || c.Previous.Size != before.Size || c.Previous.Root != before.Root || c.Last < before.Last || c.Size < before.Size {
		return false
	}
	return before.Size == 0 || tlog.CheckTree(c.Proof, c.Size, c.Root, before.Size, before.Root) == nil
}
