-- +goose Up
-- The tables of the main road: settings, business register, applications, accounts, claims, face checks,
-- sessions, SMS outbox, audit. Personal data stands here only sealed (…_sealed), as a keyed blind index
-- (…_index) and as a mask (…_mask). Everything that belongs to an organization has org_id in every unique key.

-- +goose StatementBegin
CREATE TABLE faren.setting (
    singleton     boolean     PRIMARY KEY DEFAULT true,
    environment   text        NOT NULL,
    suite         text        NOT NULL,
    index_check   text        NOT NULL,
    server_secret bytea       NOT NULL,
    password_params jsonb     NOT NULL,
    clock_offset  interval    NOT NULL DEFAULT interval '0',
    schema_version bigint     NOT NULL DEFAULT 0,
    functions_hash text       NOT NULL DEFAULT '',
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT setting_singleton CHECK (singleton),
    CONSTRAINT setting_environment CHECK (environment IN ('development', 'test', 'staging', 'production')),
    CONSTRAINT setting_suite CHECK (suite IN ('aes', 'sm')),
    CONSTRAINT setting_clock CHECK (environment <> 'production' OR clock_offset = interval '0')
);

CREATE TABLE faren.policy (
    name          text PRIMARY KEY,
    kind          text NOT NULL,
    value         text NOT NULL,
    default_value text NOT NULL,
    minimum       bigint,
    maximum       bigint,
    choices       text[],
    description_en text NOT NULL,
    description_zh text NOT NULL,
    CONSTRAINT policy_kind CHECK (kind IN ('count', 'seconds', 'choice'))
);

INSERT INTO faren.policy (name, kind, value, default_value, minimum, maximum, choices, description_en, description_zh) VALUES
    ('registration.draft_lifetime', 'seconds', '86400', '86400', 60, 2592000, NULL, 'how long a certified application waits for its user', '信息认证后等待创建用户的时限'),
    ('registration.identity_lifetime', 'seconds', '1800', '1800', 60, 86400, NULL, 'how long an application waits for the face check', '等待人脸认证的时限'),
    ('registration.daily_rejections', 'count', '3', '3', 1, 100, NULL, 'rejections of one agent in one organization on one day', '同一经办人在同一企业当天可被拒绝的次数'),
    ('password.advice', 'choice', 'warn', 'warn', NULL, NULL, ARRAY['warn', 'strict'], 'what to do with names, numbers and birth dates inside passwords', '密码含姓名拼音、电话号码、出生日期时的处理'),
    ('identity.lifetime', 'seconds', '600', '600', 60, 3600, NULL, 'how long a face check lives', '人脸认证的有效期'),
    ('identity.daily_starts', 'count', '5', '5', 1, 100, NULL, 'face checks of one application on one day', '同一申请当天可发起人脸认证的次数'),
    ('sms.code_lifetime', 'seconds', '300', '300', 30, 3600, NULL, 'how long an SMS code lives', '短信验证码有效期'),
    ('sms.code_resend', 'seconds', '60', '60', 0, 3600, NULL, 'time between two codes to one number', '同一号码两次发送的间隔'),
    ('sms.code_hourly', 'count', '5', '5', 1, 1000, NULL, 'codes to one number in an hour', '同一号码一小时内的验证码条数'),
    ('sms.code_daily', 'count', '10', '10', 1, 1000, NULL, 'codes to one number in 24 hours', '同一号码二十四小时内的验证码条数'),
    ('sms.code_attempts', 'count', '5', '5', 1, 10, NULL, 'tries of one code', '一个验证码可尝试的次数'),
    ('session.lifetime', 'seconds', '28800', '28800', 60, 604800, NULL, 'how long a session lives', '登录会话最长时间'),
    ('session.idle', 'seconds', '1800', '1800', 60, 86400, NULL, 'how long an unused session lives', '登录会话空闲时限'),
    ('sign_in.failures', 'count', '5', '5', 1, 100, NULL, 'failed sign-ins before the lock', '锁定前允许的登录失败次数'),
    ('sign_in.window', 'seconds', '300', '300', 60, 86400, NULL, 'time in which the failures count', '登录失败的计数时段'),
    ('sign_in.lock', 'seconds', '1800', '1800', 60, 604800, NULL, 'how long the lock lasts', '锁定时长'),
    ('request.retention', 'seconds', '604800', '604800', 3600, 31536000, NULL, 'how long results of requests are kept for repeats', '请求结果保留时长');

