-- begin_call turns what the client says of itself into a settled caller: who (the database login), when (the rules'
-- clock), where (environment), in which session, and whether this very request was answered before. Every function
-- that changes something starts here and ends with end_call or refuse.
-- A request is known by its id, or by its idempotency key, which holds for a whole command: its calls, by function and part, each have
-- their answer, and a row of the key alone says of which command. command_hash is of its words and flags, arguments_hash of all that it was
-- given until this call, files included.
-- Raises FN001 when the client indexes with another key than this database's, or seals with one that is retired: to have read the settings holds
-- off retire_key, which locks them, until this transaction's end.
CREATE OR REPLACE FUNCTION faren.begin_call(caller jsonb, called text) RETURNS faren.caller
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    said     faren.caller := jsonb_populate_record(NULL::faren.caller, caller);
    c        faren.caller;
    setting  faren.setting;
    earlier  faren.request;
    s        faren.session;
    -- They hand out what may be had only once it is written down, or examine a secret and nothing else.
    untried  CONSTANT text[] := '{open_attempt, sign_in, sign_in_organization, prove_recovery, request_reveal, reveal, request_document, read_document,
                                  verification_evidence, begin_resealing, reseal}';
    -- Each of them is a request of its own: an answer that is given once, or a call of a loop that goes on until nothing is left to do.
    unkeyed  CONSTANT text[] := '{open_attempt, sign_in, sign_in_organization, open_sign_in, make_captcha, request_reveal, reveal, request_document, read_document,
                                  verification_evidence, claim_messages, settle_messages, claim_poll, answer_poll, fixture_finish, fixture_close, begin_resealing,
                                  reseal}';
BEGIN
    c.request_id := coalesce(said.request_id, gen_random_uuid());
    c.idempotency_key := said.idempotency_key;
    c.arguments_hash := coalesce(said.arguments_hash, '');
    c.ticket := left(said.ticket, 200);
    c.reason := left(said.reason, 1000);
    c.language := said.language;
    c.session_org := said.session_org;
    c.session_token_hash := said.session_token_hash;
    c.index_check := said.index_check;
    c.captcha_id := said.captcha_id;
    c.captcha_proof := said.captcha_proof;
    c.dry_run := coalesce(said.dry_run, false);
    c.part := coalesce(said.part, 0);
    c.command_hash := coalesce(said.command_hash, '');
    c.sealing_key := said.sealing_key;
    c.function_name := called;
    c.operator := session_user;

    SELECT * INTO STRICT setting FROM faren.setting;
    c.environment := setting.environment;
    c.at := clock_timestamp() + setting.clock_offset;
    IF c.index_check IS DISTINCT FROM setting.index_check THEN
        RAISE EXCEPTION 'KEYRING_MISMATCH' USING ERRCODE = 'FN001';
    END IF;
    IF c.sealing_key = ANY (setting.retired_keys) THEN
        RAISE EXCEPTION 'KEYRING_OUTDATED' USING ERRCODE = 'FN001', DETAIL = faren.key_name(setting.sealing_key);
    END IF;

    IF c.dry_run THEN
        INSERT INTO faren.dry_run (request_id) VALUES (c.request_id); -- which lets nothing of this transaction be committed
        IF called = ANY (untried) THEN
            c.replay := jsonb_build_object('refused', faren.refusal('DRY_RUN_IMPOSSIBLE'));
            RETURN c;
        END IF;
    END IF;
    IF c.idempotency_key IS NULL OR called = ANY (unkeyed) THEN
        c.request_key := c.operator || '/' || c.request_id::text;
    ELSE
        c.request_key := jsonb_build_array(c.operator, c.idempotency_key);
        earlier := faren.claim_request(c, '');
        IF earlier.arguments_hash <> c.command_hash THEN
            c.replay := jsonb_build_object('refused', faren.refusal('IDEMPOTENCY_KEY_REUSED'));
            RETURN c;
        END IF;
        c.request_key := jsonb_build_array(c.operator, c.idempotency_key, called, c.part);
    END IF;
    earlier := faren.claim_request(c, called);
    IF earlier.request_key IS NOT NULL THEN
        IF earlier.arguments_hash <> c.arguments_hash AND c.idempotency_key IS NOT NULL AND called <> ALL (unkeyed) THEN
            c.replay := jsonb_build_object('refused', faren.refusal('IDEMPOTENCY_KEY_REUSED'));
            RETURN c;
        ELSIF earlier.function_name <> called OR earlier.arguments_hash <> c.arguments_hash THEN
            RAISE EXCEPTION 'REQUEST_ID_REUSED' USING ERRCODE = 'FN001';
        END IF;
        c.replay := earlier.result || jsonb_build_object('replayed', true);
        RETURN c;
    END IF;
    -- Ten at a time keeps the table small without ever costing one call much.
    DELETE FROM faren.request r WHERE r.request_key IN (
        SELECT o.request_key FROM faren.request o
        WHERE o.created_at < c.at - faren.policy_interval('request.retention')
        ORDER BY o.created_at LIMIT 10 FOR UPDATE SKIP LOCKED);

    IF c.session_token_hash IS NULL THEN
        c.session_problem := 'NOT_SIGNED_IN';
        RETURN c;
    END IF;
    SELECT * INTO s FROM faren.session x
    WHERE x.org_id = c.session_org AND x.token_hash = decode(c.session_token_hash, 'hex');
    IF NOT FOUND OR s.revoked_at IS NOT NULL THEN
        c.session_problem := 'SESSION_ENDED';
    ELSIF s.expires_at <= c.at OR s.last_seen_at + faren.policy_interval('session.idle') <= c.at THEN
        c.session_problem := 'SESSION_EXPIRED';
    ELSE
        IF s.agent_id IS NOT NULL THEN
            -- By certificate or e-licence: of the organization, without an account. The person is the one who was named.
            SELECT s.org_id, s.agent_id, 'organization' INTO c.org_id, c.agent_id, c.role;
        ELSIF s.application_id IS NULL THEN
            SELECT a.org_id, a.account_id, a.agent_id, a.role INTO c.org_id, c.account_id, c.agent_id, c.role
            FROM faren.account a
            WHERE a.org_id = s.org_id AND a.account_id = s.account_id AND a.status = 'active';
        ELSE
            -- An applicant's: no account and no role.
            SELECT p.org_id, p.application_id, p.agent_id INTO c.org_id, c.application_id, c.agent_id
            FROM faren.application p
            WHERE p.org_id = s.org_id AND p.application_id = s.application_id AND faren.applicant_may_look(p.status) AND coalesce(p.expires_at > c.at, true);
        END IF;
        IF NOT FOUND THEN
            c.session_problem := 'SESSION_ENDED';
        ELSE
            c.session_id := s.session_id;
            -- Not at every call, which spares writes; often enough for any idle time.
            IF s.last_seen_at < c.at - least(interval '1 minute', faren.policy_interval('session.idle') / 10) THEN
                UPDATE faren.session x SET last_seen_at = c.at WHERE x.org_id = s.org_id AND x.session_id = s.session_id;
            END IF;
        END IF;
    END IF;
    RETURN c;
