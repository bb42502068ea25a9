package audit_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/farenctl/farenctl/internal/audit"
)

func leaf(n int) audit.Leaf {
	var e audit.Encoder
	values := make([][]byte, len(audit.Columns()))
	values[1] = fmt.Append(nil, n)
	return e.Leaf(int64(n), values)
}

// stored is what the library itself keeps of a tree.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		out[i] = s[index]
	}
	return out, nil
}

// record is a leaf as the documentation has it.
func record(l audit.Leaf) []byte {
	out := make([]byte, 8, 40)
	for i := range 8 {
		out[i] = byte(l.Event >> (56 - 8*i))
	}
	return append(out, l.Digest[:]...)
}

func TestTreeIsThatOfRFC6962(t *testing.T) {
	t.Parallel()
	var tree audit.Tree
	var all stored
	for n := range 300 {
		want, err := tlog.TreeHash(int64(n), all)
		if err != nil {
			t.Fatal(err)
		}
		if tree.Size() != int64(n) || tree.Root() != want {
			t.Fatalf("size %d: root %s, want %s", n, tree.Root(), want)
		}
		l := leaf(n + 1)
		hashes, err := tlog.StoredHashes(int64(n), record(l), all)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, hashes...)
		tree.Add(l)
	}
}

// What was sealed must be provable by every later version: these bytes never change.
func TestLeavesStayAsTheyAre(t *testing.T) {
	t.Parallel()
	var e audit.Encoder
	values := [][]byte{[]byte("00000000-0000-0000-0000-000000000000"), []byte("7"), []byte("2026-03-10 04:00:00.123456"), []byte("2026-03-10 04:00:00.2"), []byte("chen"), nil,
		[]byte("policy.set"), []byte("policy"), []byte("sms.backoff"), []byte("done"), nil, []byte("T-1"), []byte("因短信延迟"), nil, []byte(`{"to": "60", "from": "30"}`)}
	const want = "49e1f5d211c8e3b38b2af675de279aac13e77e5e0d66f8eb189049e2015b8fcb"
	if got := hex.EncodeToString(digest(e.Leaf(7, values))); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
}

func digest(l audit.Leaf) []byte { return l.Digest[:] }

func TestLeavesTellColumnsApart(t *testing.T) {
	t.Parallel()
	var e audit.Encoder
	seen := map[string]string{}
	for name, change := range map[string]func([][]byte){
		"as it was":        func([][]byte) {},
		"empty":            func(v [][]byte) { v[10] = []byte{} },
		"in another place": func(v [][]byte) { v[11] = []byte("a") },
		"in this place":    func(v [][]byte) { v[10] = []byte("a") },
		"twice":            func(v [][]byte) { v[10], v[11] = []byte("a"), []byte("a") },
		"run together":     func(v [][]byte) { v[10] = []byte("a\x06ticket\x01a") },
	} {
		values := make([][]byte, len(audit.Columns()))
		change(values)
		got := hex.EncodeToString(digest(e.Leaf(1, values)))
		if other, taken := seen[got]; taken {
			t.Errorf("%s and %s have the same digest", name, other)
		}
		seen[got] = name
	}
}

func keys(t *testing.T, name string) (private, public string) {
	t.Helper()
	private, public, err := audit.GenerateKey(name)
	if err != nil {
		t.Fatal(err)
	}
	return private, public
}

