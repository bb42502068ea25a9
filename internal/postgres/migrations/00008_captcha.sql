-- +goose Up
-- The captcha of the portal's forms (guide 一.1, 一.5: 验证码), asked for where policy says so.

-- +goose StatementBegin
INSERT INTO faren.policy (name, kind, value, default_value, minimum, maximum, choices, description_en, description_zh) VALUES
    ('captcha.required', 'choice', 'off', 'off', NULL, NULL, ARRAY['off', 'on'], 'whether registration and recovery ask for a captcha', '注册和找回时是否需要图形验证码'),
    ('captcha.lifetime', 'seconds', '300', '300', 30, 3600, NULL, 'how long a captcha lives', '图形验证码有效期'),
    ('captcha.attempts', 'count', '3', '3', 1, 10, NULL, 'tries of one captcha', '一个图形验证码可尝试的次数');

CREATE TABLE faren.captcha (
    captcha_id  uuid PRIMARY KEY,
    salt        bytea NOT NULL,
    answer_hash bytea NOT NULL,
    attempts    integer NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz,
    CONSTRAINT captcha_answer CHECK (length(answer_hash) = 32)
);
CREATE INDEX captcha_age ON faren.captcha (expires_at);
ALTER TYPE faren.caller ADD ATTRIBUTE captcha_id uuid;
ALTER TYPE faren.caller ADD ATTRIBUTE captcha_proof text;
-- +goose StatementEnd
