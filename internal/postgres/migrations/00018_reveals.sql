-- +goose Up
-- What is sealed is shown in two calls: the first writes down who asks and why, counts it and leaves a grant; only when that is committed
-- the second hands the field out. So nobody has a field in clear whose trace is rolled back.

-- +goose StatementBegin
INSERT INTO faren.policy (name, kind, value, default_value, minimum, maximum, choices, description_en, description_zh) VALUES
    ('reveal.daily', 'count', '50', '50', 0, 100000, NULL, 'sealed fields that one operator may be shown on one day', '每名操作员每天可明文查看字段的次数'),
    ('reveal.ticket', 'choice', 'optional', 'optional', NULL, NULL, ARRAY['optional', 'required'], 'whether showing a sealed field needs a ticket', '明文查看字段是否须填写工单号');

-- The row that an operator's reveals of one day, in China, queue up on.
CREATE TABLE faren.reveal_day (
    operator name NOT NULL,
    day      date NOT NULL,
    shown    bigint NOT NULL,
    PRIMARY KEY (operator, day)
);

-- transaction is the one that wrote the row, within which it is worth nothing. used_by is the request that it was used for.
CREATE TABLE faren.reveal_grant (
    operator    name NOT NULL,
    grant_id    uuid NOT NULL,
    kind        text NOT NULL,
    subject_id  uuid NOT NULL,
    field       text NOT NULL,
    transaction xid8 NOT NULL,
    granted_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz,
    used_by     uuid,
    PRIMARY KEY (operator, grant_id),
    CONSTRAINT reveal_grant_subject CHECK (kind IN ('application', 'account', 'sms', 'document')),
    CONSTRAINT reveal_grant_used CHECK ((used_at IS NULL) = (used_by IS NULL))
);
CREATE INDEX reveal_grant_age ON faren.reveal_grant (expires_at);
-- +goose StatementEnd