END
$$;
REVOKE ALL ON FUNCTION faren.begin_call(jsonb, text) FROM PUBLIC;

-- claim_request makes the row of the caller's request; called is '' for that of a key, which has no answer of its own. NULL fields when it
-- is new, else the row that is there: of two at once, the second waits for the first's end.
CREATE OR REPLACE FUNCTION faren.claim_request(c faren.caller, called text) RETURNS faren.request
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    earlier faren.request;
BEGIN
    INSERT INTO faren.request (request_key, operator, function_name, arguments_hash, result, created_at)
    VALUES (c.request_key, c.operator, called, CASE called WHEN '' THEN c.command_hash ELSE c.arguments_hash END, CASE called WHEN '' THEN '{}'::jsonb END, c.at)
    ON CONFLICT (request_key) DO NOTHING;
    IF NOT FOUND THEN
        SELECT * INTO STRICT earlier FROM faren.request r WHERE r.request_key = c.request_key;
    END IF;
    RETURN earlier;
END
$$;
REVOKE ALL ON FUNCTION faren.claim_request(faren.caller, text) FROM PUBLIC;

-- earlier_answer gives what one function answered under the caller's idempotency key; null when it was not called yet. It is asked before
-- something outside the database is begun for the call, which a repeat has no use for.
CREATE OR REPLACE FUNCTION api.earlier_answer(caller jsonb, called text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    said faren.caller := jsonb_populate_record(NULL::faren.caller, caller);
BEGIN
    RETURN (SELECT r.result || jsonb_build_object('replayed', true) FROM faren.request r
            WHERE r.request_key = jsonb_build_array(session_user, said.idempotency_key, called, coalesce(said.part, 0))::text
              AND r.arguments_hash = said.arguments_hash AND r.result IS NOT NULL);
END
$$;
REVOKE ALL ON FUNCTION api.earlier_answer(jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.earlier_answer(jsonb, text) TO faren_registrar;
