package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/farenctl/farenctl/internal/account"
)

type accountRow struct {
	AccountID        uuid.UUID  `db:"account_id" json:"account_id"`
	OrgID            uuid.UUID  `db:"org_id" json:"org_id"`
	OrganizationName string     `db:"organization_name" json:"organization_name"`
	UnitCode         string     `db:"unit_code" json:"unit_code"`
	UnitCodeType     string     `db:"unit_code_type" json:"unit_code_type"`
	Role             string     `db:"role" json:"role"`
	Status           string     `db:"status" json:"status"`
	LockedUntil      *time.Time `db:"locked_until" json:"locked_until"`
	Username         string     `db:"username" json:"username"`
	AgentName        string     `db:"agent_name" json:"agent_name"`
	AgentDocType     string     `db:"agent_document_type" json:"agent_document_type"`
	AgentDocNumber   string     `db:"agent_document_number" json:"agent_document_number"`
	AgentPhone       string     `db:"agent_phone" json:"agent_phone"`
	AgentEmail       *string    `db:"agent_email" json:"agent_email"`
	AgentLandline    *string    `db:"agent_landline" json:"agent_landline"`
	AgentEthnic      *string    `db:"agent_ethnic_group" json:"agent_ethnic_group"`
	AgentID          uuid.UUID  `db:"agent_id" json:"agent_id"`
	CreatedAt        time.Time  `db:"created_at" json:"created_at"`
	UpdatedAt        time.Time  `db:"updated_at" json:"updated_at"`
}

const accountColumns = `account_id, org_id, organization_name, unit_code, unit_code_type, role, status, locked_until, username, agent_name,
	agent_document_type, agent_document_number, agent_phone, agent_email, agent_landline, agent_ethnic_group, agent_id, created_at, updated_at`

func (r accountRow) account() account.Account {
	return account.Account{
		ID: account.AccountID(r.AccountID), Status: r.Status, Role: r.Role, Username: r.Username, LockedUntil: utcp(r.LockedUntil),
		Organization: account.AccountOrg{OrgRef: account.OrgRef{ID: account.OrganizationID(r.OrgID), Name: r.OrganizationName, UnitCode: r.UnitCode},
			UnitCodeType: r.UnitCodeType},
		Agent: account.Agent{Name: r.AgentName, DocumentType: r.AgentDocType, DocumentNumber: r.AgentDocNumber, Phone: r.AgentPhone,
			Email: r.AgentEmail, Landline: r.AgentLandline, EthnicGroup: r.AgentEthnic},
		CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	}
}

// Account reads one account.
func (s *Store) Account(ctx context.Context, id account.AccountID) (account.Account, error) {
	row, err := s.accountRow(ctx, id)
	return row.account(), err
}

// AccountAgent gives the id of an account's agent, which what is sealed for the agent is bound to.
func (s *Store) AccountAgent(ctx context.Context, id account.AccountID) (uuid.UUID, error) {
	row, err := s.accountRow(ctx, id)
	return row.AgentID, err
}

func (s *Store) accountRow(ctx context.Context, id account.AccountID) (accountRow, error) {
	row, found, err := one[accountRow](ctx, s, `SELECT `+accountColumns+` FROM api.account WHERE account_id = $1`, id.UUID())
	if err == nil && !found {
		err = account.NewFault("ACCOUNT_NOT_FOUND")
	}
	return row, err
}

// AccountFilter narrows a list of accounts; empty fields do not.
type AccountFilter struct {
	Status, Role, UnitCode string
	After                  *account.AccountID
	Limit                  int
}

