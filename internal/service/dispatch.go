package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/config"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
	"github.com/farenctl/farenctl/internal/sms"
)

const (
	// sendLimit is how long one try may take.
	sendLimit = 10 * time.Second
	// settleLimit is how long it may take to tell what became of messages; it comes on top of what they took.
	settleLimit = 10 * time.Second
	// ownLimit is how much longer all changes of one process together may take for their own messages, of which settling gets ownSettle.
	ownLimit  = 2 * time.Second
	ownSettle = 400 * time.Millisecond
	// ownBatch is how many of its own messages a change tries.
	ownBatch = 16
	// DefaultWorkers is how many messages a dispatcher sends at once; it claims batchOf times as many. What a process that is killed had
	// claimed is unknown, so it claims no more than it is about to send.
	DefaultWorkers = 8
	batchOf        = 4
)

// sending tells whether messages leave the outbox at all.
func (s *Service) sending() bool {
	return s.opts.Config.SMS.Sender != "" && s.opts.Config.SMS.Sender != config.SenderOutbox
}

// sender makes the configured sender, once. SMS_SENDER_MISSING: none is configured.
func (s *Service) sender() (sms.Sender, error) {
	s.sendMu.Lock()
	defer s.sendMu.Unlock()
	if s.made != nil {
		return s.made, nil
	}
	made, err := s.newSender()
	if err != nil {
		return nil, err
	}
	s.made = made
	return made, nil
}

func (s *Service) newSender() (sms.Sender, error) {
	bad := func(err error) error {
		why := account.Say(err.Error(), "配置不可用")
		var told *sms.ConfigError
		if errors.As(err, &told) {
			why = told.Problem
		}
		return account.NewFault("CONFIG_INVALID", "problem", account.Say("sms.sender %s: %s", "sms.sender %s：%s", s.opts.Config.SMS.Sender, why)).WithCause(err)
	}
	switch c := s.opts.Config.SMS; c.Sender {
	case config.SenderHTTP:
		secret, err := config.ReadSecret(c.HTTP.SecretFile)
		if err != nil {
			return nil, err
		}
		var authorities []byte
		if c.HTTP.CAFile != "" {
			if authorities, err = config.ReadBounded(c.HTTP.CAFile, authoritiesMax); err != nil {
				return nil, account.NewFault("CONFIG_INVALID", "problem", account.Say("sms.http.ca_file cannot be read", "sms.http.ca_file 指定的文件无法读取")).WithCause(err)
			}
		}
		made, err := sms.NewHTTP(c.HTTP.URL, secret, authorities)
		if err != nil {
			return nil, bad(err)
		}
		return made, nil
	case config.SenderAliyun:
		// The SDK would write its requests, numbers and all, to stdout.
		if strings.Contains(s.opts.Getenv("DEBUG"), "tea") {
			return nil, account.NewFault("CONFIG_INVALID", "problem", account.Say("the variable DEBUG makes Aliyun's SDK show numbers: unset it", "环境变量 DEBUG 会使阿里云 SDK 输出号码，请取消该变量"))
		}
		secret, err := config.ReadSecret(c.Aliyun.AccessKeySecretFile)
		if err != nil {
			return nil, err
		}
		name := c.Aliyun.SignName
		if name == "" {
			name = s.signature()
		}
		made, err := sms.NewAliyun(sms.AliyunOptions{Endpoint: c.Aliyun.Endpoint, AccessKeyID: c.Aliyun.AccessKeyID, Secret: secret, SignName: name, Templates: c.Aliyun.Templates})
		if err != nil {
			return nil, bad(err)
		}
		return made, nil
	}
	return nil, account.NewFault("SMS_SENDER_MISSING")
}

// DispatchOptions say what a dispatcher does: claim at most Limit messages (0: all that are due), Workers at once (0: DefaultWorkers).
// With Watch it goes on when nothing is due, looking every Interval (0: a second), until ctx ends, which then is no error. Told, when set,
// hears of trouble that a watching dispatcher gets over.
type DispatchOptions struct {
	Limit    int
	Workers  int
	Watch    bool
	Interval time.Duration
	Told     func(error)
}

