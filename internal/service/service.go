package service

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/config"
	"github.com/farenctl/farenctl/internal/identity"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/sms"
)

// Options are what a service works with. Config.Language is the language of the next steps that it names.
type Options struct {
	Config config.Config
	// Ticket and Reason are recorded with every change.
	Ticket, Reason string
	// Captcha answers a captcha, as ID:ANSWER.
	Captcha string
	// DryRun undoes every change at Close. Codes, captchas and passwords are not examined.
	DryRun bool
	// IdempotencyKey makes the command the same request as an earlier one of the same key and Arguments.
	IdempotencyKey string
	Arguments      func() Arguments
	// Passive neither starts nor sets up the private server, does not keep it from being stopped, and can only read.
	Passive bool
	// WatchCommand starts the watcher of the private server: its argument list and program.
	WatchCommand    []string
	WatchExecutable string
	Getenv          func(string) string
	// Trace, when set, is told how long each costly step took.
	Trace func(what string, took time.Duration)
	UID   int
}

// Service is safe for concurrent use.
type Service struct {
	opts Options
	lang account.Language

	mu        sync.Mutex
	open      *backend
	providers map[bool]identity.Provider // of e-licences, and of face checks
	asking    atomic.Int32               // polls of providers under way
	// last is the newest request's id. It has no part in mu, which is held while connecting: an error must be told even then.
	last atomic.Pointer[string]
	pace pace

	notChecked []string                  // what a dry run left unexamined
	revealed   *account.Reveal           // the newest sealed field that was shown
	slow       struct{ of, hash string } // the newest slow hash, and of what
	settled    bool                      // replayed is what the use case itself found out, not what the newest change says
	replayed   bool

	sendMu sync.Mutex
	made   sms.Sender // nil until something is to be sent

	ownMu    sync.Mutex
	ownSpent time.Duration // of ownLimit

	// Of a service that plays somebody for a fixture: the session that it holds instead of a file, and that its passwords are throw-away ones.
	held      *sessionFile
	throwaway bool
}

// New prepares a service. It opens nothing.
func New(opts Options) *Service {
	return &Service{opts: opts, lang: opts.Config.Language, providers: map[bool]identity.Provider{}, pace: usualPace()}
}

// Close gives back the connection and the lease of the private server.
func (s *Service) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		return nil
	}
	err := s.open.close()
	s.open = nil
	return err
}

// backend connects on first use and checks that the schema is this program's.
func (s *Service) backend(ctx context.Context) (*backend, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open != nil {
		return s.open, nil
	}
	b, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	s.open = b
	return b, nil
}

// keyed is backend with a keyring that belongs to the database.
func (s *Service) keyed(ctx context.Context) (*backend, error) {
	b, err := s.backend(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if b.keys != nil {
		return b, nil
	}
	// Looked at first: a file that is replaced in between is found to be another.
	file, _ := os.Lstat(s.keyringFile())
	keys, err := s.loadKeys(s.keyringFile())
	if err != nil {
		return nil, err
	}
	if keys.IndexCheck() != b.status.IndexCheck {
		return nil, account.NewFault("KEYRING_MISMATCH")
	}
	b.keys, b.keyFile = keys, file
	return b, nil
}

// sealing is keyed with the keys that seal and open.
func (s *Service) sealing(ctx context.Context) (*backend, error) {
	b, err := s.keyed(ctx)
	if err != nil {
		return nil, err
	}
	if !b.keys.CanSeal() {
		return nil, account.NewFault("KEYRING_INDEX_ONLY")
	}
	return b, nil
}

// caller makes a request's identity: its id is made here, before the first try.
func (s *Service) caller(b *backend) (postgres.Caller, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return postgres.Caller{}, fmt.Errorf("make a request id: %w", err)
	}
	text := id.String()
	s.last.Store(&text)
	c := postgres.Caller{RequestID: id, Ticket: s.opts.Ticket, Reason: s.opts.Reason, Language: s.lang, IndexCheck: b.keys.IndexCheck(),
		SealingKey: b.keys.Active().Header, DryRun: s.opts.DryRun}
	if err := s.identify(b, &c); err != nil {
		return c, err
	}
	return c, s.answered(b, &c)
}

