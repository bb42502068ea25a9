package postgres

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/farenctl/farenctl/internal/account"
)

// SealedDocument is a scan as the database holds it. Size is of the file before it was sealed.
type SealedDocument struct {
	DocumentID uuid.UUID `json:"document_id"`
	Kind       string    `json:"kind"`
	SHA256     Hex       `json:"sha256"`
	Size       int       `json:"size"`
	Width      int       `json:"width"`
	Height     int       `json:"height"`
	Content    []byte    `json:"-"` // passed beside the JSON, which would make it twice as long again
}

// NewManualApplication opens an application of a manual channel. Name and NameKey are an overseas unit's.
type NewManualApplication struct {
	ApplicationID uuid.UUID         `json:"application_id"`
	Channel       account.Channel   `json:"channel"`
	Name          *string           `json:"name"`
	NameKey       *string           `json:"name_key"`
	Agent         SealedAgent       `json:"agent"`
	CodeProof     Hex               `json:"code_proof"`
	Sandbox       bool              `json:"sandbox"`
	Warnings      []account.Warning `json:"warnings"`
	Documents     []SealedDocument  `json:"documents"`
}

// StatedUnit is a unit as an application states it; an overseas one has no unit code.
type StatedUnit struct {
	Name         string            `json:"name"`
	NameKey      string            `json:"name_key"`
	UnitCode     *string           `json:"unit_code"`
	UnitCodeType *string           `json:"unit_code_type"`
	Warnings     []account.Warning `json:"warnings"`
	Documents    []SealedDocument  `json:"documents"`
}

// NewComparison is user name and password of a manual channel. UsernamePhoneIndex is there when the user name is a mobile. IssuedCode
// becomes the unit code of an overseas organization that is not known yet.
type NewComparison struct {
	Credential         SealedCredential `json:"credential"`
	UsernamePhoneIndex Hex              `json:"username_phone_index"`
	IssuedCode         string           `json:"issued_code"`
	Advice             []string         `json:"advice"`
}

// Resubmission is what an applicant corrected; nil parts stay. Warnings go with Unit.
type Resubmission struct {
	Unit       *StatedUnit       `json:"unit"`
	Agent      *SealedContact    `json:"agent"`
	CodeProof  Hex               `json:"code_proof"`
	Sandbox    bool              `json:"sandbox"`
	IssuedCode string            `json:"issued_code"`
	Warnings   []account.Warning `json:"warnings"`
	Documents  []SealedDocument  `json:"documents"`
}

func contents(documents []SealedDocument) pq.ByteaArray {
	all := make(pq.ByteaArray, len(documents))
	for i := range documents {
		all[i] = documents[i].Content
	}
	return all
}

// StartManualApplication opens an application of a manual channel.
func (s *Store) StartManualApplication(ctx context.Context, c Caller, a NewManualApplication) (account.Application, error) {
	text, err := encode(a)
	if err != nil {
		return account.Application{}, err
	}
	var row applicationRow
	err = s.change(ctx, c, &row, `SELECT api.start_manual_application($1, $2, $3)`, text, contents(a.Documents))
	return row.application(), err
}

// RecordUnit gives a project's application its unit.
func (s *Store) RecordUnit(ctx context.Context, c Caller, id account.ApplicationID, unit StatedUnit) (account.Application, error) {
	return s.changeApplication(ctx, c, `SELECT api.record_unit($1, $2, $3, $4)`, id, unit, contents(unit.Documents))
}

// SubmitForComparison gives an application of a manual channel its user and puts it before staff.
func (s *Store) SubmitForComparison(ctx context.Context, c Caller, id account.ApplicationID, r NewComparison) (account.Application, error) {
	return s.changeApplication(ctx, c, `SELECT api.submit_for_comparison($1, $2, $3)`, id, r)
}

// Resubmit puts a mismatched application before staff again.
func (s *Store) Resubmit(ctx context.Context, c Caller, id account.ApplicationID, r Resubmission) (account.Application, error) {
	return s.changeApplication(ctx, c, `SELECT api.resubmit_application($1, $2, $3, $4)`, id, r, contents(r.Documents))
}

