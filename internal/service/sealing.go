package service

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/pinyin"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// sealUser seals an agent with user name and password, and finds what the password had better not contain. purpose is that of the SMS
// code, which the sandbox stands in for.
func (s *Service) sealUser(keys *seal.Keyring, form account.UserForm, birthDate, purpose string, sandbox bool) (postgres.NewUser, error) {
	start := time.Now()
	user := postgres.NewUser{Sandbox: sandbox, Advice: advice(form.Password, form.Agent, birthDate)}
	s.trace("password_advice", start)
	var err error
	if user.Agent, err = sealAgent(keys, form.Agent); err != nil {
		return postgres.NewUser{}, err
	}
	start = time.Now()
	if user.Credential, err = s.sealCredential(keys, form.Username, form.Password, form.PasswordHash); err != nil {
		return postgres.NewUser{}, err
	}
	s.trace("derive_password", start)
	if !sandbox {
		user.CodeProof = s.proof(keys, notCheckedCode, purpose, form.Agent.Phone, form.SMSCode)
	}
	return user, nil
}

func sealAgent(keys *seal.Keyring, form account.AgentForm) (postgres.SealedAgent, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return postgres.SealedAgent{}, fmt.Errorf("make an id: %w", err)
	}
	sealed, failed := agentSealer(keys, id)
	kind := identifier.Kind(form.DocumentType)
	agent := postgres.SealedAgent{
		NameMask: identifier.MaskName(form.Name), NameIndex: keys.Index(domainName, identifier.PersonKey(form.Name)), NameSealed: sealed("name", form.Name),
		DocumentType: form.DocumentType, DocumentMask: identifier.MaskDocument(kind, form.DocumentNumber),
		DocumentIndex: keys.Index(domainDocument, form.DocumentNumber), DocumentSealed: sealed("document", form.DocumentNumber),
		SealedContact: sealContact(keys, id, form, sealed),
	}
	return agent, failed()
}

// sealContact seals what may change of an agent.
func sealContact(keys *seal.Keyring, id uuid.UUID, form account.AgentForm, sealed func(column, value string) postgres.Hex) postgres.SealedContact {
	agent := postgres.SealedContact{AgentID: id, PhoneSealed: sealed("phone", form.Phone), EmailSealed: sealed("email", form.Email),
		LandlineSealed: sealed("landline", form.Landline), EthnicSealed: sealed("ethnic_group", form.EthnicGroup)}
	if form.Phone != "" {
		mask := identifier.MaskMobile(form.Phone)
		agent.PhoneMask, agent.PhoneIndex = &mask, keys.Index(domainPhone, form.Phone)
	}
	if form.Email != "" {
		mask := identifier.MaskEmail(form.Email)
		agent.EmailMask, agent.EmailIndex = &mask, keys.Index(domainEmail, form.Email)
	}
	if form.Landline != "" {
		mask := identifier.MaskLandline(form.Landline)
		agent.LandlineMask, agent.LandlineIndex = &mask, keys.Index(domainLandline, form.Landline)
	}
	return agent
}

// agentSealer seals columns of one agent; the empty text, which is an absent one, is not sealed. The second result tells whether
// any of them failed.
func agentSealer(keys *seal.Keyring, id uuid.UUID) (sealed func(column, value string) postgres.Hex, failed func() error) {
	var first error
	sealed = func(column, value string) postgres.Hex {
		if value == "" {
			return nil
		}
		out, err := keys.Seal([]byte(value), seal.AAD{Table: "agent", Row: id.String(), Column: column})
		if err != nil && first == nil {
			first = fmt.Errorf("seal the agent: %w", err)
		}
		return out
	}
	return sealed, func() error { return first }
}

// usernameIndex is what user names are unique by: they ignore case.
func usernameIndex(keys *seal.Keyring, username string) []byte {
	return keys.Index(domainUsername, strings.ToLower(username))
}

// normalUsername writes a user name as registration keeps it: a mobile in whatever form is its eleven digits.
func normalUsername(typed string) string {
	if report := identifier.Check(identifier.Username, typed, today()); report.Valid {
		return report.Value
	}
	return typed
}

// usernameDisplay is a user name as lists show it. One that is a mobile or an e-mail address is personal data.
func usernameDisplay(username string) string {
	switch {
	case strings.Contains(username, "@"):
		return identifier.MaskEmail(username)
	case identifier.Check(identifier.Mobile, username, today()).Valid:
		return identifier.MaskMobile(username)
	}
	return username
}

// advice names what a password had better not contain; of one that is known by its hash only, nothing is known.
func advice(password string, agent account.AgentForm, birthDate string) []string {
	if password == "" {
		return []string{}
	}
	return account.PasswordAdvice(password, pinyin.Readings(agent.Name), agent.Phone, agent.Landline, birthDate)
}

// sealCredential takes the password, or the PHC string of its hash.
func (s *Service) sealCredential(keys *seal.Keyring, username, password, hash string) (postgres.SealedCredential, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return postgres.SealedCredential{}, fmt.Errorf("make an id: %w", err)
	}
	secret, err := s.derivedPassword(keys, password, hash)
	if err != nil {
		return postgres.SealedCredential{}, err
	}
	sealed, err := keys.Seal([]byte(username), seal.AAD{Table: "credential", Row: id.String(), Column: "username"})
	if err != nil {
		return postgres.SealedCredential{}, fmt.Errorf("seal the user name: %w", err)
	}
	return postgres.SealedCredential{CredentialID: id, UsernameIndex: usernameIndex(keys, username), UsernameDisplay: usernameDisplay(username),
		UsernameSealed: sealed, Params: secret.Params, Salt: secret.Salt, Derived: secret.Derived}, nil
}