// Dispatch sends what is due. When ctx ends, it finishes what it is sending, gives the rest of its claim back, and claims no more. It gives
// what it did even with an error.
func (s *Service) Dispatch(ctx context.Context, o DispatchOptions) (account.Dispatch, error) {
	var sum account.Dispatch
	sender, err := s.sender()
	if err != nil {
		return sum, err
	}
	b, err := s.sealing(ctx)
	if err != nil {
		return sum, err
	}
	if o.Workers < 1 {
		o.Workers = DefaultWorkers
	}
	if o.Interval <= 0 {
		o.Interval = time.Second
	}
	pause := o.Interval
	if s.opts.DryRun {
		return s.wouldDispatch(ctx, b, o)
	}
	for {
		most := o.Workers * batchOf
		if o.Limit > 0 {
			most = min(most, o.Limit-sum.Claimed)
		}
		if most <= 0 {
			return sum, nil
		}
		claimed, err := s.dispatchBatch(ctx, b, sender, most, o.Workers, &sum)
		switch {
		case ctx.Err() != nil && o.Watch && (err == nil || interrupted(err)):
			return sum, nil
		case ctx.Err() != nil && err == nil:
			return sum, ctx.Err()
		case err != nil && (!o.Watch || !passing(err)):
			return sum, err
		case err == nil && claimed > 0:
			pause = o.Interval
			continue
		case err == nil && !o.Watch:
			return sum, nil
		case err == nil:
			pause = o.Interval
		default:
			pause = min(2*pause, 30*time.Second)
			if o.Told != nil {
				o.Told(err)
			}
		}
		select {
		case <-ctx.Done():
			return sum, nil
		case <-time.After(pause):
		}
	}
}

// wouldDispatch counts what is due, up to claimMax.
func (s *Service) wouldDispatch(ctx context.Context, b *backend, o DispatchOptions) (account.Dispatch, error) {
	c, err := s.caller(b)
	if err != nil {
		return account.Dispatch{}, err
	}
	most := claimMax
	if o.Limit > 0 {
		most = min(most, o.Limit)
	}
	claim, err := b.store.ClaimMessages(ctx, c, postgres.ClaimWanted{Limit: most})
	return account.Dispatch{Claimed: len(claim.Messages), Dead: claim.Expired, Unknown: claim.Lost}, err
}

// claimMax is how many messages one claim can take.
const claimMax = 1000

func interrupted(err error) bool {
	return account.HasCode(err, "INTERRUPTED") || account.HasCode(err, "TIMED_OUT") || errors.Is(err, context.Canceled)
}

// passing is trouble that a later look may not find any more.
func passing(err error) bool {
	return account.HasCode(err, "DATABASE_UNAVAILABLE") || account.HasCode(err, "TRY_AGAIN") || account.HasCode(err, "TIMED_OUT")
}

// dispatchBatch claims, sends and settles once, and tells how many it claimed or found to be of no use.
func (s *Service) dispatchBatch(ctx context.Context, b *backend, sender sms.Sender, most, workers int, sum *account.Dispatch) (int, error) {
	s.renewKeys(b)
	c, err := s.caller(b)
	if err != nil {
		return 0, err
	}
	asked := time.Now()
	claim, err := b.store.ClaimMessages(ctx, c, postgres.ClaimWanted{Limit: most})
	if err != nil {
		return 0, err
	}
	sum.Claimed += len(claim.Messages)
	sum.Dead += claim.Expired
	sum.Unknown += claim.Lost
	if len(claim.Messages) == 0 {
		return claim.Expired + claim.Lost, nil
	}
	results := s.send(ctx, b.keys, sender, claim, asked, workers, time.Time{})
	if c, err = s.caller(b); err != nil {
		return 0, err
	}
	counts, err := settle(ctx, b.store, c, claim.ID, results)
	if err != nil {
		return 0, err
	}
	sum.Claimed -= counts.Released
	sum.Sent += counts.Sent
	sum.Failed += counts.Failed
	sum.Dead += counts.Dead
	sum.Unknown += counts.Unknown
	return len(claim.Messages), nil
}

