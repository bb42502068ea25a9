package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"github.com/farenctl/farenctl/internal/account"
)

// AuditFilter narrows the audit; nil and empty fields do not. Until is not part of it. Action may be the beginning of several, ending in a
// full stop. Organization stands for every event of it.
type AuditFilter struct {
	Since, Until                                     *time.Time
	Action, Operator, Subject, Outcome, Code, Ticket string
	Organization, Session, RequestID                 *uuid.UUID
}

// AuditPlace is where an event stands among all.
type AuditPlace struct {
	Event        int64
	Organization uuid.UUID
}

// AuditStart is the place before all events, whatever number somebody gave to one.
func AuditStart() AuditPlace { return AuditPlace{Event: math.MinInt64} }

type auditRow struct {
	OrgID       uuid.UUID       `db:"org_id"`
	EventID     int64           `db:"event_id"`
	At          time.Time       `db:"at"`
	RecordedAt  time.Time       `db:"recorded_at"`
	Operator    string          `db:"operator"`
	SessionID   *uuid.UUID      `db:"session_id"`
	Action      string          `db:"action"`
	SubjectKind string          `db:"subject_kind"`
	SubjectID   string          `db:"subject_id"`
	Outcome     string          `db:"outcome"`
	Code        *account.Code   `db:"code"`
	Ticket      *string         `db:"ticket"`
	Reason      *string         `db:"reason"`
	RequestID   *uuid.UUID      `db:"request_id"`
	Details     json.RawMessage `db:"details"`
}

func (r auditRow) event() account.AuditEvent {
	e := account.AuditEvent{ID: r.EventID, At: r.At.UTC(), RecordedAt: r.RecordedAt.UTC(), Operator: r.Operator, Session: (*account.SessionID)(r.SessionID),
		Action: r.Action, Subject: account.EventSubject{Kind: r.SubjectKind, ID: readableID(r.SubjectKind, r.SubjectID)}, Outcome: r.Outcome, Code: r.Code,
		Ticket: r.Ticket, Reason: r.Reason, RequestID: r.RequestID, Details: readDetails(r.Details)}
	if r.OrgID != uuid.Nil {
		e.Organization = (*account.OrganizationID)(&r.OrgID)
	}
	return e
}

// readDetails reads the details of an event, with ids as people see them.
func readDetails(column json.RawMessage) map[string]any {
	details := map[string]any{}
	// The column is our own JSON object.
	_ = json.Unmarshal(column, &details)
	for key, value := range details {
		text, isText := value.(string)
		if kind, isID := idDetails[key]; isText && isID {
			details[key] = readableID(kind, text)
		}
	}
	return details
}

const (
	auditColumns = `org_id, event_id, at, recorded_at, operator, session_id, action, subject_kind, subject_id, outcome, code, ticket, reason, request_id, details`
	auditWhere   = ` FROM api.audit_event
		WHERE (CAST($1 AS timestamptz) IS NULL OR at >= $1) AND (CAST($2 AS timestamptz) IS NULL OR at < $2)
		  AND ($3 = '' OR action = $3 OR right($3, 1) = '.' AND starts_with(action, $3)) AND ($4 = '' OR operator = $4) AND ($5 = '' OR subject_id = $5)
		  AND ($6 = '' OR outcome = $6) AND ($7 = '' OR code = $7) AND ($8 = '' OR ticket = $8)
		  AND (CAST($9 AS uuid) IS NULL OR org_id = $9) AND (CAST($10 AS uuid) IS NULL OR session_id = $10) AND (CAST($11 AS uuid) IS NULL OR request_id = $11)`
)

func (f AuditFilter) arguments(more ...any) []any {
	return append([]any{f.Since, f.Until, f.Action, f.Operator, f.Subject, f.Outcome, f.Code, f.Ticket, f.Organization, f.Session, f.RequestID}, more...)
}

// AuditEvents lists events, the newest first; before, unless 0, is the number of the event that the page ends before.
func (s *Store) AuditEvents(ctx context.Context, f AuditFilter, before int64, limit int) ([]account.AuditEvent, error) {
	rows, err := many[auditRow](ctx, s, `SELECT `+auditColumns+auditWhere+` AND ($12 = 0 OR event_id < $12) ORDER BY event_id DESC, org_id DESC LIMIT $13`,
		f.arguments(before, limit)...)
	return convert(rows, auditRow.event), err
}

// EachAuditEvent gives the events behind a place, in their order, at most limit. last is the place of the last one, and more tells that others may
// follow.
func (s *Store) EachAuditEvent(ctx context.Context, f AuditFilter, after AuditPlace, limit int, each func(account.AuditEvent) error) (last AuditPlace, more bool, err error) {
	const query = `SELECT ` + auditColumns + auditWhere + ` AND (event_id, org_id) > ($12, $13) ORDER BY event_id, org_id LIMIT $14`
	return s.inOrder(ctx, query, after, limit, func(last AuditPlace) []any { return f.arguments(last.Event, last.Organization, limit) },
		func(rows *sqlx.Rows) (AuditPlace, error, error) {
			var row auditRow
			if err := rows.StructScan(&row); err != nil {
				return AuditPlace{}, nil, fmt.Errorf("read an event: %w", err)
			}
			return AuditPlace{Event: row.EventID, Organization: row.OrgID}, each(row.event()), nil
		})
}

