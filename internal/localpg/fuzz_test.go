package localpg

import "testing"

func FuzzParsePidFile(f *testing.F) {
	f.Add("123\n/var/lib\n1700000000\n5432\n/tmp\n\n  5432001  1\nready   \n")
	f.Add("-1\n")
	f.Add("\xff\n\x00")
	f.Fuzz(func(t *testing.T, text string) {
		if pf := parsePidFile(text); pf.pid < 0 || pf.pid == 1 {
			t.Fatalf("%q names process %d", text, pf.pid)
		}
	})
}