// settle tells what became of messages, even when ctx has ended, and again when the database is away: what is not told is unknown.
func settle(ctx context.Context, store *postgres.Store, c postgres.Caller, claim uuid.UUID, results []postgres.Settlement) (postgres.SettleCounts, error) {
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleLimit)
	defer cancel()
	for {
		counts, err := store.SettleMessages(late, c, claim, results)
		if err == nil || !passing(err) || late.Err() != nil {
			return counts, err
		}
		select {
		case <-late.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// send tries every message of a claim, workers at once, each for at most limit, and tells what became of it. What is not begun when ctx
// ends, or when it could not end before the claim does, is released: somebody else may have it by then. What was begun goes on to its own
// limit, or to end if that is earlier; the zero time is no end.
func (s *Service) send(ctx context.Context, keys *seal.Keyring, sender sms.Sender, claim postgres.Claim, asked time.Time, workers int, end time.Time) []postgres.Settlement {
	results := make([]postgres.Settlement, len(claim.Messages))
	last := asked.Add(claim.Lives - sendLimit - time.Second)
	next := make(chan int)
	var group sync.WaitGroup
	for range min(workers, len(claim.Messages)) {
		group.Go(func() {
			for i := range next {
				m := claim.Messages[i]
				results[i] = postgres.Settlement{ID: m.ID, Outcome: postgres.OutcomeReleased}
				by := time.Now().Add(sendLimit)
				if ctx.Err() != nil || time.Now().After(last) {
					continue
				}
				if !end.IsZero() && end.Before(by) {
					by = end
				}
				message, err := s.whole(keys, m)
				if err != nil {
					// Sealed with keys that this process has not, or of a kind that it does not know: another may.
					results[i].Outcome, results[i].Code = string(sms.Failed), "cannot-open"
					continue
				}
				results[i] = s.try(ctx, sender, m.ID, message, by)
			}
		})
	}
	for i := range claim.Messages {
		next <- i
	}
	close(next)
	group.Wait()
	return results
}

func (s *Service) try(ctx context.Context, sender sms.Sender, id uuid.UUID, m sms.Message, by time.Time) postgres.Settlement {
	own, cancel := context.WithDeadline(context.WithoutCancel(ctx), by)
	defer cancel()
	r := sender.Send(own, m)
	return postgres.Settlement{ID: id, Outcome: string(r.Outcome), Code: r.Code, Reference: r.Reference}
}

// whole opens what is sealed of a message and puts its text together.
func (s *Service) whole(keys *seal.Keyring, m postgres.ClaimedMessage) (sms.Message, error) {
	if m.To == nil {
		return sms.Message{}, errors.New("the message has no number")
	}
	to, err := unseal(keys, *m.To)
	if err != nil {
		return sms.Message{}, err
	}
	params := maps.Clone(m.Params)
	if m.Sealed != nil {
		text, err := unseal(keys, *m.Sealed)
		if err != nil {
			return sms.Message{}, err
		}
		if err := json.Unmarshal([]byte(text), &params); err != nil {
			return sms.Message{}, fmt.Errorf("decode a message's parameters: %T", err)
		}
	}
	text, err := sms.Render(m.Kind, params, s.signature())
	if err != nil {
		return sms.Message{}, fmt.Errorf("put a message's text together: %w", err)
	}
	return sms.Message{ID: account.SMSID(m.ID).String(), Kind: m.Kind, To: to, Text: text, Params: sms.Params(m.Kind, params)}, nil
}

// sendOwn tries to send what a change of this process has just put into the outbox. It never fails and never takes longer, for all changes
// together, than ownLimit: what it leaves is for the dispatcher. Where nobody may tell whether there was a message, it takes all of that.
func (s *Service) sendOwn(ctx context.Context, b *backend, c postgres.Caller) {
	if !s.sending() || b.keys == nil || !b.keys.CanSeal() {
		return
	}
	s.ownMu.Lock()
	defer s.ownMu.Unlock()
	start := time.Now()
	left := ownLimit - s.ownSpent
	defer func() {
		if c.Secret && ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-time.After(time.Until(start.Add(left))):
			}
		}
		s.ownSpent += time.Since(start)
		s.trace("send_messages", start)
	}()
	if left <= ownSettle {
		return
	}
	sender, err := s.sender()
	if err != nil {
		return // `sms dispatch` tells
	}
	id, err := uuid.NewV7()
	if err != nil {
		return
	}
	mine := postgres.Caller{RequestID: id, Ticket: c.Ticket, Language: c.Language, IndexCheck: c.IndexCheck}
	sendBy, settleBy := start.Add(left-ownSettle), start.Add(left)
	during, cancel := context.WithDeadline(ctx, sendBy)
	defer cancel()
	quiet := b.store.Quiet()
	claim, err := quiet.ClaimMessages(during, mine, postgres.ClaimWanted{Limit: ownBatch, Request: &c.RequestID})
	if err != nil || len(claim.Messages) == 0 {
		return
	}
	results := s.send(during, b.keys, sender, claim, start, DefaultWorkers, sendBy)
	if mine.RequestID, err = uuid.NewV7(); err != nil {
		return
	}
	after, cancel := context.WithDeadline(context.WithoutCancel(ctx), settleBy)
	defer cancel()
	// What cannot be told now is unknown when the claim has run out.
	_, _ = quiet.SettleMessages(after, mine, claim.ID, results)
}

// RetryMessage queues a message again that is dead or unknown.
func (s *Service) RetryMessage(ctx context.Context, id account.SMSID) (account.SMSState, error) {
	b, c, err := s.operator(ctx)
	if err != nil {
		return account.SMSState{}, err
	}
	if err := b.store.RetryMessage(ctx, c, id); err != nil {
		return account.SMSState{}, err
	}
	return s.Message(ctx, id, "")
}
