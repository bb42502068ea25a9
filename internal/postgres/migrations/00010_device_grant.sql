-- +goose Up
-- Face checks and e-licences by OpenID Connect with the device authorization grant (RFC 8628). What a poll needs is sealed, so that any
-- process with the keyring goes on where another was killed; one polls at a time, no faster than the provider allows.

-- +goose StatementBegin
ALTER TABLE faren.verification
    ADD COLUMN secret_sealed bytea,
    ADD COLUMN poll_seconds integer,
    ADD COLUMN next_poll_at timestamptz,
    ADD COLUMN user_code text,
    DROP CONSTRAINT verification_provider,
    DROP CONSTRAINT verification_evidence,
    ADD CONSTRAINT verification_left_to_staff CHECK (provider = 'sandbox' OR status <> 'manual-review'),
    ADD CONSTRAINT verification_evidence CHECK (provider = 'sandbox' OR status <> 'passed' OR evidence_sealed IS NOT NULL),
    ADD CONSTRAINT verification_provider CHECK (provider IN ('sandbox', 'certificate', 'oidc')),
    ADD CONSTRAINT verification_poll CHECK (num_nulls(secret_sealed, poll_seconds, next_poll_at) = CASE WHEN provider = 'oidc' THEN 0 ELSE 3 END),
    ADD CONSTRAINT verification_interval CHECK (poll_seconds BETWEEN 1 AND 3600);

-- A token proves one check. The hash is that of what the provider signed.
CREATE TABLE faren.evidence_claim (
    evidence_hash   bytea PRIMARY KEY,
    verification_id uuid NOT NULL,
    claimed_at      timestamptz NOT NULL,
    CONSTRAINT evidence_hash CHECK (length(evidence_hash) = 32)
);
-- +goose StatementEnd
