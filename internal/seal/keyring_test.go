package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func TestGenerate(t *testing.T) {
	t.Parallel()
	for _, suite := range suites {
		t.Run("makes a working keyring, "+string(suite), func(t *testing.T) {
			t.Parallel()
			k, err := Generate(suite, rand.Reader, testTime)
			if err != nil {
				t.Fatal(err)
			}
			want := SealingKey{ID: "k1", CreatedAt: time.Date(2026, 3, 9, 2, 30, 15, 0, time.UTC), Active: true}
			want.Header = hex.EncodeToString(k.s().active.header)
			if keys := k.SealingKeys(); len(keys) != 1 || keys[0] != want {
				t.Errorf("sealing keys are %+v, want %+v", keys, want)
			}
			if k.Suite() != suite || k.IndexVersion() != 1 || !k.CanSeal() {
				t.Errorf("suite %s, index version %d, can seal %v", k.Suite(), k.IndexVersion(), k.CanSeal())
			}
		})
	}
	t.Run("refuses an unknown suite", func(t *testing.T) {
		t.Parallel()
		_, err := Generate("des", rand.Reader, testTime)
		wantErr(t, err, ErrSuite)
	})
	t.Run("passes on the error of the random source", func(t *testing.T) {
		t.Parallel()
		broken := errors.New("no entropy")
		_, err := Generate(SuiteAES, iotest.ErrReader(broken), testTime)
		wantErr(t, err, broken)
	})
	t.Run("refuses a random source that repeats itself", func(t *testing.T) {
		t.Parallel()
		_, err := Generate(SuiteAES, bytes.NewReader(make([]byte, 2*rawKeySize)), testTime)
		wantErr(t, err, ErrMalformed)
	})
}

// TestKeysNeverShow prints a keyring in every way a mistake could, and looks
// for its keys in the spellings they would have.
func TestKeysNeverShow(t *testing.T) {
	t.Parallel()
	k := newTestKeyring(t, SuiteAES)
	type holder struct {
		Exported *Keyring
		Value    Keyring
		private  *Keyring
		value    Keyring
	}
	h := holder{Exported: k, Value: *k, private: k, value: *k}

	var printed strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%o", "%b", "%08.3f"} {
		for _, v := range []any{k, *k, h, &h, []*Keyring{k}, map[string]Keyring{"k": *k}} {
			fmt.Fprintf(&printed, verb+"\n", v)
		}
	}
	printed.WriteString(k.String() + k.GoString())
	for _, v := range []any{k, *k, h} {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		printed.Write(data)
		slog.New(slog.NewJSONHandler(&printed, nil)).Info("keyring", "k", v)
		slog.New(slog.NewTextHandler(&printed, nil)).Info("keyring", "k", v)
	}
	_, malformed := decode([]byte(strings.ReplaceAll(keyringJSON(t, k), `"k1"`, `"K1"`)))
	printed.WriteString(malformed.Error())

	out := printed.String()
	if !strings.Contains(out, k.String()) || strings.Contains(k.String(), "empty") {
		t.Fatalf("the keyring does not describe itself: %s", k)
	}
	for name, raw := range map[string][]byte{"index key": testRaw(0), "sealing key": testRaw(32)} {
		part := raw[4:12]
		for spelling, text := range map[string]string{
			"hex":       hex.EncodeToString(part),
			"HEX":       strings.ToUpper(hex.EncodeToString(part)),
			"base64":    base64.StdEncoding.EncodeToString(raw)[:16],
			"decimal":   strings.Trim(fmt.Sprint(part), "[]"),
			"go syntax": strings.Trim(strings.TrimPrefix(fmt.Sprintf("%#v", part), "[]byte"), "{}"),
			"raw":       string(part),
		} {
			if strings.Contains(out, text) {
				t.Errorf("%s shows in %s", name, spelling)
			}
		}
	}
}

func TestEmptyKeyringDescribesItself(t *testing.T) {
	t.Parallel()
	if got := fmt.Sprint(Keyring{}); got != "keyring(empty)" {
		t.Fatalf("got %s", got)
	}
}

func keyringJSON(tb testing.TB, k *Keyring) string {
	tb.Helper()
	data, err := k.encode()
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}
