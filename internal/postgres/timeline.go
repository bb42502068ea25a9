package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
)

// TimelineFilter narrows a history: from Since on, before Until (nil: no bound), and before the place of an event.
type TimelineFilter struct {
	Since  *time.Time `json:"since,omitempty"`
	Until  *time.Time `json:"until,omitempty"`
	At     *time.Time `json:"before_at,omitempty"`
	Before string     `json:"before_place,omitempty"`
	Limit  int        `json:"limit"`
}

// PlacedEvent is an event and where it stands among those of the same time.
type PlacedEvent struct {
	account.Event
	Place string
}

type eventRow struct {
	At          time.Time       `json:"at"`
	Place       string          `json:"place"`
	Source      string          `json:"source"`
	Action      string          `json:"action"`
	SubjectKind string          `json:"subject_kind"`
	SubjectID   string          `json:"subject_id"`
	Outcome     string          `json:"outcome"`
	Code        *account.Code   `json:"code"`
	Operator    *string         `json:"operator"`
	SessionID   *uuid.UUID      `json:"session_id"`
	Username    *string         `json:"username"`
	Part        string          `json:"part"`
	Ticket      *string         `json:"ticket"`
	Reason      *string         `json:"reason"`
	RequestID   *uuid.UUID      `json:"request_id"`
	Details     json.RawMessage `json:"details"`
}

func (r eventRow) event() PlacedEvent {
	e := account.Event{At: r.At.UTC(), Action: r.Action, Subject: account.EventSubject{Kind: r.SubjectKind, ID: readableID(r.SubjectKind, r.SubjectID)},
		Outcome: r.Outcome, Code: r.Code, Operator: r.Operator, Session: (*account.SessionID)(r.SessionID), Username: r.Username, Part: r.Part, Ticket: r.Ticket,
		Reason: r.Reason, RequestID: r.RequestID, Source: r.Source, Details: map[string]any{}}
	// The column is our own JSON object.
	_ = json.Unmarshal(r.Details, &e.Details)
	inUTC(e.Details)
	for key, value := range e.Details {
		text, isText := value.(string)
		if kind, isID := idDetails[key]; isText && isID {
			e.Details[key] = readableID(kind, text)
		}
	}
	return PlacedEvent{Event: e, Place: r.Place}
}

// idDetails are the details of an audit event that are ids, by their kind.
var idDetails = map[string]string{"application_id": "application", "account_id": "account", "verification_id": "verification", "recovery_id": "recovery"}

// Timeline gives the history of what is concerned, the newest event first. truncated: of some kind of record there are more than were
// looked at. NOTHING_FOUND: there is neither record nor event.
func (s *Store) Timeline(ctx context.Context, of Concern, f TimelineFilter) (events []PlacedEvent, truncated bool, err error) {
	query, err := encode(of)
	if err != nil {
		return nil, false, err
	}
	wanted, err := encode(f)
	if err != nil {
		return nil, false, err
	}
	var found struct {
		Events    []eventRow `json:"events"`
		Truncated bool       `json:"truncated"`
	}
	if err := s.call(ctx, &found, `SELECT api.timeline($1, $2)`, query, wanted); err != nil {
		return nil, false, err
	}
	return convert(found.Events, eventRow.event), found.Truncated, nil
}
