-- +goose Up
-- Agents that a reviewer adds, and changes of an account's agent (guide 一.5, 三.4): the new person's own face check comes before the
-- account can be used.

-- +goose StatementBegin
ALTER TABLE faren.verification
    ADD COLUMN account_id uuid,
    DROP CONSTRAINT verification_purpose,
    DROP CONSTRAINT verification_subject,
    ADD CONSTRAINT verification_purpose CHECK (purpose IN ('register', 'review', 'recover', 'agent')),
    ADD CONSTRAINT verification_subject CHECK (num_nonnulls(application_id, recovery_id, account_id) = 1
        AND (purpose = 'recover') = (recovery_id IS NOT NULL) AND (purpose = 'agent') = (account_id IS NOT NULL)),
    ADD CONSTRAINT verification_account FOREIGN KEY (org_id, account_id) REFERENCES faren.account (org_id, account_id);
CREATE INDEX verification_by_account ON faren.verification (org_id, account_id, created_at) WHERE account_id IS NOT NULL;
ALTER TABLE faren.sms_code
    DROP CONSTRAINT sms_code_purpose,
    ADD CONSTRAINT sms_code_purpose CHECK (purpose IN ('register', 'recover', 'agent-add', 'agent-update'));
-- +goose StatementEnd
