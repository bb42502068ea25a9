package service

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/fixture"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// ReadFixture reads a fixture document and fills in what it leaves out. namespace, where it is given, is used instead of the document's.
func (s *Service) ReadFixture(r io.Reader, namespace string) (fixture.Document, error) {
	d, err := fixture.Parse(r, s.lang)
	if err != nil {
		return fixture.Document{}, err
	}
	if namespace != "" {
		d.Namespace = namespace
	}
	return fixture.Check(fixture.Complete(d), s.lang, today())
}

// fixtureRun is one process's work on a namespace.
type fixtureRun struct {
	opts   Options  // of those who play
	s      *Service // plays applicants and staff, without a session
	b      *backend
	d      fixture.Document
	id     uuid.UUID
	force  bool
	wanted []postgres.FixtureOrganization
	ids    []promised // of each organization
}

// promised are the ids that the applications and the abandoned codes of an organization's accounts are to have, by account.
type promised struct {
	applications [][]account.ApplicationID
	codes        []account.SMSID
}

// DiffFixture tells what applying a document would do, and does nothing.
func (s *Service) DiffFixture(ctx context.Context, d fixture.Document) (account.FixtureReport, error) {
	r, err := s.fixtureRun(ctx, d, false)
	if err != nil {
		return account.FixtureReport{}, err
	}
	plan, err := r.open(ctx, s, false)
	return report(d, plan), err
}

// ApplyFixture makes what a document asks for and is not there, by the steps that an applicant, a reviewer and staff would take, with the
// sandbox (SANDBOX_REFUSED on production). What is there as asked stays untouched. What is not, because the document, a test or time
// changed it, is made anew with its whole organization, and what the namespace has beside the document goes. Of two processes at once the
// second waits for the first (FIXTURE_BUSY when that takes too long); force takes the namespace from one that was killed. A dry run ends
// where the making would begin, since nobody signs in on trial.
func (s *Service) ApplyFixture(ctx context.Context, d fixture.Document, force bool) (account.FixtureReport, error) {
	r, err := s.fixtureRun(ctx, d, force)
	if err != nil {
		return account.FixtureReport{}, err
	}
	plan, err := r.open(ctx, s, true)
	if err != nil || s.opts.DryRun {
		return report(d, plan), err
	}
	if s.Outcome().Replayed {
		now, err := r.open(ctx, r.s, false)
		if err != nil || now.Changes == 0 {
			return report(d, first(plan, now)), err
		}
		// The first run was killed, or something has changed since.
		s.settled, s.replayed = true, false
		if plan, err = r.open(ctx, r.s, true); err != nil {
			return report(d, plan), err
		}
	}
	if plan.Changes > 0 {
		err = r.close(ctx, r.makeAll(ctx, plan.Organizations))
	}
	return report(d, plan), err
}

// first is the plan of a first run, which was carried out then, with what is there now.
func first(plan, now postgres.FixturePlan) postgres.FixturePlan {
	for i := range plan.Organizations {
		for _, o := range now.Organizations {
			if o.Key == plan.Organizations[i].Key {
				plan.Organizations[i].Made = o.Made
			}
		}
	}
	return plan
}

// close gives the namespace back, also when the command was interrupted or failed with err.
func (r *fixtureRun) close(ctx context.Context, err error) error {
	c, callerErr := r.s.caller(r.b)
	if callerErr != nil {
		return errors.Join(err, callerErr)
	}
	tidy, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyTime)
	defer cancel()
	if closeErr := r.b.store.CloseFixture(tidy, c, r.d.Namespace, r.id); err == nil {
		err = closeErr
	}
	return err
}

// DeleteFixture removes what a namespace made: the organizations of the document, or all of them where it names none. Nothing there is no
// failure.
func (s *Service) DeleteFixture(ctx context.Context, d fixture.Document, force bool) (account.FixtureReport, error) {
	b, err := s.keyed(ctx)
	if err != nil {
		return account.FixtureReport{}, err
	}
	gone := postgres.FixtureGone{Namespace: d.Namespace, Run: uuid.New(), Force: force}
	for _, o := range d.Organizations {
		gone.Keys = append(gone.Keys, o.Key)
	}
	plan, err := s.unlessBusy(ctx, b, func(c postgres.Caller) (postgres.FixturePlan, error) { return b.store.DeleteFixture(ctx, c, gone) })
	return report(d, plan), err
}

