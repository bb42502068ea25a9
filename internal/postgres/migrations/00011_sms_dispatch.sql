-- +goose Up
-- How messages leave the outbox (短信发送). queued: due at next_attempt_at. sending: in the hands of the process that claimed it, until
-- claimed_until; a claim that ran out means unknown, since nobody knows what became of it. sent, dead and unknown are ends, of which the
-- last two can be tried again by hand.

-- +goose StatementBegin
INSERT INTO faren.policy (name, kind, value, default_value, minimum, maximum, choices, description_en, description_zh) VALUES
    ('sms.attempts', 'count', '6', '6', 1, 20, NULL, 'tries of one message before it is dead', '一条短信最多尝试发送的次数'),
    ('sms.backoff', 'seconds', '30', '30', 1, 3600, NULL, 'wait before a message is tried again; doubles with every try', '发送失败后重试的间隔,每次加倍'),
    ('sms.claim', 'seconds', '120', '120', 60, 3600, NULL, 'how long a process may take to send what it claimed', '发送进程领取短信后的时限');

-- request_id is the change that caused a message; claim_id the request that claimed it last.
ALTER TABLE faren.sms
    ADD COLUMN request_id uuid,
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN next_attempt_at timestamptz,
    ADD COLUMN claim_id uuid,
    ADD COLUMN claimed_by name,
    ADD COLUMN claimed_until timestamptz,
    ADD COLUMN last_code text,
    ADD COLUMN reference text,
    ADD COLUMN sent_at timestamptz;
UPDATE faren.sms SET next_attempt_at = created_at,
    expires_at = CASE WHEN kind = 'code' THEN created_at + make_interval(secs => (SELECT p.value::bigint FROM faren.policy p WHERE p.name = 'sms.code_lifetime')) END;
ALTER TABLE faren.sms
    DROP CONSTRAINT sms_status,
    ADD CONSTRAINT sms_status CHECK (status IN ('queued', 'sending', 'sent', 'dead', 'unknown')),
    ADD CONSTRAINT sms_due CHECK ((status = 'queued') = (next_attempt_at IS NOT NULL)),
    ADD CONSTRAINT sms_claim CHECK ((status = 'sending') = (claimed_until IS NOT NULL) AND num_nulls(claim_id, claimed_by) IN (0, 2)
        AND (claimed_until IS NULL OR claim_id IS NOT NULL)),
    ADD CONSTRAINT sms_sent CHECK ((status = 'sent') = (sent_at IS NOT NULL)),
    ADD CONSTRAINT sms_code_expires CHECK (kind <> 'code' OR expires_at IS NOT NULL);
CREATE INDEX sms_due ON faren.sms (next_attempt_at, sms_id) WHERE status = 'queued';
CREATE INDEX sms_claimed ON faren.sms (claimed_until) WHERE status = 'sending';
CREATE INDEX sms_by_claim ON faren.sms (claim_id) WHERE status = 'sending';
CREATE INDEX sms_by_request ON faren.sms (request_id) WHERE status = 'queued' AND request_id IS NOT NULL;
-- +goose StatementEnd
