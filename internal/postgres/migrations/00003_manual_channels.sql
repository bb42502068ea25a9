-- +goose Up
-- The manual channels (guide 一.3 overseas units, 一.4 projects without a licence): documents, comparison by staff with a
-- deadline in working days, applicants who sign in to see their application's state.

-- +goose StatementBegin
INSERT INTO faren.policy (name, kind, value, default_value, minimum, maximum, choices, description_en, description_zh) VALUES
    ('registration.mismatch_lifetime', 'seconds', '2592000', '2592000', 3600, 31536000, NULL, 'how long a mismatched application waits to be submitted again', '比对不通过后等待重新提交的时限'),
    ('comparison.working_days', 'count', '1', '1', 1, 30, NULL, 'working days in which staff compare', '人工比对的工作日数'),
    ('document.max_bytes', 'count', '2097152', '2097152', 1024, 2097152, NULL, 'size of a document, in bytes', '上传文件的大小上限(字节)'),
    ('document.max_pixels', 'count', '25000000', '25000000', 10000, 25000000, NULL, 'size of a document''s picture, in pixels', '上传图片的像素上限');

-- Days that differ from their weekday, and the years that are known whole: for another year there is no deadline.
CREATE TABLE faren.calendar_year (
    year       integer PRIMARY KEY,
    source     text NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT calendar_year_range CHECK (year BETWEEN 2000 AND 2100)
);
CREATE TABLE faren.calendar_day (
    day  date PRIMARY KEY,
    type text NOT NULL,
    name text NOT NULL,
    CONSTRAINT calendar_day_type CHECK (type IN ('off', 'work')),
    CONSTRAINT calendar_day_work CHECK (type = 'off' OR extract(isodow FROM day) IN (6, 7))
);

-- An overseas organization is keyed by its name's match key; its unit code is issued by the system.
CREATE TABLE faren.overseas_claim (
    name_key text PRIMARY KEY,
    org_id   uuid NOT NULL
);

ALTER TABLE faren.agent ADD COLUMN ethnic_group_sealed bytea;

-- unit_name is the unit's name as this application states it; due_at is the end of the comparison's time.
ALTER TABLE faren.application
    ADD COLUMN unit_name text,
    ADD COLUMN unit_name_key text,
    ADD COLUMN due_at timestamptz,
    DROP CONSTRAINT application_channel,
    DROP CONSTRAINT application_status,
    DROP CONSTRAINT application_review_kind,
    DROP CONSTRAINT application_decision,
    DROP CONSTRAINT application_expiry,
    DROP CONSTRAINT application_credential,
    ADD CONSTRAINT application_channel CHECK (channel IN ('zhejiang', 'other-province', 'overseas', 'project')),
    ADD CONSTRAINT application_status CHECK (status IN ('certified', 'awaiting-identity', 'awaiting-unit', 'awaiting-user', 'pending-review',
        'pending-comparison', 'mismatched', 'approved', 'rejected', 'withdrawn', 'expired')),
    ADD CONSTRAINT application_review_kind CHECK (review_kind IN ('none', 'organization', 'comparison')),
    ADD CONSTRAINT application_decision CHECK (status NOT IN ('rejected', 'mismatched') OR (decided_at IS NOT NULL AND decision_reason IS NOT NULL)),
    ADD CONSTRAINT application_expiry CHECK (
        (status IN ('certified', 'awaiting-identity', 'awaiting-unit', 'awaiting-user', 'mismatched')) = (expires_at IS NOT NULL)),
    ADD CONSTRAINT application_credential CHECK ((credential_id IS NOT NULL) = (
        status IN ('pending-review', 'pending-comparison', 'mismatched', 'approved')
        OR (status = 'awaiting-identity' AND channel IN ('zhejiang', 'other-province')))),
    ADD CONSTRAINT application_due CHECK (status <> 'pending-comparison' OR (due_at IS NOT NULL AND review_kind = 'comparison')),
    ADD CONSTRAINT application_unit_name CHECK ((unit_name IS NULL) = (unit_name_key IS NULL));
CREATE INDEX application_comparison ON faren.application (due_at, application_id) WHERE status = 'pending-comparison';
CREATE INDEX application_expiry_time ON faren.application (expires_at) WHERE expires_at IS NOT NULL;

-- The scans of the manual channels, each sealed as a whole. What a later one replaced stays as evidence.
CREATE TABLE faren.document (
    org_id         uuid NOT NULL,
    document_id    uuid NOT NULL,
    application_id uuid NOT NULL,
    kind           text NOT NULL,
    sha256         bytea NOT NULL,
    size           integer NOT NULL,
    width          integer NOT NULL,
    height         integer NOT NULL,
    content_sealed bytea NOT NULL,
    created_at     timestamptz NOT NULL,
    replaced_at    timestamptz,
    PRIMARY KEY (org_id, document_id),
    FOREIGN KEY (org_id, application_id) REFERENCES faren.application (org_id, application_id),
    CONSTRAINT document_kind CHECK (kind IN ('licence', 'agent-document', 'proof')),
    CONSTRAINT document_sha256 CHECK (length(sha256) = 32),
    CONSTRAINT document_dimensions CHECK (size > 0 AND width > 0 AND height > 0),
    CONSTRAINT document_sealed CHECK (length(content_sealed) > size)
);
-- Ciphertext does not compress.
ALTER TABLE faren.document ALTER COLUMN content_sealed SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX document_current ON faren.document (org_id, application_id, kind) WHERE replaced_at IS NULL;
CREATE INDEX document_by_id ON faren.document (document_id);

-- A session is an account's, or an applicant's, who sees the state of their application and nothing else.
ALTER TABLE faren.session
    ALTER COLUMN account_id DROP NOT NULL,
    ADD COLUMN application_id uuid,
    ADD CONSTRAINT session_holder CHECK (num_nonnulls(account_id, application_id) = 1),
    ADD CONSTRAINT session_application FOREIGN KEY (org_id, application_id) REFERENCES faren.application (org_id, application_id);
CREATE INDEX session_by_application ON faren.session (org_id, application_id) WHERE application_id IS NOT NULL;

ALTER TABLE faren.sms
    DROP CONSTRAINT sms_kind,
    ADD CONSTRAINT sms_kind CHECK (kind IN ('code', 'review-requested', 'approved', 'rejected', 'comparison-passed', 'comparison-failed'));

ALTER TYPE faren.caller ADD ATTRIBUTE application_id uuid;
-- +goose StatementEnd
