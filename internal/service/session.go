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
	"github.com/farenctl/farenctl/internal/config"
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

// session is whose session this service acts in: that of the session file, or the one it holds.
func (s *Service) session() (sessionFile, error) {
	switch {
	case s.held == nil:
		return readSessionFile(s.opts.Config.SessionFile)
	case s.held.Token == "":
		return sessionFile{}, errNoSession
	}
	return *s.held, nil
}

// sessionMax is far above what a session's file needs, in bytes.
const sessionMax = 4 << 10

func readSessionFile(path string) (sessionFile, error) {
	var file sessionFile
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return file, errNoSession
	}
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		return file, account.NewFault("FILE_PERMISSIONS", "file", path)
	}
	if err == nil && !info.Mode().IsRegular() {
		err = fs.ErrInvalid // a named pipe in its place must not hang us
	}
	var text []byte
	if err == nil {
		text, err = config.ReadBounded(path, sessionMax)
	}
	if err != nil {
		return file, account.NewFault("CONFIG_INVALID", "problem", account.Say("the session file cannot be read", "会话文件无法读取")).WithCause(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(&file); err != nil || file.Token == "" {
		return file, account.NewFault("CONFIG_INVALID", "problem", account.Say("the session file is damaged: sign in again", "会话文件已损坏，请重新登录")).WithCause(err)
	}
	return file, nil
}

// sessionDraft is a session file to be: it is made before the session, so that a place that cannot be written is found
// out before there is a session whose token nobody has.
type sessionDraft struct {
	file *os.File
	path string
	held *sessionFile // where it is kept instead
}

func (s *Service) draftSession() (*sessionDraft, error) {
	if s.held != nil {
		return &sessionDraft{held: s.held}, nil
	}
	path := s.opts.Config.SessionFile
	bad := func(err error) error {
		return account.NewFault("CONFIG_INVALID", "problem", account.Say("the session file cannot be written to %s", "会话文件无法写入 %s", path)).WithCause(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, bad(err)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, bad(fs.ErrInvalid)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".session-*") // mode 0600
	if err != nil {
		return nil, bad(err)
	}
	return &sessionDraft{file: file, path: path}, nil
}

// keep puts the file in place in one step, so that a reader never meets half of it.
func (d *sessionDraft) keep(content sessionFile) error {
	if d.held != nil {
		*d.held = content
		return nil
	}
	if err := errors.Join(json.NewEncoder(d.file).Encode(content), d.file.Close()); err != nil {
		return fmt.Errorf("write the session file: %w", err)
	}
	if err := os.Rename(d.file.Name(), d.path); err != nil {
		return fmt.Errorf("write the session file: %w", err)
	}
	return nil
}

// open makes a token, lets begin open a session with its hash, and keeps it.
func (d *sessionDraft) open(begin func(id account.SessionID, tokenHash []byte) (account.Session, error)) (account.Session, error) {
	id, err := account.NewSessionID()
	if err != nil {
		return account.Session{}, err
	}
	secret, err := token()
	if err != nil {
		return account.Session{}, err
	}
	hash := sha256.Sum256([]byte(secret))
	session, err := begin(id, hash[:])
	if err != nil {
		return account.Session{}, err
	}
	return session, d.keep(sessionFile{Organization: session.Organization.ID, Session: session.ID, Token: secret})
}

// drop removes what was not kept.
func (d *sessionDraft) drop() {
	if d.held != nil {
		return
	}
	_ = d.file.Close()
	_ = os.Remove(d.file.Name())
}

// SignIn opens a session and keeps its token in the session file (guide 五).
func (s *Service) SignIn(ctx context.Context, username, password string) (account.Session, error) {
	if err := s.onlyOnce(); err != nil {
		return account.Session{}, err
	}
	draft, err := s.draftSession()
	if err != nil {
		return account.Session{}, err
	}
	defer draft.drop()
	b, err := s.keyed(ctx)
	if err != nil {
		return account.Session{}, err
	}
	index := usernameIndex(b.keys, normalUsername(username))
	derived, err := deriveFor(ctx, b, index, password)
	if err != nil {
		return account.Session{}, err
	}
	c, err := s.caller(b)
	if err != nil {
		return account.Session{}, err
	}
	return draft.open(func(id account.SessionID, tokenHash []byte) (account.Session, error) {
		return b.store.SignIn(ctx, c, postgres.SignInAttempt{UsernameIndex: index, Derived: derived, SessionID: id.UUID(), TokenHash: tokenHash})
	})
}

// deriveFor derives a password as the database keeps that of a user name.
func deriveFor(ctx context.Context, b *backend, usernameIndex []byte, password string) ([]byte, error) {
	given, err := b.store.SignInParameters(ctx, usernameIndex)
	if err != nil {
		return nil, err
	}
	var params seal.PasswordParams
	if err := json.Unmarshal(given.Params, &params); err != nil {
		return nil, fmt.Errorf("decode the password's parameters: %w", err)
	}
	derived, err := seal.DerivePassword([]byte(password), given.Salt, params)
	if err != nil {
		return nil, fmt.Errorf("derive the password: %w", err)
	}
	return derived, nil
}

// SignOut ends the session and removes the session file, which is of no use either way.
func (s *Service) SignOut(ctx context.Context) (account.Session, error) {
	b, c, err := s.inSession(ctx)
	if err != nil {
		return account.Session{}, err
	}
	session, err := b.store.SignOut(ctx, c)
	if s.opts.DryRun {
		return session, err
	}
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
			return account.Page[account.Session]{}, s.badToken()
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