// AgentOf gives the id of an application's agent, which what is sealed for the agent is bound to.
func (s *Store) AgentOf(ctx context.Context, id account.ApplicationID) (uuid.UUID, account.Application, error) {
	row, err := s.applicationRow(ctx, id)
	if err == nil && row.AgentID == nil {
		err = account.NewFault("WRONG_STATE", "status", row.Status, "channel", string(row.Channel))
	}
	if err != nil {
		return uuid.Nil, account.Application{}, err
	}
	return *row.AgentID, row.application(), nil
}

// ComparisonQueue lists what waits for comparison by staff, the earliest due first. ErrUnknownToken: after is none of this list.
func (s *Store) ComparisonQueue(ctx context.Context, limit int, after *account.ApplicationID, overdue bool) ([]account.Application, error) {
	text, err := encode(map[string]any{"limit": limit, "after": (*uuid.UUID)(after), "overdue": overdue})
	if err != nil {
		return nil, err
	}
	var rows []applicationRow
	if err := s.call(ctx, &rows, `SELECT api.comparison_queue($1)`, text); err != nil {
		return nil, err
	}
	if rows == nil {
		return nil, ErrUnknownToken
	}
	return convert(rows, applicationRow.application), nil
}

// ExpireApplications ends at most limit applications past their time and tells which.
func (s *Store) ExpireApplications(ctx context.Context, c Caller, limit int) ([]account.ExpiredApplication, error) {
	var rows []struct {
		ApplicationID account.ApplicationID `json:"application_id"`
		Channel       account.Channel       `json:"channel"`
		Was           string                `json:"was"`
		ExpiredAt     time.Time             `json:"expired_at"`
	}
	err := s.change(ctx, c, &rows, `SELECT api.expire_applications($1, $2)`, limit)
	all := make([]account.ExpiredApplication, len(rows))
	for i, r := range rows {
		all[i] = account.ExpiredApplication{ID: r.ApplicationID, Channel: r.Channel, Was: r.Was, ExpiredAt: r.ExpiredAt.UTC()}
	}
	return all, err
}

// ReadDocument hands out a document's ciphertext. Who asked and why is written down and committed before, in a call of its own. wanted is a
// document's UUID or a kind, which means the current one.
func (s *Store) ReadDocument(ctx context.Context, c Caller, id account.ApplicationID, wanted string) (account.Document, []byte, error) {
	var granted struct {
		DocumentID uuid.UUID `json:"document_id"`
	}
	if err := s.change(ctx, c, &granted, `SELECT api.request_document($1, $2, $3)`, id.UUID(), wanted); err != nil {
		return account.Document{}, nil, err
	}
	c, err := c.anew()
	if err != nil {
		return account.Document{}, nil, err
	}
	caller, err := c.encode()
	if err != nil {
		return account.Document{}, nil, err
	}
	var raw, content []byte
	const query = `SELECT answer, content FROM api.read_document($1, $2, $3)`
	// By its id: a newer one may have taken its place meanwhile.
	err = s.exchange(ctx, query, func(q querier) error {
		return q.QueryRowxContext(ctx, query, caller, id.UUID(), granted.DocumentID.String()).Scan(&raw, &content)
	})
	if err != nil {
		return account.Document{}, nil, err
	}
	var row documentRow
	if _, err := result(raw, &row); err != nil {
		return account.Document{}, nil, err
	}
	return row.document(), content, nil
}

type documentRow struct {
	DocumentID account.DocumentID `json:"document_id"`
	Kind       string             `json:"kind"`
	Size       int                `json:"size"`
	Width      int                `json:"width"`
	Height     int                `json:"height"`
	SHA256     Hex                `json:"sha256"`
	CreatedAt  time.Time          `json:"created_at"`
}

func (r documentRow) document() account.Document {
	return account.Document{ID: r.DocumentID, Kind: r.Kind, Size: r.Size, Width: r.Width, Height: r.Height, SHA256: hex.EncodeToString(r.SHA256),
		CreatedAt: r.CreatedAt.UTC()}
}

// documentRows are the documents of one row of the view api.application.
type documentRows []documentRow

// Scan reads the column, which is our own JSON.
func (r *documentRows) Scan(value any) error {
	raw, ok := value.([]byte)
	if !ok {
		return fmt.Errorf("scan documents: %T", value)
	}
	return json.Unmarshal(raw, (*[]documentRow)(r))
}

func (r *documentRows) documents() []account.Document {
	if r == nil {
		return []account.Document{}
	}
	return convert(*r, documentRow.document)
}
