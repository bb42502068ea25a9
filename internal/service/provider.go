package service

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/config"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/identity"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// provider makes the provider that the configuration chooses, once a process, so that it keeps what it was told: of face checks, or of
// e-licences, whose tokens name an organization as well.
func (s *Service) provider(licence bool) (identity.Provider, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.providers[licence]; p != nil {
		return p, nil
	}
	c := s.opts.Config.Identity
	if licence {
		c = s.opts.Config.ELicence
	}
	var p identity.Provider = identity.Sandbox{}
	if c.Provider == "oidc" {
		var err error
		if p, err = oidcProvider(c.OIDC, licence); err != nil {
			return nil, err
		}
	}
	s.providers[licence] = p
	return p, nil
}

func oidcProvider(c config.OIDC, licence bool) (identity.Provider, error) {
	setting := map[bool]string{false: "identity", true: "e_licence"}[licence] + ".ca_file"
	o := identity.OIDCOptions{Issuer: c.Issuer, ClientID: c.ClientID, Scopes: c.Scopes, Algorithms: c.Algorithms, AMR: c.AMR, ClaimName: c.ClaimName,
		ClaimType: c.ClaimDocumentType, ClaimDocument: c.ClaimDocumentNumber, DocumentTypes: c.DocumentTypes}
	if licence {
		o.ClaimUnitCode = c.ClaimUnitCode
	}
	if c.ClientSecretFile != "" {
		secret, err := config.ReadSecret(c.ClientSecretFile)
		if err != nil {
			return nil, err
		}
		o.ClientSecret = string(secret)
	}
	if c.CAFile != "" {
		var err error
		if o.Authorities, err = config.ReadBounded(c.CAFile, authoritiesMax); err != nil {
			return nil, account.NewFault("CONFIG_INVALID", "problem", account.Say("%s: the file cannot be read", "%s：文件无法读取", setting)).WithCause(err)
		}
	}
	p, err := identity.NewOIDC(o)
	if err != nil {
		return nil, account.NewFault("CONFIG_INVALID", "problem", account.Say("%s: the file has no certificate", "%s：文件中没有证书", setting)).WithCause(err)
	}
	return p, nil
}

// providerFault tells why a provider could not be asked. details say what is known all the same.
func providerFault(err error, details ...any) error {
	var failed *identity.Error
	switch {
	case !errors.As(err, &failed):
		return err
	case failed.Other:
		return account.NewFault("CONFIG_INVALID", "problem", account.Say("identity or e_licence: the check was begun with another issuer or client", "identity 或 e_licence：该认证由其他签发方或客户端发起")).WithCause(err)
	case failed.Refused:
		return account.NewFault("PROVIDER_REFUSED", details...).WithCause(err)
	}
	return account.NewFault("PROVIDER_UNAVAILABLE", details...).WithCause(err)
}

// askProvider begins a check at its provider, which a dry run leaves alone.
func (s *Service) askProvider(ctx context.Context, p identity.Provider, id account.VerificationID) (identity.Started, error) {
	if _, sandbox := p.(identity.Sandbox); s.opts.DryRun && !sandbox {
		return identity.Started{Reference: "dry-run", Secret: []byte("dry-run"), Interval: time.Minute}, nil
	}
	started, err := p.Start(ctx, id.String())
	return started, providerFault(err)
}

// polled is what a check has whose provider is polled; nil for others.
func polled(keys *seal.Keyring, id account.VerificationID, started identity.Started) (*postgres.PolledCheck, error) {
	if started.Secret == nil {
		return nil, nil //nolint:nilnil // a check without one is as good as any
	}
	if !keys.CanSeal() {
		return nil, account.NewFault("KEYRING_INDEX_ONLY")
	}
	sealed, err := keys.Seal(started.Secret, secretAAD(id))
	if err != nil {
		return nil, fmt.Errorf("seal a device code: %w", err)
	}
	check := &postgres.PolledCheck{Secret: sealed, PollSeconds: max(int(started.Interval/time.Second), 1)}
	if seconds := int(started.Lifetime / time.Second); seconds > 0 {
		check.LifetimeSeconds = &seconds
	}
	if started.UserCode != "" {
		check.UserCode = &started.UserCode
	}
	return check, nil
}

func secretAAD(id account.VerificationID) seal.AAD {
	return seal.AAD{Table: "verification", Row: id.UUID().String(), Column: "secret"}
}

// answerLimit is how long it may take to ask a provider once and to write down its answer, which it gives once: nothing cuts that off.
const answerLimit = 25 * time.Second

// Asking tells that an answer of an identity provider is on its way, which is lost when the process ends now.
func (s *Service) Asking() bool { return s.asking.Load() > 0 }

