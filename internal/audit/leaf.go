package audit

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/mod/sumdb/tlog"
)

// Columns are the columns of an event, in the order in which they are encoded. A new one goes to the end.
func Columns() []string {
	return []string{"org_id", "event_id", "at", "recorded_at", "operator", "session_id", "action", "subject_kind", "subject_id", "outcome", "code",
		"ticket", "reason", "request_id", "details"}
}

// columns spares a copy for every event.
var columns = Columns()

// encodingVersion is what every encoding begins with.
const encodingVersion = "farenctl audit event 1\n"

// recordSize is the size of a leaf in its file: eight bytes of the event's number, 32 of its digest.
const recordSize = 8 + sha256.Size

// Leaf is what the tree has of an event.
type Leaf struct {
	Event  int64
	Digest [sha256.Size]byte
}

// Encoder makes leaves. It keeps its buffer from one event to the next.
type Encoder struct{ buffer []byte }

// Leaf makes the leaf of an event of the values of [Columns]; nil is NULL.
func (e *Encoder) Leaf(event int64, values [][]byte) Leaf {
	e.buffer = append(e.buffer[:0], encodingVersion...)
	for i, value := range values {
		if value == nil {
			continue
		}
		e.buffer = binary.AppendUvarint(e.buffer, uint64(len(columns[i])))
		e.buffer = append(e.buffer, columns[i]...)
		e.buffer = binary.AppendUvarint(e.buffer, uint64(len(value)))
		e.buffer = append(e.buffer, value...)
	}
	return Leaf{Event: event, Digest: sha256.Sum256(e.buffer)}
}

// record is the leaf's bytes, which the tree hashes and the file holds.
func (l Leaf) record() [recordSize]byte {
	var out [recordSize]byte
	binary.BigEndian.PutUint64(out[:], uint64(l.Event))
	copy(out[8:], l.Digest[:])
	return out
}

// Tree is a Merkle tree that leaves are added to. It keeps the hashes of its whole subtrees only, a handful.
type Tree struct {
	size  int64
	whole []subtree
}

type subtree struct {
	level int
	hash  tlog.Hash
}

// Add puts a leaf behind the others.
func (t *Tree) Add(l Leaf) {
	record := l.record()
	next := subtree{hash: tlog.RecordHash(record[:])}
	for len(t.whole) > 0 && t.whole[len(t.whole)-1].level == next.level {
		next = subtree{level: next.level + 1, hash: tlog.NodeHash(t.whole[len(t.whole)-1].hash, next.hash)}
		t.whole = t.whole[:len(t.whole)-1]
	}
	t.whole = append(t.whole, next)
	t.size++
}

// Size is how many leaves the tree has.
func (t *Tree) Size() int64 { return t.size }

// Root is the hash over all of it.
func (t *Tree) Root() tlog.Hash {
	if t.size == 0 {
		return sha256.Sum256(nil) // as RFC 6962 has it
	}
	root := t.whole[len(t.whole)-1].hash
	for i := len(t.whole) - 2; i >= 0; i-- {
		root = tlog.NodeHash(t.whole[i].hash, root)
	}
	return root
}

// LeafWriter writes leaves into a file.
type LeafWriter struct {
	file *os.File
	out  *bufio.Writer
}

// Add writes a leaf behind the others.
func (w *LeafWriter) Add(l Leaf) error {
	record := l.record()
	if _, err := w.out.Write(record[:]); err != nil {
		return fmt.Errorf("write the leaves: %w", err)
	}
	return nil
}

// LeafReader reads leaves in their order.
type LeafReader struct {
	file *os.File
	in   *bufio.Reader
}

// Next gives the next leaf; io.EOF when there is none, also where the file ends inside one.
func (r *LeafReader) Next() (Leaf, error) {
	var record [recordSize]byte
	switch _, err := io.ReadFull(r.in, record[:]); {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return Leaf{}, io.EOF
	case err != nil:
		return Leaf{}, err //nolint:wrapcheck // io.EOF is told as it is
	}
	l := Leaf{Event: int64(binary.BigEndian.Uint64(record[:]))}
	copy(l.Digest[:], record[8:])
	return l, nil
}

// Close closes the file.
func (r *LeafReader) Close() error { return r.file.Close() }

// hashes reads hashes of the tree out of a file of its leaves, for proofs: each is computed over all the leaves below it.
func hashes(file io.ReaderAt) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			level, n := tlog.SplitStoredHashIndex(index)
			many := int64(1) << level
			in := &LeafReader{in: bufio.NewReaderSize(io.NewSectionReader(file, n*many*recordSize, many*recordSize), 1<<16)}
			var below Tree
			for range many {
				l, err := in.Next()
				if err != nil {
					return nil, fmt.Errorf("read the leaves: %w", err)
				}
				below.Add(l)
			}
			found[i] = below.Root()
		}
		return found, nil
	})
}