func (s *Service) fixtureRun(ctx context.Context, d fixture.Document, force bool) (*fixtureRun, error) {
	b, err := s.sealing(ctx)
	if err != nil {
		return nil, err
	}
	// Nothing is sent to the made-up numbers by itself.
	unsent := *b
	unsent.store = b.store.Unsent()
	r := &fixtureRun{opts: s.opts, b: &unsent, d: d, id: uuid.New(), force: force}
	r.opts.IdempotencyKey, r.opts.Captcha = "", ""
	r.opts.Config.Identity.Provider, r.opts.Config.ELicence.Provider = "sandbox", "sandbox"
	r.s = r.player()
	for _, o := range d.Organizations {
		wanted, ids, err := promise(b.keys, o)
		if err != nil {
			return nil, err
		}
		r.wanted, r.ids = append(r.wanted, wanted), append(r.ids, ids)
	}
	return r, nil
}

// player is a service that plays one person of the fixture, in a session of their own, with the sandbox.
func (r *fixtureRun) player() *Service {
	p := New(r.opts)
	p.open, p.held, p.throwaway = r.b, &sessionFile{}, true
	return p
}

// promise makes the ids that an organization's records are to have, and its row of the business register.
func promise(keys *seal.Keyring, o fixture.Organization) (postgres.FixtureOrganization, promised, error) {
	text, err := o.Spec()
	if err != nil {
		return postgres.FixtureOrganization{}, promised{}, err
	}
	w := postgres.FixtureOrganization{Key: o.Key, Spec: hex.EncodeToString(keys.Index(domainFixture, string(text))), Applications: []uuid.UUID{}, Codes: []uuid.UUID{}}
	if nameKey := identifier.OrganizationKey(o.Name); o.Channel == account.Overseas {
		w.NameKey = &nameKey
	} else {
		w.UnitCode = &o.UnitCode
	}
	var ids promised
	for _, a := range o.Accounts {
		var own []account.ApplicationID
		for range max(a.Rejections, 1) {
			id, err := account.NewApplicationID()
			if err != nil {
				return w, ids, err
			}
			own = append(own, id)
			w.Applications = append(w.Applications, id.UUID())
		}
		code, err := account.NewSMSID()
		if err != nil {
			return w, ids, err
		}
		if a.State == fixture.SMSAbandoned {
			w.Codes = append(w.Codes, code.UUID())
		}
		ids.applications, ids.codes = append(ids.applications, own), append(ids.codes, code)
	}
	if !o.Channel.Manual() {
		w.Entry, err = entry(keys, o)
	}
	return w, ids, err
}

// domainFixture is the domain of what documents ask for.
const domainFixture = "fixture"

func entry(keys *seal.Keyring, o fixture.Organization) (*postgres.FixtureEntry, error) {
	row, err := sealRegisterRow(keys, 0, account.RegisterRow{UnitCode: o.UnitCode, Name: o.Name, Representative: o.Representative.Name, DocumentType: o.Representative.DocumentType,
		DocumentNumber: o.Representative.DocumentNumber, RegistrationNumber: o.RegistrationNumber, OrganizationCode: o.OrganizationCode})
	if err != nil {
		return nil, err
	}
	return &postgres.FixtureEntry{Name: row.Name, NameKey: row.NameKey, RepresentativeMask: row.RepresentativeMask, RepresentativeIndex: row.RepresentativeIndex,
		RepresentativeSealed: row.RepresentativeSealed, DocumentType: row.DocumentType, DocumentMask: row.DocumentMask, DocumentIndex: row.DocumentIndex,
		DocumentSealed: row.DocumentSealed, RegistrationNumber: row.RegistrationNumber, OrganizationCode: row.OrganizationCode}, nil
}

// open asks as by, whose request it is: the command's own, or one beside it.
func (r *fixtureRun) open(ctx context.Context, by *Service, claim bool) (postgres.FixturePlan, error) {
	b, err := by.sealing(ctx)
	if err != nil {
		return postgres.FixturePlan{}, err
	}
	wanted := postgres.FixtureWanted{Namespace: r.d.Namespace, Run: r.id, Claim: claim, Force: r.force, Seconds: r.seconds(), Organizations: r.wanted}
	return by.unlessBusy(ctx, b, func(c postgres.Caller) (postgres.FixturePlan, error) { return b.store.OpenFixture(ctx, c, wanted) })
}

