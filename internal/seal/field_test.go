package seal

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
)

var testAAD = AAD{Table: "account", Row: "acc_0001", Column: "phone"}

func TestSealThenOpen(t *testing.T) {
	t.Parallel()
	plains := map[string]string{
		"empty":          "",
		"short":          "13900009050",
		"chinese":        "【示例】您的验证码",
		"megabyte image": strings.Repeat("\xff\xd8\x00", 1<<19),
	}
	for _, suite := range suites {
		k := newTestKeyring(t, suite)
		for name, plain := range plains {
			t.Run(fmt.Sprintf("%s field comes back, %s", name, suite), func(t *testing.T) {
				t.Parallel()
				sealed := mustSeal(t, k, plain, testAAD)
				if want := len(plain) + 35 + len("k1"); len(sealed) != want {
					t.Errorf("sealed field has %d bytes, want %d", len(sealed), want)
				}
				got, err := k.Open(sealed, testAAD)
				if err != nil || string(got) != plain {
					t.Fatalf("Open gives %d bytes, %v; want the %d sealed", len(got), err, len(plain))
				}
			})
		}
		t.Run("the same field seals differently each time, "+string(suite), func(t *testing.T) {
			t.Parallel()
			if bytes.Equal(mustSeal(t, k, "x", testAAD), mustSeal(t, k, "x", testAAD)) {
				t.Fatal("two sealed fields are equal")
			}
		})
	}
}

func TestOpenRefusesAnotherPlace(t *testing.T) {
	t.Parallel()
	for _, suite := range suites {
		k := newTestKeyring(t, suite)
		sealed := mustSeal(t, k, "13900009050", testAAD)
		for name, aad := range map[string]AAD{
			"another table":                {"application", "acc_0001", "phone"},
			"another row":                  {"account", "acc_0002", "phone"},
			"another column":               {"account", "acc_0001", "landline"},
			"a border moved, table-row":    {"accounta", "cc_0001", "phone"},
			"a border moved, row-column":   {"account", "acc_0001p", "hone"},
			"the parts in another order":   {"acc_0001", "account", "phone"},
			"a row with a trailing zero":   {"account", "acc_0001\x00", "phone"},
			"a column in another spelling": {"account", "acc_0001", "Phone"},
		} {
			t.Run(fmt.Sprintf("%s, %s", name, suite), func(t *testing.T) {
				t.Parallel()
				_, err := k.Open(sealed, aad)
				wantErr(t, err, ErrTampered)
			})
		}
	}
}

func TestIncompletePlaceIsRefused(t *testing.T) {
	t.Parallel()
	k := newTestKeyring(t, SuiteAES)
	sealed := mustSeal(t, k, "x", testAAD)
	for name, aad := range map[string]AAD{
		"no table":  {"", "acc_0001", "phone"},
		"no row":    {"account", "", "phone"},
		"no column": {"account", "acc_0001", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := k.Seal([]byte("x"), aad)
			wantErr(t, err, ErrAAD)
			_, err = k.Open(sealed, aad)
			wantErr(t, err, ErrAAD)
		})
	}
}

func TestOpenRefusesAnyChange(t *testing.T) {
	t.Parallel()
	for _, suite := range suites {
		k := newTestKeyring(t, suite)
		sealed := mustSeal(t, k, "13900009050", testAAD)
		t.Run("every flipped bit, "+string(suite), func(t *testing.T) {
			t.Parallel()
			keyPart := headerFixed + len("k1") // a flip here may name another key
			for i := range len(sealed) * 8 {
				changed := bytes.Clone(sealed)
				changed[i/8] ^= 1 << (i % 8)
				_, err := k.Open(changed, testAAD)
				if i/8 >= keyPart {
					wantErr(t, err, ErrTampered)
				} else if err == nil {
					t.Fatalf("bit %d flipped and the field still opens", i)
				}
			}
		})
		t.Run("every shorter length, "+string(suite), func(t *testing.T) {
			t.Parallel()
			for n := range sealed {
				_, err := k.Open(sealed[:n], testAAD)
				wantErr(t, err, ErrTampered)
			}
		})
		t.Run("a byte more, "+string(suite), func(t *testing.T) {
			t.Parallel()
			_, err := k.Open(append(bytes.Clone(sealed), 0), testAAD)
			wantErr(t, err, ErrTampered)
		})
	}
}

