package service_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/seal"
	"github.com/farenctl/farenctl/internal/service"
)

func TestKeyringMustBelongToTheDatabase(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.registered(1)
	a := b.submitted(1, 2)
	ctx := context.Background()
	dir := t.TempDir()
	other, err := seal.Generate(seal.SuiteAES, rand.Reader, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	own, err := seal.Load(b.db.Keyring)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(b.db.Keyring)
	if err != nil {
		t.Fatal(err)
	}
	path := func(name string) string { return filepath.Join(dir, name) }
	for _, err := range []error{other.Create(path("other")), own.IndexOnly().Create(path("index")), os.WriteFile(path("shared"), text, 0o644),
		os.WriteFile(path("damaged"), text[:len(text)/2], 0o600), os.Symlink(b.db.Keyring, path("link")), os.WriteFile(path("newer"), []byte(strings.Replace(string(text), `"version": 1`, `"version": 9`, 1)), 0o600),
		os.WriteFile(path("wrapped"), text, 0o600), os.WriteFile(path("other-passphrase"), text, 0o600)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"wrapped", "other-passphrase"} {
		file, err := seal.Lock(path(name))
		if err == nil {
			err = errors.Join(file.Replace(own, []byte("the right passphrase")), file.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path("passphrase"), []byte("another passphrase\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const fine = account.Code("")
	for name, c := range map[string]struct{ search, sealing account.Code }{
		"other":   {"KEYRING_MISMATCH", "KEYRING_MISMATCH"},
		"missing": {"KEYRING_MISSING", "KEYRING_MISSING"},
		"shared":  {"FILE_PERMISSIONS", "FILE_PERMISSIONS"},
		"link":    {"FILE_PERMISSIONS", "FILE_PERMISSIONS"},
		"damaged": {"KEYRING_INVALID", "KEYRING_INVALID"},
		"newer":   {"KEYRING_NEWER", "KEYRING_NEWER"},
		"wrapped": {"KEYRING_WRAPPED", "KEYRING_WRAPPED"},

		"other-passphrase": {"KEYRING_PASSPHRASE", "KEYRING_PASSPHRASE"},
		"index":            {fine, "KEYRING_INDEX_ONLY"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, b.db, func(o *service.Options) {
				o.Config.KeyringFile = path(name)
				if name == "other-passphrase" {
					o.Config.KeyringPassphraseFile = path("passphrase")
				}
			})
			before := scan[int](b, `SELECT count(*) FROM faren.request`)
			if _, err := s.FindApplication(ctx, *a.Username, ""); codeOf(err) != c.search || (err == nil) != (c.search == fine) {
				t.Errorf("searching: %v, want %q", err, c.search)
			}
			_, revealed := s.RevealedApplication(ctx, a.ID, "phone")
			_, coded := s.RequestSMSCode(ctx, mobile(3), account.PurposeRegister)
			_, created := s.CreateUser(ctx, a.ID, registration(1, 3).UserForm, true)
			_, imported := s.ImportRegister(ctx, strings.NewReader(header+row(5)), service.ImportOptions{})
			for use, err := range map[string]error{"revealing": revealed, "a code": coded, "a user": created, "an import": imported} {
				if codeOf(err) != c.sealing {
					t.Errorf("%s: %v, want %s", use, err, c.sealing)
				}
			}
			// What needs no key works without.
			if got, err := s.Application(ctx, a.ID); err != nil || got.ID != a.ID {
				t.Errorf("reading without a key: %v", err)
			}
			if after := scan[int](b, `SELECT count(*) FROM faren.request`); after != before && name != "index" {
				t.Errorf("%d requests reached the database", after-before)
			}
		})
	}
}

func TestNewDatabaseGetsAKeyringOrUsesTheOneThere(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, suite := range map[string]seal.Suite{"one of aes": seal.SuiteAES, "one of sm": seal.SuiteSM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := pgtest.Empty(t)
			path := filepath.Join(t.TempDir(), "new", "keyring.json")
			s := open(t, db, func(o *service.Options) { o.Config.DatabaseURL, o.Config.KeyringFile = db.Super(), path })
			status, _, err := s.InitDatabase(ctx, service.InitRequest{Environment: "staging", Suite: string(suite)})
			if err != nil || status.State != "current" || status.Suite != string(suite) || status.Environment != "staging" {
				t.Fatalf("set up: %+v, %v", status, err)
			}
			info, err := os.Stat(path)
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("the keyring's file: %v, %v", info, err)
			}
			_, _, err = s.InitDatabase(ctx, service.InitRequest{Environment: "staging", Suite: string(suite)})
			wantCode(t, err, "DATABASE_NOT_EMPTY")
			b := &bench{Service: s, t: t, db: db}
			b.registered(1)
			if a := b.submitted(1, 2); a.Status != account.PendingReview {
				t.Errorf("a registration with suite %s ends as %s", suite, a.Status)
			}
			next := pgtest.Empty(t)
			again := open(t, next, func(o *service.Options) { o.Config.DatabaseURL, o.Config.KeyringFile = next.Super(), path })
			wrong := map[seal.Suite]seal.Suite{seal.SuiteAES: seal.SuiteSM, seal.SuiteSM: seal.SuiteAES}[suite]
			_, _, err = again.InitDatabase(ctx, service.InitRequest{Environment: "test", Suite: string(wrong)})
			wantCode(t, err, "CONFIG_INVALID")
			if status, err := again.DatabaseStatus(ctx); err != nil || status.State != "missing" {
				t.Errorf("after the refused set-up: %+v, %v", status, err)
			}
		})
	}
}
