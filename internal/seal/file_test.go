package seal

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

func TestCreateThenLoad(t *testing.T) {
	t.Parallel()
	for _, suite := range suites {
		full := newTestKeyring(t, suite)
		for name, k := range map[string]*Keyring{"full": full, "index-only": full.IndexOnly()} {
			t.Run(fmt.Sprintf("%s keyring comes back, %s", name, suite), func(t *testing.T) {
				t.Parallel()
				dir := filepath.Join(t.TempDir(), "new", "keys")
				path := filepath.Join(dir, "keyring.json")
				if err := k.Create(path); err != nil {
					t.Fatal(err)
				}
				wantMode(t, path, 0o600)
				wantMode(t, dir, 0o700)
				wantMode(t, filepath.Dir(dir), 0o700)
				wantOnly(t, dir, "keyring.json")

				got, err := Load(path)
				if err != nil {
					t.Fatal(err)
				}
				if got.String() != k.String() || keyringJSON(t, got) != keyringJSON(t, k) {
					t.Fatalf("loaded %s, want %s", got, k)
				}
				if k.CanSeal() {
					plain, err := got.Open(mustSeal(t, k, "x", testAAD), testAAD)
					if err != nil || string(plain) != "x" {
						t.Fatalf("Open gives %q, %v", plain, err)
					}
				}
			})
		}
	}
}

