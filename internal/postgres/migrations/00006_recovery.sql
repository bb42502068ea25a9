-- +goose Up
-- Recovery of user names and passwords (guide 一.5). One of an account that does not exist is kept like any other: a tenant of its own,
-- whose org_id is its own id, without an account.

-- +goose StatementBegin
INSERT INTO faren.policy (name, kind, value, default_value, minimum, maximum, choices, description_en, description_zh) VALUES
    ('recovery.lifetime', 'seconds', '1800', '1800', 60, 86400, NULL, 'how long a recovery waits for its proof', '找回操作等待验证的时限'),
    ('recovery.reset_window', 'seconds', '900', '900', 60, 86400, NULL, 'how long a password can be reset after the proof', '验证通过后可重置密码的时限');

CREATE TABLE faren.recovery (
    org_id          uuid NOT NULL,
    recovery_id     uuid NOT NULL,
    account_id      uuid,
    selector_index  bytea NOT NULL,
    method          text NOT NULL,
    code_salt       bytea,
    code_hash       bytea,
    code_attempts   integer NOT NULL DEFAULT 0,
    code_expires_at timestamptz,
    proven_at       timestamptz,
    proven_by       text,
    reset_at        timestamptz,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    PRIMARY KEY (org_id, recovery_id),
    FOREIGN KEY (org_id, account_id) REFERENCES faren.account (org_id, account_id),
    CONSTRAINT recovery_method CHECK (method IN ('username', 'phone', 'document')),
    CONSTRAINT recovery_tenant CHECK (account_id IS NOT NULL OR org_id = recovery_id),
    CONSTRAINT recovery_code CHECK (num_nulls(code_salt, code_hash, code_expires_at) IN (0, 3)),
    CONSTRAINT recovery_proof CHECK ((proven_at IS NULL) = (proven_by IS NULL) AND (proven_at IS NULL OR account_id IS NOT NULL)),
    CONSTRAINT recovery_proven_by CHECK (proven_by IN ('sms', 'face')),
    CONSTRAINT recovery_reset CHECK (reset_at IS NULL OR proven_at IS NOT NULL)
);
CREATE INDEX recovery_by_id ON faren.recovery (recovery_id);
CREATE INDEX recovery_age ON faren.recovery (created_at);

-- When codes were asked for by what somebody typed, whether or not it names an account: what is answered rests on this alone.
CREATE TABLE faren.recovery_rate (
    selector_index bytea PRIMARY KEY,
    requested      timestamptz[] NOT NULL,
    updated_at     timestamptz NOT NULL
);
CREATE INDEX recovery_rate_age ON faren.recovery_rate (updated_at);

ALTER TABLE faren.verification
    ALTER COLUMN application_id DROP NOT NULL,
    ALTER COLUMN agent_id DROP NOT NULL,
    ADD COLUMN recovery_id uuid,
    DROP CONSTRAINT verification_purpose,
    ADD CONSTRAINT verification_purpose CHECK (purpose IN ('register', 'review', 'recover')),
    ADD CONSTRAINT verification_subject CHECK (num_nonnulls(application_id, recovery_id) = 1 AND (purpose = 'recover') = (recovery_id IS NOT NULL)),
    ADD CONSTRAINT verification_agent CHECK (agent_id IS NOT NULL OR purpose = 'recover'),
    ADD CONSTRAINT verification_recovery FOREIGN KEY (org_id, recovery_id) REFERENCES faren.recovery (org_id, recovery_id);
CREATE INDEX verification_by_recovery ON faren.verification (org_id, recovery_id, created_at) WHERE recovery_id IS NOT NULL;

ALTER TABLE faren.sms_code
    DROP CONSTRAINT sms_code_purpose,
    ADD CONSTRAINT sms_code_purpose CHECK (purpose IN ('register', 'recover'));
ALTER TABLE faren.sms
    DROP CONSTRAINT sms_kind,
    ADD CONSTRAINT sms_kind CHECK (kind IN ('code', 'review-requested', 'approved', 'rejected', 'comparison-passed', 'comparison-failed', 'agent-changed',
        'deactivated', 'password-reset'));

-- Any unit code that was given at registration finds the organization: its registration number or organization code as well.
CREATE INDEX organization_by_code ON faren.organization (substr(unit_code, 9, 9)) WHERE unit_code_type = 'uscc' AND NOT provisional;
CREATE INDEX register_entry_by_number ON faren.register_entry (registration_number) WHERE registration_number IS NOT NULL;
CREATE INDEX register_entry_by_code ON faren.register_entry (organization_code) WHERE organization_code IS NOT NULL;
-- +goose StatementEnd
