package service

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"github.com/farenctl/farenctl/internal/account"
	"github.com/farenctl/farenctl/internal/postgres"
)

// TimelinePage is how many events a page of a history has unless told otherwise.
const TimelinePage = 100

// TimelineQuery says whose history is wanted, and narrows it: from Since on, before Until; nil: no bound.
type TimelineQuery struct {
	Ticket       Ticket
	Since, Until *time.Time
	Paging
}

// Timeline gives the history of all that a ticket is about: the newest page of it, in the order of time; the token is that of the page
// before. truncated: of some kind of record there are so many that only the newest were looked at.
func (s *Service) Timeline(ctx context.Context, q TimelineQuery) (found account.Page[account.Event], truncated bool, err error) {
	limit, err := q.limit()
	if err != nil {
		return found, false, err
	}
	filter := postgres.TimelineFilter{Since: q.Since, Until: q.Until, Limit: limit + 1}
	if err := inOrder(q.Since, q.Until); err != nil {
		return found, false, err
	}
	if q.Token != "" {
		at, place, ok := readPlace(q.Token)
		if !ok {
			return found, false, s.badToken()
		}
		filter.At, filter.Before = &at, place
	}
	b, concern, err := s.concern(ctx, q.Ticket)
	if err != nil {
		return found, false, err
	}
	events, truncated, err := b.store.Timeline(ctx, concern, filter)
	if err != nil {
		return found, false, err
	}
	placed := page(events, limit, placeOf)
	found.NextToken = placed.NextToken
	found.Items = make([]account.Event, 0, len(placed.Items))
	for _, e := range slices.Backward(placed.Items) {
		found.Items = append(found.Items, e.Event)
	}
	return found, truncated, nil
}

// inOrder refuses a time that is over before it begins; nil is no limit.
func inOrder(since, until *time.Time) error {
	if since != nil && until != nil && !since.Before(*until) {
		return account.NewFault("USAGE", "problem", account.Say("--since is not before --until", "--since 须早于 --until"))
	}
	return nil
}

// placeOf is the token of what stands before an event.
func placeOf(e postgres.PlacedEvent) string {
	return base64.RawURLEncoding.EncodeToString([]byte(e.At.Format(time.RFC3339Nano) + " " + e.Place))
}

func readPlace(token string) (at time.Time, place string, ok bool) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return at, "", false
	}
	when, place, found := strings.Cut(string(text), " ")
	at, err = time.Parse(time.RFC3339Nano, when)
	return at, place, found && err == nil && at.UTC().Year() >= 1 && at.UTC().Year() <= 9999 && place != "" && len(place) < 200 && !strings.ContainsRune(place, 0)
}
