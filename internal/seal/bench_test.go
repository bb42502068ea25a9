package seal

import "testing"

// BenchmarkSealAndIndex is the cost of one short field of a row; the target is
// 3 µs on one core.
func BenchmarkSealAndIndex(b *testing.B) {
	for _, suite := range []Suite{SuiteAES, SuiteSM} {
		b.Run(string(suite), func(b *testing.B) {
			k := newTestKeyring(b, suite)
			const field = "20 bytes of one field"
			plain, aad := []byte(field), AAD{Table: "account", Row: "acc_0001", Column: "phone"}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := k.Seal(plain, aad); err != nil {
					b.Fatal(err)
				}
				k.Index("phone", field)
			}
		})
	}
}

// BenchmarkDerivePassword is the cost of one password, default parameters.
func BenchmarkDerivePassword(b *testing.B) {
	for _, suite := range []Suite{SuiteAES, SuiteSM} {
		b.Run(string(suite), func(b *testing.B) {
			params := DefaultPasswordParams(suite)
			for b.Loop() {
				if _, err := DerivePassword([]byte("Correct-Horse-7"), []byte("0123456789abcdef"), params); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
