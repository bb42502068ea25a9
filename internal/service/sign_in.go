package service

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/certificate"
	"github.com/farenctl/farenctl/internal/config"
	"github.com/farenctl/farenctl/internal/identity"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// noRevocation is the setting that says that no revocation list is looked at: it has to be said.
const noRevocation = "none"

// CertificateSignIn is a sign-in by an organization's digital certificate. Certificate and Key are the files' contents (Key nil: it is in
// the certificate's file, or a token keeps it); Password opens an encrypted key. With Signature, made by a token, Verification names the
// challenge that was signed; else Form says who signs in.
type CertificateSignIn struct {
	Form         account.SignInForm
	Certificate  []byte
	Key          []byte
	Password     string
	Verification *account.VerificationID
	Signature    []byte
}

// evidence is what is kept, sealed, of a sign-in by certificate.
type evidence struct {
	Chain     [][]byte `json:"chain"` // DER, leaf first
	Signature []byte   `json:"signature"`
}

// challengeText is what a certificate's key signs. It names its purpose, so that a signature made for something else is no sign-in.
func challengeText(id account.VerificationID, unitCode, nonce string) []byte {
	return []byte("farenctl sign-in by certificate, version 1\nid: " + id.String() + "\nunit code: " + unitCode + "\nnonce: " + nonce + "\n")
}

// OpenChallenge begins a sign-in by certificate whose key is in a token: it gives what the token has to sign.
func (s *Service) OpenChallenge(ctx context.Context, form account.SignInForm) (account.Challenge, error) {
	if err := s.onlyOnce(); err != nil {
		return account.Challenge{}, err
	}
	form, person, faults := form.Check(today(), true)
	if err := account.JoinFaults(faults); err != nil {
		return account.Challenge{}, err
	}
	proof, err := s.openCertificate(ctx, form.UnitCode, person)
	if err != nil {
		return account.Challenge{}, err
	}
	v := proof.Verification
	return account.Challenge{ID: v.ID, UnitCode: proof.UnitCode, Text: string(challengeText(v.ID, proof.UnitCode, proof.Challenge)), ExpiresAt: v.ExpiresAt}, nil
}

func (s *Service) openCertificate(ctx context.Context, unitCode string, person account.AgentForm) (postgres.Proof, error) {
	nonce := make([]byte, 32)
	if _, err := rand.Read(nonce); err != nil {
		return postgres.Proof{}, fmt.Errorf("make a challenge: %w", err)
	}
	proof := postgres.Proof{UnitCode: unitCode, Challenge: base64.RawURLEncoding.EncodeToString(nonce)}
	var err error
	proof.Verification, err = s.openSignIn(ctx, unitCode, person, "certificate", func(string) (identity.Started, error) {
		return identity.Started{Reference: proof.Challenge}, nil
	})
	return proof, err
}

// openSignIn begins a sign-in; start asks the provider.
func (s *Service) openSignIn(ctx context.Context, unitCode string, person account.AgentForm, provider string, start func(id string) (identity.Started, error)) (account.Verification, error) {
	b, err := s.sealing(ctx)
	if err != nil {
		return account.Verification{}, err
	}
	c, err := s.caller(b)
	if err != nil {
		return account.Verification{}, err
	}
	id, err := account.NewVerificationID()
	if err != nil {
		return account.Verification{}, err
	}
	agent, err := sealAgent(b.keys, person)
	if err != nil {
		return account.Verification{}, err
	}
	started, err := start(id.String())
	if err != nil {
		return account.Verification{}, providerFault(err)
	}
	check, err := polled(b.keys, id, started)
	if err != nil {
		return account.Verification{}, err
	}
	return b.store.OpenSignIn(ctx, c, postgres.OrganizationSignIn{VerificationID: id.UUID(), UnitCode: unitCode, Agent: agent, Provider: provider,
		Reference: started.Reference, QRURI: started.QRURI, PolledCheck: check})
}

