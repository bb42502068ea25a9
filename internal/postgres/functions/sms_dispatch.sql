-- claim_messages hands messages that are due to the process that is going to send them, at most wanted.limit, the one due longest first;
-- with wanted.request_id only those of that change. What another process has is passed over. Whoever claims settles, before the claim runs
-- out (policy sms.claim). On the way, codes that expired become dead, and claims that ran out unknown: those are never sent by themselves.
-- It answers {claim_id, seconds, messages: [{sms_id, kind, params, to, sealed}], expired, lost}; to and sealed with what they are bound to.
CREATE OR REPLACE FUNCTION api.claim_messages(caller jsonb, wanted jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'claim_messages');
    most    integer := (wanted ->> 'limit')::integer;
    cause   uuid := (wanted ->> 'request_id')::uuid;
    lives   interval := faren.policy_interval('sms.claim');
    k       record;
    m       faren.sms;
    g       faren.agent;
    problem text;
    taken   integer := 0;
    spent   integer := 0;
    lost    integer := 0;
BEGIN
    IF c.replay IS NOT NULL THEN
        -- What was handed out is read again instead of kept.
        RETURN CASE WHEN c.replay ? 'result' THEN faren.claimed_messages(c.request_id, lives, 0, 0) ELSE c.replay END;
    END IF;
    IF coalesce(most NOT BETWEEN 1 AND 1000, true) THEN
        RETURN faren.refuse(c, 'sms.claim', 'claim', c.request_id::text, NULL, faren.refusal('FIELD_REQUIRED', '{"field": "limit"}'));
    END IF;
    -- Every row is looked for by its organization, as everything that is locked.
    FOR k IN SELECT x.org_id, x.sms_id FROM faren.sms x WHERE x.status = 'sending' AND x.claimed_until <= c.at ORDER BY x.claimed_until LIMIT 1000 LOOP
        SELECT * INTO m FROM faren.sms x WHERE x.org_id = k.org_id AND x.sms_id = k.sms_id AND x.status = 'sending' AND x.claimed_until <= c.at FOR UPDATE SKIP LOCKED;
        CONTINUE WHEN NOT FOUND;
        UPDATE faren.sms x SET status = 'unknown', claimed_until = NULL, last_code = 'claim-ran-out' WHERE x.org_id = k.org_id AND x.sms_id = k.sms_id;
        PERFORM faren.audit_message(c, m, 'unknown', 'claim-ran-out');
        lost := lost + 1;
    END LOOP;
    FOR k IN SELECT x.org_id, x.sms_id FROM faren.sms x
             WHERE x.status = 'queued' AND x.next_attempt_at <= c.at AND (cause IS NULL OR x.request_id = cause) ORDER BY x.next_attempt_at, x.sms_id LOOP
        SELECT * INTO m FROM faren.sms x WHERE x.org_id = k.org_id AND x.sms_id = k.sms_id AND x.status = 'queued' AND x.next_attempt_at <= c.at FOR UPDATE SKIP LOCKED;
        CONTINUE WHEN NOT FOUND;
        problem := CASE WHEN m.expires_at <= c.at THEN 'expired' END;
        IF problem IS NULL AND m.to_sealed IS NULL THEN
            -- The number is the agent's, as long as it is the one that the message was written for.
            SELECT * INTO g FROM faren.agent x WHERE x.org_id = m.org_id AND x.agent_id = m.agent_id;
            IF g.phone_sealed IS NULL OR g.phone_index IS DISTINCT FROM m.to_index THEN
                problem := 'number-changed';
            END IF;
        END IF;
        IF problem IS NOT NULL THEN
            UPDATE faren.sms x SET status = 'dead', next_attempt_at = NULL, last_code = problem WHERE x.org_id = m.org_id AND x.sms_id = m.sms_id;
            PERFORM faren.audit_message(c, m, 'dead', problem);
            spent := spent + 1;
            CONTINUE;
        END IF;
        UPDATE faren.sms x SET status = 'sending', next_attempt_at = NULL, attempts = m.attempts + 1, claim_id = c.request_id, claimed_by = c.operator,
                               claimed_until = c.at + lives
        WHERE x.org_id = m.org_id AND x.sms_id = m.sms_id;
        taken := taken + 1;
        EXIT WHEN taken = most;
    END LOOP;
    IF taken + spent + lost = 0 THEN
        RETURN faren.end_look(c, faren.claimed_messages(c.request_id, lives, 0, 0) -> 'result');
    END IF;
    PERFORM faren.end_call(c, 'sms.claim', 'claim', c.request_id::text, NULL, '{}', jsonb_build_object('claimed', taken, 'dead', spent, 'unknown', lost));
    RETURN faren.claimed_messages(c.request_id, lives, spent, lost);