CREATE TABLE faren.register_entry (
    unit_code             text PRIMARY KEY,
    name                  text NOT NULL,
    name_key              text NOT NULL,
    representative_mask   text NOT NULL,
    representative_index  bytea NOT NULL,
    representative_sealed bytea NOT NULL,
    document_type         text NOT NULL,
    document_mask         text NOT NULL,
    document_index        bytea NOT NULL,
    document_sealed       bytea NOT NULL,
    status                text NOT NULL,
    registration_number   text,
    organization_code     text,
    updated_at            timestamptz NOT NULL,
    CONSTRAINT register_entry_status CHECK (status IN ('active', 'revoked', 'cancelled'))
);

-- The only table that an operator writes directly (COPY), and only rows of their own login can be merged.
CREATE UNLOGGED TABLE faren.register_staging (
    import_id             uuid NOT NULL,
    operator              name NOT NULL DEFAULT session_user,
    line                  bigint NOT NULL,
    unit_code             text NOT NULL,
    name                  text NOT NULL,
    name_key              text NOT NULL,
    representative_mask   text NOT NULL,
    representative_index  bytea NOT NULL,
    representative_sealed bytea NOT NULL,
    document_type         text NOT NULL,
    document_mask         text NOT NULL,
    document_index        bytea NOT NULL,
    document_sealed       bytea NOT NULL,
    status                text NOT NULL,
    registration_number   text,
    organization_code     text
);

CREATE TABLE faren.organization (
    org_id         uuid PRIMARY KEY,
    name           text NOT NULL,
    name_key       text NOT NULL,
    unit_code      text NOT NULL,
    unit_code_type text NOT NULL,
    entity_type    text,
    created_at     timestamptz NOT NULL,
    CONSTRAINT organization_unit_code_type CHECK (unit_code_type IN ('uscc', 'registration-number', 'organization-code', 'project-code', 'issued'))
);

-- Claims: whoever holds the row holds the value. They are what no two processes can both win.
CREATE TABLE faren.unit_code_claim (
    unit_code text PRIMARY KEY,
    org_id    uuid NOT NULL
);

CREATE TABLE faren.username_claim (
    username_index bytea PRIMARY KEY,
    org_id         uuid NOT NULL,
    application_id uuid,
    account_id     uuid,
    claimed_at     timestamptz NOT NULL,
    CONSTRAINT username_claim_holder CHECK (num_nonnulls(application_id, account_id) = 1)
);

CREATE TABLE faren.phone_claim (
    org_id         uuid NOT NULL,
    phone_index    bytea NOT NULL,
    application_id uuid,
    account_id     uuid,
    claimed_at     timestamptz NOT NULL,
    PRIMARY KEY (org_id, phone_index),
    CONSTRAINT phone_claim_holder CHECK (num_nonnulls(application_id, account_id) = 1)
);

CREATE TABLE faren.agent_claim (
    org_id         uuid NOT NULL,
    document_index bytea NOT NULL,
    document_type  text NOT NULL,
    application_id uuid,
    account_id     uuid,
    claimed_at     timestamptz NOT NULL,
    PRIMARY KEY (org_id, document_index, document_type),
    CONSTRAINT agent_claim_holder CHECK (num_nonnulls(application_id, account_id) = 1)
);

-- One row a rejection: the daily limit counts slots, and a slot can be taken once.
CREATE TABLE faren.rejection (
    org_id         uuid NOT NULL,
    document_index bytea NOT NULL,
    document_type  text NOT NULL,
    day            date NOT NULL,
    slot           integer NOT NULL,
    application_id uuid NOT NULL,
    rejected_at    timestamptz NOT NULL,
    PRIMARY KEY (org_id, document_index, document_type, day, slot)
);