// poll asks the provider of a check once, where this process may now, and settles the check when there is an answer. It gives the check as
// it is then, and how long to wait before the next try. A provider that cannot be asked settles nothing; whom the check saw instead of the
// expected person is told by the check itself.
func (s *Service) poll(ctx context.Context, v account.Verification) (account.Verification, time.Duration, error) {
	b, c, err := s.sealingOperator(ctx)
	if err != nil {
		return v, 0, err
	}
	// Whoever cannot ask takes nobody's turn.
	provider, err := s.provider(v.Purpose == account.PurposeSignIn)
	if err == nil && provider.Name() != v.Provider {
		err = account.NewFault("CONFIG_INVALID", "problem", account.Say("identity.provider or e_licence.provider: the check was begun with %s", "identity.provider 或 e_licence.provider：该认证由 %s 发起", v.Provider))
	}
	if err == nil {
		err = providerFault(provider.Ready(ctx), "status", v.Status)
	}
	if err != nil {
		return v, retryAfter, err
	}
	leave, err := b.store.ClaimPoll(ctx, c, v.ID)
	if err != nil || leave.Secret == nil {
		return leave.Verification, leave.Wait, err
	}
	s.asking.Add(1)
	defer s.asking.Add(-1)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerLimit)
	defer cancel()
	answer, err := s.ask(ctx, b, provider, leave)
	if err != nil || answer.Outcome == "" {
		c, callerErr := s.caller(b)
		if callerErr == nil {
			callerErr = b.store.AnswerPoll(ctx, c, v.ID, answer.SlowDown)
		}
		return leave.Verification, leave.Wait, errors.Join(providerFault(err, "status", v.Status), callerErr)
	}
	err = s.settle(ctx, b, v.ID, answer)
	settled, readErr := b.store.Verification(ctx, v.ID)
	return settled, 0, errors.Join(err, readErr)
}

// retryAfter is how long to leave alone a provider that cannot be asked.
const retryAfter = 2 * time.Second

func (s *Service) ask(ctx context.Context, b *backend, provider identity.Provider, leave postgres.Poll) (identity.Answer, error) {
	secret, err := openSealed(b.keys, leave.Secret, secretAAD(leave.Verification.ID), "a device code")
	if err != nil {
		return identity.Answer{}, err
	}
	return provider.Poll(ctx, secret)
}

// settle tells the database what a provider answered.
func (s *Service) settle(ctx context.Context, b *backend, id account.VerificationID, answer identity.Answer) error {
	seen := &postgres.SeenPerson{Cause: answer.Failure}
	if answer.Evidence != nil {
		var err error
		if seen.Evidence, err = b.keys.Seal(answer.Evidence, evidenceAAD(id)); err != nil {
			return fmt.Errorf("seal the evidence: %w", err)
		}
		if seen.EvidenceHash, err = identity.TokenHash(answer.Evidence); err != nil {
			return err
		}
	}
	if answer.Outcome == account.Passed {
		seen.NameIndex = b.keys.Index(domainName, identifier.PersonKey(answer.Person.Name))
		seen.DocumentType = answer.Person.DocumentType
		seen.DocumentIndex = b.keys.Index(domainDocument, identifier.NormalizeCode(answer.Person.DocumentNumber))
		seen.UnitCode = identifier.NormalizeCode(answer.Person.UnitCode)
	}
	c, err := s.caller(b)
	if err != nil {
		return err
	}
	_, err = b.store.CompleteVerification(ctx, c, id, answer.Outcome, seen)
	for _, told := range []account.Code{"IDENTITY_MISMATCH", "OTHER_ORGANIZATION", "VERIFICATION_ENDED"} {
		if account.HasCode(err, told) {
			return nil
		}
	}
	return s.explain(account.ApplicationID(uuid.Nil), err)
}

// FaceEvidence checks what was kept of a check by OpenID Connect again, with the keys that were kept, too.
func (s *Service) FaceEvidence(ctx context.Context, id account.VerificationID) (account.FaceEvidence, error) {
	b, c, err := s.sealingOperator(ctx)
	if err != nil {
		return account.FaceEvidence{}, err
	}
	proof, err := b.store.VerificationEvidence(ctx, c, id)
	if err != nil {
		return account.FaceEvidence{}, err
	}
	v := proof.Verification
	if v.Provider != "oidc" {
		return account.FaceEvidence{}, account.NewFault("EVIDENCE_NOT_FOUND")
	}
	kept, err := openSealed(b.keys, proof.Evidence, evidenceAAD(id), "the evidence")
	if err != nil {
		return account.FaceEvidence{}, err
	}
	licence := v.Purpose == account.PurposeSignIn
	provider, err := s.provider(licence)
	if err != nil {
		return account.FaceEvidence{}, err
	}
	oidc, ok := provider.(*identity.OIDC)
	if !ok {
		return account.FaceEvidence{}, account.NewFault("CONFIG_INVALID", "problem", account.Say("identity.provider: the check was made by oidc, which is not configured", "identity.provider：该认证由 oidc 完成，而当前未配置"))
	}
	checked, published, err := oidc.Recheck(ctx, kept)
	if err != nil {
		return account.FaceEvidence{}, err
	}
	e := account.FaceEvidence{Verification: id, Status: v.Status, Issuer: checked.Issuer, KeyID: checked.KeyID, KeyPublished: published, IssuedAt: checked.IssuedAt,
		AuthTime: checked.AuthTime, AMR: checked.AMR, TokenValid: checked.Failure == ""}
	if e.AMR == nil {
		e.AMR = []string{}
	}
	if checked.Failure != "" {
		e.Problem = &checked.Failure
	}
	e.PersonMatches = string(b.keys.Index(domainName, identifier.PersonKey(checked.Person.Name))) == string(proof.Expected.NameIndex) &&
		checked.Person.DocumentType == proof.Expected.DocumentType &&
		string(b.keys.Index(domainDocument, identifier.NormalizeCode(checked.Person.DocumentNumber))) == string(proof.Expected.DocumentIndex) &&
		(!licence || identifier.NormalizeCode(checked.Person.UnitCode) == proof.UnitCode)
	return e, nil
}