func TestCreateNeverOverwrites(t *testing.T) {
	t.Parallel()
	k := newTestKeyring(t, SuiteAES)
	t.Run("a file stays as it is", func(t *testing.T) {
		t.Parallel()
		path := writeFile(t, []byte("mine"), 0o600)
		wantErr(t, k.Create(path), ErrExists)
		if data, err := os.ReadFile(path); err != nil || string(data) != "mine" {
			t.Fatalf("file holds %q, %v", data, err)
		}
		wantOnly(t, filepath.Dir(path), "keyring.json")
	})
	t.Run("a dangling symbolic link is not followed", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		path := filepath.Join(dir, "keyring.json")
		if err := os.Symlink(filepath.Join(dir, "elsewhere"), path); err != nil {
			t.Fatal(err)
		}
		wantErr(t, k.Create(path), ErrExists)
		wantOnly(t, dir, "keyring.json")
	})
	t.Run("of many at once exactly one wins and all can load", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "keys", "keyring.json")
		var won atomic.Int32
		var wg sync.WaitGroup
		for i := range 8 {
			k := keyringFrom(t, SuiteAES, byte(i))
			wg.Go(func() {
				err := k.Create(path)
				if err == nil {
					won.Add(1)
				} else if !errors.Is(err, ErrExists) {
					t.Errorf("Create: %v", err)
				}
				if _, err := Load(path); err != nil {
					t.Errorf("Load: %v", err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Fatalf("%d creations won, want 1", won.Load())
		}
	})
	t.Run("a file in the place of the directory is an error", func(t *testing.T) {
		t.Parallel()
		path := writeFile(t, nil, 0o600)
		if err := k.Create(filepath.Join(path, "keyring.json")); !errors.Is(err, syscall.ENOTDIR) {
			t.Fatalf("error is %v, want ENOTDIR", err)
		}
	})
}

func TestLoadRefusesSharedFiles(t *testing.T) {
	t.Parallel()
	data := []byte(keyringJSON(t, newTestKeyring(t, SuiteAES)))
	for _, mode := range []os.FileMode{0o640, 0o620, 0o610, 0o604, 0o602, 0o601, 0o644, 0o666, 0o777} {
		t.Run(fmt.Sprintf("mode %#o is refused", mode), func(t *testing.T) {
			t.Parallel()
			_, err := Load(writeFile(t, data, mode))
			wantErr(t, err, ErrPermissions)
		})
	}
	for _, mode := range []os.FileMode{0o600, 0o400} {
		t.Run(fmt.Sprintf("mode %#o is accepted", mode), func(t *testing.T) {
			t.Parallel()
			if _, err := Load(writeFile(t, data, mode)); err != nil {
				t.Fatal(err)
			}
		})
	}
	t.Run("a symbolic link is refused", func(t *testing.T) {
		t.Parallel()
		target := writeFile(t, data, 0o600)
		link := filepath.Join(filepath.Dir(target), "link")
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
		_, err := Load(link)
		wantErr(t, err, ErrPermissions)
	})
}

func TestLoadRefusesWhatIsNoFile(t *testing.T) {
	t.Parallel()
	t.Run("nothing there is ErrMissing", func(t *testing.T) {
		t.Parallel()
		_, err := Load(filepath.Join(t.TempDir(), "keyring.json"))
		wantErr(t, err, ErrMissing)
	})
	t.Run("a directory is ErrMalformed", func(t *testing.T) {
		t.Parallel()
		_, err := Load(t.TempDir())
		wantErr(t, err, ErrMalformed)
	})
	t.Run("a named pipe is ErrMalformed and does not hang", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "pipe")
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Load(path)
		wantErr(t, err, ErrMalformed)
	})
	t.Run("a huge file is ErrMalformed", func(t *testing.T) {
		t.Parallel()
		data := keyringJSON(t, newTestKeyring(t, SuiteAES)) + strings.Repeat(" ", maxFileSize)
		_, err := Load(writeFile(t, []byte(data), 0o600))
		wantErr(t, err, ErrMalformed)
	})
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	index, first := b64(testRaw(0)), b64(testRaw(32))
	good := keyringJSON(t, newTestKeyring(t, SuiteAES))
	entry := func(id, key string) string {
		return fmt.Sprintf(`{"id":%q,"created_at":"2026-03-09T02:30:15Z","key":%q}`, id, key)
	}
	withKeys := func(active string, entries ...string) string {
		return fmt.Sprintf(`{"version":1,"suite":"aes","index":{"version":1,"key":%q},"sealing":{"active":%q,"keys":[%s]}}`,
			index, active, strings.Join(entries, ","))
	}
	edit := func(old, replacement string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("the good file has no %s", old)
		}
		return strings.Replace(good, old, replacement, 1)
	}
	many := make([]string, maxSealingKeys+1)
	for i := range many {
		many[i] = entry(fmt.Sprintf("k%d", i), b64(testRaw(byte(100+i))))
	}
	for name, text := range map[string]string{
		"an empty file":                "",
		"no JSON":                      "-----BEGIN PRIVATE KEY-----",
		"null":                         "null",
		"an array":                     "[]",
		"a cut file":                   good[:len(good)/2],
		"a second document":            good + good,
		"a stray bracket at the end":   good + "}",
		"an unknown field":             edit(`"suite"`, `"suit": 1, "suite"`),
		"an unknown field in a key":    edit(`"created_at"`, `"note": "", "created_at"`),
		"version 0":                    edit(`"version": 1`, `"version": 0`),
		"a version of another type":    edit(`"version": 1`, `"version": "1"`),
		"an unknown suite":             edit(`"aes"`, `"rot13"`),
		"no suite":                     edit(`"suite": "aes",`, ""),
		"index version 0":              edit("\"version\": 1,\n    \"key\"", "\"version\": 0,\n    \"key\""),
		"no index key":                 edit(index, ""),
		"a short index key":            edit(index, b64(testRaw(0)[:31])),
		"a long index key":             edit(index, b64(append(testRaw(0), 0))),
		"a key in base64url":           edit(first, base64.URLEncoding.EncodeToString(testRaw(0xe0))),
		"a key with a line break":      edit(first, first[:8]+`\n`+first[8:]),
		"a key with loose last bits":   edit(first, strings.Replace(first, "8=", "9=", 1)),
		"no padding":                   edit(first, strings.TrimRight(first, "=")),
		"a sealing part without keys":  withKeys("k1"),
		"too many keys":                withKeys("k1", many...),
		"an active key that is absent": withKeys("k2", entry("k1", first)),
		"no active key":                withKeys("", entry("k1", first)),
		"an id twice":                  withKeys("k1", entry("k1", first), entry("k1", b64(testRaw(64)))),
		"a key twice":                  withKeys("k1", entry("k1", first), entry("k2", first)),
		"a sealing key like the index": withKeys("k1", entry("k1", index)),
		"an empty id":                  withKeys("", entry("", first)),
		"an id in upper case":          withKeys("K1", entry("K1", first)),
		"an id with a space":           withKeys("k 1", entry("k 1", first)),
		"an id of 33 characters":       withKeys(strings.Repeat("k", 33), entry(strings.Repeat("k", 33), first)),
		"a bad time":                   edit("2026-03-09T02:30:15Z", "2026-03-09"),
		"a time before year 0":         edit("2026-03-09T02:30:15Z", "0000-01-01T00:00:00+08:00"),
		"a time after year 9999":       edit("2026-03-09T02:30:15Z", "9999-12-31T23:00:00-08:00"),
	} {
		t.Run(name+" is malformed", func(t *testing.T) {
			t.Parallel()
			_, err := decode([]byte(text))
			wantErr(t, err, ErrMalformed)
			if strings.Contains(err.Error(), first[:8]) || strings.Contains(err.Error(), index[:8]) {
				t.Fatalf("the error quotes a key: %v", err)
			}
		})
	}
}