func TestOpenTellsAWrongKeyFromTampering(t *testing.T) {
	t.Parallel()
	k := newTestKeyring(t, SuiteAES)
	for name, other := range map[string]*Keyring{
		"another keyring with the same key id": keyringFrom(t, SuiteAES, 100),
		"the same raw keys in another suite":   newTestKeyring(t, SuiteSM),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := other.Open(mustSeal(t, k, "x", testAAD), testAAD)
			wantErr(t, err, ErrWrongKey)
		})
	}
}

func TestIndexOnlyKeyringNeitherSealsNorOpens(t *testing.T) {
	t.Parallel()
	for _, suite := range suites {
		t.Run(string(suite), func(t *testing.T) {
			t.Parallel()
			full := newTestKeyring(t, suite)
			k := full.IndexOnly()
			if !full.CanSeal() || k.CanSeal() || len(k.SealingKeys()) != 0 {
				t.Fatalf("CanSeal is %v and %v with %d keys left", full.CanSeal(), k.CanSeal(), len(k.SealingKeys()))
			}
			_, err := k.Seal([]byte("x"), testAAD)
			wantErr(t, err, ErrNoSealingKey)
			_, err = k.Open(mustSeal(t, full, "x", testAAD), testAAD)
			wantErr(t, err, ErrNoSealingKey)
		})
	}
}

func TestSealedKeyID(t *testing.T) {
	t.Parallel()
	k := newTestKeyring(t, SuiteSM)
	t.Run("names the key", func(t *testing.T) {
		t.Parallel()
		id, err := SealedKeyID(mustSeal(t, k, "x", testAAD))
		if err != nil || id != "k1" {
			t.Fatalf("got %q, %v", id, err)
		}
	})
	t.Run("refuses what is not sealed", func(t *testing.T) {
		t.Parallel()
		_, err := SealedKeyID([]byte("13900009050, which was never sealed by anyone"))
		wantErr(t, err, ErrTampered)
	})
}

func TestKeyringIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	for _, suite := range suites {
		t.Run(string(suite), func(t *testing.T) {
			t.Parallel()
			k := newTestKeyring(t, suite)
			want := k.Index("phone", "13900009050")
			var wg sync.WaitGroup
			for worker := range 8 {
				wg.Go(func() {
					aad := AAD{Table: "account", Row: fmt.Sprint(worker), Column: "phone"}
					for range 200 {
						sealed, err := k.Seal([]byte("13900009050"), aad)
						if err != nil {
							t.Errorf("Seal: %v", err)
							return
						}
						if _, err := k.Open(sealed, aad); err != nil {
							t.Errorf("Open: %v", err)
							return
						}
						if !bytes.Equal(k.Index("phone", "13900009050"), want) {
							t.Error("Index changed")
							return
						}
					}
				})
			}
			wg.Wait()
		})
	}
}

func FuzzOpen(f *testing.F) {
	aes, sm := newTestKeyring(f, SuiteAES), newTestKeyring(f, SuiteSM)
	f.Add([]byte{}, "account", "acc_0001", "phone")
	f.Add(mustSeal(f, aes, "13900009050", testAAD), "account", "acc_0001", "phone")
	f.Add(mustSeal(f, sm, "", testAAD), "account", "acc_0001", "landline")
	f.Add([]byte{1, 1, 0, 0, 0, 0, 255}, "a", "", "c")
	f.Fuzz(func(t *testing.T, data []byte, table, row, column string) {
		aad := AAD{Table: table, Row: row, Column: column}
		for _, k := range []*Keyring{aes, sm} {
			// The genuine seeds were sealed for testAAD and open nowhere else.
			if plain, err := k.Open(data, aad); err == nil && aad != testAAD {
				t.Fatalf("%d bytes open in a place they were not sealed for", len(plain))
			}
			sealed, err := k.Seal(data, aad)
			if err != nil {
				wantErr(t, err, ErrAAD)
				continue
			}
			plain, err := k.Open(sealed, aad)
			if err != nil || !bytes.Equal(plain, data) {
				t.Fatalf("sealed field does not come back: %v", err)
			}
		}
	})
}