// operator opens the database, with its keyring, for a change by the operator alone.
func (s *Service) operator(ctx context.Context) (*backend, postgres.Caller, error) {
	b, err := s.keyed(ctx)
	if err != nil {
		return nil, postgres.Caller{}, err
	}
	c, err := s.caller(b)
	return b, c, err
}

// LastRequest is the id under which the newest change was asked for, as the audit has it; nil when there was none.
func (s *Service) LastRequest() *string { return s.last.Load() }

// callerWithSession is caller with the session of the session file. Without a session file the database answers NOT_SIGNED_IN.
func (s *Service) callerWithSession(b *backend) (postgres.Caller, error) {
	c, err := s.caller(b)
	if err != nil {
		return c, err
	}
	file, err := s.session()
	if errors.Is(err, errNoSession) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	hash := sha256.Sum256([]byte(file.Token))
	c.SessionOrg, c.SessionToken = &file.Organization, hash[:]
	return c, nil
}

// signature is what stands in 【】 before every message.
func (s *Service) signature() string {
	if s.opts.Config.SMSSignature != "" {
		return s.opts.Config.SMSSignature
	}
	return sms.DefaultSignature
}

// next fills in the commands that come next.
func (s *Service) next(a account.Application) account.Application {
	hasReviewer := true
	for _, w := range a.Warnings {
		hasReviewer = hasReviewer && w.Code != account.NoReviewer
	}
	a.Next = account.NextSteps(a, hasReviewer, s.lang)
	return a
}

// explain completes a refusal with what the database does not know: the command that comes next.
func (s *Service) explain(id account.ApplicationID, err error) error {
	var f *account.Fault
	if !errors.As(err, &f) || f.Code != "WRONG_STATE" {
		return err
	}
	status, _ := f.Details["status"].(string)
	if named, ok := f.Details["application_id"].(string); ok {
		if parsed, err := account.ParseApplicationID(named); err == nil {
			id = parsed
		}
	}
	channel, _ := f.Details["channel"].(string)
	steps := account.NextSteps(account.Application{ID: id, Status: status, Channel: account.Channel(channel)}, true, s.lang)
	if len(steps) > 0 {
		f.Details["next"] = steps[0].Command
	}
	return f
}

// trace tells how long a step took since start.
func (s *Service) trace(what string, start time.Time) {
	if s.opts.Trace != nil {
		s.opts.Trace(what, time.Since(start))
	}
}

func today() time.Time { return time.Now() }

// token makes the secret of a session.
func token() (string, error) {
	raw := make([]byte, 32)
	if _, err := io.ReadFull(rand.Reader, raw); err != nil {
		return "", fmt.Errorf("make a token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// A page of a list has DefaultPage items unless told otherwise, and at most MaxPage.
const (
	DefaultPage = 30
	MaxPage     = 1000
)

// Paging asks for a page of a list: Limit items (0: DefaultPage) after the page whose token is Token.
type Paging struct {
	Limit int
	Token string
}

func (p Paging) limit() (int, error) {
	switch {
	case p.Limit == 0:
		return DefaultPage, nil
	case p.Limit < 0 || p.Limit > MaxPage:
		return 0, account.NewFault("USAGE", "problem", account.Say("--limit is from 1 to %d", "--limit 须为 1 至 %d", MaxPage))
	}
	return p.Limit, nil
}

// page cuts a list that was asked for with one item more than its limit. The token of the next page is the last id of this one.
func page[T any](items []T, limit int, id func(T) string) account.Page[T] {
	if len(items) <= limit {
		return account.Page[T]{Items: items}
	}
	items = items[:limit]
	return account.Page[T]{Items: items, NextToken: id(items[limit-1])}
}

func (s *Service) badToken() error {
	return account.NewFault("USAGE", "problem", account.Say("--page-token: not a token of this list", "--page-token：不是此列表的标记"))
}
