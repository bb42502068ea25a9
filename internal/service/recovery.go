package service

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/identifier"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// domainRecovery is that of what somebody types to name an account.
const domainRecovery = "recovery"

// StartRecovery begins a recovery (guide 一.5: 确认账号). Whether there is such an account is not told: an unknown one gets the same answer.
func (s *Service) StartRecovery(ctx context.Context, form account.RecoveryForm) (account.Recovery, error) {
	form, faults := form.Check(today())
	if err := account.JoinFaults(faults); err != nil {
		return account.Recovery{}, err
	}
	b, c, err := s.operator(ctx)
	if err != nil {
		return account.Recovery{}, err
	}
	id, err := account.NewRecoveryID()
	if err != nil {
		return account.Recovery{}, err
	}
	selector := postgres.RecoverySelector{RecoveryID: id.UUID(), Method: form.By}
	typed := []string{form.By, form.UnitCode}
	switch form.By {
	case "username":
		selector.UsernameIndex = usernameIndex(b.keys, form.Username)
		typed = append(typed, strings.ToLower(form.Username))
	case "phone":
		selector.PhoneIndex, selector.UnitCode = b.keys.Index(domainPhone, form.Phone), &form.UnitCode
		typed = append(typed, form.Phone)
	default:
		selector.DocumentIndex, selector.UnitCode = b.keys.Index(domainDocument, form.DocumentNumber), &form.UnitCode
		typed = append(typed, form.DocumentNumber)
	}
	selector.SelectorIndex = b.keys.Index(domainRecovery, strings.Join(typed, " "))
	return s.recovered(b.store.StartRecovery(ctx, c, selector))
}

// recovered completes a recovery with what comes next, and opens its user name when the proof let it out and this keyring can.
func (s *Service) recovered(found postgres.FoundRecovery, err error) (account.Recovery, error) {
	if err != nil {
		return account.Recovery{}, err
	}
	r := found.Recovery
	if f := found.Sealed; f != nil && s.open.keys.CanSeal() {
		plain, err := openSealed(s.open.keys, f.Sealed, seal.AAD{Table: f.Table, Row: f.Row.String(), Column: f.Column}, "the user name")
		if err != nil {
			return account.Recovery{}, err
		}
		name := string(plain)
		r.Username = &name
	}
	r.Next = account.RecoverySteps(r, s.lang)
	return r, nil
}

// Recovery reads a recovery.
func (s *Service) Recovery(ctx context.Context, id account.RecoveryID) (account.Recovery, error) {
	b, c, err := s.operator(ctx)
	if err != nil {
		return account.Recovery{}, err
	}
	return s.recovered(b.store.Recovery(ctx, c, id))
}

// RequestRecoveryCode sends a code to the phone of the account that a recovery means, without telling which.
func (s *Service) RequestRecoveryCode(ctx context.Context, id account.RecoveryID) (account.CodeRequest, error) {
	b, c, err := s.sealingOperator(ctx)
	if err != nil {
		return account.CodeRequest{}, err
	}
	digits, err := newDigits()
	if err != nil {
		return account.CodeRequest{}, err
	}
	message, err := account.NewSMSID()
	if err != nil {
		return account.CodeRequest{}, err
	}
	params, err := sealParams(b.keys, message, map[string]any{"code": digits})
	if err != nil {
		return account.CodeRequest{}, err
	}
	c.Secret = true
	return b.store.RequestRecoveryCode(ctx, c, postgres.RecoveryCode{RecoveryID: id.UUID(), SMSID: message.UUID(), ParamsSealed: params,
		Proof: b.keys.CodeProof(account.PurposeRecover, id.String(), digits)})
}

// ProveRecovery proves a recovery (guide 一.5: 验证方式), by the SMS code or by a passed face check of the agent.
func (s *Service) ProveRecovery(ctx context.Context, id account.RecoveryID, code string, check *account.VerificationID) (account.Recovery, error) {
	b, c, err := s.operator(ctx)
	if err != nil {
		return account.Recovery{}, err
	}
	proof := postgres.RecoveryProof{VerificationID: (*uuid.UUID)(check)}
	if check == nil {
		proof.CodeProof = b.keys.CodeProof(account.PurposeRecover, id.String(), identifier.NormalizeCode(code))
	}
	return s.recovered(b.store.ProveRecovery(ctx, c, id, proof))
}

// ResetPassword gives the account of a proven recovery a new password (guide 一.5: 重置密码), once.
func (s *Service) ResetPassword(ctx context.Context, id account.RecoveryID, password string) (account.Recovery, error) {
	if broken := account.CheckPassword(password, ""); len(broken) > 0 {
		return account.Recovery{}, account.NewFault("PASSWORD_WEAK", "field", "password", "broken", broken)
	}
	b, c, err := s.operator(ctx)
	if err != nil {
		return account.Recovery{}, err
	}
	// The user name, which the password must not contain, is told to whoever proved that it is theirs.
	standing, err := s.recovered(b.store.Recovery(ctx, c, id))
	if err != nil {
		return account.Recovery{}, err
	}
	if standing.Username != nil {
		if broken := account.CheckPassword(password, *standing.Username); len(broken) > 0 {
			return account.Recovery{}, account.NewFault("PASSWORD_WEAK", "field", "password", "broken", broken)
		}
	}
	start := time.Now()
	secret, err := s.derive(b.keys, password)
	if err != nil {
		return account.Recovery{}, err
	}
	s.trace("derive_password", start)
	message, err := account.NewSMSID()
	if err != nil {
		return account.Recovery{}, err
	}
	secret.SMSID, secret.Advice = message.UUID(), []string{}
	if c, err = s.caller(b); err != nil {
		return account.Recovery{}, err
	}
	return s.recovered(b.store.ResetPassword(ctx, c, id, secret))
}

// derivedPassword is a password as it was derived: by somebody else, where its PHC string is given, or now.
func (s *Service) derivedPassword(keys *seal.Keyring, password, hash string) (postgres.NewPassword, error) {
	if hash == "" {
		return s.derive(keys, password)
	}
	params, salt, derived, err := seal.ParsePHC(hash)
	if err != nil {
		return postgres.NewPassword{}, account.NewFault("PASSWORD_HASH_INVALID", "field", "password_hash")
	}
	encoded, err := json.Marshal(params)
	if err != nil {
		return postgres.NewPassword{}, fmt.Errorf("encode the password's parameters: %w", err)
	}
	return postgres.NewPassword{Params: encoded, Salt: salt, Derived: derived}, nil
}

// derive derives a password with a new salt.
func (s *Service) derive(keys *seal.Keyring, password string) (postgres.NewPassword, error) {
	params := seal.DefaultPasswordParams(keys.Suite())
	if s.throwaway {
		params = seal.ThrowawayPasswordParams(keys.Suite())
	}
	salt := make([]byte, 16)
	if _, err := io.ReadFull(rand.Reader, salt); err != nil {
		return postgres.NewPassword{}, fmt.Errorf("make a salt: %w", err)
	}
	derived, err := seal.DerivePassword([]byte(password), salt, params)
	if err != nil {
		return postgres.NewPassword{}, fmt.Errorf("derive the password: %w", err)
	}
	encoded, err := json.Marshal(params)
	if err != nil {
		return postgres.NewPassword{}, errors.Join(errors.New("encode the password's parameters"), err)
	}
	return postgres.NewPassword{Params: encoded, Salt: salt, Derived: derived}, nil
}