func TestCheckpointsOfADirectoryGoOnFromEachOther(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	private, public := keys(t, "origin")
	signer, own, err := audit.Signer(private)
	if err != nil {
		t.Fatal(err)
	}
	key, err := audit.Verifier(public)
	if err != nil {
		t.Fatal(err)
	}
	if own.Name() != key.Name() || own.KeyHash() != key.KeyHash() {
		t.Errorf("the private key's public key is %s %x, want %s %x", own.Name(), own.KeyHash(), key.Name(), key.KeyHash())
	}
	var made []audit.Checkpoint
	for number, size := range []int{0, 0, 1, 5, 5, 8, 100} {
		d, err := audit.Lock(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := audit.Lock(dir); !errors.Is(err, audit.ErrBusy) {
			t.Fatalf("a second lock: %v", err)
		}
		leaves, done, err := d.Leaves()
		if err != nil {
			t.Fatal(err)
		}
		var tree audit.Tree
		for n := 1; n <= size; n++ {
			tree.Add(leaf(n))
			if err := leaves.Add(leaf(n)); err != nil {
				t.Fatal(err)
			}
		}
		c := audit.Checkpoint{Number: number + 1, Origin: "origin", Size: tree.Size(), Root: tree.Root(), At: time.Unix(int64(number), 0).UTC(), Last: int64(size)}
		if number > 0 {
			c.Previous = &audit.Earlier{Size: made[number-1].Size, Root: made[number-1].Root}
		}
		if c, err = d.Put(c, leaves, signer); err != nil {
			t.Fatalf("checkpoint %d: %v", number+1, err)
		}
		done()
		if err := d.Unlock(); err != nil {
			t.Fatal(err)
		}
		read, err := audit.ReadFile(c.File, key)
		if err != nil {
			t.Fatal(err)
		}
		if read.Size != c.Size || read.Root != c.Root || !read.At.Equal(c.At) || read.Last != c.Last || read.Number != c.Number {
			t.Errorf("read %+v, want %+v", read, c)
		}
		if number > 0 && !read.Follows(made[number-1]) {
			t.Errorf("checkpoint %d does not go on from the one before", number+1)
		}
		if number > 1 && made[number-2].Size != made[number-1].Size && read.Follows(made[number-2]) {
			t.Errorf("checkpoint %d goes on from the last but one", number+1)
		}
		made = append(made, read)
	}
	files, err := audit.Files(dir)
	if err != nil || len(files) != len(made) || files[0] != made[0].File {
		t.Errorf("files %v, %v", files, err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	in, err := audit.OpenLeaves(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var tree audit.Tree
	for {
		l, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		tree.Add(l)
	}
	if tree.Root() != made[len(made)-1].Root {
		t.Error("the leaves are not those of the newest checkpoint")
	}
}

func TestPutRefusesWhatDoesNotGoOn(t *testing.T) {
	t.Parallel()
	private, _ := keys(t, "origin")
	signer, _, err := audit.Signer(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	d, err := audit.Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Unlock()
	leaves, done, err := d.Leaves()
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	var tree, other audit.Tree
	for n := 1; n <= 4; n++ {
		tree.Add(leaf(n))
		if err := leaves.Add(leaf(n)); err != nil {
			t.Fatal(err)
		}
	}
	other.Add(leaf(9))
	c := audit.Checkpoint{Number: 2, Origin: "origin", Size: 4, Root: tree.Root(), Last: 4, Previous: &audit.Earlier{Size: 1, Root: other.Root()}}
	if _, err := d.Put(c, leaves, signer); err == nil {
		t.Error("it was signed")
	}
	if files, _ := audit.Files(dir); len(files) > 0 {
		t.Errorf("written: %v", files)
	}
}

func TestNoOtherTextIsACheckpoint(t *testing.T) {
	t.Parallel()
	private, public := keys(t, "origin")
	signer, _, err := audit.Signer(private)
	if err != nil {
		t.Fatal(err)
	}
	key, err := audit.Verifier(public)
	if err != nil {
		t.Fatal(err)
	}
	good, err := audit.Checkpoint{Number: 3, Origin: "origin", Size: 7, At: time.Unix(0, 0), Last: 9, Previous: &audit.Earlier{Size: 2}}.Sign(signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := audit.Read(good, key); err != nil {
		t.Fatalf("the good one: %v", err)
	}
	otherOrigin, err := audit.Checkpoint{Number: 3, Origin: "elsewhere", Size: 7}.Sign(signer)
	if err != nil {
		t.Fatal(err)
	}
	_, stranger := keys(t, "origin")
	for name, text := range map[string][]byte{
		"nothing":              nil,
		"another size":         bytes.Replace(good, []byte("\n7\n"), []byte("\n8\n"), 1),
		"another time":         bytes.Replace(good, []byte("1970"), []byte("1971"), 1),
		"cut short":            good[:len(good)-10],
		"without signature":    good[:bytes.Index(good, []byte("\n\n"))+1],
		"of another origin":    otherOrigin,
		"with more at its end": append(bytes.Clone(good), "more\n"...),
	} {
		if _, err := audit.Read(text, key); !errors.Is(err, audit.ErrCheckpoint) {
			t.Errorf("%s: %v", name, err)
		}
	}
	strange, err := audit.Verifier(stranger)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := audit.Read(good, strange); !errors.Is(err, audit.ErrCheckpoint) {
		t.Errorf("by a stranger's key of the same name: %v", err)
	}
}

func TestKeysAreOfTheirKind(t *testing.T) {
	t.Parallel()
	private, public := keys(t, "origin")
	if _, _, err := audit.Signer(public); !errors.Is(err, audit.ErrKey) {
		t.Errorf("a public key signs: %v", err)
	}
	if _, err := audit.Verifier(private); !errors.Is(err, audit.ErrKey) {
		t.Errorf("a private key verifies: %v", err)
	}
	for _, name := range []string{"", "two words", "a+b", "a\nb"} {
		if _, _, err := audit.GenerateKey(name); !errors.Is(err, audit.ErrKey) {
			t.Errorf("name %q: %v", name, err)
		}
	}
	path := filepath.Join(t.TempDir(), "key")
	if err := audit.WriteKeys(path, private, public); err != nil {
		t.Fatal(err)
	}
	for file, mode := range map[string]os.FileMode{path: 0o600, path + ".pub": 0o644} {
		if info, err := os.Stat(file); err != nil || info.Mode() != mode {
			t.Errorf("%s: %v, %v", file, info, err)
		}
	}
	if err := audit.WriteKeys(path, "other", "other"); !errors.Is(err, os.ErrExist) {
		t.Errorf("written over: %v", err)
	}
	if text, err := os.ReadFile(path); err != nil || strings.TrimSpace(string(text)) != private {
		t.Errorf("the key is %q, %v", text, err)
	}
	// A public key that is there keeps the private one from being made.
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := audit.WriteKeys(path, private, public); !errors.Is(err, os.ErrExist) {
		t.Errorf("beside a public key: %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a private key without its public one stays: %v", err)
	}
}
