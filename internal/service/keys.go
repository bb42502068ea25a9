package service

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"slices"
	"syscall"
	"time"
	"unicode/utf8"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/config"
	"github.com/farenctl/farenctl/internal/seal"
)

// minPassphrase is how many characters a passphrase has at least.
const minPassphrase = 12

// KeyVersions tells the keys of the keyring, and of the database those that it lacks. Values are counted where the login may.
func (s *Service) KeyVersions(ctx context.Context) ([]account.KeyVersion, error) {
	b, err := s.keyed(ctx)
	if err != nil {
		return nil, err
	}
	suite := string(b.keys.Suite())
	known, err := b.store.SealingKeys(ctx)
	counted := err == nil
	if account.HasCode(err, "FORBIDDEN") {
		known.Used = map[string]int64{}
		known.Newest, err = b.store.NewestKey(ctx)
	}
	if err != nil {
		return nil, err
	}
	used := func(header string) *int64 {
		if !counted {
			return nil
		}
		n := known.Used[header]
		return &n
	}
	versions := []account.KeyVersion{{ID: fmt.Sprintf("v%d", b.keys.IndexVersion()), Kind: account.KeyIndex, Suite: suite, Status: account.KeyActive}}
	for _, key := range b.keys.SealingKeys() {
		v := account.KeyVersion{ID: key.ID, Kind: account.KeySealing, Suite: suite, Status: account.KeyOld, Values: used(key.Header), CreatedAt: &key.CreatedAt}
		switch {
		case slices.Contains(known.Retired, key.Header):
			v.Status = account.KeyRetired
		case key.Active:
			v.Status = account.KeyActive
		}
		versions = append(versions, v)
		delete(known.Used, key.Header)
	}
	if known.Newest != nil && !hasKey(b.keys, *known.Newest) {
		known.Used[*known.Newest] += 0
	}
	if b.keys.CanSeal() {
		for header := range known.Used {
			id, err := seal.KeyOf(header)
			if err != nil {
				continue // no sealed value: `key reencrypt` tells
			}
			versions = append(versions, account.KeyVersion{ID: id, Kind: account.KeySealing, Suite: suite, Status: account.KeyMissing, Values: used(header)})
		}
	}
	slices.SortStableFunc(versions[1:], func(a, b account.KeyVersion) int { return compareKeyIDs(a.ID, b.ID) })
	return versions, nil
}

// hasKey tells whether a keyring has the sealing key of a header.
func hasKey(keys *seal.Keyring, header string) bool {
	return slices.ContainsFunc(keys.SealingKeys(), func(k seal.SealingKey) bool { return k.Header == header })
}

// renewKeys takes the keyring's file over anew when it was replaced, in a process that runs on. One that cannot be used, or is of another database,
// is left alone: whoever replaces it may not be ready.
func (s *Service) renewKeys(b *backend) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path := s.keyringFile()
	now, err := os.Lstat(path)
	if err != nil || b.keyFile == nil || os.SameFile(now, b.keyFile) && now.ModTime().Equal(b.keyFile.ModTime()) {
		return
	}
	if keys, err := s.loadKeys(path); err == nil && keys.IndexCheck() == b.keys.IndexCheck() && keys.CanSeal() == b.keys.CanSeal() {
		b.keys, b.keyFile = keys, now
	}
}

// OldKeys are the sealing keys of the keyring that only open, by their ids. It needs no database.
func (s *Service) OldKeys() ([]string, error) {
	keys, err := s.loadKeys(s.keyringFile())
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, key := range keys.SealingKeys() {
		if !key.Active {
			ids = append(ids, key.ID)
		}
	}
	return ids, nil
}

// compareKeyIDs puts k10 behind k9.
func compareKeyIDs(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	if a < b {
		return -1
	}
	return 1
}

// locked is a keyring's file that this process changes.
type locked struct {
	*seal.File
	path       string
	keys       *seal.Keyring
	passphrase []byte // of a wrapped file
	pending    bool   // a rotation was cut short before its end
	dry        bool
}

// lockKeyring takes the keyring's file for a change.
func (s *Service) lockKeyring() (*locked, error) {
	if s.opts.IdempotencyKey != "" {
		return nil, account.NewFault("USAGE", "problem",
			account.Say("--idempotency-key: commands that change the keyring's file cannot be replayed", "--idempotency-key：更改密钥环文件的命令不能重放"))
	}
	path := s.keyringFile()
	file, err := seal.Lock(path)
	if err != nil {
		return nil, keyringFault(path, err)
	}
	l := &locked{File: file, path: path, dry: s.opts.DryRun}
	if err := s.fill(l); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return l, nil
}