// inOrder runs a query for the events behind a place, and has each row read. What a reader wants with a row may fail as well, which ends the reading
// and is no fault of the database. A retry goes on behind what was read.
func (s *Store) inOrder(ctx context.Context, query string, after AuditPlace, limit int, arguments func(AuditPlace) []any,
	read func(*sqlx.Rows) (place AuditPlace, wanted, failed error)) (last AuditPlace, more bool, err error) {
	last = after
	var stopped error
	err = s.exchange(ctx, query, func(q querier) error {
		rows, err := q.QueryxContext(ctx, query, arguments(last)...)
		if err != nil {
			return err //nolint:wrapcheck // the caller does
		}
		defer rows.Close() //nolint:errcheck // Err tells
		n := 0
		for ; rows.Next(); n++ {
			place, wanted, err := read(rows)
			if err != nil {
				return err
			}
			if stopped = wanted; stopped != nil {
				return nil
			}
			last = place
		}
		more = n == limit
		return rows.Err() //nolint:wrapcheck // the caller does
	})
	if stopped != nil {
		err = stopped
	}
	return last, more, err
}

// AuditSettled tells how far the audit is settled.
type AuditSettled struct {
	Newest  int64    `json:"newest"`  // the newest event, 0: there is none
	Writers []string `json:"writers"` // transactions that may still commit an older one
	Standby bool     `json:"standby"` // whose writers are not seen
}

// AuditSettled tells the newest event, and whether one before it can still come.
func (s *Store) AuditSettled(ctx context.Context) (AuditSettled, error) {
	var found AuditSettled
	err := s.call(ctx, &found, `SELECT api.audit_settled()`)
	return found, err
}

// AuditCount counts the events behind one.
func (s *Store) AuditCount(ctx context.Context, after int64) (int64, error) {
	type row struct {
		Many int64 `db:"many"`
	}
	found, _, err := one[row](ctx, s, `SELECT count(*) AS many FROM api.audit_event WHERE event_id > $1`, after)
	return found.Many, err
}

// rawText is a column as text, in a buffer that the next row uses again; not Valid: NULL.
type rawText struct {
	text  []byte
	valid bool
}

// Scan takes what the driver has of a column that was cast to text.
func (t *rawText) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		t.valid = false
		return nil
	case string:
		t.text = append(t.text[:0], v...)
	case []byte:
		t.text = append(t.text[:0], v...)
	default:
		return fmt.Errorf("a column of type %T, want text", value)
	}
	t.valid = true
	return nil
}

// RawEvents gives each event behind a place and up to a number, in their order, at most limit: its number, and the text of every column, nil
// where it is NULL. What each is given is good until it returns. last is the place of the last one, and more tells that others may follow.
// The columns are those of package audit, in its order: what is changed here breaks every proof that was made before.
func (s *Store) RawEvents(ctx context.Context, after AuditPlace, upTo int64, limit int, each func(number int64, columns [][]byte) error) (last AuditPlace, more bool, err error) {
	// Times in UTC, in the date style that the driver sets: nothing depends on who looks, or where.
	const query = `SELECT CAST(org_id AS text), CAST(event_id AS text), CAST(at AT TIME ZONE 'UTC' AS text), CAST(recorded_at AT TIME ZONE 'UTC' AS text),
			CAST(operator AS text), CAST(session_id AS text), action, subject_kind, subject_id, outcome, code, ticket, reason, CAST(request_id AS text), CAST(details AS text)
		FROM api.audit_event e WHERE (e.event_id, e.org_id) > ($1, $2) AND e.event_id <= $3
		ORDER BY e.event_id, e.org_id LIMIT $4` // with the e, which keeps the order from being that of texts
	texts := make([]rawText, 15)
	columns, into := make([][]byte, len(texts)), make([]any, len(texts))
	for i := range texts {
		texts[i].text = []byte{} // an empty one is not NULL
		into[i] = &texts[i]
	}
	return s.inOrder(ctx, query, after, limit, func(last AuditPlace) []any { return []any{last.Event, last.Organization, upTo, limit} },
		func(rows *sqlx.Rows) (place AuditPlace, wanted, failed error) {
			if err := rows.Scan(into...); err != nil {
				return place, nil, fmt.Errorf("read an event: %w", err)
			}
			for i := range texts {
				columns[i] = nil
				if texts[i].valid {
					columns[i] = texts[i].text
				}
			}
			var err error
			if place.Event, err = strconv.ParseInt(string(columns[1]), 10, 64); err == nil {
				place.Organization, err = uuid.ParseBytes(columns[0])
			}
			if err != nil {
				return place, nil, fmt.Errorf("read an event: %w", err)
			}
			return place, each(place.Event, columns), nil
		})
}

// KeptEvidence is a check of which a signed proof was kept.
type KeptEvidence struct {
	ID       account.VerificationID `json:"verification"`
	Provider string                 `json:"provider"`
	Status   string                 `json:"status"`
}

// Evidence lists the checks of which a proof was kept, behind one of them, and tells how many there are in all.
func (s *Store) Evidence(ctx context.Context, after *account.VerificationID, limit int) (found []KeptEvidence, all int, err error) {
	var row struct {
		All   int            `json:"all"`
		Items []KeptEvidence `json:"items"`
	}
	err = s.call(ctx, &row, `SELECT api.audit_evidence($1, $2)`, (*uuid.UUID)(after), limit)
	return row.Items, row.All, err
}
