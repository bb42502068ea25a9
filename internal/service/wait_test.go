package service_test

import (
	"context"
	"testing"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/service"
)

// waited is how a wait ended.
type waited struct {
	application account.Application
	err         error
}

// waiting waits for an application in the background.
func (b *bench) waiting(ctx context.Context, id account.ApplicationID, limit time.Duration, goals ...string) <-chan waited {
	done := make(chan waited, 1)
	go func() {
		a, err := b.WaitForApplication(ctx, id, goals, limit)
		done <- waited{a, err}
	}()
	return done
}

// ended gives how a wait ended that has to.
func (b *bench) ended(done <-chan waited) waited {
	b.t.Helper()
	select {
	case w := <-done:
		return w
	case <-time.After(time.Minute):
		b.t.Fatal("the wait does not end")
		return waited{}
	}
}

// awaited waits until a query counts something.
func (b *bench) awaited(query string) {
	b.t.Helper()
	for limit := time.Now().Add(time.Minute); scan[int](b, query) == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(limit) {
			b.t.Fatalf("waited in vain for %s", query)
		}
	}
}

const listening = `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted
	AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`

// started is an application whose organization is certified.
func (b *bench) started(n int) account.Application {
	b.t.Helper()
	a, err := b.StartRegistration(context.Background(), registration(n, n).OrganizationForm)
	if err != nil {
		b.t.Fatal(err)
	}
	return a
}

// never is longer than any test.
const never = time.Hour

func TestWait(t *testing.T) {
	t.Parallel()
	ctx := context.Background()

	t.Run("is woken by the database long before it would look", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.registered(1)
		a := b.started(1)
		b.SetPace(never, never)
		done := b.waiting(ctx, a.ID, never, account.Withdrawn)
		b.awaited(listening)
		other := open(t, b.db, nil)
		if _, err := other.Withdraw(ctx, a.ID); err != nil {
			t.Fatal(err)
		}
		if w := b.ended(done); w.err != nil || w.application.Status != account.Withdrawn || len(w.application.Next) == 0 {
			t.Errorf("%v: %+v", w.err, w.application)
		}
		if n := scan[int](b, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'faren_local'`); n > 3 {
			t.Errorf("%d connections of two processes, one of which waited", n)
		}
	})

	t.Run("is woken for a face check", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.registered(1, 2)
		r := registration(1, 2)
		a, err := b.StartRegistration(ctx, r.OrganizationForm)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.CreateUser(ctx, a.ID, r.UserForm, true); err != nil {
			t.Fatal(err)
		}
		v, err := b.StartFaceCheck(ctx, service.FaceSubject{Application: &a.ID}, account.PurposeRegister)
		if err != nil {
			t.Fatal(err)
		}
		b.SetPace(never, never)
		application := b.waiting(ctx, a.ID, never, account.PendingReview)
		second := open(t, b.db, func(*service.Options) {})
		second.SetPace(never, never)
		check := make(chan error, 1)
		go func() {
			_, err := second.WaitForFaceCheck(ctx, v.ID, []string{account.Passed}, never)
			check <- err
		}()
		b.awaited(`SELECT CASE WHEN (` + listening + `) = 2 THEN 1 ELSE 0 END`)
		if _, err := open(t, b.db, nil).SimulateFaceCheck(ctx, v.ID, service.Simulation{Outcome: account.Passed}); err != nil {
			t.Fatal(err)
		}
		if w := b.ended(application); w.err != nil || w.application.Status != account.PendingReview {
			t.Errorf("%v: %+v", w.err, w.application)
		}
		if err := <-check; err != nil {
			t.Error(err)
		}
	})

	t.Run("goes on by looking where it cannot listen", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.registered(1)
		a := b.started(1) // holds the one connection from here on
		b.exec(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 1', current_database()); END $$`)
		done := b.waiting(ctx, a.ID, never, account.Withdrawn)
		b.awaited(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'faren_local' AND query LIKE '%api.application%'`)
		b.exec(`UPDATE faren.application SET status = 'withdrawn', expires_at = NULL`)
		if w := b.ended(done); w.err != nil || w.application.Status != account.Withdrawn {
			t.Errorf("%v: %+v", w.err, w.application)
		}
		if n := scan[int](b, listening); n != 0 {
			t.Error("it listens")
		}
	})

	t.Run("ends when the application ends by itself", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.registered(1)
		a := b.started(1)
		b.exec(`UPDATE faren.application SET expires_at = (SELECT now FROM api.status) + interval '1 second'`)
		b.SetPace(never, never)
		w := b.ended(b.waiting(ctx, a.ID, never, account.Approved))
		wantCode(t, w.err, "ENDED_OTHERWISE")
		if w.application.Status != account.Expired || w.application.ID != a.ID {
			t.Errorf("%+v", w.application)
		}
	})

	t.Run("goes on when its connections are cut", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.registered(1)
		a := b.started(1)
		done := b.waiting(ctx, a.ID, never, account.Withdrawn)
		for range 3 {
			b.awaited(listening)
			b.exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'faren_local'`)
			b.awaited(`SELECT CASE WHEN (` + listening + `) = 0 THEN 1 ELSE 0 END`)
		}
		if _, err := open(t, b.db, nil).Withdraw(ctx, a.ID); err != nil {
			t.Fatal(err)
		}
		if w := b.ended(done); w.err != nil {
			t.Error(w.err)
		}
	})

	t.Run("tells that the database stayed away", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.registered(1)
		a := b.started(1)
		done := b.waiting(ctx, a.ID, 6*time.Second, account.Withdrawn)
		b.awaited(listening)
		b.exec(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 0', current_database()); END $$`)
		b.exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'faren_local'`)
		wantCode(t, b.ended(done).err, "TRY_AGAIN")
	})

	t.Run("is over at its limit, and when it is interrupted", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.registered(1)
		a := b.started(1)
		w := b.ended(b.waiting(ctx, a.ID, time.Second, account.Approved))
		wantCode(t, w.err, "WAIT_TIMEOUT")
		if w.application.Status != account.Certified {
			t.Errorf("%+v", w.application)
		}
		interrupted, cancel := context.WithCancel(ctx)
		done := b.waiting(interrupted, a.ID, never, account.Approved)
		b.awaited(listening)
		cancel()
		wantCode(t, b.ended(done).err, "INTERRUPTED")
	})
}
