package service

import (
	"encoding/hex"
	"errors"
	"slices"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// What a dry run leaves unexamined, as results name it.
const (
	notCheckedCode    = "sms_code"
	notCheckedCaptcha = "captcha"
)

// Outcome is how a command was carried out: tried only, leaving NotChecked unexamined, or replayed, having been carried out before.
type Outcome struct {
	DryRun     bool
	NotChecked []string
	Replayed   bool
}

// Outcome tells how the newest change was carried out.
func (s *Service) Outcome() Outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := Outcome{DryRun: s.opts.DryRun, NotChecked: slices.Clone(s.notChecked)}
	if s.open != nil && s.opts.IdempotencyKey != "" {
		o.Replayed = s.open.store.Replayed()
	}
	return o
}

// proof is the keyed value of a code or captcha; in a dry run there is none, and what says that it was not examined.
func (s *Service) proof(keys *seal.Keyring, what, purpose, subject, code string) postgres.Hex {
	if !s.opts.DryRun {
		return keys.CodeProof(purpose, subject, code)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.notChecked, what) {
		s.notChecked = append(s.notChecked, what)
	}
	return nil
}

// noDryRun refuses what cannot be tried.
func (s *Service) noDryRun() error {
	if s.opts.DryRun {
		return account.NewFault("DRY_RUN_IMPOSSIBLE")
	}
	return nil
}

// onlyOnce refuses to try or to repeat what hands out a secret, which only its first answer has.
func (s *Service) onlyOnce() error {
	if s.opts.IdempotencyKey != "" {
		return account.NewFault("USAGE", "problem", s.lang.Pick("--idempotency-key: what this command gives, it gives once", "--idempotency-key:此命令的结果只给出一次,不能重放"))
	}
	return s.noDryRun()
}

// identify makes a call part of the request that the idempotency key names.
func (s *Service) identify(b *backend, c *postgres.Caller) error {
	if s.opts.IdempotencyKey == "" {
		return nil
	}
	var err error
	s.argumentsOnce.Do(func() {
		digest, secret := s.opts.Arguments()
		// Keyed, and slow where a password is in it: the database must not become a place to try passwords and numbers against.
		hash := b.keys.Index("arguments", s.opts.IdempotencyKey+"\x00"+hex.EncodeToString(digest))
		if secret {
			hash, err = seal.DerivePassword([]byte(hex.EncodeToString(digest)), hash[:16], seal.DefaultPasswordParams(b.keys.Suite()))
		}
		s.argumentsHash = hex.EncodeToString(hash)
	})
	c.IdempotencyKey, c.ArgumentsHash = s.opts.IdempotencyKey, s.argumentsHash
	return err
}

// isRefusal tells a decision from a failure: a repeat would be refused again.
func isRefusal(err error) bool {
	var f *account.Fault
	if !errors.As(err, &f) {
		return false
	}
	switch f.Status() {
	case account.StatusConflict, account.StatusRefused, account.StatusInput, account.StatusNotFound, account.StatusNotSignedIn, account.StatusEnvironment:
		return true
	}
	return false
}