// SignInWithCertificate opens a session that acts for an organization without an account (guide 一.5, 二.1: 法人数字证书). The certificate
// has to be taken by the configured authorities, and its key to sign a challenge that is good once. What was signed is kept as evidence.
func (s *Service) SignInWithCertificate(ctx context.Context, r CertificateSignIn) (account.Session, error) {
	form, person, faults := r.Form.Check(today(), false)
	if r.Verification != nil {
		faults = nil
	}
	if err := account.JoinFaults(faults); err != nil {
		return account.Session{}, err
	}
	trust, attribute, err := s.trust()
	if err != nil {
		return account.Session{}, err
	}
	holder, err := certificate.ReadHolder(r.Certificate, r.Key, r.Password)
	if err != nil {
		return account.Session{}, certificateFault(err)
	}
	if r.Verification == nil && holder.Key == nil {
		return account.Session{}, account.NewFault("CERTIFICATE_NO_KEY")
	}
	unitCode, named := account.SubjectUnitCode(certificate.Subject(holder.Leaf(), attribute))
	if !named {
		return account.Session{}, account.NewFault("CERTIFICATE_NO_UNIT_CODE")
	}
	if form.UnitCode == "" {
		form.UnitCode = unitCode
	}
	return s.openSession(ctx, func(ctx context.Context) (account.VerificationID, error) {
		var proof postgres.Proof
		if r.Verification == nil {
			proof, err = s.openCertificate(ctx, form.UnitCode, person)
			proof.Now = proof.Verification.CreatedAt
		} else {
			proof, err = s.challenge(ctx, *r.Verification)
		}
		if err != nil {
			return account.VerificationID{}, err
		}
		return proof.Verification.ID, s.prove(ctx, proof, trust, holder, r.Signature, unitCode)
	})
}

func (s *Service) challenge(ctx context.Context, id account.VerificationID) (postgres.Proof, error) {
	b, err := s.sealing(ctx)
	if err != nil {
		return postgres.Proof{}, err
	}
	return b.store.SignInChallenge(ctx, id)
}

// prove checks certificate and signature and tells the database the outcome, good or bad: the challenge is spent either way.
func (s *Service) prove(ctx context.Context, proof postgres.Proof, trust certificate.Trust, holder certificate.Holder, signature []byte, unitCode string) error {
	b, c, err := s.operator(ctx)
	if err != nil {
		return err
	}
	v := proof.Verification
	text := challengeText(v.ID, proof.UnitCode, proof.Challenge)
	if holder.Key != nil && signature == nil {
		if signature, err = certificate.Sign(holder.Key, text); err != nil {
			return err
		}
	}
	seen := &postgres.SeenPerson{UnitCode: unitCode}
	if seen.Evidence, err = sealEvidence(b.keys, v.ID, holder.Chain, signature); err != nil {
		return err
	}
	outcome := account.Passed
	problem := checkProof(trust, holder.Chain, text, signature, proof.Now)
	if problem != nil {
		outcome, seen.Cause = account.Failed, reasonOf(problem)
	}
	if _, err := b.store.CompleteVerification(ctx, c, v.ID, outcome, seen); err != nil {
		return err
	}
	return certificateFault(problem)
}

// checkProof checks the certificate, now by the rules' clock, and the signature.
func checkProof(trust certificate.Trust, chain []*x509.Certificate, text, signature []byte, now time.Time) error {
	if err := trust.Check(chain, now, now); err != nil {
		return err
	}
	return certificate.CheckSignature(chain[0], text, signature)
}

func sealEvidence(keys *seal.Keyring, id account.VerificationID, chain []*x509.Certificate, signature []byte) ([]byte, error) {
	kept := evidence{Signature: signature}
	for _, c := range chain {
		kept.Chain = append(kept.Chain, c.Raw)
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return nil, fmt.Errorf("encode the evidence: %w", err)
	}
	sealed, err := keys.Seal(text, evidenceAAD(id))
	if err != nil {
		return nil, fmt.Errorf("seal the evidence: %w", err)
	}
	return sealed, nil
}

func evidenceAAD(id account.VerificationID) seal.AAD {
	return seal.AAD{Table: "verification", Row: id.UUID().String(), Column: "evidence"}
}

