package seal

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func mustLock(tb testing.TB, path string) *File {
	tb.Helper()
	f, err := Lock(path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = f.Close() })
	return f
}

func TestRotatedKeyringSealsWithTheNewKey(t *testing.T) {
	t.Parallel()
	for _, suite := range suites {
		t.Run(string(suite), func(t *testing.T) {
			t.Parallel()
			old := newTestKeyring(t, suite)
			k, err := old.Rotated(rand.Reader, testTime)
			if err != nil {
				t.Fatal(err)
			}
			if k.Active().ID != "k2" || old.Active().ID != "k1" || len(k.SealingKeys()) != 2 || k.IndexCheck() != old.IndexCheck() {
				t.Fatalf("rotated is %s of %s", k, old)
			}
			before, after := mustSeal(t, old, "x", testAAD), mustSeal(t, k, "x", testAAD)
			for _, sealed := range [][]byte{before, after} {
				if plain, err := k.Open(sealed, testAAD); err != nil || string(plain) != "x" {
					t.Fatalf("Open gives %q, %v", plain, err)
				}
			}
			if header := k.Active().Header; !strings.HasPrefix(fmt.Sprintf("%x", after), header) || strings.HasPrefix(fmt.Sprintf("%x", before), header) {
				t.Fatalf("header %s, sealed %x and %x", header, after, before)
			}
			if id, err := KeyOf(k.Active().Header); err != nil || id != "k2" {
				t.Fatalf("the header names %q, %v", id, err)
			}
			_, err = k.Without("k2")
			wantErr(t, err, ErrActive)
			_, err = k.Without("k3")
			wantErr(t, err, ErrNoKey)
			k, err = k.Without("k1")
			if err != nil || len(k.SealingKeys()) != 1 {
				t.Fatalf("without k1: %s, %v", k, err)
			}
			_, err = k.Open(before, testAAD)
			wantErr(t, err, ErrWrongKey)
			// An id is never given again.
			if k, err = k.Rotated(rand.Reader, testTime); err != nil || k.Active().ID != "k3" {
				t.Fatalf("rotated again: %s, %v", k, err)
			}
		})
	}
	t.Run("an index-only keyring has nothing to rotate", func(t *testing.T) {
		t.Parallel()
		_, err := newTestKeyring(t, SuiteAES).IndexOnly().Rotated(rand.Reader, testTime)
		wantErr(t, err, ErrNoSealingKey)
	})
	t.Run("a full keyring takes no more", func(t *testing.T) {
		t.Parallel()
		k := newTestKeyring(t, SuiteAES)
		var err error
		for range maxSealingKeys - 1 {
			if k, err = k.Rotated(rand.Reader, testTime); err != nil {
				t.Fatal(err)
			}
		}
		_, err = k.Rotated(rand.Reader, testTime)
		wantErr(t, err, ErrFull)
		if path := filepath.Join(t.TempDir(), "k"); k.Create(path) != nil {
			t.Fatal("a full keyring is not written")
		} else if _, err := Load(path); err != nil {
			t.Fatal(err)
		}
	})
}

func TestHeaderThatIsNone(t *testing.T) {
	t.Parallel()
	good := newTestKeyring(t, SuiteAES).Active().Header
	for _, header := range []string{"", "zz", good[:len(good)-2], good + "31", strings.ToUpper(good), "01"} {
		if _, err := KeyOf(header); !errors.Is(err, ErrTampered) {
			t.Errorf("%q: %v", header, err)
		}
	}
}

func TestChangeOfAFile(t *testing.T) {
	t.Parallel()
	k := newTestKeyring(t, SuiteAES)
	next, err := k.Rotated(rand.Reader, testTime)
	if err != nil {
		t.Fatal(err)
	}
	file := func(t *testing.T) string { return writeFile(t, []byte(keyringJSON(t, k)), 0o600) }
	t.Run("what is staged takes the file's place", func(t *testing.T) {
		t.Parallel()
		path := file(t)
		f := mustLock(t, path)
		if _, err := f.Staged(nil); !errors.Is(err, ErrMissing) {
			t.Fatalf("nothing is staged: %v", err)
		}
		if err := f.Stage(next, nil); err != nil {
			t.Fatal(err)
		}
		wantMode(t, path+nextSuffix, 0o600)
		if now, err := Load(path); err != nil || now.Active().ID != "k1" {
			t.Fatalf("before the commit: %s, %v", now, err)
		}
		if staged, err := f.Staged(nil); err != nil || staged.Active().Header != next.Active().Header {
			t.Fatalf("staged is %s, %v", staged, err)
		}
		if err := f.Commit(); err != nil {
			t.Fatal(err)
		}
		wantMode(t, path, 0o600)
		wantOnly(t, filepath.Dir(path), "keyring.json")
		if now, err := Load(path); err != nil || now.String() != next.String() {
			t.Fatalf("after the commit: %s, %v", now, err)
		}
	})
	t.Run("a second change waits its turn", func(t *testing.T) {
		t.Parallel()
		path := file(t)
		f := mustLock(t, path)
		_, err := Lock(path)
		wantErr(t, err, ErrInUse)
		if err := errors.Join(f.Stage(next, nil), f.Commit(), f.Close()); err != nil {
			t.Fatal(err)
		}
		again := mustLock(t, path)
		if now, err := again.Load(nil); err != nil || now.Active().ID != "k2" {
			t.Fatalf("the next sees %s, %v", now, err)
		}
	})
	t.Run("a cut stage is replaced", func(t *testing.T) {
		t.Parallel()
		path := file(t)
		if err := os.WriteFile(path+nextSuffix, []byte(`{"versi`), 0o600); err != nil {
			t.Fatal(err)
		}
		f := mustLock(t, path)
		_, err := f.Staged(nil)
		wantErr(t, err, ErrMalformed)
		if err := f.Stage(next, nil); err != nil {
			t.Fatal(err)
		}
		if staged, err := f.Staged(nil); err != nil || staged.Active().ID != "k2" {
			t.Fatalf("staged is %s, %v", staged, err)
		}
		if err := errors.Join(f.Discard(), f.Discard()); err != nil {
			t.Fatal(err)
		}
		wantOnly(t, filepath.Dir(path), "keyring.json")
	})
	t.Run("what is replaced at once leaves what is staged", func(t *testing.T) {
		t.Parallel()
		path := file(t)
		if err := os.WriteFile(path+tempSuffix, []byte(`cut`), 0o600); err != nil {
			t.Fatal(err)
		}
		f := mustLock(t, path)
		if err := errors.Join(f.Stage(next, nil), f.Replace(k.IndexOnly(), nil)); err != nil {
			t.Fatal(err)
		}
		wantMode(t, path, 0o600)
		if now, err := Load(path); err != nil || now.CanSeal() {
			t.Fatalf("replaced is %s, %v", now, err)
		}
		if staged, err := f.Staged(nil); err != nil || staged.Active().ID != "k2" {
			t.Fatalf("staged is %s, %v", staged, err)
		}
		if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 2 {
			t.Errorf("directory holds %v, %v", entries, err)
		}
	})
	t.Run("a file that others can read is not changed", func(t *testing.T) {
		t.Parallel()
		_, err := Lock(writeFile(t, []byte(keyringJSON(t, k)), 0o640))
		wantErr(t, err, ErrPermissions)
		_, err = Lock(filepath.Join(t.TempDir(), "none"))
		wantErr(t, err, ErrMissing)
	})
}

