package service

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
	"github.com/farenctl/farenctl/internal/seal"
)

// ReencryptOptions say how much one transaction takes: Batch records, and the whole run: Limit values (0: all). Progress hears of how many
// of the values that there were to do are done.
type ReencryptOptions struct {
	Batch    int
	Limit    int
	Progress func(done, total int64)
}

// Reencrypt seals what is under another key than the newest with that one. Any number may run, and be killed: each transaction stands for itself.
// What is written meanwhile stays. A dry run counts what there is to do. VALUES_UNREADABLE comes with the result.
func (s *Service) Reencrypt(ctx context.Context, o ReencryptOptions) (account.Reencryption, error) {
	if s.opts.IdempotencyKey != "" {
		return account.Reencryption{}, account.NewFault("USAGE", "problem",
			account.Say("--idempotency-key: a repeat goes on with what is left, and needs no key", "--idempotency-key：重复运行会继续处理剩余内容，无需幂等键"))
	}
	b, err := s.sealing(ctx)
	if err != nil {
		return account.Reencryption{}, err
	}
	r := &reencryption{s: s, b: b, o: o, sum: account.Reencryption{Key: b.keys.Active().ID, MissingKeys: []string{}}}
	if r.sum.Left, err = r.count(ctx); err != nil {
		return account.Reencryption{}, err
	}
	if s.opts.DryRun {
		return r.sum, nil
	}
	total := r.sum.Left
	r.told = func() {
		if o.Progress != nil {
			o.Progress(min(r.sum.Resealed+r.sum.Changed, total), total)
		}
	}
	for r.sum.Left > 0 {
		before := r.sum.Resealed
		r.sum.Unreadable = 0
		whole, err := r.pass(ctx)
		if err != nil {
			return r.sum, err
		}
		if r.sum.Left, err = r.count(ctx); err != nil {
			return r.sum, err
		}
		// Rows may have moved past it, or come from processes with an older keyring: another pass finds them, as long as passes find any.
		if !whole || r.sum.Resealed == before {
			break
		}
	}
	if r.sum.Unreadable > 0 {
		return r.sum, account.NewFault("VALUES_UNREADABLE", "count", r.sum.Unreadable)
	}
	return r.sum, nil
}

type reencryption struct {
	s    *Service
	b    *backend
	o    ReencryptOptions
	sum  account.Reencryption
	told func()
}

// count tells how many values are under other keys than the newest.
func (r *reencryption) count(ctx context.Context) (int64, error) {
	known, err := r.b.store.SealingKeys(ctx)
	if err != nil {
		return 0, err
	}
	left := int64(0)
	for header, n := range known.Used {
		if header != r.b.keys.Active().Header {
			left += n
		}
	}
	return left, nil
}

// pass goes through everything once; false: it stopped at the limit.
func (r *reencryption) pass(ctx context.Context) (whole bool, err error) {
	c, err := r.s.caller(r.b)
	if err != nil {
		return false, err
	}
	run, err := r.b.store.BeginResealing(ctx, c)
	if err != nil {
		return false, err
	}
	ask := postgres.Resealing{Limit: r.o.Batch}
	for {
		if c, err = r.s.caller(r.b); err != nil {
			return false, err
		}
		answer, err := r.b.store.Reseal(ctx, c, run, ask)
		if err != nil {
			return false, err
		}
		r.sum.Resealed += int64(answer.Resealed)
		r.sum.Changed += int64(answer.Changed)
		r.told()
		if ask.Limit == 0 {
			return false, nil
		}
		if string(answer.After) == "null" {
			return true, nil
		}
		values := answer.Values
		ask = postgres.Resealing{Limit: r.o.Batch, After: answer.After}
		if r.o.Limit > 0 {
			if left := r.o.Limit - int(r.sum.Resealed); len(values) >= left {
				values, ask.Limit = values[:left], 0
			}
		}
		if ask.Values, err = r.reseal(values); err != nil {
			return false, err
		}
	}
}

// reseal opens values and seals them again, where they belong. What does not open is counted.
func (r *reencryption) reseal(values []postgres.SealedValue) ([]postgres.SealedValue, error) {
	done := make([]postgres.SealedValue, 0, len(values))
	for _, v := range values {
		place := seal.AAD{Table: v.Bound, Row: v.Row, Column: v.Column}
		plain, err := r.b.keys.Open(v.Sealed, place)
		if errors.Is(err, seal.ErrWrongKey) {
			if id, idErr := seal.SealedKeyID(v.Sealed); idErr == nil && !slices.Contains(r.sum.MissingKeys, id) {
				r.sum.MissingKeys = append(r.sum.MissingKeys, id)
			}
		}
		if err != nil {
			r.sum.Unreadable++
			continue
		}
		sealed, err := r.b.keys.Seal(plain, place)
		if err != nil {
			return nil, fmt.Errorf("seal a value again: %w", err)
		}
		was := sha256.Sum256(v.Sealed)
		done = append(done, postgres.SealedValue{Table: v.Table, Org: v.Org, Row: v.Row, Column: v.Column, Sealed: sealed, Was: was[:]})
	}
	return done, nil
}
