-- request_sms_code puts a code's message in the outbox and keeps its salted hash, within the limits of one number:
-- time between two codes, codes an hour and a day, both rolling (policy sms.code_…).
-- code is {sms_id, code_id, purpose, phone_index, phone_mask, phone_sealed, params_sealed, proof}.
CREATE OR REPLACE FUNCTION api.request_sms_code(caller jsonb, code jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'request_sms_code');
    phone   bytea := decode(code ->> 'phone_index', 'hex');
    sms     uuid := (code ->> 'sms_id')::uuid;
    resend  interval := faren.policy_interval('sms.code_resend');
    hourly  bigint := faren.policy_count('sms.code_hourly');
    daily   bigint := faren.policy_count('sms.code_daily');
    salt    bytea := uuid_send(gen_random_uuid());
    free_at timestamptz;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    IF coalesce(code ->> 'purpose' NOT IN ('register', 'agent-add', 'agent-update'), true) THEN
        RETURN faren.refuse(c, 'sms.code', 'sms', sms::text, NULL,
                            faren.refusal('VALUE_INVALID', '{"field": "purpose", "allowed": ["register", "agent-add", "agent-update"]}'));
    END IF;
    -- Two requests for one number queue up here, so that the counts below are exact.
    INSERT INTO faren.sms_number (phone_index, requested_at) VALUES (phone, c.at)
    ON CONFLICT (phone_index) DO UPDATE SET requested_at = excluded.requested_at;
    SELECT max(t.at) INTO free_at FROM (
        (SELECT k.created_at + resend AS at FROM faren.sms_code k WHERE k.phone_index = phone ORDER BY k.created_at DESC LIMIT 1)
        UNION ALL
        (SELECT k.created_at + interval '1 hour' FROM faren.sms_code k WHERE k.phone_index = phone ORDER BY k.created_at DESC OFFSET hourly - 1 LIMIT 1)
        UNION ALL
        (SELECT k.created_at + interval '1 day' FROM faren.sms_code k WHERE k.phone_index = phone ORDER BY k.created_at DESC OFFSET daily - 1 LIMIT 1)) t;
    IF free_at > c.at THEN
        RETURN faren.refuse(c, 'sms.code', 'sms', sms::text, NULL,
                            faren.refusal('SMS_TOO_FREQUENT', jsonb_build_object('until', free_at)));
    END IF;
    -- What is past every limit goes, ten numbers at a time.
    WITH old AS (
        DELETE FROM faren.sms_number o WHERE o.phone_index IN (
            SELECT x.phone_index FROM faren.sms_number x WHERE x.requested_at < c.at - interval '2 days'
            ORDER BY x.requested_at LIMIT 10 FOR UPDATE SKIP LOCKED)
        RETURNING o.phone_index)
    DELETE FROM faren.sms_code k USING old WHERE k.phone_index = old.phone_index;
    DELETE FROM faren.sms_code k WHERE k.phone_index = phone AND k.created_at < c.at - interval '2 days';
    INSERT INTO faren.sms_code (phone_index, code_id, purpose, salt, code_hash, created_at, expires_at)
    VALUES (phone, (code ->> 'code_id')::uuid, code ->> 'purpose', salt, sha256(salt || decode(code ->> 'proof', 'hex')),
            c.at, c.at + faren.policy_interval('sms.code_lifetime'));
    -- A message to a number that belongs to no organization is a tenant of its own.
    INSERT INTO faren.sms (org_id, sms_id, kind, to_mask, to_index, to_sealed, params, params_sealed, status, created_at, request_id, next_attempt_at, expires_at)
    VALUES (sms, sms, 'code', code ->> 'phone_mask', phone, decode(code ->> 'phone_sealed', 'hex'),
            jsonb_build_object('minutes', faren.policy_count('sms.code_lifetime') / 60), decode(code ->> 'params_sealed', 'hex'),
            'queued', c.at, c.request_id, c.at, c.at + faren.policy_interval('sms.code_lifetime'));
    RETURN faren.end_call(c, 'sms.code', 'sms', sms::text, NULL,
                          jsonb_build_object('sms_id', sms, 'purpose', code ->> 'purpose', 'to_mask', code ->> 'phone_mask',
                                             'expires_at', c.at + faren.policy_interval('sms.code_lifetime'),
                                             'resend_at', c.at + resend),
                          jsonb_build_object('purpose', code ->> 'purpose'));
END
$$;
REVOKE ALL ON FUNCTION api.request_sms_code(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.request_sms_code(jsonb, jsonb) TO faren_registrar;
