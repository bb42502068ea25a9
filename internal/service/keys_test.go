package service_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

// ownKeyring makes a copy of the test's keyring, which it may change, and a service with it.
func (b *bench) ownKeyring(change func(*service.Options)) (string, func(name string) *service.Service) {
	b.t.Helper()
	text, err := os.ReadFile(b.db.Keyring)
	if err != nil {
		b.t.Fatal(err)
	}
	dir := b.t.TempDir()
	path := filepath.Join(dir, "keyring.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		b.t.Fatal(err)
	}
	return path, func(name string) *service.Service {
		return open(b.t, b.db, func(o *service.Options) {
			if change != nil {
				change(o)
			}
			o.Config.KeyringFile = filepath.Join(dir, name)
		})
	}
}

// A dispatcher runs for weeks: a keyring that is put into its place while it does is used from the next message on.
func TestDispatcherTakesAReplacedKeyring(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	g := newGateway(t)
	path, with := b.ownKeyring(through(t, g.URL))
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	older := filepath.Join(filepath.Dir(path), "older.json")
	if err := os.WriteFile(older, text, 0o600); err != nil {
		t.Fatal(err)
	}
	runs, outdated, other := with("keyring.json"), with("older.json"), with("keyring.json")
	for _, s := range []*service.Service{runs, outdated} {
		if sum, err := s.Dispatch(ctx, service.DispatchOptions{}); err != nil || sum.Claimed != 0 {
			t.Fatalf("nothing is due: %+v, %v", sum, err)
		}
	}
	if _, err := other.RotateKey(ctx, false); err != nil {
		t.Fatal(err)
	}
	quiet := open(t, b.db, func(o *service.Options) { o.Config.KeyringFile = path })
	if _, err := quiet.RequestSMSCode(ctx, mobile(1), account.PurposeRegister); err != nil {
		t.Fatal(err)
	}
	if sum, err := outdated.Dispatch(ctx, service.DispatchOptions{}); err != nil || sum.Sent != 0 || sum.Failed != 1 {
		t.Fatalf("with the older keyring: %+v, %v", sum, err)
	}
	b.exec(`UPDATE faren.sms SET next_attempt_at = now() - interval '1 second'`)
	if sum, err := runs.Dispatch(ctx, service.DispatchOptions{}); err != nil || sum.Sent != 1 {
		t.Fatalf("with the replaced keyring: %+v, %v", sum, err)
	}
	// Once the old key is retired, whoever still has it alone is told at once.
	if r, err := other.Reencrypt(ctx, service.ReencryptOptions{Batch: 10}); err != nil || r.Left != 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, err := other.RetireKey(ctx, "k1"); err != nil {
		t.Fatal(err)
	}
	_, err = outdated.Dispatch(ctx, service.DispatchOptions{})
	wantCode(t, err, "KEYRING_OUTDATED")
	if _, err := runs.Dispatch(ctx, service.DispatchOptions{}); err != nil {
		t.Errorf("with the replaced keyring: %v", err)
	}
	_, err = outdated.RequestSMSCode(ctx, mobile(2), account.PurposeRegister)
	wantCode(t, err, "KEYRING_OUTDATED")
}

func TestDoctorTellsAnOutdatedKeyring(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	path, with := b.ownKeyring(nil)
	if _, err := with(filepath.Base(path)).RotateKey(ctx, false); err != nil {
		t.Fatal(err)
	}
	expect(t, examine(t, b.Service, nil), "keyring", service.CheckFailed, "lacks the sealing key k2")
	expect(t, examine(t, with(filepath.Base(path)), nil), "keyring", service.CheckOK, "seals, opens")
}
