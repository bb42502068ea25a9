package service_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

func TestSignInTakesTheUserNameAsRegistrationDoes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := context.Background()
	b.registered(1)
	const typed = "+86 139-0000-0001"
	r := registration(1, 1)
	r.Username = typed
	if _, err := b.SubmitRegistration(ctx, r, true, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := b.FindApplication(ctx, typed, ""); err != nil {
		t.Errorf("look up: %v", err)
	}
	if _, err := b.SignIn(ctx, typed, password); err != nil {
		t.Errorf("sign in by what was typed at registration: %v", err)
	}
	if _, err := b.SignIn(ctx, " "+mobile(1)+" ", password); err != nil {
		t.Errorf("sign in with blanks around: %v", err)
	}
}

func TestStrictImportWithDoublesTakesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got, err := b.ImportRegister(context.Background(), strings.NewReader(header+row(1)+row(2)+row(1)), service.ImportOptions{Strict: true})
	wantCode(t, err, "ROWS_REFUSED")
	if n := scan[int](b, `SELECT count(*) FROM faren.register_entry`); n != 0 || got.Added != 0 {
		t.Errorf("strict: %d entries, added %d", n, got.Added)
	}
}

func TestMissingReasonIsToldBeforeConnecting(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := nowhere(t)
	_, err := s.RevealedApplication(ctx, account.ApplicationID(uuid.New()), "phone")
	if codeOf(err) != "REASON_REQUIRED" {
		t.Errorf("application: %v", err)
	}
	_, err = s.Message(ctx, account.SMSID(uuid.New()), "text")
	if codeOf(err) != "REASON_REQUIRED" {
		t.Errorf("message: %v", err)
	}
}

func TestUnknownPurposeIsAFault(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if _, err := b.RequestSMSCode(context.Background(), mobile(7), "bogus"); codeOf(err) == "" {
		t.Errorf("an unknown purpose: %v", err)
	}
}