// Accounts lists accounts, the newest first.
func (s *Store) Accounts(ctx context.Context, f AccountFilter) ([]account.Account, error) {
	rows, err := many[accountRow](ctx, s, `SELECT `+accountColumns+` FROM api.account
		WHERE ($1 = '' OR status = $1) AND ($2 = '' OR role = $2) AND ($3 = '' OR unit_code = $3)
		  AND (CAST($4 AS uuid) IS NULL OR (created_at, account_id) < (SELECT p.created_at, p.account_id FROM api.account p WHERE p.account_id = $4))
		ORDER BY created_at DESC, account_id DESC LIMIT $5`, f.Status, f.Role, f.UnitCode, (*uuid.UUID)(f.After), f.Limit)
	return convert(rows, accountRow.account), err
}

// FoundAccount is a match of a selector. Live ones are not deactivated.
type FoundAccount struct {
	ID   account.AccountID `json:"account_id"`
	Live bool              `json:"live"`
}

// FindAccounts finds accounts by a natural key, the live ones first.
func (s *Store) FindAccounts(ctx context.Context, selector Selector) ([]FoundAccount, error) {
	text, err := encode(selector)
	if err != nil {
		return nil, err
	}
	var found []FoundAccount
	err = s.call(ctx, &found, `SELECT api.find_accounts($1)`, text)
	return found, err
}

// StatusChange is what an account becomes: active, disabled or deactivated. SMSID is of the message to the agent.
type StatusChange struct {
	Status string    `json:"status"`
	Force  bool      `json:"force"`
	SMSID  uuid.UUID `json:"sms_id"`
}

// SetAccountStatus disables, enables or deactivates an account.
func (s *Store) SetAccountStatus(ctx context.Context, c Caller, id account.AccountID, change StatusChange) (account.Account, error) {
	return s.changeAccount(ctx, c, `SELECT api.set_account_status($1, $2, $3)`, id, change)
}

// RoleChange is what an account becomes: administrator or agent.
type RoleChange struct {
	Role  string    `json:"role"`
	SMSID uuid.UUID `json:"sms_id"`
}

// SetAccountRole makes an administrator, or an agent again.
func (s *Store) SetAccountRole(ctx context.Context, c Caller, id account.AccountID, change RoleChange) (account.Account, error) {
	return s.changeAccount(ctx, c, `SELECT api.set_account_role($1, $2, $3)`, id, change)
}

func (s *Store) changeAccount(ctx context.Context, c Caller, query string, id account.AccountID, change any) (account.Account, error) {
	text, err := encode(change)
	if err != nil {
		return account.Account{}, err
	}
	var row accountRow
	err = s.change(ctx, c, &row, query, id.UUID(), text)
	return row.account(), err
}

// UnlockAccount ends the lock that failed sign-ins set.
func (s *Store) UnlockAccount(ctx context.Context, c Caller, id account.AccountID) (account.Account, error) {
	var row accountRow
	err := s.change(ctx, c, &row, `SELECT api.unlock_account($1, $2)`, id.UUID())
	return row.account(), err
}

// NewAgent is an agent whom a reviewer adds, with user name and password.
type NewAgent struct {
	AccountID uuid.UUID `json:"account_id"`
	NewUser
	SMSID uuid.UUID `json:"sms_id"`
}

// AddAgent gives an agent an account, which waits for their face check.
func (s *Store) AddAgent(ctx context.Context, c Caller, agent NewAgent) (account.Account, error) {
	var row accountRow
	err := s.changeWith(ctx, c, &row, `SELECT api.add_agent($1, $2)`, agent)
	return row.account(), err
}

// AgentUpdate is what changes of an account's agent: a SealedAgent with NewPerson, else a SealedContact.
type AgentUpdate struct {
	Agent     any       `json:"agent"`
	NewPerson bool      `json:"new_person"`
	CodeProof Hex       `json:"code_proof"`
	Sandbox   bool      `json:"sandbox"`
	SMSID     uuid.UUID `json:"sms_id"`
}

// UpdateAgent changes what an account says of its agent.
func (s *Store) UpdateAgent(ctx context.Context, c Caller, id account.AccountID, update AgentUpdate) (account.Account, error) {
	return s.changeAccount(ctx, c, `SELECT api.update_agent($1, $2, $3)`, id, update)
}
