package service

import (
	"encoding/hex"
	"errors"
	"fmt"
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

// Outcome is how a command was carried out: tried only, leaving NotChecked unexamined, or replayed, having been carried out before. Reveal is
// the sealed field that it shows; nil: none.
type Outcome struct {
	DryRun     bool
	NotChecked []string
	Replayed   bool
	Reveal     *account.Reveal
}

// Outcome tells how the newest change was carried out.
func (s *Service) Outcome() Outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := Outcome{DryRun: s.opts.DryRun, NotChecked: slices.Clone(s.notChecked), Reveal: s.revealed}
	switch {
	case s.settled:
		o.Replayed = s.replayed
	case s.open != nil && s.opts.IdempotencyKey != "":
		o.Replayed = s.open.store.Replayed()
	}
	return o
}

// proof is the keyed value of a code or captcha; in a dry run there is none, and what says that it was not examined.
func (s *Service) proof(keys *seal.Keyring, what, purpose, subject, code string) postgres.Hex {
	if !s.opts.DryRun {
		return keys.CodeProof(purpose, subject, code)
	}
	s.leaveUnchecked(what)
	return nil
}

func (s *Service) leaveUnchecked(all ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, what := range all {
		if !slices.Contains(s.notChecked, what) {
			s.notChecked = append(s.notChecked, what)
		}
	}
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
		return account.NewFault("USAGE", "problem", s.lang.Pick("--idempotency-key: what this command gives, it gives once", "--idempotency-key：此命令的结果只给出一次，不能重放"))
	}
	return s.noDryRun()
}

// Arguments are what a command was given: Command is a digest of its words and flags, All one of these and of what it read so far. Secret:
// a password was among it.
type Arguments struct {
	Command, All []byte
	Secret       bool
}

// identify makes a call part of the request that the idempotency key names.
func (s *Service) identify(b *backend, c *postgres.Caller) error {
	if s.opts.IdempotencyKey == "" {
		return nil
	}
	given := s.opts.Arguments()
	c.IdempotencyKey, c.CommandHash = s.opts.IdempotencyKey, s.keyedHash(b, given.Command)
	c.ArgumentsHash = s.keyedHash(b, given.All)
	if !given.Secret {
		return nil
	}
	// Slow, where a password is in it: the database must not become a place to try passwords against.
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.slow.of != c.ArgumentsHash {
		hash, err := seal.DerivePassword(given.All, []byte(c.ArgumentsHash)[:16], seal.DefaultPasswordParams(b.keys.Suite()))
		if err != nil {
			return fmt.Errorf("hash the arguments: %w", err)
		}
		s.slow.of, s.slow.hash = c.ArgumentsHash, hex.EncodeToString(hash)
	}
	c.ArgumentsHash = s.slow.hash
	return nil
}

// keyedHash is of a digest, since the numbers in it could be guessed from a plain one.
func (s *Service) keyedHash(b *backend, digest []byte) string {
	return hex.EncodeToString(b.keys.Index("arguments", s.opts.IdempotencyKey+"\x00"+hex.EncodeToString(digest)))
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
