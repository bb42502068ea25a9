-- +goose Up
-- The care of accounts (guide 一.5, 三.1): they are disabled, enabled, ended (注销), made administrators and not.

-- +goose StatementBegin
CREATE INDEX account_by_id ON faren.account (account_id);
CREATE INDEX account_by_agent ON faren.account (org_id, agent_id);
ALTER TABLE faren.sms
    DROP CONSTRAINT sms_kind,
    ADD CONSTRAINT sms_kind CHECK (kind IN ('code', 'review-requested', 'approved', 'rejected', 'comparison-passed', 'comparison-failed', 'agent-changed', 'deactivated'));
-- +goose StatementEnd