func TestNewerFormatIsToldApart(t *testing.T) {
	t.Parallel()
	good := keyringJSON(t, newTestKeyring(t, SuiteAES))
	for name, text := range map[string]string{
		"the same fields":       strings.Replace(good, `"version": 1`, `"version": 2`, 1),
		"fields of another day": `{"version": 3, "suite": "aes-siv", "store": {"kind": "hsm"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(writeFile(t, []byte(text), 0o600))
			wantErr(t, err, ErrNewer)
		})
	}
}

func TestSeveralSealingKeys(t *testing.T) {
	t.Parallel()
	old := newTestKeyring(t, SuiteSM)
	rotated := strings.Replace(keyringJSON(t, old), `"active": "k1"`, `"active": "k2"`, 1)
	rotated = strings.Replace(rotated, `"keys": [`,
		fmt.Sprintf(`"keys": [{"id":"k2","created_at":"2026-06-01T08:00:00+08:00","key":%q},`, b64(testRaw(64))), 1)
	k, err := Load(writeFile(t, []byte(rotated), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("fields of the old key still open", func(t *testing.T) {
		t.Parallel()
		plain, err := k.Open(mustSeal(t, old, "x", testAAD), testAAD)
		if err != nil || string(plain) != "x" {
			t.Fatalf("Open gives %q, %v", plain, err)
		}
	})
	t.Run("new fields are sealed by the active key", func(t *testing.T) {
		t.Parallel()
		sealed := mustSeal(t, k, "x", testAAD)
		if id, err := SealedKeyID(sealed); err != nil || id != "k2" {
			t.Fatalf("sealed by %q, %v", id, err)
		}
		_, err := old.Open(sealed, testAAD)
		wantErr(t, err, ErrWrongKey)
	})
	t.Run("the index is the same", func(t *testing.T) {
		t.Parallel()
		if k.IndexCheck() != old.IndexCheck() {
			t.Fatal("index checks differ")
		}
	})
	t.Run("both are listed and one is active", func(t *testing.T) {
		t.Parallel()
		keys := k.SealingKeys()
		if len(keys) != 2 || keys[0].ID != "k2" || !keys[0].Active || keys[1].ID != "k1" || keys[1].Active {
			t.Fatalf("keys are %+v", keys)
		}
	})
}

func FuzzDecode(f *testing.F) {
	good := newTestKeyring(f, SuiteAES)
	f.Add([]byte(keyringJSON(f, good)))
	f.Add([]byte(keyringJSON(f, good.IndexOnly())))
	f.Add([]byte(`{"version":1,"suite":"sm","index":{"version":1,"key":""},"sealing":{"keys":null}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		k, err := decode(data)
		if err != nil {
			if !errors.Is(err, ErrNewer) {
				wantErr(t, err, ErrMalformed)
			}
			return
		}
		again, err := decode([]byte(keyringJSON(t, k)))
		if err != nil || keyringJSON(t, again) != keyringJSON(t, k) {
			t.Fatalf("a good keyring does not survive its own form: %v", err)
		}
	})
}

func b64(raw []byte) string { return base64.StdEncoding.EncodeToString(raw) }

func wantMode(tb testing.TB, path string, want os.FileMode) {
	tb.Helper()
	info, err := os.Stat(path)
	if err != nil {
		tb.Fatal(err)
	}
	if got := info.Mode().Perm(); got != want {
		tb.Errorf("%s has mode %#o, want %#o", filepath.Base(path), got, want)
	}
}

// wantOnly fails if a directory holds anything but one name, such as a
// forgotten temporary copy of the keys.
func wantOnly(tb testing.TB, dir, name string) {
	tb.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		tb.Fatal(err)
	}
	if len(entries) != 1 || entries[0].Name() != name {
		tb.Errorf("directory holds %v, want %s alone", entries, name)
	}
}
