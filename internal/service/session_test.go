package service_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/seal"
	"github.com/farenctl/farenctl/internal/service"
)

func TestSessionLivesFromSignInToSignOut(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	b.registered(1)
	b.submitted(1, 1)
	path := filepath.Join(t.TempDir(), "state", "session.json")
	s := open(t, b.db, func(o *service.Options) { o.Config.SessionFile = path })
	_, err := s.WhoAmI(ctx)
	wantCode(t, err, "NOT_SIGNED_IN")
	session, err := s.SignIn(ctx, "Agent_00001", password)
	if err != nil || session.Status != "active" || session.Role == nil || *session.Role != "legal-representative" {
		t.Fatalf("sign in: %+v, %v", session, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the session file: %v, %v", info, err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	token := regexp.MustCompile(`"token":"([^"]{40,})"`).FindStringSubmatch(string(text))
	if token == nil || strings.Contains(b.contents(), token[1]) {
		t.Error("the token is not in the file alone")
	}
	if who, err := s.WhoAmI(ctx); err != nil || who.ID != session.ID {
		t.Errorf("who am I: %+v, %v", who, err)
	}
	b.exec(`UPDATE faren.setting SET clock_offset = interval '31 minutes'`)
	_, err = s.WhoAmI(ctx)
	wantCode(t, err, "SESSION_EXPIRED")
	b.exec(`UPDATE faren.setting SET clock_offset = interval '0'`)
	if out, err := s.SignOut(ctx); err != nil || out.Status != "ended" {
		t.Errorf("sign out: %+v, %v", out, err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the session file after signing out: %v", err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = s.WhoAmI(ctx)
	wantCode(t, err, "SESSION_ENDED")
	for name, c := range map[string]struct {
		text string
		mode os.FileMode
		code account.Code
	}{
		"open to others": {string(text), 0o644, "FILE_PERMISSIONS"},
		"cut off":        {string(text[:len(text)/2]), 0o600, "CONFIG_INVALID"},
		"without token":  {`{}`, 0o600, "CONFIG_INVALID"},
		"empty":          {``, 0o600, "CONFIG_INVALID"},
	} {
		file := filepath.Join(t.TempDir(), "session.json")
		if err := os.WriteFile(file, []byte(c.text), c.mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, c.mode); err != nil {
			t.Fatal(err)
		}
		_, err := open(t, b.db, func(o *service.Options) { o.Config.SessionFile = file }).WhoAmI(ctx)
		if codeOf(err) != c.code {
			t.Errorf("a session file %s: %v, want %s", name, err, c.code)
		}
	}
}

func TestFiveFailuresLockAnyUserName(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	b.registered(1)
	b.submitted(1, 1)
	for _, name := range []string{"agent_00001", "nobody_here"} {
		for try := 1; try <= 5; try++ {
			want := account.Code("INVALID_CREDENTIALS")
			if try == 5 {
				want = "ACCOUNT_LOCKED"
			}
			_, err := b.SignIn(ctx, name, "Wrong1!pass")
			wantCode(t, err, want)
		}
		_, err := b.SignIn(ctx, strings.ToUpper(name), password)
		wantCode(t, err, "ACCOUNT_LOCKED")
	}
	b.exec(`UPDATE faren.setting SET clock_offset = interval '31 minutes'`)
	if _, err := b.SignIn(ctx, "agent_00001", password); err != nil {
		t.Errorf("after the lock: %v", err)
	}
	_, err := b.SignIn(ctx, "nobody_here", password)
	wantCode(t, err, "INVALID_CREDENTIALS")
}

func TestManyGuessesAtOnceAreAsManyAsAllowed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.registered(1)
	b.submitted(1, 1)
	var all sync.WaitGroup
	errs := make([]error, 12)
	for i := range errs {
		s := open(t, b.db, nil)
		all.Go(func() { _, errs[i] = s.SignIn(context.Background(), "agent_00001", "Wrong1!pass") })
	}
	all.Wait()
	evaluated := 0
	for _, err := range errs {
		switch codeOf(err) {
		case "INVALID_CREDENTIALS":
			evaluated++
		case "ACCOUNT_LOCKED":
		default:
			t.Errorf("a guess: %v", err)
		}
	}
	if evaluated != 4 { // the fifth one locks
		t.Errorf("%d guesses were told wrong, want 4", evaluated)
	}
}

func TestSaltsOfUnknownUserNamesAreStable(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.registered(1)
	b.submitted(1, 1)
	keys, err := seal.Load(b.db.Keyring)
	if err != nil {
		t.Fatal(err)
	}
	salt := func(name string) string {
		return scan[string](b, `SELECT api.sign_in_parameters(encode($1, 'hex')) -> 'result' ->> 'salt'`, keys.Index("username", name))
	}
	known, unknown, other := salt("agent_00001"), salt("nobody_here"), salt("somebody_else")
	if unknown != salt("nobody_here") || known != salt("agent_00001") {
		t.Error("a salt changes")
	}
	if unknown == other || unknown == known || len(unknown) != len(known) || len(known) != 32 {
		t.Errorf("salts %q, %q, %q", known, unknown, other)
	}
	b.exec(`UPDATE faren.setting SET server_secret = '\x00'`)
	if salt("nobody_here") == unknown || salt("agent_00001") != known {
		t.Error("the salts of unknown names do not come from the database's secret, or those of known ones do")
	}
}

func TestReviewNeedsTheReviewersOwnCheck(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	b.registered(1)
	b.submitted(1, 1)
	a, other := b.submitted(1, 2), b.submitted(1, 3)
	if _, err := b.SignIn(ctx, "agent_00001", password); err != nil {
		t.Fatal(err)
	}
	approve := func(id account.ApplicationID) (account.Application, error) {
		return b.Approve(ctx, service.Approval{Application: id, Channel: "app"})
	}
	_, err := approve(a.ID)
	wantCode(t, err, "FACE_CHECK_REQUIRED")
	check := func(id account.ApplicationID, play service.Simulation) error {
		v, err := b.StartFaceCheck(ctx, service.FaceSubject{Application: &id}, account.PurposeReview)
		if err != nil {
			return err
		}
		_, err = b.SimulateFaceCheck(ctx, v.ID, play)
		return err
	}
	wantCode(t, check(a.ID, service.Simulation{Outcome: account.Passed, Name: personName(2), DocumentNumber: residentID(2)}), "IDENTITY_MISMATCH")
	_, err = approve(a.ID)
	wantCode(t, err, "FACE_CHECK_REQUIRED")
	if err := check(other.ID, service.Simulation{Outcome: account.Passed}); err != nil {
		t.Fatal(err)
	}
	_, err = approve(a.ID)
	wantCode(t, err, "FACE_CHECK_REQUIRED")
	if err := check(a.ID, service.Simulation{Outcome: account.Passed}); err != nil {
		t.Fatal(err)
	}
	got, err := approve(a.ID)
	if err != nil || got.Status != account.Approved || *got.Review.Channel != "app" || *got.Role != "agent" {
		t.Errorf("approved: %+v, %v", got, err)
	}
	_, err = approve(a.ID)
	wantCode(t, err, "ALREADY_DECIDED")
	why := "材料不全"
	if got, err := b.Reject(ctx, other.ID, "  "+why+"\n", "portal"); err != nil || got.Status != account.Rejected || *got.Review.Reason != why {
		t.Errorf("rejected: %+v, %v", got, err)
	}
	page, err := b.Messages(ctx, service.MessageQuery{Kind: "rejected", Application: &other.ID})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("messages: %+v, %v", page, err)
	}
	if m, err := b.Message(ctx, page.Items[0].ID, "text"); err != nil || !strings.Contains(m.Text, why) {
		t.Errorf("the message: %+v, %v", m, err)
	}
}
