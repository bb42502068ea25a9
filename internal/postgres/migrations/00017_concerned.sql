-- +goose Up
-- What a ticket names, found whatever the organization: people by mobile or document number, messages by their recipient, holders of a mobile.

-- +goose StatementBegin
CREATE INDEX agent_anywhere_by_phone ON faren.agent (phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX agent_anywhere_by_document ON faren.agent (document_index);
CREATE INDEX sms_by_recipient ON faren.sms (to_index, created_at);
CREATE INDEX recovery_by_account ON faren.recovery (org_id, account_id, created_at) WHERE account_id IS NOT NULL;
CREATE INDEX session_by_account ON faren.session (org_id, account_id) WHERE account_id IS NOT NULL;
-- +goose StatementEnd
