package seal

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var suites = []Suite{SuiteAES, SuiteSM}

// testTime is when the keyrings of tests are made.
var testTime = time.Date(2026, 3, 9, 10, 30, 15, 999, time.FixedZone("CST", 8*3600))

// testRaw is a raw key of 32 bytes counting up from first.
func testRaw(first byte) []byte {
	raw := make([]byte, rawKeySize)
	for i := range raw {
		raw[i] = first + byte(i)
	}
	return raw
}

// newTestKeyring is the keyring whose index key counts up from 0 and whose
// sealing key counts up from 32.
func newTestKeyring(tb testing.TB, suite Suite) *Keyring {
	tb.Helper()
	return keyringFrom(tb, suite, 0)
}

func keyringFrom(tb testing.TB, suite Suite, first byte) *Keyring {
	tb.Helper()
	k, err := Generate(suite, bytes.NewReader(append(testRaw(first), testRaw(first+32)...)), testTime)
	if err != nil {
		tb.Fatalf("Generate: %v", err)
	}
	return k
}

func unhex(tb testing.TB, text string) []byte {
	tb.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		tb.Fatalf("bad vector: %v", err)
	}
	return b
}

func wantHex(tb testing.TB, got []byte, want string) {
	tb.Helper()
	if !bytes.Equal(got, unhex(tb, want)) {
		tb.Fatalf("got  %x\nwant %s", got, want)
	}
}

func wantErr(tb testing.TB, err, want error) {
	tb.Helper()
	if !errors.Is(err, want) {
		tb.Fatalf("error is %v, want %v", err, want)
	}
}

func mustSeal(tb testing.TB, k *Keyring, plain string, aad AAD) []byte {
	tb.Helper()
	sealed, err := k.Seal([]byte(plain), aad)
	if err != nil {
		tb.Fatalf("Seal: %v", err)
	}
	return sealed
}

// writeFile puts a file of any mode into a fresh directory.
func writeFile(tb testing.TB, data []byte, mode os.FileMode) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "keyring.json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		tb.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // the umask must not matter
		tb.Fatal(err)
	}
	return path
}