func (s *Service) fill(l *locked) error {
	var err error
	if l.keys, err = s.loadKeys(l.path); err != nil {
		return err
	}
	if l.keys.Wrapped() {
		if l.passphrase, err = config.ReadSecret(s.opts.Config.KeyringPassphraseFile); err != nil {
			return err
		}
	}
	staged, err := l.staged()
	l.pending = staged != nil
	return err
}

// staged is what an earlier rotation left beside the file; nil when there is nothing, or what was cut while it was written, which nobody knows of.
func (l *locked) staged() (*seal.Keyring, error) {
	staged, err := l.Staged(l.passphrase)
	if errors.Is(err, seal.ErrMissing) || errors.Is(err, seal.ErrMalformed) {
		return nil, nil
	}
	return staged, keyringFault(l.path+".next", err)
}

// settled refuses another change before a rotation that was cut short is at its end.
func (l *locked) settled() error {
	if l.pending {
		return account.NewFault("KEY_ROTATION_UNFINISHED", "file", l.path+".next")
	}
	return nil
}

// stage writes what the file is to become beside it; in a dry run nothing.
func (l *locked) stage(keys *seal.Keyring, passphrase []byte) error {
	if l.dry {
		return nil
	}
	return l.written(l.Stage(keys, passphrase))
}

// replace changes the file at once; in a dry run it does not.
func (l *locked) replace(keys *seal.Keyring, passphrase []byte) error {
	if l.dry {
		return nil
	}
	return l.written(l.Replace(keys, passphrase))
}

// commit puts what is staged into the file's place.
func (l *locked) commit() error {
	if l.dry {
		return nil
	}
	return l.written(l.Commit())
}

func (l *locked) written(err error) error { return written(l.path, err) }

// written tells what kept a keyring's file from being written.
func written(path string, err error) error {
	for _, e := range []error{os.ErrPermission, syscall.EROFS, syscall.ENOSPC, syscall.EDQUOT, syscall.ENOTDIR} {
		if errors.Is(err, e) {
			return account.NewFault("FILE_UNWRITABLE", "file", path).WithCause(err)
		}
	}
	return err
}

// changing opens the database with the keyring of a file that is about to change.
func (s *Service) changing(ctx context.Context) (*backend, *locked, error) {
	b, err := s.backend(ctx)
	if err != nil {
		return nil, nil, err
	}
	l, err := s.lockKeyring()
	if err != nil {
		return nil, nil, err
	}
	switch {
	case l.keys.IndexCheck() != b.status.IndexCheck:
		err = account.NewFault("KEYRING_MISMATCH")
	case !l.keys.CanSeal():
		err = account.NewFault("KEYRING_INDEX_ONLY")
	}
	if err != nil {
		return nil, nil, errors.Join(err, l.Close())
	}
	s.mu.Lock()
	b.keys = l.keys
	s.mu.Unlock()
	return b, l, nil
}

// RotateKey gives the keyring a new sealing key, which seals from now on; the old ones stay to open. The database hears of it before the file is
// changed: a run that is cut short between them is finished by the next one. force goes on where another copy of the keyring had the newest key.
func (s *Service) RotateKey(ctx context.Context, force bool) (account.KeyChange, error) {
	b, l, err := s.changing(ctx)
	if err != nil {
		return account.KeyChange{}, err
	}
	defer l.Close() //nolint:errcheck // a lock that ends with the process anyway
	if l.pending {
		if done, finished, err := s.finishRotation(ctx, b, l); finished || err != nil {
			return done, err
		}
	}
	next, err := l.keys.Rotated(rand.Reader, time.Now())
	if err != nil {
		return account.KeyChange{}, keyringFault(l.path, err)
	}
	if err := l.stage(next, l.passphrase); err != nil {
		return account.KeyChange{}, err
	}
	c, err := s.caller(b)
	if err == nil {
		err = b.store.RotateKey(ctx, c, next.Active().Header, force)
	}
	if err != nil {
		// When the connection is lost nobody knows whether the database has heard of it: what is staged stays for the next run to see.
		if !l.dry && (isRefusal(err) || account.HasCode(err, "FORBIDDEN") || account.HasCode(err, "KEYRING_OUTDATED") || account.HasCode(err, "KEYRING_MISMATCH")) {
			err = errors.Join(err, l.Discard())
		}
		return account.KeyChange{}, err
	}
	return l.changed(next.Active().ID), s.use(b, next, l.commit())
}