END
$$;
REVOKE ALL ON FUNCTION api.claim_messages(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.claim_messages(jsonb, jsonb) TO faren_registrar;

-- What a claim holds, as its answer.
CREATE OR REPLACE FUNCTION faren.claimed_messages(claim uuid, lives interval, expired integer, lost integer) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN jsonb_build_object('result', jsonb_build_object('claim_id', claim, 'seconds', extract(epoch FROM lives)::bigint, 'expired', expired, 'lost', lost,
        'messages', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('sms_id', m.sms_id, 'kind', m.kind, 'params', m.params,
                'to', CASE WHEN m.to_sealed IS NULL THEN faren.sealed_field('agent', g.agent_id, 'phone', g.phone_sealed)
                           ELSE faren.sealed_field('sms', m.sms_id, 'to', m.to_sealed) END,
                'sealed', faren.sealed_field('sms', m.sms_id, 'params', m.params_sealed)) ORDER BY m.created_at, m.sms_id), '[]')
            FROM faren.sms m LEFT JOIN faren.agent g ON g.org_id = m.org_id AND g.agent_id = m.agent_id
            WHERE m.claim_id = claim AND m.status = 'sending')));
END
$$;
REVOKE ALL ON FUNCTION faren.claimed_messages(uuid, interval, integer, integer) FROM PUBLIC;

-- settle_messages tells what became of what a claim handed out. done is {claim_id, results: [{sms_id, outcome, code, reference}]}; outcome
-- is sent, refused (dead), limited or failed (tried again with a growing pause, dead after sms.attempts tries), unknown, or released (not
-- tried: as before). A claim that ran out still counts, as long as nobody took its message up again. What the caller did not claim is left
-- alone. It answers how many are {sent, failed, dead, unknown, released, ignored}.
CREATE OR REPLACE FUNCTION api.settle_messages(caller jsonb, done jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'settle_messages');
    claim   uuid := (done ->> 'claim_id')::uuid;
    tries   bigint := faren.policy_count('sms.attempts');
    pause   double precision := faren.policy_count('sms.backoff');
    r       jsonb;
    m       faren.sms;
    counts  jsonb := '{"sent": 0, "failed": 0, "dead": 0, "unknown": 0, "released": 0, "ignored": 0}';
    outcome text;
    becomes text;
    due     timestamptz;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    IF claim IS NULL OR coalesce(jsonb_typeof(done -> 'results') <> 'array', true) OR EXISTS (
        SELECT FROM jsonb_array_elements(CASE WHEN jsonb_typeof(done -> 'results') = 'array' THEN done -> 'results' ELSE '[]' END) x
        WHERE x ->> 'sms_id' IS NULL OR coalesce(x ->> 'outcome' NOT IN ('sent', 'refused', 'limited', 'failed', 'unknown', 'released'), true))
    THEN
        RETURN faren.refuse(c, 'sms.settle', 'claim', coalesce(claim, c.request_id)::text, NULL, faren.refusal('FIELD_REQUIRED', '{"field": "results"}'));
    END IF;
    -- In one order, so that two calls never wait for each other crosswise.
    FOR r IN SELECT x FROM jsonb_array_elements(done -> 'results') x ORDER BY x ->> 'sms_id' LOOP
        m := faren.lock_message((r ->> 'sms_id')::uuid);
        outcome := r ->> 'outcome';
        IF coalesce(m.claim_id = claim AND m.claimed_by = c.operator AND m.status IN ('sending', 'unknown'), false) THEN
            becomes := CASE
                WHEN outcome IN ('sent', 'unknown') THEN outcome
                WHEN outcome = 'released' THEN 'queued'
                WHEN outcome = 'refused' OR m.attempts >= tries THEN 'dead'
                ELSE 'queued' END;
            -- The jitter is drawn here: Citus takes nothing volatile inside an UPDATE.
            due := CASE WHEN becomes <> 'queued' THEN NULL WHEN outcome = 'released' THEN c.at
                        ELSE c.at + make_interval(secs => least(pause * 2 ^ (m.attempts - 1), 21600) * (0.75 + random() * 0.5)) END;
            UPDATE faren.sms x SET status = becomes, next_attempt_at = due, claimed_until = NULL,
                claim_id = CASE WHEN becomes IN ('sent', 'unknown') THEN x.claim_id END, claimed_by = CASE WHEN becomes IN ('sent', 'unknown') THEN x.claimed_by END,
                attempts = x.attempts - (outcome = 'released')::integer,
                last_code = CASE WHEN outcome = 'released' THEN x.last_code ELSE left(r ->> 'code', 64) END,
                reference = coalesce(left(r ->> 'reference', 64), x.reference),
                sent_at = CASE WHEN becomes = 'sent' THEN c.at END
            WHERE x.org_id = m.org_id AND x.sms_id = m.sms_id;
            IF becomes IN ('dead', 'unknown') THEN
                PERFORM faren.audit_message(c, m, becomes, r ->> 'code');
            END IF;
            becomes := CASE WHEN outcome = 'released' THEN 'released' WHEN becomes = 'queued' THEN 'failed' ELSE becomes END;
        ELSE
            becomes := 'ignored';
        END IF;
        counts := counts || jsonb_build_object(becomes, (counts ->> becomes)::integer + 1);
    END LOOP;
    RETURN faren.end_call(c, 'sms.settle', 'claim', claim::text, NULL, counts, counts);
