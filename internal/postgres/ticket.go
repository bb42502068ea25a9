package postgres

import "github.com/google/uuid"

// Concern names what a ticket is about, by any of its fields: keyed indexes of what somebody typed, a unit code, records by id.
type Concern struct {
	PhoneIndex     Hex        `json:"phone_index,omitempty"`
	DocumentIndex  Hex        `json:"document_index,omitempty"`
	UsernameIndex  Hex        `json:"username_index,omitempty"`
	UnitCode       *string    `json:"unit_code,omitempty"`
	UnitCodeType   string     `json:"unit_code_type,omitempty"`
	ApplicationID  *uuid.UUID `json:"application_id,omitempty"`
	AccountID      *uuid.UUID `json:"account_id,omitempty"`
	VerificationID *uuid.UUID `json:"verification_id,omitempty"`
	RecoveryID     *uuid.UUID `json:"recovery_id,omitempty"`
	SessionID      *uuid.UUID `json:"session_id,omitempty"`
	MessageID      *uuid.UUID `json:"message_id,omitempty"`
	DocumentID     *uuid.UUID `json:"document_id,omitempty"`
	OrganizationID *uuid.UUID `json:"organization_id,omitempty"`
}
