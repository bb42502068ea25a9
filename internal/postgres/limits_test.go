package postgres_test

import (
	"context"
	"testing"

	"github.com/farenctl/farenctl/internal/account"
)

func TestRefusedUserOfANewOrganizationLeavesNoOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submitted(1, 1, someone(1))
	id := w.certify(w.register(2, someone(1)))
	before := w.contents()
	_, err := w.store.CreateUser(context.Background(), w.caller(), id, w.user(someone(1)))
	wantCode(t, err, "USERNAME_TAKEN")
	after := w.contents()
	for table := range after {
		if table != "faren.request" && table != "faren.audit_event" && before[table] != after[table] {
			t.Errorf("the refused call changed %s", table)
		}
	}
}

// A limit that was lowered during the day holds for those who are past it already.
func TestLoweredDailyLimitHolds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.exec(`UPDATE faren.policy SET value = '5' WHERE name = 'registration.daily_rejections'`)
	w.submitted(1, 1, someone(1))
	reviewer := w.signIn(someone(1))
	for range 4 {
		w.decide(reviewer, w.submitted(1, 1, someone(3)).ID, "reject")
	}
	again := func() error {
		_, err := w.store.CreateUser(ctx, w.caller(), w.certify(w.register(1, someone(1))), w.user(someone(3)))
		return err
	}
	w.exec(`UPDATE faren.policy SET value = '3' WHERE name = 'registration.daily_rejections'`)
	wantCode(t, again(), "DAILY_REJECTION_LIMIT")
	w.exec(`UPDATE faren.setting SET clock_offset = interval '24 hours'`)
	if err := again(); err != nil {
		t.Errorf("the day after: %v", err)
	}
}

// What an application past its time reserved is nobody's, even before anything has touched it.
func TestPasswordOfAnExpiredApplicationIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.awaiting(1, 1, someone(2))
	_, err := w.store.SignIn(context.Background(), w.caller(), w.attempt(someone(2), true, []byte("t")))
	if f := wantCode(t, err, "ACCOUNT_NOT_ACTIVE"); f.Details["status"] != account.AwaitingIdentity {
		t.Errorf("details: %v", f.Details)
	}
	w.exec(`UPDATE faren.application SET expires_at = clock_timestamp() - interval '1 second'`)
	_, err = w.store.SignIn(context.Background(), w.caller(), w.attempt(someone(2), true, []byte("t")))
	wantCode(t, err, "INVALID_CREDENTIALS")
}
