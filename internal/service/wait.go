package service

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
)

// pace is how often a wait looks by itself, behind the database that wakes it: after a moment first, then less often.
type pace struct{ first, last time.Duration }

func usualPace() pace { return pace{250 * time.Millisecond, 3 * time.Second} }

// sight is what a wait sees of what it waits for.
type sight[T any] struct {
	value     T
	status    string
	reached   bool          // a goal is
	lost      bool          // none can be any more
	final     bool          // nothing can
	expiresAt *time.Time    // when it ends by itself, by the rules' clock
	again     time.Duration // when it is time to look again, for a provider's sake; 0: no matter
	down      error         // its provider cannot be asked now
}

// wait looks until a goal is reached. WAIT_TIMEOUT tells that none was within the limit, ENDED_OTHERWISE that none can be any more; what
// was seen last comes back with both. A database that goes away meanwhile is waited for as well.
func wait[T any](ctx context.Context, s *Service, id uuid.UUID, goals []string, limit time.Duration, look func(context.Context, *backend) (sight[T], error)) (T, error) {
	var seen sight[T]
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	b, err := s.backend(ctx)
	if err != nil {
		return seen.value, err
	}
	hints := b.store.Watch(within, id)
	pause, known := s.pace.first, false
	var down error
	// Looked at once, however short the limit.
	for now, err := look(ctx, b); ; now, err = look(within, b) {
		switch {
		case err == nil:
			if now.status != seen.status {
				pause = s.pace.first
			}
			seen, known, down = now, true, now.down
		case within.Err() == nil && away(err, known):
			down = err
		case within.Err() == nil || !known:
			return now.value, err
		}
		switch {
		case seen.reached:
			return seen.value, nil
		case seen.lost:
			f := account.NewFault("ENDED_OTHERWISE", "status", seen.status)
			if !seen.final {
				f = f.With("goals", goals)
			}
			return seen.value, f
		}
		select {
		case <-hints:
		case <-within.Done():
		case <-time.After(b.nextLook(within, seen.expiresAt, seen.again, pause)):
			pause = min(2*pause, s.pace.last)
		}
		switch {
		case errors.Is(ctx.Err(), context.Canceled):
			return seen.value, account.NewFault("INTERRUPTED")
		case within.Err() == nil:
		case down != nil:
			return seen.value, down
		default:
			return seen.value, account.NewFault("WAIT_TIMEOUT", "status", seen.status)
		}
	}
}

// away tells failures that pass when the database is there again. What was seen before and moves to its organization may be between two places.
func away(err error, seen bool) bool {
	codes := []account.Code{"DATABASE_UNAVAILABLE", "TRY_AGAIN"}
	if seen {
		codes = append(codes, "APPLICATION_NOT_FOUND", "VERIFICATION_NOT_FOUND")
	}
	for _, code := range codes {
		if account.HasCode(err, code) {
			return true
		}
	}
	return false
}

// nextLook is how long to wait before the next look: no longer than pause, nor past the time at which what is waited for ends by itself.
func (b *backend) nextLook(ctx context.Context, expiresAt *time.Time, again, pause time.Duration) time.Duration {
	if again > 0 {
		pause = min(pause, again)
	}
	if expiresAt == nil {
		return pause
	}
	// Asked each time: a test clock may have been moved.
	now, err := b.store.Now(ctx)
	if err != nil {
		return pause
	}
	return min(pause, max(expiresAt.Sub(now), 0)+time.Millisecond)
}

// WaitForApplication waits until an application has one of the goals' statuses.
func (s *Service) WaitForApplication(ctx context.Context, id account.ApplicationID, goals []string, limit time.Duration) (account.Application, error) {
	return wait(ctx, s, id.UUID(), goals, limit, func(ctx context.Context, b *backend) (sight[account.Application], error) {
		a, err := b.store.Application(ctx, id)
		if err != nil {
			return sight[account.Application]{}, err
		}
		seen := sight[account.Application]{value: s.next(a), status: a.Status, reached: slices.Contains(goals, a.Status), lost: !a.CanReach(goals), final: a.Final()}
		if !seen.final {
			seen.expiresAt = a.ExpiresAt
		}
		return seen, nil
	})
}

// WaitForFaceCheck waits until a face check has one of the goals' statuses. A provider is asked when it allows it; in between, whether
// another process has its answer.
func (s *Service) WaitForFaceCheck(ctx context.Context, id account.VerificationID, goals []string, limit time.Duration) (account.Verification, error) {
	var due time.Time
	var down error
	return wait(ctx, s, id.UUID(), goals, limit, func(ctx context.Context, b *backend) (sight[account.Verification], error) {
		var v account.Verification
		var err error
		if time.Now().Before(due) {
			v, err = b.store.Verification(ctx, id)
		} else {
			var pause time.Duration
			v, pause, err = s.lookAtCheck(ctx, id)
			due = time.Now().Add(pause)
			if down = nil; account.HasCode(err, "PROVIDER_UNAVAILABLE") {
				down, err = err, nil
			}
		}
		seen := sight[account.Verification]{value: v, status: v.Status, down: down}
		if err != nil {
			return seen, err
		}
		seen.reached, seen.lost, seen.again = slices.Contains(goals, v.Status), !v.CanReach(goals), time.Until(due)
		if seen.final = v.Final(); !seen.final {
			seen.expiresAt = &v.ExpiresAt
		}
		return seen, nil
	})
}