// SignInWithLicence opens a session that acts for an organization without an account (guide 二.1: 电子营业执照). sandbox lets the sandbox
// answer; else tell is told what the person has to scan, and the sign-in waits for it, at most limit.
func (s *Service) SignInWithLicence(ctx context.Context, form account.SignInForm, sandbox bool, limit time.Duration, tell func(account.Verification)) (account.Session, error) {
	form, person, faults := form.Check(today(), true)
	if err := account.JoinFaults(faults); err != nil {
		return account.Session{}, err
	}
	return s.openSession(ctx, func(ctx context.Context) (account.VerificationID, error) {
		provider, err := s.provider(true)
		if err != nil {
			return account.VerificationID{}, err
		}
		v, err := s.openSignIn(ctx, form.UnitCode, person, provider.Name(), func(id string) (identity.Started, error) { return provider.Start(ctx, id) })
		switch {
		case err != nil:
		case sandbox:
			_, err = s.SimulateFaceCheck(ctx, v.ID, Simulation{Outcome: account.Passed})
		default:
			tell(v)
			v, err = s.WaitForFaceCheck(ctx, v.ID, []string{account.Passed}, limit)
			if account.HasCode(err, "ENDED_OTHERWISE") {
				err = notProven(v)
			} else if account.HasCode(err, "WAIT_TIMEOUT") {
				err = account.NewFault("SIGN_IN_EXPIRED")
			}
		}
		return v.ID, err
	})
}

// notProven tells why a sign-in by e-licence ended without a session.
func notProven(v account.Verification) error {
	switch {
	case v.Failure != nil && *v.Failure == "other-organization":
		return account.NewFault("OTHER_ORGANIZATION")
	case v.Failure != nil && *v.Failure == "identity-mismatch":
		return account.NewFault("IDENTITY_MISMATCH")
	}
	return account.NewFault("SIGN_IN_NOT_PROVEN", "status", v.Status)
}

// openSession opens the session of an organization once prove has proven it, and keeps its token in the session file.
func (s *Service) openSession(ctx context.Context, prove func(context.Context) (account.VerificationID, error)) (account.Session, error) {
	if err := s.onlyOnce(); err != nil {
		return account.Session{}, err
	}
	draft, err := s.draftSession()
	if err != nil {
		return account.Session{}, err
	}
	defer draft.drop()
	proven, err := prove(ctx)
	if err != nil {
		return account.Session{}, err
	}
	b, c, err := s.operator(ctx)
	if err != nil {
		return account.Session{}, err
	}
	return draft.open(func(id account.SessionID, tokenHash []byte) (account.Session, error) {
		return b.store.SignInOrganization(ctx, c, postgres.OrganizationAttempt{VerificationID: proven.UUID(), SessionID: id.UUID(), TokenHash: tokenHash})
	})
}