CREATE TABLE faren.agent (
    org_id          uuid NOT NULL,
    agent_id        uuid NOT NULL,
    name_mask       text NOT NULL,
    name_index      bytea NOT NULL,
    name_sealed     bytea NOT NULL,
    document_type   text NOT NULL,
    document_mask   text NOT NULL,
    document_index  bytea NOT NULL,
    document_sealed bytea NOT NULL,
    phone_mask      text NOT NULL,
    phone_index     bytea NOT NULL,
    phone_sealed    bytea NOT NULL,
    email_mask      text,
    email_sealed    bytea,
    landline_mask   text,
    landline_sealed bytea,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (org_id, agent_id),
    FOREIGN KEY (org_id) REFERENCES faren.organization (org_id),
    CONSTRAINT agent_email CHECK ((email_mask IS NULL) = (email_sealed IS NULL)),
    CONSTRAINT agent_landline CHECK ((landline_mask IS NULL) = (landline_sealed IS NULL))
);

CREATE TABLE faren.credential (
    org_id           uuid NOT NULL,
    credential_id    uuid NOT NULL,
    username_index   bytea NOT NULL,
    username_display text NOT NULL,
    username_sealed  bytea NOT NULL,
    params           jsonb NOT NULL,
    salt             bytea NOT NULL,
    verifier         bytea NOT NULL,
    changed_at       timestamptz NOT NULL,
    PRIMARY KEY (org_id, credential_id),
    FOREIGN KEY (org_id) REFERENCES faren.organization (org_id),
    CONSTRAINT credential_verifier CHECK (length(verifier) = 32),
    CONSTRAINT credential_params CHECK (jsonb_typeof(params) = 'object')
);

-- A certified application whose user is not created yet. It has no organization row, and becomes an
-- application of one when the user is created.
CREATE TABLE faren.draft (
    application_id uuid PRIMARY KEY,
    channel        text NOT NULL,
    status         text NOT NULL,
    name           text NOT NULL,
    name_key       text NOT NULL,
    unit_code      text NOT NULL,
    unit_code_type text NOT NULL,
    entity_type    text,
    warnings       jsonb NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    expires_at     timestamptz,
    CONSTRAINT draft_warnings CHECK (jsonb_typeof(warnings) = 'array'),
    CONSTRAINT draft_channel CHECK (channel IN ('zhejiang', 'other-province')),
    CONSTRAINT draft_status CHECK (status IN ('certified', 'withdrawn', 'expired')),
    CONSTRAINT draft_expiry CHECK ((status = 'certified') = (expires_at IS NOT NULL))
);

CREATE TABLE faren.account (
    org_id        uuid NOT NULL,
    account_id    uuid NOT NULL,
    agent_id      uuid NOT NULL,
    credential_id uuid NOT NULL,
    role          text NOT NULL,
    status        text NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (org_id, account_id),
    FOREIGN KEY (org_id, agent_id) REFERENCES faren.agent (org_id, agent_id),
    FOREIGN KEY (org_id, credential_id) REFERENCES faren.credential (org_id, credential_id),
    CONSTRAINT account_role CHECK (role IN ('legal-representative', 'administrator', 'agent')),
    CONSTRAINT account_status CHECK (status IN ('pending', 'active', 'disabled', 'deactivated'))
);
CREATE INDEX account_reviewers ON faren.account (org_id) WHERE role <> 'agent' AND status = 'active';