// use goes on with a keyring that is in its file's place, unless err tells that it is not; a dry run goes on with the old one.
func (s *Service) use(b *backend, keys *seal.Keyring, err error) error {
	if err == nil && !s.opts.DryRun {
		s.mu.Lock()
		b.keys = keys
		s.mu.Unlock()
	}
	return err
}

func (l *locked) changed(key string) account.KeyChange {
	return account.KeyChange{Key: &key, Keyring: l.path, Wrapped: l.keys.Wrapped()}
}

// finishRotation puts what an earlier run staged into the file's place when the database knows of it; when not, what was staged goes.
func (s *Service) finishRotation(ctx context.Context, b *backend, l *locked) (done account.KeyChange, finished bool, err error) {
	staged, err := l.staged()
	if err != nil {
		return done, false, err
	}
	known, err := b.store.SealingKeys(ctx)
	if err != nil {
		return done, false, err
	}
	if known.Newest == nil || *known.Newest != staged.Active().Header {
		if !l.dry {
			err = l.Discard()
		}
		return done, false, err
	}
	done = l.changed(staged.Active().ID)
	done.Finished = true
	return done, true, s.use(b, staged, l.commit())
}

// RetireKey takes an old sealing key out of the keyring's file. The database refuses it while a value needs it (KEY_IN_USE), and from then on
// whoever seals with it.
func (s *Service) RetireKey(ctx context.Context, id string) (account.KeyChange, error) {
	b, l, err := s.changing(ctx)
	if err != nil {
		return account.KeyChange{}, err
	}
	defer l.Close() //nolint:errcheck // a lock that ends with the process anyway
	if err := l.settled(); err != nil {
		return account.KeyChange{}, err
	}
	next, err := l.keys.Without(id)
	switch {
	case errors.Is(err, seal.ErrNoKey):
		return account.KeyChange{}, account.NewFault("KEY_NOT_FOUND", "key", id)
	case errors.Is(err, seal.ErrActive):
		return account.KeyChange{}, account.NewFault("KEY_ACTIVE", "key", id)
	case err != nil:
		return account.KeyChange{}, fmt.Errorf("take a key out of the keyring: %w", err)
	}
	var header string
	for _, key := range l.keys.SealingKeys() {
		if key.ID == id {
			header = key.Header
		}
	}
	c, err := s.caller(b)
	if err != nil {
		return account.KeyChange{}, err
	}
	if err := b.store.RetireKey(ctx, c, header); err != nil {
		return account.KeyChange{}, err
	}
	return l.changed(id), s.use(b, next, l.replace(next, l.passphrase))
}

// WrapKeyring puts the keyring's file under a passphrase, or under another one. It needs no database.
func (s *Service) WrapKeyring(passphrase string) (account.KeyChange, error) {
	if utf8.RuneCountInString(passphrase) < minPassphrase {
		return account.KeyChange{}, account.NewFault("PASSPHRASE_SHORT", "minimum", minPassphrase)
	}
	return s.rewrapKeyring([]byte(passphrase))
}

// UnwrapKeyring writes the keyring's file without its passphrase.
func (s *Service) UnwrapKeyring() (account.KeyChange, error) { return s.rewrapKeyring(nil) }

func (s *Service) rewrapKeyring(passphrase []byte) (account.KeyChange, error) {
	l, err := s.lockKeyring()
	if err != nil {
		return account.KeyChange{}, err
	}
	defer l.Close() //nolint:errcheck // a lock that ends with the process anyway
	if err := l.settled(); err != nil {
		return account.KeyChange{}, err
	}
	return account.KeyChange{Keyring: l.path, Wrapped: passphrase != nil}, l.replace(l.keys, passphrase)
}

// ExportIndex writes a keyring that searches and neither seals nor opens to a new file.
func (s *Service) ExportIndex(path string) (account.KeyChange, error) {
	if s.opts.IdempotencyKey != "" {
		return account.KeyChange{}, account.NewFault("USAGE", "problem",
			account.Say("--idempotency-key: commands that write a keyring's file cannot be replayed", "--idempotency-key：写入密钥环文件的命令不能重放"))
	}
	keys, err := s.loadKeys(s.keyringFile())
	if err != nil {
		return account.KeyChange{}, err
	}
	done := account.KeyChange{Keyring: path}
	if s.opts.DryRun {
		if _, err := os.Lstat(path); err == nil {
			return account.KeyChange{}, account.NewFault("FILE_EXISTS", "file", path)
		}
		return done, nil
	}
	err = keys.IndexOnly().Create(path)
	if errors.Is(err, seal.ErrExists) {
		err = account.NewFault("FILE_EXISTS", "file", path)
	}
	return done, written(path, err)
}
