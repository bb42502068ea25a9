-- message_state tells what else is known of a message than the view api.sms shows: {at, expires_at, claimed_by, claimed_until, code}; at is the
-- rules' clock, code is NULL for what is no code. A code itself is known to nobody here, only its hash.
CREATE OR REPLACE FUNCTION api.message_state(message uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    at timestamptz := (SELECT clock_timestamp() + s.clock_offset FROM faren.setting s);
    m  faren.sms;
    k  faren.sms_code;
BEGIN
    SELECT * INTO m FROM faren.sms x WHERE x.sms_id = message;
    IF m.kind = 'code' THEN
        -- A code and its message were made at one moment.
        SELECT * INTO k FROM faren.sms_code x WHERE x.phone_index = m.to_index AND x.created_at = m.created_at;
    END IF;
    RETURN jsonb_build_object('result', jsonb_build_object('at', at, 'expires_at', m.expires_at, 'claimed_by', m.claimed_by, 'claimed_until', m.claimed_until,
        'code', CASE WHEN m.kind = 'code' THEN faren.code_json(m, k, at) END));
END
$$;
REVOKE ALL ON FUNCTION api.message_state(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.message_state(uuid) TO faren_registrar, faren_support;

-- code_json tells how a code fares: {purpose, status, sent_at, expires_at, used_at, tries, tries_left, superseded_at}. status is live, used, expired,
-- superseded by a newer one of its purpose, or exhausted by wrong tries. m is its message; a code that is gone from the table, two days
-- after it was sent, has expired, and what else is known of it is NULL. Each recovery has its own code, kept with the recovery.
CREATE OR REPLACE FUNCTION faren.code_json(m faren.sms, k faren.sms_code, at timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    r      faren.recovery;
    most   bigint := faren.policy_count('sms.code_attempts');
    ends   timestamptz := coalesce(m.expires_at, k.expires_at);
    used   timestamptz := k.used_at;
    tries  bigint := k.attempts;
    newer  timestamptz := (SELECT min(x.created_at) FROM faren.sms_code x
                           WHERE x.phone_index = k.phone_index AND x.purpose = k.purpose AND x.created_at > k.created_at);
    status text;
BEGIN
    IF k.purpose = 'recover' THEN
        SELECT * INTO r FROM faren.recovery x WHERE x.org_id = m.org_id AND x.code_expires_at = m.expires_at;
        used := CASE WHEN r.proven_by = 'sms' THEN r.proven_at END;
        tries := r.code_attempts;
        newer := CASE WHEN r.recovery_id IS NULL THEN newer END;
    END IF;
    status := CASE WHEN used IS NOT NULL THEN 'used' WHEN ends <= at THEN 'expired'
                   WHEN newer IS NOT NULL OR k.purpose = 'recover' AND r.recovery_id IS NULL THEN 'superseded'
                   WHEN tries >= most THEN 'exhausted' ELSE 'live' END;
    RETURN jsonb_build_object('purpose', k.purpose, 'status', status, 'sent_at', coalesce(k.created_at, m.created_at), 'expires_at', ends, 'used_at', used,
        'tries', tries, 'tries_left', CASE WHEN status = 'live' THEN most - tries ELSE 0 END, 'superseded_at', newer);
END
$$;
REVOKE ALL ON FUNCTION faren.code_json(faren.sms, faren.sms_code, timestamptz) FROM PUBLIC;
