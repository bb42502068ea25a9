package service

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"github.com/farenctl/farenctl/internal/account"
)

// Comparisons lists what waits for comparison by staff, the earliest due first; overdue: only what should have been compared by now.
func (s *Service) Comparisons(ctx context.Context, p Paging, overdue bool) (account.Page[account.Application], error) {
	return s.queue(p, func(limit int, after *account.ApplicationID) ([]account.Application, error) {
		b, err := s.backend(ctx)
		if err != nil {
			return nil, err
		}
		return b.store.ComparisonQueue(ctx, limit, after, overdue)
	})
}

// ReadDocument gives one document of an application to a comparing operator; who asked and why is written down first. wanted is
// its id (doc_…) or a kind, which means the current one.
func (s *Service) ReadDocument(ctx context.Context, id account.ApplicationID, wanted string) (account.Document, []byte, error) {
	if strings.TrimSpace(s.opts.Reason) == "" {
		return account.Document{}, nil, account.NewFault("REASON_REQUIRED")
	}
	if !slices.Contains(account.DocumentKinds(), wanted) {
		named, err := account.ParseDocumentID(wanted)
		if err != nil {
			return account.Document{}, nil, account.NewFault("USAGE", "problem", account.Say("<document> is doc_… or one of %s", "<document> 须为 doc_… 或以下之一：%s", strings.Join(account.DocumentKinds(), " | "))).WithCause(err)
		}
		wanted = named.UUID().String()
	}
	b, c, err := s.sealingOperator(ctx)
	if err != nil {
		return account.Document{}, nil, err
	}
	d, content, err := b.store.ReadDocument(ctx, c, id, wanted)
	if err != nil {
		return account.Document{}, nil, err
	}
	data, err := openSealed(b.keys, content, documentAAD(d.ID), "a document")
	if err != nil {
		return account.Document{}, nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != d.SHA256 {
		return account.Document{}, nil, errors.New("open a document: its hash is another")
	}
	return d, data, nil
}