CREATE TABLE faren.application (
    org_id          uuid NOT NULL,
    application_id  uuid NOT NULL,
    agent_id        uuid NOT NULL,
    credential_id   uuid,
    username_display text NOT NULL,
    username_index  bytea NOT NULL,
    channel         text NOT NULL,
    entity_type     text,
    status          text NOT NULL,
    role            text,
    account_id      uuid,
    review_kind     text NOT NULL,
    decided_at      timestamptz,
    decided_by      text,
    decision_channel text,
    decision_reason text,
    verification_id uuid,
    warnings        jsonb NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    submitted_at    timestamptz,
    expires_at      timestamptz,
    PRIMARY KEY (org_id, application_id),
    FOREIGN KEY (org_id, agent_id) REFERENCES faren.agent (org_id, agent_id),
    FOREIGN KEY (org_id, account_id) REFERENCES faren.account (org_id, account_id),
    CONSTRAINT application_warnings CHECK (jsonb_typeof(warnings) = 'array'),
    CONSTRAINT application_channel CHECK (channel IN ('zhejiang', 'other-province')),
    CONSTRAINT application_status CHECK (status IN ('certified', 'awaiting-identity', 'pending-review', 'approved', 'rejected', 'withdrawn', 'expired')),
    CONSTRAINT application_role CHECK (role IS NULL OR role IN ('legal-representative', 'administrator', 'agent')),
    CONSTRAINT application_review_kind CHECK (review_kind IN ('none', 'organization')),
    CONSTRAINT application_account CHECK ((status = 'approved') = (account_id IS NOT NULL)),
    CONSTRAINT application_decision CHECK (status <> 'rejected' OR (decided_at IS NOT NULL AND decision_reason IS NOT NULL)),
    CONSTRAINT application_expiry CHECK ((status IN ('certified', 'awaiting-identity')) = (expires_at IS NOT NULL)),
    CONSTRAINT application_credential CHECK ((credential_id IS NOT NULL) = (status IN ('awaiting-identity', 'pending-review', 'approved')))
);
CREATE INDEX application_by_id ON faren.application (application_id);
CREATE INDEX application_by_agent ON faren.application (org_id, agent_id);
CREATE INDEX application_by_username ON faren.application (username_index);
CREATE INDEX application_undecided ON faren.application (org_id, submitted_at) WHERE status = 'pending-review';
CREATE INDEX agent_by_document ON faren.agent (org_id, document_index);
CREATE INDEX agent_by_phone ON faren.agent (org_id, phone_index);

CREATE TABLE faren.verification (
    org_id           uuid NOT NULL,
    verification_id  uuid NOT NULL,
    purpose          text NOT NULL,
    application_id   uuid NOT NULL,
    agent_id         uuid NOT NULL,
    session_id       uuid,
    provider         text NOT NULL,
    reference        text NOT NULL,
    qr_uri           text NOT NULL,
    status           text NOT NULL,
    failure          text,
    created_at       timestamptz NOT NULL,
    completed_at     timestamptz,
    used_at          timestamptz,
    expires_at       timestamptz NOT NULL,
    PRIMARY KEY (org_id, verification_id),
    FOREIGN KEY (org_id, application_id) REFERENCES faren.application (org_id, application_id),
    FOREIGN KEY (org_id, agent_id) REFERENCES faren.agent (org_id, agent_id),
    CONSTRAINT verification_purpose CHECK (purpose IN ('register', 'review')),
    CONSTRAINT verification_provider CHECK (provider IN ('sandbox')),
    CONSTRAINT verification_status CHECK (status IN ('pending', 'passed', 'failed', 'manual-review', 'expired')),
    CONSTRAINT verification_used CHECK (used_at IS NULL OR status = 'passed'),
    CONSTRAINT verification_completed CHECK ((status IN ('pending', 'expired')) OR completed_at IS NOT NULL)
);
CREATE INDEX verification_by_id ON faren.verification (verification_id);
CREATE INDEX verification_by_application ON faren.verification (org_id, application_id, purpose, created_at);

CREATE TABLE faren.session (
    org_id       uuid NOT NULL,
    session_id   uuid NOT NULL,
    token_hash   bytea NOT NULL,
    kind         text NOT NULL,
    account_id   uuid NOT NULL,
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz,
    revoked_by   text,
    PRIMARY KEY (org_id, session_id),
    FOREIGN KEY (org_id, account_id) REFERENCES faren.account (org_id, account_id),
    CONSTRAINT session_kind CHECK (kind IN ('password')),
    CONSTRAINT session_token UNIQUE (org_id, token_hash)
);
CREATE INDEX session_by_id ON faren.session (session_id);

-- Counted by user name, whether or not it exists, so that unknown names lock like known ones.
CREATE TABLE faren.sign_in_failure (
    username_index bytea PRIMARY KEY,
    failed_at      timestamptz[] NOT NULL,
    locked_until   timestamptz,
    updated_at     timestamptz NOT NULL
);
CREATE INDEX sign_in_failure_age ON faren.sign_in_failure (updated_at);

