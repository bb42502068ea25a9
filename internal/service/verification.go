package service

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/postgres"
)

// FaceSubject is what a face check is for: one of them is set.
type FaceSubject struct {
	Application *account.ApplicationID
	Recovery    *account.RecoveryID
	Account     *account.AccountID
}

// FindFaceSubject turns what stands behind --for into a subject: a recovery's id, or an application or account by its id or natural key.
func (s *Service) FindFaceSubject(ctx context.Context, selector, unitCode, purpose string) (FaceSubject, error) {
	if purpose == account.PurposeRecover {
		id, err := account.ParseRecoveryID(selector)
		if err != nil {
			return FaceSubject{}, account.NewFault("USAGE", "problem", account.Say("--for is a recovery's id rec_…", "--for 须为找回操作的编号 rec_…")).WithCause(err)
		}
		return FaceSubject{Recovery: &id}, nil
	}
	if purpose == account.PurposeAgent {
		id, err := s.FindAccount(ctx, selector, unitCode)
		return FaceSubject{Account: &id}, err
	}
	id, err := s.FindApplication(ctx, selector, unitCode)
	return FaceSubject{Application: &id}, err
}

// StartFaceCheck opens a face check: of the agent of an application, of the signed-in reviewer for one, of the agent whose account a
// recovery means, or of the agent whom an account waits for.
func (s *Service) StartFaceCheck(ctx context.Context, subject FaceSubject, purpose string) (account.Verification, error) {
	b, err := s.keyed(ctx)
	if err != nil {
		return account.Verification{}, err
	}
	c, err := s.callerFor(b, purpose == account.PurposeReview)
	if err != nil {
		return account.Verification{}, err
	}
	if s.opts.IdempotencyKey != "" {
		if earlier, found, err := b.store.StartedVerification(ctx, c); found || err != nil {
			return earlier, err
		}
	}
	verification, err := account.NewVerificationID()
	if err != nil {
		return account.Verification{}, err
	}
	provider, err := s.provider(false)
	if err != nil {
		return account.Verification{}, err
	}
	started, err := s.askProvider(ctx, provider, verification)
	if err != nil {
		return account.Verification{}, err
	}
	check, err := polled(b.keys, verification, started)
	if err != nil {
		return account.Verification{}, err
	}
	v, err := b.store.StartVerification(ctx, c, postgres.NewVerification{
		VerificationID: verification.UUID(), Purpose: purpose, ApplicationID: (*uuid.UUID)(subject.Application), RecoveryID: (*uuid.UUID)(subject.Recovery),
		AccountID: (*uuid.UUID)(subject.Account),
		Provider:  provider.Name(), Reference: started.Reference, QRURI: started.QRURI, PolledCheck: check,
	})
	if err != nil && subject.Application != nil {
		err = s.explain(*subject.Application, err)
	}
	return v, err
}

func (s *Service) callerFor(b *backend, withSession bool) (postgres.Caller, error) {
	if withSession {
		return s.callerWithSession(b)
	}
	return s.caller(b)
}

// FaceCheck reads a face check; one that waits is first asked for at its provider, if it is time. Who cannot ask, without the keyring or
// the provider's settings, still sees what is known; PROVIDER_UNAVAILABLE and PROVIDER_REFUSED come back with it.
func (s *Service) FaceCheck(ctx context.Context, id account.VerificationID) (account.Verification, error) {
	v, _, err := s.lookAtCheck(ctx, id)
	for _, code := range []account.Code{"KEYRING_INDEX_ONLY", "KEYRING_MISSING", "KEYRING_MISMATCH", "KEYRING_INVALID", "KEYRING_NEWER", "KEYRING_OUTDATED", "KEYRING_PASSPHRASE",
		"KEYRING_WRAPPED", "CONFIG_INVALID", "FILE_PERMISSIONS", "FORBIDDEN"} {
		if v.Status != "" && account.HasCode(err, code) {
			return v, nil
		}
	}
	return v, err
}

// lookAtCheck is FaceCheck, and says after how long to look at a provider again.
func (s *Service) lookAtCheck(ctx context.Context, id account.VerificationID) (account.Verification, time.Duration, error) {
	b, err := s.backend(ctx)
	if err != nil {
		return account.Verification{}, 0, err
	}
	v, err := b.store.Verification(ctx, id)
	if err != nil || v.Provider != "oidc" || v.Status != account.Pending || s.opts.DryRun {
		return v, 0, err
	}
	polled, wait, err := s.poll(ctx, v)
	if polled.Status == "" {
		polled = v
	}
	return polled, wait, err
}

// Simulation is what the sandbox plays: an outcome, and another person where Name or DocumentNumber is given, or for a sign-in by
// e-licence another organization where UnitCode is.
type Simulation struct {
	Outcome, Name, DocumentType, DocumentNumber, UnitCode string
}

// SimulateFaceCheck ends a face check of the sandbox.
func (s *Service) SimulateFaceCheck(ctx context.Context, id account.VerificationID, play Simulation) (account.VerificationOutcome, error) {
	b, c, err := s.operator(ctx)
	if err != nil {
		return account.VerificationOutcome{}, err
	}
	person := &postgres.SeenPerson{Played: true, DocumentType: play.DocumentType, UnitCode: identifier.NormalizeCode(play.UnitCode)}
	if play.Name != "" {
		person.NameIndex = b.keys.Index(domainName, identifier.PersonKey(play.Name))
	}
	if play.DocumentNumber != "" {
		person.DocumentIndex = b.keys.Index(domainDocument, identifier.NormalizeCode(play.DocumentNumber))
	}
	out, err := b.store.CompleteVerification(ctx, c, id, play.Outcome, person)
	return s.outcome(out, err)
}

// ResolveFaceCheck settles a face check that its provider left to staff.
func (s *Service) ResolveFaceCheck(ctx context.Context, id account.VerificationID, outcome string) (account.VerificationOutcome, error) {
	b, c, err := s.operator(ctx)
	if err != nil {
		return account.VerificationOutcome{}, err
	}
	out, err := b.store.ResolveVerification(ctx, c, id, outcome)
	return s.outcome(out, err)
}

func (s *Service) outcome(out account.VerificationOutcome, err error) (account.VerificationOutcome, error) {
	if err != nil {
		return account.VerificationOutcome{}, s.explain(account.ApplicationID(uuid.Nil), err)
	}
	if out.Application != nil {
		a := s.next(*out.Application)
		out.Application = &a
	}
	return out, nil
}