// seconds is how long the run may take until it is taken for dead.
func (r *fixtureRun) seconds() int {
	accounts := 0
	for _, o := range r.d.Organizations {
		accounts += len(o.Accounts)
	}
	return 30 + accounts
}

// busyPoll is how often a namespace is looked at that another run has.
const busyPoll = 100 * time.Millisecond

// unlessBusy waits for another run's end, as long as the command has time.
func (s *Service) unlessBusy(ctx context.Context, b *backend, try func(postgres.Caller) (postgres.FixturePlan, error)) (postgres.FixturePlan, error) {
	limit := time.Now().Add(s.opts.Config.Timeout)
	if deadline, ok := ctx.Deadline(); ok {
		limit = deadline.Add(-2 * busyPoll)
	}
	var until *time.Time // the other run's claim, once it was seen
	for {
		c, err := s.caller(b)
		if err != nil {
			return postgres.FixturePlan{}, err
		}
		plan, err := try(c)
		switch {
		case until != nil && account.HasCode(err, "TIMED_OUT"):
			return plan, fixtureBusy(*until).WithCause(err)
		case err != nil || plan.BusyUntil == nil:
			return plan, err
		case time.Now().After(limit):
			return plan, fixtureBusy(*plan.BusyUntil)
		}
		until = plan.BusyUntil
		select {
		case <-ctx.Done():
			return plan, fixtureBusy(*until).WithCause(ctx.Err())
		case <-time.After(busyPoll):
		}
	}
}

func fixtureBusy(until time.Time) *account.Fault {
	return account.NewFault("FIXTURE_BUSY", "until", until.UTC().Format(time.RFC3339))
}

// report tells a plan in the words of the document, whose values are in clear.
func report(d fixture.Document, plan postgres.FixturePlan) account.FixtureReport {
	out := account.FixtureReport{Namespace: d.Namespace, Changes: plan.Changes, Organizations: []account.FixtureOrganization{}, Items: []account.FixtureItem{}}
	asked := map[string]fixture.Organization{}
	for _, o := range d.Organizations {
		asked[o.Key] = o
	}
	for _, change := range plan.Organizations {
		made := map[string]postgres.FixtureMade{}
		for _, m := range change.Made {
			made[m.Key] = m
		}
		o, known := asked[change.Key]
		item := account.FixtureOrganization{Key: change.Key, Change: change.Change, Why: change.Why, UnitCode: change.UnitCode}
		for _, m := range change.Made {
			if item.UnitCode == nil {
				item.UnitCode = m.UnitCode // issued to an overseas unit
			}
		}
		if known {
			item.Name = &o.Name
		}
		out.Organizations = append(out.Organizations, item)
		if !known {
			for _, m := range change.Made {
				out.Items = append(out.Items, madeItem(account.FixtureItem{Key: m.Key, Organization: change.Key, Change: change.Change}, m))
			}
		}
		for _, a := range o.Accounts {
			out.Items = append(out.Items, madeItem(account.FixtureItem{Key: a.Key, Organization: o.Key, Change: change.Change, State: &a.State, Role: &a.Role, Username: &a.Username,
				Password: &a.Password, Name: &a.Agent.Name, DocumentType: &a.Agent.DocumentType, DocumentNumber: &a.Agent.DocumentNumber, Phone: &a.Agent.Phone,
				Email: given(a.Agent.Email), OrganizationName: &o.Name, UnitCode: given(o.UnitCode)}, made[a.Key]))
		}
	}
	return out
}

func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func madeItem(item account.FixtureItem, m postgres.FixtureMade) account.FixtureItem {
	item.ApplicationID, item.AccountID, item.Status = (*account.ApplicationID)(m.ApplicationID), (*account.AccountID)(m.AccountID), m.Status
	if m.Role != nil {
		item.Role = m.Role
	}
	if m.UnitCode != nil {
		item.UnitCode = m.UnitCode
	}
	return item
}
