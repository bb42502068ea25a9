package service_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/pgtest"
	"github.com/farenctl/farenctl/internal/service"
)

func TestSecondFaceCheckNamesItsApplication(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	b.registered(1)
	b.submitted(1, 1)
	r := registration(1, 2)
	a, err := b.StartRegistration(ctx, r.OrganizationForm)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.CreateUser(ctx, a.ID, r.UserForm, true); err != nil {
		t.Fatal(err)
	}
	var checks []account.VerificationID
	for range 2 {
		v, err := b.StartFaceCheck(ctx, service.FaceSubject{Application: &a.ID}, account.PurposeRegister)
		if err != nil {
			t.Fatal(err)
		}
		checks = append(checks, v.ID)
	}
	if _, err := b.SimulateFaceCheck(ctx, checks[0], service.Simulation{Outcome: account.Passed}); err != nil {
		t.Fatal(err)
	}
	_, err = b.SimulateFaceCheck(ctx, checks[1], service.Simulation{Outcome: account.Passed})
	f := wantCode(t, err, "WRONG_STATE")
	for _, lang := range []account.Language{account.English, account.Chinese} {
		hint := f.Hint(lang, time.UTC)
		if !strings.Contains(hint, a.ID.String()) || strings.Contains(hint, "app_000") {
			t.Errorf("the hint %q does not name %s", hint, a.ID)
		}
	}
	if v, err := b.FaceCheck(ctx, checks[1]); err != nil || v.Status == account.Passed {
		t.Errorf("the second check: %+v, %v", v, err)
	}
}

func TestUserNameMeansWhoHoldsIt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	b.registered(1, 2)
	b.submitted(1, 1)
	shared := func(n, p int) account.Application {
		t.Helper()
		r := registration(n, p)
		r.Username = "shared_name"
		a, err := b.SubmitRegistration(ctx, r, true, nil)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	found := func(want account.ApplicationID) {
		t.Helper()
		if id, err := b.FindApplication(ctx, "Shared_Name", ""); err != nil || id != want {
			t.Errorf("found %s, %v, want %s", id, err, want)
		}
	}
	if _, err := b.SignIn(ctx, "agent_00001", password); err != nil {
		t.Fatal(err)
	}
	// Others had the name before, and the one who has it now was rejected once.
	for _, p := range []int{11, 12} {
		if _, err := b.Withdraw(ctx, shared(2, p).ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Reject(ctx, shared(1, 13).ID, "材料不全", "portal"); err != nil {
		t.Fatal(err)
	}
	a := shared(1, 13)
	found(a.ID)
	v, err := b.StartFaceCheck(ctx, service.FaceSubject{Application: &a.ID}, account.PurposeReview)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.SimulateFaceCheck(ctx, v.ID, service.Simulation{Outcome: account.Passed}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Approve(ctx, service.Approval{Application: a.ID, Channel: "portal"}); err != nil {
		t.Fatal(err)
	}
	found(a.ID)
}

func TestSessionFileThatCannotBeWrittenOpensNoSession(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.registered(1)
	b.submitted(1, 1)
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"a directory": dir, "under a file": filepath.Join(file, "session.json"), "under a device": "/dev/null/session.json"} {
		t.Run(name, func(t *testing.T) {
			s := open(t, b.db, func(o *service.Options) { o.Config.SessionFile = path })
			_, err := s.SignIn(context.Background(), "agent_00001", password)
			wantCode(t, err, "CONFIG_INVALID")
			if n := scan[int](b, `SELECT count(*) FROM api.session WHERE status = 'active'`); n != 0 {
				t.Errorf("%d sessions are active", n)
			}
			if left, err := filepath.Glob(filepath.Join(filepath.Dir(dir), "*", ".session-*")); err != nil || len(left) != 0 {
				t.Errorf("drafts are left: %v, %v", left, err)
			}
		})
	}
}

func TestDatabaseThatIsSetUpGetsNoSecondKeyring(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	path := filepath.Join(t.TempDir(), "keys", "keyring.json")
	s := open(t, db, func(o *service.Options) { o.Config.DatabaseURL, o.Config.KeyringFile = db.Super(), path })
	_, _, err := s.InitDatabase(context.Background(), service.InitRequest{Environment: "test"})
	wantCode(t, err, "DATABASE_NOT_EMPTY")
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("a keyring was made: %v", err)
	}
}

func TestRevokedOrganizationGetsNoAccount(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	b.registered(1)
	b.submitted(1, 1)
	started := func(p int) account.ApplicationID {
		t.Helper()
		a, err := b.StartRegistration(ctx, registration(1, p).OrganizationForm)
		if err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	certified, waits := started(2), started(3)
	if _, err := b.CreateUser(ctx, waits, registration(1, 3).UserForm, true); err != nil {
		t.Fatal(err)
	}
	v, err := b.StartFaceCheck(ctx, service.FaceSubject{Application: &waits}, account.PurposeRegister)
	if err != nil {
		t.Fatal(err)
	}
	revoked := strings.Replace(row(1), ",active", ",revoked", 1)
	if _, err := b.ImportRegister(ctx, strings.NewReader(header+revoked), service.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	_, err = b.CreateUser(ctx, certified, registration(1, 2).UserForm, true)
	wantCode(t, err, "ORGANIZATION_NOT_ACTIVE")
	_, err = b.SimulateFaceCheck(ctx, v.ID, service.Simulation{Outcome: account.Passed})
	wantCode(t, err, "ORGANIZATION_NOT_ACTIVE")
	if n := scan[int](b, `SELECT count(*) FROM faren.application WHERE status = 'pending-review'`); n != 0 {
		t.Errorf("%d applications wait for review", n)
	}
}
