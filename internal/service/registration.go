package service

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// The domains of blind indexes: what is equal within one domain has equal indexes.
const (
	domainName     = "person-name"
	domainDocument = "document-number"
	domainPhone    = "phone"
	domainEmail    = "email"
	domainLandline = "landline"
	domainUsername = "username"
)

// CheckOrganization certifies an organization and writes nothing. It gives the warnings about the form.
func (s *Service) CheckOrganization(ctx context.Context, form account.OrganizationForm) ([]account.Warning, error) {
	form, warnings, faults := form.Check(today())
	if err := account.JoinFaults(faults); err != nil {
		return nil, err
	}
	b, err := s.keyed(ctx)
	if err != nil {
		return nil, err
	}
	return warnings, aboutProject(b.store.CheckOrganization(ctx, certificationFacts(b.keys, form)), form)
}

// aboutProject tells who certifies a project's code where that goes.
func aboutProject(err error, form account.OrganizationForm) error {
	var f *account.Fault
	if errors.As(err, &f) && f.Code == "ORGANIZATION_NOT_FOUND" {
		return f.AboutProject(form.UnitCode)
	}
	return err
}

// CanRegister tells whether steps of a registration can be sent from here: the database is there, with a keyring that seals. sandbox: and
// with the sandbox's answers.
func (s *Service) CanRegister(ctx context.Context, sandbox bool) error {
	b, err := s.sealing(ctx)
	if err == nil && sandbox && b.status.Environment == "production" {
		err = account.NewFault("SANDBOX_REFUSED") // the database says so, too, but only at a later step
	}
	return err
}

// StartRegistration certifies an organization and opens an application of it (guide 一.1, 一.2).
func (s *Service) StartRegistration(ctx context.Context, form account.OrganizationForm) (account.Application, error) {
	form, warnings, faults := form.Check(today())
	if err := account.JoinFaults(faults); err != nil {
		return account.Application{}, err
	}
	id, err := account.NewApplicationID()
	if err != nil {
		return account.Application{}, err
	}
	return s.startRegistration(ctx, id, form, warnings)
}

func (s *Service) startRegistration(ctx context.Context, id account.ApplicationID, form account.OrganizationForm, warnings []account.Warning) (account.Application, error) {
	b, c, err := s.operator(ctx)
	if err != nil {
		return account.Application{}, err
	}
	a, err := b.store.CertifyOrganization(ctx, c, newApplication(b.keys, id, form, warnings))
	if err != nil {
		return account.Application{}, aboutProject(err, form)
	}
	return s.next(a), nil
}

func newApplication(keys *seal.Keyring, id account.ApplicationID, form account.OrganizationForm, warnings []account.Warning) postgres.NewApplication {
	application := postgres.NewApplication{CertificationFacts: certificationFacts(keys, form), ApplicationID: id.UUID(), Channel: form.Channel,
		Name: form.OrganizationName, Warnings: warnings}
	if form.EntityType != "" {
		application.EntityType = &form.EntityType
	}
	return application
}

func certificationFacts(keys *seal.Keyring, form account.OrganizationForm) postgres.CertificationFacts {
	return postgres.CertificationFacts{
		UnitCode: form.UnitCode, NameKey: identifier.OrganizationKey(form.OrganizationName),
		RepresentativeIndex: keys.Index(domainName, identifier.PersonKey(form.Representative.Name)),
		DocumentType:        form.Representative.DocumentType,
		DocumentIndex:       keys.Index(domainDocument, form.Representative.DocumentNumber),
	}
}

// CreateUser gives an application its user (guide 一.1: 创建用户). sandbox stands in for the SMS code, where the database
// allows it. Advice about the password comes as warnings, or as PASSWORD_WEAK where policy password.advice is strict.
func (s *Service) CreateUser(ctx context.Context, id account.ApplicationID, form account.UserForm, sandbox bool) (account.Application, error) {
	form, birthDate, faults := form.Check(today(), !sandbox)
	if err := account.JoinFaults(faults); err != nil {
		return account.Application{}, err
	}
	b, err := s.sealing(ctx)
	if err != nil {
		return account.Application{}, err
	}
	user, err := s.sealUser(b.keys, form, birthDate, account.PurposeRegister, sandbox)
	if err != nil {
		return account.Application{}, err
	}
	c, err := s.caller(b)
	if err != nil {
		return account.Application{}, err
	}
	a, err := b.store.CreateUser(ctx, c, id, user)
	if err != nil {
		return account.Application{}, s.explain(id, err)
	}
	return s.next(warnOf(a, user.Advice)), nil
}

func warnOf(a account.Application, advice []string) account.Application {
	for _, found := range advice {
		a.Warnings = append(a.Warnings, account.Warning{Code: "PASSWORD_ADVICE", Found: found})
	}
	return a
}