END
$$;
REVOKE ALL ON FUNCTION api.settle_messages(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.settle_messages(jsonb, jsonb) TO faren_registrar;

-- audit_message writes down that a message is not going to be sent by itself any more, and why, since its row tells only of its last state. A
-- gateway's word that could hold a number is not repeated.
CREATE OR REPLACE FUNCTION faren.audit_message(c faren.caller, m faren.sms, becomes text, cause text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF becomes <> m.status THEN
        PERFORM faren.audit(c, CASE becomes WHEN 'dead' THEN 'sms.dead' ELSE 'sms.unknown' END, 'sms', m.sms_id::text, m.org_id, 'done', NULL,
            jsonb_strip_nulls(jsonb_build_object('attempts', m.attempts, 'cause', CASE WHEN cause ~ '^[A-Za-z][A-Za-z._:-]{0,63}$' THEN cause END)));
    END IF;
END
$$;
REVOKE ALL ON FUNCTION faren.audit_message(faren.caller, faren.sms, text, text) FROM PUBLIC;

-- retry_message queues a message again that is dead, or of which nobody knows whether it was sent, with all its tries.
CREATE OR REPLACE FUNCTION api.retry_message(caller jsonb, message uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'retry_message');
    m       faren.sms := faren.lock_message(message);
    status  text;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    -- A claim that ran out means unknown, whether or not anybody has written that down.
    status := CASE WHEN m.status = 'sending' AND m.claimed_until <= c.at THEN 'unknown' ELSE m.status END;
    IF m.sms_id IS NULL THEN
        refused := faren.refusal('SMS_NOT_FOUND');
    ELSIF status NOT IN ('dead', 'unknown') THEN
        refused := faren.refusal('SMS_WRONG_STATE', jsonb_build_object('status', status));
    ELSIF m.expires_at <= c.at THEN
        refused := faren.refusal('SMS_CODE_EXPIRED');
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'sms.retry', 'sms', message::text, m.org_id, refused);
    END IF;
    UPDATE faren.sms x SET status = 'queued', next_attempt_at = c.at, attempts = 0, claim_id = NULL, claimed_by = NULL, claimed_until = NULL, request_id = c.request_id
    WHERE x.org_id = m.org_id AND x.sms_id = message;
    RETURN faren.end_call(c, 'sms.retry', 'sms', message::text, m.org_id, jsonb_build_object('sms_id', message), jsonb_build_object('was', status, 'attempts', m.attempts));
END
$$;
REVOKE ALL ON FUNCTION api.retry_message(jsonb, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.retry_message(jsonb, uuid) TO faren_support;

-- lock_message locks a message, which may move to another organization meanwhile, and gives it; a row of nulls when there is none.
CREATE OR REPLACE FUNCTION faren.lock_message(id uuid) RETURNS faren.sms
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    org uuid;
    m   faren.sms;
BEGIN
    FOR look IN 1 .. 2 LOOP
        SELECT x.org_id INTO org FROM faren.sms x WHERE x.sms_id = id;
        SELECT * INTO m FROM faren.sms x WHERE x.org_id = org AND x.sms_id = id FOR UPDATE;
        EXIT WHEN FOUND;
    END LOOP;
    RETURN m;
END
$$;
REVOKE ALL ON FUNCTION faren.lock_message(uuid) FROM PUBLIC;
