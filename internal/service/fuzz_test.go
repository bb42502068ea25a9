package service

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
)

func FuzzRegisterFile(f *testing.F) {
	const header = "unit_code,name,legal_representative,document_type,document_number,status\n"
	f.Add(header + "91330106MA0000015K,杭州示例科技有限公司,王建国,resident-id,330106198001010013,active\n")
	f.Add("\uFEFF" + strings.ToUpper(header) + "\"a\nb\",,,,,\r\n\r\n\xff")
	f.Add(header + strings.Repeat("x", 70<<10))
	f.Fuzz(func(t *testing.T, text string) {
		r, err := openRegister(strings.NewReader(text), nil)
		var fault *account.Fault
		if err != nil {
			if !errors.As(err, &fault) {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		for {
			line, err := r.text()
			if err != nil {
				return
			}
			if row, faults := r.parse(string(line), time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC)); len(faults) == 0 && !utf8.ValidString(row.Name) {
				t.Fatalf("%q is taken", row.Name)
			}
		}
	})
}

func FuzzSessionFile(f *testing.F) {
	f.Add([]byte(`{"organization": "org_01m891hsn6eg4a3k9v8mag48hr", "session": "ses_01m891hsn6eg4a3k9v8mag48hr", "token": "x"}`))
	f.Add([]byte(strings.Repeat("[", 4000)))
	path := filepath.Join(f.TempDir(), "session.json")
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := readSessionFile(path)
		var fault *account.Fault
		if err == nil && file.Token == "" || err != nil && !errors.As(err, &fault) {
			t.Fatalf("%+v, %v", file, err)
		}
	})
}

func FuzzWords(f *testing.F) {
	f.Add("phone:13700000001")
	f.Add("MDAwMC0wMS0wMVQwMDowMDowMFogeA")
	f.Add(placeOf(postgres.PlacedEvent{Event: account.Event{At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}, Place: "x"}))
	f.Fuzz(func(t *testing.T, word string) {
		_ = ReadTicket(word)
		if at, place, ok := readPlace(word); ok && (place == "" || at.Year() < 0 || at.Year() > 10000) {
			t.Fatalf("%q is %s, %q", word, at, place)
		}
	})
}