// SubmitRegistration runs all steps of one registration: with sandbox through the face check, without to
// awaiting-identity. The form of everything is checked before the first step. open opens a document by its path.
func (s *Service) SubmitRegistration(ctx context.Context, r account.Registration, sandbox bool, open OpenFile) (account.Application, error) {
	faults := checkRegistration(r, sandbox)
	if r.Channel.Manual() {
		return s.submitManual(ctx, r, faults, sandbox, open)
	}
	if err := account.JoinFaults(faults); err != nil {
		return account.Application{}, err
	}
	a, err := s.StartRegistration(ctx, r.OrganizationForm)
	if err != nil {
		return account.Application{}, err
	}
	created, err := s.CreateUser(ctx, a.ID, r.UserForm, sandbox)
	if err != nil || !sandbox {
		return created, s.submitted(ctx, a.ID, err)
	}
	done, err := s.passFaceCheck(ctx, a.ID)
	if err != nil {
		return created, s.submitted(ctx, a.ID, err)
	}
	return withAdvice(done, created), nil
}

// checkRegistration checks the form of everything. A hash of a password has a form as well.
func checkRegistration(r account.Registration, sandbox bool) []*account.Fault {
	return append(r.Check(today(), !sandbox), checkHash(r)...)
}

func checkHash(r account.Registration) []*account.Fault {
	if r.PasswordHash != "" {
		if _, _, _, err := seal.ParsePHC(r.PasswordHash); err != nil {
			return []*account.Fault{account.NewFault("PASSWORD_HASH_INVALID", "field", "password_hash")}
		}
	}
	return nil
}

// passFaceCheck lets the sandbox play the agent's face check.
func (s *Service) passFaceCheck(ctx context.Context, id account.ApplicationID) (account.Application, error) {
	v, err := s.StartFaceCheck(ctx, FaceSubject{Application: &id}, account.PurposeRegister)
	if err != nil {
		return account.Application{}, err
	}
	outcome, err := s.SimulateFaceCheck(ctx, v.ID, Simulation{Outcome: account.Passed})
	if err != nil {
		return account.Application{}, err
	}
	return *outcome.Application, nil
}

// withAdvice keeps the advice about a password, which only the step that saw it can give.
func withAdvice(done, created account.Application) account.Application {
	for _, w := range created.Warnings {
		if w.Code == "PASSWORD_ADVICE" {
			done.Warnings = append(done.Warnings, w)
		}
	}
	return done
}

// submitted ends the application of a submission that did not go through, so that a corrected document can be
// submitted again and nothing half done stays behind.
func (s *Service) submitted(ctx context.Context, id account.ApplicationID, err error) error {
	if err == nil {
		return nil
	}
	// The request to look up in the audit is the refused one, not the one that tidies up.
	if s.opts.DryRun || s.opts.IdempotencyKey != "" && !isRefusal(err) {
		// Nothing stays; or a repeat goes on where this one was cut short.
		return err
	}
	refused := s.LastRequest()
	defer s.last.Store(refused)
	// What cut the submission short must not cut this one too.
	tidy, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyTime)
	defer cancel()
	if _, withdrawErr := s.Withdraw(tidy, id); withdrawErr != nil {
		var f *account.Fault
		if errors.As(err, &f) {
			f = f.With("application_id", id.String())
			return f
		}
		return fmt.Errorf("%w (application %s is left open)", err, id)
	}
	return err
}

// tidyTime is below the grace that an interrupted command has.
const tidyTime = 2 * time.Second

// Withdraw ends an undecided application.
func (s *Service) Withdraw(ctx context.Context, id account.ApplicationID) (account.Application, error) {
	b, c, err := s.operator(ctx)
	if err != nil {
		return account.Application{}, err
	}
	a, err := b.store.WithdrawApplication(ctx, c, id)
	if err != nil {
		return account.Application{}, s.explain(id, err)
	}
	return s.next(a), nil
}

// Application reads one application.
func (s *Service) Application(ctx context.Context, id account.ApplicationID) (account.Application, error) {
	b, err := s.backend(ctx)
	if err != nil {
		return account.Application{}, err
	}
	a, err := b.store.Application(ctx, id)
	if err != nil {
		return account.Application{}, err
	}
	return s.next(a), nil
}

// ApplicationQuery narrows a list of applications; empty fields do not.
type ApplicationQuery struct {
	Status, Channel, UnitCode string
	Paging
}

// Applications lists applications, the newest first.
func (s *Service) Applications(ctx context.Context, q ApplicationQuery) (account.Page[account.Application], error) {
	limit, err := q.limit()
	if err != nil {
		return account.Page[account.Application]{}, err
	}
	filter := postgres.ApplicationFilter{Status: q.Status, Channel: q.Channel, UnitCode: identifier.NormalizeCode(q.UnitCode), Limit: limit + 1}
	if q.Token != "" {
		var id account.ApplicationID
		if err := id.UnmarshalText([]byte(q.Token)); err != nil {
			return account.Page[account.Application]{}, s.badToken()
		}
		filter.After = &id
	}
	b, err := s.backend(ctx)
	if err != nil {
		return account.Page[account.Application]{}, err
	}
	items, err := b.store.Applications(ctx, filter)
	if err != nil {
		return account.Page[account.Application]{}, err
	}
	for i := range items {
		items[i] = s.next(items[i])
	}
	return page(items, limit, func(a account.Application) string { return a.ID.String() }), nil
}
