package postgres

import (
	"context"
	"encoding/json"
	"fmt"
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

// NextEvent gives the smallest number of an event from a number on; false: there is none.
func (s *Store) NextEvent(ctx context.Context, from int64) (number int64, found bool, err error) {
	type row struct {
		Number *int64 `db:"number"`
	}
	next, _, err := one[row](ctx, s, `SELECT min(event_id) AS number FROM api.audit_event WHERE event_id >= $1`, from)
	if err != nil || next.Number == nil {
		return 0, false, err
	}
	return *next.Number, true, nil
}

// EachAuditEvent gives the events of some numbers, in their order.
func (s *Store) EachAuditEvent(ctx context.Context, f AuditFilter, from, to int64, each func(account.AuditEvent) error) error {
	const query = `SELECT ` + auditColumns + auditWhere + ` AND event_id BETWEEN $12 AND $13 ORDER BY event_id, org_id`
	return s.inOrder(ctx, query, f.arguments(from, to), func(rows *sqlx.Rows) (wanted, failed error) {
		var row auditRow
		if err := rows.StructScan(&row); err != nil {
			return nil, fmt.Errorf("read an event: %w", err)
		}
		return each(row.event()), nil
	})
}

// inOrder runs a query and has each row read. What a reader wants with a row may fail as well, which ends the reading and is no fault of the
// database. Once a row is read, nothing is tried again.
func (s *Store) inOrder(ctx context.Context, query string, arguments []any, read func(*sqlx.Rows) (wanted, failed error)) error {
	var stopped error
	err := s.exchange(ctx, query, func(q querier) error {
		rows, err := q.QueryxContext(ctx, query, arguments...)
		if err != nil {
			return err //nolint:wrapcheck // the caller does
		}
		defer rows.Close() //nolint:errcheck // Err tells
		some := false
		for ; err == nil && stopped == nil && rows.Next(); some = true {
			stopped, err = read(rows)
		}
		if err == nil && stopped == nil {
			err = rows.Err()
		}
		if err != nil && some {
			stopped, err = fault(ctx, err), nil
		}
		return err
	})
	if stopped != nil {
		return stopped
	}
	return err
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

// RawEvents gives each event of some numbers, in their order: its number, and the text of every column, nil where it is NULL. What each is given is
// good until it returns. The columns are those of package audit, in its order: what is changed here breaks every proof that was made before.
func (s *Store) RawEvents(ctx context.Context, from, to int64, each func(number int64, columns [][]byte) error) error {
	// Times in UTC, in the date style that the driver sets: nothing depends on who looks, or where. The e keeps the order from being that of texts.
	const query = `SELECT CAST(org_id AS text), CAST(event_id AS text), CAST(at AT TIME ZONE 'UTC' AS text), CAST(recorded_at AT TIME ZONE 'UTC' AS text),
			CAST(operator AS text), CAST(session_id AS text), action, subject_kind, subject_id, outcome, code, ticket, reason, CAST(request_id AS text), CAST(details AS text)
		FROM api.audit_event e WHERE e.event_id BETWEEN $1 AND $2 ORDER BY e.event_id, e.org_id`
	texts := make([]rawText, 15)
	columns, into := make([][]byte, len(texts)), make([]any, len(texts))
	for i := range texts {
		texts[i].text = []byte{} // an empty one is not NULL
		into[i] = &texts[i]
	}
	return s.inOrder(ctx, query, []any{from, to}, func(rows *sqlx.Rows) (wanted, failed error) {
		if err := rows.Scan(into...); err != nil {
			return nil, fmt.Errorf("read an event: %w", err)
		}
		for i := range texts {
			columns[i] = nil
			if texts[i].valid {
				columns[i] = texts[i].text
			}
		}
		number, err := strconv.ParseInt(string(columns[1]), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read an event: %w", err)
		}
		return each(number, columns), nil
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