// Evidence checks the proof of a sign-in by certificate again.
func (s *Service) Evidence(ctx context.Context, id account.VerificationID) (account.Evidence, error) {
	trust, attribute, err := s.trust()
	if err != nil {
		return account.Evidence{}, err
	}
	b, c, err := s.sealingOperator(ctx)
	if err != nil {
		return account.Evidence{}, err
	}
	proof, err := b.store.VerificationEvidence(ctx, c, id)
	if err != nil {
		return account.Evidence{}, err
	}
	if proof.Verification.Provider != "certificate" {
		return account.Evidence{}, account.NewFault("EVIDENCE_NOT_FOUND")
	}
	text, err := openSealed(b.keys, proof.Evidence, evidenceAAD(id), "the evidence")
	if err != nil {
		return account.Evidence{}, err
	}
	var kept evidence
	if err := json.Unmarshal(text, &kept); err != nil {
		return account.Evidence{}, fmt.Errorf("read the evidence: %w", err)
	}
	if len(kept.Chain) == 0 {
		return account.Evidence{}, errors.New("read the evidence: it has no certificate")
	}
	chain := make([]*x509.Certificate, len(kept.Chain))
	for i, raw := range kept.Chain {
		if chain[i], err = x509.ParseCertificate(raw); err != nil {
			return account.Evidence{}, fmt.Errorf("read the evidence: %w", err)
		}
	}
	v, leaf := proof.Verification, chain[0]
	sum := sha256.Sum256(leaf.Raw)
	unitCode, _ := account.SubjectUnitCode(certificate.Subject(leaf, attribute))
	at := v.CreatedAt
	if v.CompletedAt != nil {
		at = *v.CompletedAt
	}
	e := account.Evidence{Verification: id, Status: v.Status, UnitCode: unitCode, At: at, Serial: leaf.SerialNumber.Text(16), Issuer: leaf.Issuer.String(),
		NotBefore: leaf.NotBefore.UTC(), NotAfter: leaf.NotAfter.UTC(), SHA256: hex.EncodeToString(sum[:])}
	signed := certificate.CheckSignature(leaf, challengeText(id, proof.UnitCode, proof.Challenge), kept.Signature)
	problem := trust.Check(chain, at, proof.Now)
	e.SignatureValid, e.CertificateValid = signed == nil, problem == nil && unitCode == proof.UnitCode
	switch {
	case problem == nil && unitCode != proof.UnitCode:
		problem = account.NewFault("OTHER_ORGANIZATION")
	case problem == nil:
		problem = signed
	}
	var f *account.Fault
	if errors.As(certificateFault(problem), &f) {
		code := string(f.Code)
		e.Problem = &code
	}
	return e, nil
}

// trust reads the configured authorities, their revocation lists and the name of the attribute that has the unit code.
func (s *Service) trust() (certificate.Trust, []int, error) {
	c := s.opts.Config
	if c.CertificateAuthorities == "" || c.CertificateCRL == "" {
		return certificate.Trust{}, nil, account.NewFault("CERTIFICATES_NOT_CONFIGURED")
	}
	attribute, known := certificate.ParseAttribute(c.CertificateUnitCode)
	if !known {
		return certificate.Trust{}, nil, account.NewFault("CONFIG_INVALID", "problem", account.Say("certificate_unit_code is no attribute's name or object identifier", "certificate_unit_code 须为属性名或对象标识符"))
	}
	var trust certificate.Trust
	err := readTrust("certificate_authorities", c.CertificateAuthorities, func(file []byte) (err error) {
		trust.Authorities, err = certificate.ReadAuthorities(file)
		return err
	})
	if err == nil && c.CertificateCRL != noRevocation {
		err = readTrust("certificate_crl", c.CertificateCRL, func(file []byte) (err error) {
			trust.Lists, err = certificate.ReadLists(file)
			return err
		})
	}
	return trust, attribute, err
}

// authoritiesMax and trustMax are far above what a file of authorities needs, and one of revocation lists, in bytes.
const (
	authoritiesMax = 4 << 20
	trustMax       = 32 << 20
)

func readTrust(setting, path string, parse func([]byte) error) error {
	file, err := config.ReadBounded(path, trustMax)
	if err != nil {
		return account.NewFault("CONFIG_INVALID", "problem", account.Say("%s: the file cannot be read", "%s：文件无法读取", setting)).WithCause(err)
	}
	if err := parse(file); err != nil {
		return account.NewFault("CONFIG_INVALID", "problem", account.Say("%s: the file is neither PEM nor DER", "%s：文件不是 PEM 或 DER 格式", setting)).WithCause(err)
	}
	return nil
}

// certificateFault tells why a certificate is not taken: every reason has a code of its own.
func certificateFault(err error) error {
	var refused *certificate.Error
	if !errors.As(err, &refused) {
		return err
	}
	f := account.NewFault(account.Code("CERTIFICATE_" + strings.ToUpper(strings.ReplaceAll(refused.Reason, "-", "_"))))
	if !refused.At.IsZero() {
		f = f.With("at", refused.At.UTC())
	}
	return f.WithCause(err)
}

func reasonOf(err error) string {
	var refused *certificate.Error
	if errors.As(err, &refused) {
		return refused.Reason
	}
	return "certificate"
}