CREATE TABLE faren.sms (
    org_id         uuid NOT NULL,
    sms_id         uuid NOT NULL,
    kind           text NOT NULL,
    agent_id       uuid,
    to_mask        text NOT NULL,
    to_index       bytea NOT NULL,
    to_sealed      bytea,
    params         jsonb NOT NULL,
    params_sealed  bytea,
    application_id uuid,
    status         text NOT NULL,
    attempts       integer NOT NULL DEFAULT 0,
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (org_id, sms_id),
    CONSTRAINT sms_kind CHECK (kind IN ('code', 'review-requested', 'approved', 'rejected')),
    CONSTRAINT sms_status CHECK (status IN ('queued')),
    CONSTRAINT sms_code_sealed CHECK (kind <> 'code' OR params_sealed IS NOT NULL),
    CONSTRAINT sms_recipient CHECK (num_nonnulls(agent_id, to_sealed) = 1)
);
CREATE INDEX sms_by_id ON faren.sms (sms_id);
CREATE INDEX sms_by_time ON faren.sms (created_at, sms_id);
CREATE INDEX sms_by_application ON faren.sms (application_id) WHERE application_id IS NOT NULL;

-- The row that two requests for a code to one number queue up on.
CREATE TABLE faren.sms_number (
    phone_index bytea PRIMARY KEY,
    requested_at timestamptz NOT NULL
);
CREATE INDEX sms_number_age ON faren.sms_number (requested_at);

CREATE TABLE faren.sms_code (
    phone_index bytea NOT NULL,
    code_id     uuid NOT NULL,
    purpose     text NOT NULL,
    salt        bytea NOT NULL,
    code_hash   bytea NOT NULL,
    attempts    integer NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz,
    PRIMARY KEY (phone_index, code_id),
    CONSTRAINT sms_code_purpose CHECK (purpose IN ('register'))
);
CREATE INDEX sms_code_recent ON faren.sms_code (phone_index, created_at);

CREATE TABLE faren.request (
    request_key   text PRIMARY KEY,
    operator      name NOT NULL,
    function_name text NOT NULL,
    arguments_hash text NOT NULL,
    result        jsonb,
    created_at    timestamptz NOT NULL
);
CREATE INDEX request_age ON faren.request (created_at);

CREATE TABLE faren.audit_event (
    org_id       uuid NOT NULL,
    event_id     bigint GENERATED ALWAYS AS IDENTITY,
    at           timestamptz NOT NULL,
    recorded_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    operator     name NOT NULL,
    session_id   uuid,
    action       text NOT NULL,
    subject_kind text NOT NULL,
    subject_id   text NOT NULL,
    outcome      text NOT NULL,
    code         text,
    ticket       text,
    reason       text,
    request_id   uuid,
    details      jsonb NOT NULL,
    PRIMARY KEY (org_id, event_id),
    CONSTRAINT audit_event_outcome CHECK (outcome IN ('done', 'refused'))
);
CREATE INDEX audit_event_by_time ON faren.audit_event (at);
CREATE INDEX audit_event_by_subject ON faren.audit_event (subject_id);

CREATE FUNCTION faren.refuse_audit_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'audit events are never changed' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_event_guard BEFORE UPDATE OR DELETE ON faren.audit_event
    FOR EACH ROW EXECUTE FUNCTION faren.refuse_audit_change();
CREATE TRIGGER audit_event_guard_truncate BEFORE TRUNCATE ON faren.audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION faren.refuse_audit_change();

-- Who is calling. The first fields are what the client says of itself; begin_call settles all the others and takes
-- none of them from the client.
CREATE TYPE faren.caller AS (
    request_id         uuid,
    idempotency_key    text,
    arguments_hash     text,
    ticket             text,
    reason             text,
    language           text,
    session_org        uuid,
    session_token_hash text,
    index_check        text,
    function_name      text,
    request_key        text,
    operator           text,
    environment        text,
    at                 timestamptz,
    replay             jsonb,
    session_problem    text,
    session_id         uuid,
    org_id             uuid,
    account_id         uuid,
    agent_id           uuid,
    role               text
);
-- +goose StatementEnd
