package seal

import (
	"bytes"
	"testing"
)

func TestIndexSeparates(t *testing.T) {
	t.Parallel()
	for _, suite := range suites {
		k := newTestKeyring(t, suite)
		base := k.Index("phone", "13900009050")
		for name, other := range map[string][]byte{
			"another domain":               k.Index("landline", "13900009050"),
			"another value":                k.Index("phone", "13900009051"),
			"a border moved":               k.Index("phone1", "3900009050"),
			"everything in the domain":     k.Index("phone13900009050", ""),
			"another key":                  keyringFrom(t, suite, 100).Index("phone", "13900009050"),
			"a code proof of equal parts":  k.CodeProof("phone", "13900009050", ""),
			"a keyring of the other suite": newTestKeyring(t, otherSuite(suite)).Index("phone", "13900009050"),
		} {
			t.Run(name+" gives another index, "+string(suite), func(t *testing.T) {
				t.Parallel()
				if len(base) != 32 || len(other) != 32 {
					t.Fatalf("lengths are %d and %d, want 32", len(base), len(other))
				}
				if bytes.Equal(base, other) {
					t.Fatal("the two are equal")
				}
			})
		}
		t.Run("the index-only keyring gives the same index, "+string(suite), func(t *testing.T) {
			t.Parallel()
			if !bytes.Equal(base, k.IndexOnly().Index("phone", "13900009050")) {
				t.Fatal("index differs")
			}
		})
	}
}

func TestCodeProofSeparates(t *testing.T) {
	t.Parallel()
	k := newTestKeyring(t, SuiteAES)
	base := k.CodeProof("register", "13900009050", "012345")
	for name, other := range map[string][]byte{
		"another purpose": k.CodeProof("recover", "13900009050", "012345"),
		"another number":  k.CodeProof("register", "13900009051", "012345"),
		"another code":    k.CodeProof("register", "13900009050", "012346"),
		"a border moved":  k.CodeProof("register", "139000090500", "12345"),
		"another key":     keyringFrom(t, SuiteAES, 100).CodeProof("register", "13900009050", "012345"),
	} {
		t.Run(name+" gives another proof", func(t *testing.T) {
			t.Parallel()
			if bytes.Equal(base, other) {
				t.Fatal("the two are equal")
			}
		})
	}
	t.Run("the same parts give the same proof", func(t *testing.T) {
		t.Parallel()
		if !bytes.Equal(base, k.IndexOnly().CodeProof("register", "13900009050", "012345")) {
			t.Fatal("proof differs")
		}
	})
}

func TestIndexCheck(t *testing.T) {
	t.Parallel()
	k := newTestKeyring(t, SuiteAES)
	t.Run("is kept by the index-only keyring", func(t *testing.T) {
		t.Parallel()
		if got := k.IndexOnly().IndexCheck(); got != k.IndexCheck() {
			t.Fatalf("got %s, want %s", got, k.IndexCheck())
		}
	})
	newVersion := *k.s()
	newVersion.indexVersion = 2
	version2, err := build(newVersion, firstKeyID)
	if err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]*Keyring{
		"another index key":     keyringFrom(t, SuiteAES, 100),
		"another suite":         newTestKeyring(t, SuiteSM),
		"another index version": version2,
	} {
		t.Run("differs for "+name, func(t *testing.T) {
			t.Parallel()
			if other.IndexCheck() == k.IndexCheck() {
				t.Fatal("checks are equal")
			}
		})
	}
}

func otherSuite(s Suite) Suite {
	if s == SuiteSM {
		return SuiteAES
	}
	return SuiteSM
}
