package service

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/fixture"
	"github.com/farenctl/farenctl/internal/postgres"
)

// fixtureWorkers is how many accounts are made at once: two wait for the database, two derive passwords.
const fixtureWorkers = 4

// makeAll makes every organization that is to be made, and puts into changes what was. One that fails takes itself away again and stops the
// rest; what was made whole before stays.
func (r *fixtureRun) makeAll(ctx context.Context, changes []postgres.FixtureChange) error {
	places := map[string]int{}
	for i, o := range r.d.Organizations {
		places[o.Key] = i
	}
	steps, stop := context.WithCancel(ctx)
	defer stop()
	slots := make(chan struct{}, fixtureWorkers)
	var first firstError
	var all sync.WaitGroup
	for i := range changes {
		change := &changes[i]
		if change.Change != account.FixtureCreate && change.Change != account.FixtureReplace {
			continue
		}
		all.Go(func() {
			place := places[change.Key]
			made, err := r.makeOrganization(steps, r.d.Organizations[place], r.ids[place], slots)
			if err != nil {
				first.set(err)
				stop()
				first.set(r.takeAway(ctx, change.Key))
				return
			}
			change.Made = made
		})
	}
	all.Wait()
	return first.err
}

// firstError keeps the first error of several workers; the others followed from it.
type firstError struct {
	mu  sync.Mutex
	err error
}

func (f *firstError) set(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
}

// takeAway removes an organization that is half made, also when the command was interrupted.
func (r *fixtureRun) takeAway(ctx context.Context, key string) error {
	tidy, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyTime)
	defer cancel()
	c, err := r.player().caller(r.b)
	if err != nil {
		return err
	}
	_, err = r.b.store.DeleteFixture(tidy, c, postgres.FixtureGone{Namespace: r.d.Namespace, Run: r.id, Keys: []string{key}})
	return err
}

// crew makes one organization.
type crew struct {
	*fixtureRun
	o      fixture.Organization
	ids    promised
	slots  chan struct{}
	acting *Service // whoever acts for the organization: its lead's session, or that of its e-licence; nil: nobody has to
	made   []postgres.FixtureMade
}

func (r *fixtureRun) makeOrganization(ctx context.Context, o fixture.Organization, ids promised, slots chan struct{}) ([]postgres.FixtureMade, error) {
	w := &crew{fixtureRun: r, o: o, ids: ids, slots: slots, made: make([]postgres.FixtureMade, len(o.Accounts))}
	if err := w.work(ctx); err != nil {
		return nil, err
	}
	done := postgres.FixtureDone{Namespace: r.d.Namespace, Run: r.id, Key: o.Key, Seconds: r.seconds(), Made: w.made, Status: given(o.Status)}
	c, err := r.s.caller(r.b)
	if err != nil {
		return nil, err
	}
	return r.b.store.FinishFixture(ctx, c, done)
}

// work goes by the order in which the accounts lean on each other: the lead first, then all the others at once, and the lead's own end.
func (w *crew) work(ctx context.Context) error {
	lead := w.o.Lead()
	if lead >= 0 {
		if err := w.slot(ctx, lead, w.reach); err != nil {
			return err
		}
	}
	if w.needsActing(lead) {
		if err := w.act(ctx, lead); err != nil {
			return w.at(max(lead, 0), err)
		}
	}
	var all sync.WaitGroup
	var first firstError
	for i := range w.o.Accounts {
		if i == lead {
			continue
		}
		all.Go(func() {
			err := w.slot(ctx, i, w.reach)
			if err == nil {
				err = w.slot(ctx, i, w.end)
			}
			if err != nil {
				first.set(err)
			}
		})
	}
	all.Wait()
	if first.err != nil || lead < 0 {
		return errors.Join(first.err, w.leave(ctx))
	}
	if err := w.slot(ctx, lead, w.end); err != nil {
		return err
	}
	return w.leave(ctx)
}

// slot runs a part of one account's work when there is room.
func (w *crew) slot(ctx context.Context, i int, part func(context.Context, int) error) error {
	select {
	case w.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-w.slots }()
	if err := ctx.Err(); err != nil {
		return err
	}
	return w.at(i, part(ctx, i))
}

// at tells of which account an error is.
func (w *crew) at(i int, err error) error {
	var f *account.Fault
	if errors.As(err, &f) {
		a := w.o.Accounts[i]
		return f.With("key", a.Key).With("line", a.Line)
	}
	return err
}

// needsActing tells whether anything is done in the organization's name.
func (w *crew) needsActing(lead int) bool {
	for i, a := range w.o.Accounts {
		if i == lead && a.State == account.AccountDeactivated || i != lead && (a.State == account.Rejected || a.HasAccount() && a.Role != account.RoleRepresentative && w.care(a)) {
			return true
		}
	}
	return false
}

// care tells whether an account needs somebody who acts for its organization: of a manual channel staff approve it.
func (w *crew) care(a fixture.Account) bool {
	return !w.o.Channel.Manual() || a.Role == account.RoleAdministrator || a.State != account.AccountActive && a.State != account.AccountLocked
}

// act signs the lead in, or the organization by its e-licence.
func (w *crew) act(ctx context.Context, lead int) error {
	p := w.player()
	var err error
	if lead >= 0 {
		_, err = p.SignIn(ctx, w.o.Accounts[lead].Username, w.o.Accounts[lead].Password)
	} else {
		form := account.SignInForm{UnitCode: w.o.UnitCode, Operator: fixture.Reviewer(w.d.Namespace, w.o.Key)}
		_, err = p.SignInWithLicence(ctx, form, true, time.Minute, func(account.Verification) {})
	}
	w.acting = p
	return err
}

// leave ends the session of whoever acted; that of a deactivated account has ended.
func (w *crew) leave(ctx context.Context) error {
	if w.acting == nil {
		return nil
	}
	c, err := w.acting.callerWithSession(w.b)
	if err != nil {
		return err
	}
	if _, err = w.b.store.SignOut(ctx, c); account.HasCode(err, "SESSION_ENDED") {
		return nil
	}
	return err
}

// keep keeps what there is of an account.
func (w *crew) keep(i int, application *account.ApplicationID, id *account.AccountID) {
	w.made[i] = postgres.FixtureMade{Key: w.o.Accounts[i].Key, ApplicationID: (*uuid.UUID)(application), AccountID: (*uuid.UUID)(id)}
}

// scanPath stands for the one scan of every made-up document.
const scanPath = "fixture.jpg"

// openScan draws it.
func openScan(string) (io.ReadCloser, error) {
	picture := image.NewGray(image.Rect(0, 0, 160, 100))
	for x := range 160 {
		for y := range 100 {
			picture.SetGray(x, y, color.Gray{Y: uint8(96 + x)}) //nolint:gosec // at most 255
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		return nil, fmt.Errorf("draw a scan: %w", err)
	}
	return io.NopCloser(&b), nil
}
