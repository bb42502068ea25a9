-- +goose Up
-- Sign-in by the organization's digital certificate (法人数字证书) and by the e-licence (电子营业执照), guide 一.5, 二.1: a session that acts for
-- the organization without an account. Its person is named by whoever signs in, and needs no phone.

-- +goose StatementBegin
INSERT INTO faren.policy (name, kind, value, default_value, minimum, maximum, choices, description_en, description_zh) VALUES
    ('sign_in.daily_unproven', 'count', '20', '20', 1, 1000, NULL, 'sign-ins for an organization a day that are begun and not proven', '单位登录每天可发起而未通过验证的次数');

ALTER TABLE faren.agent
    ALTER COLUMN phone_mask DROP NOT NULL,
    ALTER COLUMN phone_index DROP NOT NULL,
    ALTER COLUMN phone_sealed DROP NOT NULL,
    ADD CONSTRAINT agent_phone CHECK (num_nulls(phone_mask, phone_index, phone_sealed) IN (0, 3));

-- What a provider gave as proof is kept, sealed, to be checked again. opened_by is the database login that began it: nobody else's
-- sign-in can use it.
ALTER TABLE faren.verification
    ADD COLUMN evidence_sealed bytea,
    ADD COLUMN opened_by name,
    DROP CONSTRAINT verification_purpose,
    DROP CONSTRAINT verification_provider,
    DROP CONSTRAINT verification_subject,
    ADD CONSTRAINT verification_purpose CHECK (purpose IN ('register', 'review', 'recover', 'agent', 'sign-in')),
    ADD CONSTRAINT verification_provider CHECK (provider IN ('sandbox', 'certificate')),
    ADD CONSTRAINT verification_certificate CHECK (provider <> 'certificate' OR purpose = 'sign-in' AND status <> 'manual-review'),
    ADD CONSTRAINT verification_evidence CHECK (provider <> 'certificate' OR status <> 'passed' OR evidence_sealed IS NOT NULL),
    ADD CONSTRAINT verification_subject CHECK (num_nonnulls(application_id, recovery_id, account_id) = (purpose <> 'sign-in')::integer
        AND (purpose = 'recover') = (recovery_id IS NOT NULL) AND (purpose = 'agent') = (account_id IS NOT NULL)),
    ADD CONSTRAINT verification_opened_by CHECK (purpose <> 'sign-in' OR opened_by IS NOT NULL);

ALTER TABLE faren.session
    ADD COLUMN agent_id uuid,
    ADD COLUMN verification_id uuid,
    DROP CONSTRAINT session_kind,
    DROP CONSTRAINT session_holder,
    ADD CONSTRAINT session_kind CHECK (kind IN ('password', 'certificate', 'e-licence')),
    ADD CONSTRAINT session_holder CHECK (num_nonnulls(account_id, application_id, agent_id) = 1),
    ADD CONSTRAINT session_organization CHECK ((kind <> 'password') = (agent_id IS NOT NULL) AND (agent_id IS NULL) = (verification_id IS NULL)),
    ADD CONSTRAINT session_agent FOREIGN KEY (org_id, agent_id) REFERENCES faren.agent (org_id, agent_id),
    ADD CONSTRAINT session_verification FOREIGN KEY (org_id, verification_id) REFERENCES faren.verification (org_id, verification_id);
CREATE INDEX verification_of_sign_ins ON faren.verification (org_id, created_at) WHERE purpose = 'sign-in';
CREATE UNIQUE INDEX session_by_verification ON faren.session (org_id, verification_id) WHERE verification_id IS NOT NULL;
-- +goose StatementEnd