func TestWrappedFile(t *testing.T) {
	t.Parallel()
	passphrase := []byte("correct horse battery")
	for _, suite := range suites {
		full := newTestKeyring(t, suite)
		for name, k := range map[string]*Keyring{"full": full, "index-only": full.IndexOnly()} {
			t.Run(fmt.Sprintf("%s, %s", name, suite), func(t *testing.T) {
				t.Parallel()
				path := writeFile(t, []byte(keyringJSON(t, k)), 0o600)
				f := mustLock(t, path)
				if err := f.Replace(k, passphrase); err != nil {
					t.Fatal(err)
				}
				data, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				for _, raw := range [][]byte{testRaw(0), testRaw(32)} {
					if bytes.Contains(data, []byte(b64(raw))) {
						t.Fatal("a key stands in the wrapped file")
					}
				}
				got, err := LoadWrapped(path, passphrase)
				if err != nil || got.String() != k.String() || !got.Wrapped() || keyringJSON(t, got) != keyringJSON(t, k) {
					t.Fatalf("it opens as %s, %v", got, err)
				}
				if k.CanSeal() {
					if rotated, err := got.Rotated(rand.Reader, testTime); err != nil || !rotated.Wrapped() {
						t.Fatalf("a change forgets the passphrase: %v", err)
					}
				}
				_, err = Load(path)
				wantErr(t, err, ErrWrapped)
				_, err = LoadWrapped(path, []byte("correct horse batterY"))
				wantErr(t, err, ErrPassphrase)
				if suite == SuiteSM || !k.CanSeal() {
					return // deriving takes long, and the form is the same
				}
				// Whatever is changed, it does not open.
				for _, change := range []struct {
					old, new string
					want     error
				}{
					{`"salt": "`, `"salt": "AAAA`, ErrMalformed},
					{`"key_len": 32`, `"key_len": 33`, ErrPassphrase},
					{`"data": "`, `"data": "AAAA`, ErrPassphrase},
					{`"version": 1`, `"version": 0`, ErrMalformed},
					{`"version": 1`, `"version": 2`, ErrNewer},
					{`"wrapped"`, `"note": 1, "wrapped"`, ErrMalformed},
					{`"key_len": 32`, `"key_len": 3`, ErrMalformed},
				} {
					text := strings.Replace(string(data), change.old, change.new, 1)
					if text == string(data) {
						t.Fatalf("the file has no %s:\n%s", change.old, data)
					}
					_, err := LoadWrapped(writeFile(t, []byte(text), 0o600), passphrase)
					wantErr(t, err, change.want)
				}
				_, err = LoadWrapped(writeFile(t, data[:len(data)/2], 0o600), passphrase)
				wantErr(t, err, ErrMalformed)
			})
		}
	}
	t.Run("a plain file needs no passphrase and takes any", func(t *testing.T) {
		t.Parallel()
		got, err := LoadWrapped(writeFile(t, []byte(keyringJSON(t, newTestKeyring(t, SuiteAES))), 0o600), passphrase)
		if err != nil || got.Wrapped() {
			t.Fatalf("%s, %v", got, err)
		}
	})
	t.Run("no two files are alike", func(t *testing.T) {
		t.Parallel()
		k := newTestKeyring(t, SuiteAES)
		one, err := k.encodeWrapped(passphrase)
		two, again := k.encodeWrapped(passphrase)
		if err != nil || again != nil || bytes.Equal(one, two) {
			t.Fatalf("%v, %v", err, again)
		}
	})
}
