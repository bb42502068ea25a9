package service

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// sessionFile is what a signed-in person's file holds; it is readable by its owner alone.
type sessionFile struct {
	Organization account.OrganizationID `json:"organization"`
	Session      account.SessionID      `json:"session"`
	Token        string                 `json:"token"`
}

var errNoSession = errors.New("no session file")

func readSessionFile(path string) (sessionFile, error) {
	var file sessionFile
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return file, errNoSession
	}
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		return file, account.NewFault("FILE_PERMISSIONS", "file", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return file, account.NewFault("CONFIG_INVALID", "problem", "the session file cannot be read").WithCause(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(&file); err != nil || file.Token == "" {
		return file, account.NewFault("CONFIG_INVALID", "problem", "the session file is damaged: sign in again").WithCause(err)
	}
	return file, nil
}

// write puts the file in place in one step, so that a reader never meets half of it.
func (f sessionFile) write(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make the session file's directory: %w", err)
	}
	draft, err := os.CreateTemp(filepath.Dir(path), ".session-*") // mode 0600
	if err != nil {
		return fmt.Errorf("write the session file: %w", err)
	}
	defer os.Remove(draft.Name()) //nolint:errcheck // it is gone after the rename
	if err := errors.Join(json.NewEncoder(draft).Encode(f), draft.Close()); err != nil {
		return fmt.Errorf("write the session file: %w", err)
	}
	if err := os.Rename(draft.Name(), path); err != nil {
		return fmt.Errorf("write the session file: %w", err)
	}
	return nil
}

// SignIn opens a session and keeps its token in the session file (guide 五).
func (s *Service) SignIn(ctx context.Context, username, password string) (account.Session, error) {
	b, err := s.keyed(ctx)
	if err != nil {
		return account.Session{}, err
	}
	index := usernameIndex(b.keys, normalUsername(username))
	given, err := b.store.SignInParameters(ctx, index)
	if err != nil {
		return account.Session{}, err
	}
	var params seal.PasswordParams
	if err := json.Unmarshal(given.Params, &params); err != nil {
		return account.Session{}, fmt.Errorf("decode the password's parameters: %w", err)
	}
	derived, err := seal.DerivePassword([]byte(password), given.Salt, params)
	if err != nil {
		return account.Session{}, fmt.Errorf("derive the password: %w", err)
	}
	c, err := s.caller(b)
	if err != nil {
		return account.Session{}, err
	}
	id, err := account.NewSessionID()
	if err != nil {
		return account.Session{}, err
	}
	secret, err := token()
	if err != nil {
		return account.Session{}, err
	}
	hash := sha256.Sum256([]byte(secret))
	session, err := b.store.SignIn(ctx, c, postgres.SignInAttempt{UsernameIndex: index, Derived: derived, SessionID: id.UUID(), TokenHash: hash[:]})
	if err != nil {
		return account.Session{}, err
	}
	file := sessionFile{Organization: session.Organization.ID, Session: session.ID, Token: secret}
	return session, file.write(s.opts.Config.SessionFile)
}

// SignOut ends the session and removes the session file, which is of no use either way.
func (s *Service) SignOut(ctx context.Context) (account.Session, error) {
	b, c, err := s.inSession(ctx)
	if err != nil {
		return account.Session{}, err
	}
	session, err := b.store.SignOut(ctx, c)
	if err == nil || account.HasCode(err, "SESSION_ENDED") || account.HasCode(err, "SESSION_EXPIRED") {
		if removeErr := os.Remove(s.opts.Config.SessionFile); removeErr != nil && !errors.Is(removeErr, fs.ErrNotExist) {
			err = errors.Join(err, removeErr)
		}
	}
	return session, err
}

// WhoAmI tells whose session the session file holds.
func (s *Service) WhoAmI(ctx context.Context) (account.Session, error) {
	b, c, err := s.inSession(ctx)
	if err != nil {
		return account.Session{}, err
	}
	return b.store.CurrentSession(ctx, c)
}

// SessionQuery narrows a list of sessions; empty fields do not.
type SessionQuery struct {
	Status string
	Paging
}

// Sessions lists sessions, the newest first.
func (s *Service) Sessions(ctx context.Context, q SessionQuery) (account.Page[account.Session], error) {
	limit, err := q.limit()
	if err != nil {
		return account.Page[account.Session]{}, err
	}
	filter := postgres.SessionFilter{Status: q.Status, Limit: limit + 1}
	if q.Token != "" {
		id, err := account.ParseSessionID(q.Token)
		if err != nil {
			return account.Page[account.Session]{}, badToken()
		}
		filter.After = &id
	}
	b, err := s.backend(ctx)
	if err != nil {
		return account.Page[account.Session]{}, err
	}
	items, err := b.store.Sessions(ctx, filter)
	if err != nil {
		return account.Page[account.Session]{}, err
	}
	return page(items, limit, func(x account.Session) string { return x.ID.String() }), nil
}

// RevokeSession ends a session: any for support, one of the own account for its holder.
func (s *Service) RevokeSession(ctx context.Context, id account.SessionID) (account.Session, error) {
	b, c, err := s.inSession(ctx)
	if err != nil {
		return account.Session{}, err
	}
	return b.store.RevokeSession(ctx, c, id)
}
