-- recoverable_account finds the account that somebody means: by user name, or by phone or document number and any unit code that was given
-- at registration (guide 一.5: 统一社会信用代码、注册号、组织机构代码等). NULL: there is none. What is deactivated is not there.
CREATE OR REPLACE FUNCTION faren.recoverable_account(selector jsonb) RETURNS uuid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    code text := selector ->> 'unit_code';
BEGIN
    IF selector ->> 'method' = 'username' THEN
        RETURN (SELECT a.account_id FROM faren.username_claim k JOIN faren.account a ON a.org_id = k.org_id AND a.account_id = k.account_id
                WHERE k.username_index = decode(selector ->> 'username_index', 'hex') AND a.status <> 'deactivated');
    END IF;
    RETURN (
        WITH unit AS (
            SELECT o.org_id FROM faren.organizations_of(code) o
        ), claim AS (
            SELECT k.org_id, k.account_id FROM unit u JOIN faren.phone_claim k ON k.org_id = u.org_id
            WHERE selector ->> 'method' = 'phone' AND k.phone_index = decode(selector ->> 'phone_index', 'hex')
            UNION ALL
            SELECT k.org_id, k.account_id FROM unit u JOIN faren.agent_claim k ON k.org_id = u.org_id
            WHERE selector ->> 'method' = 'document' AND k.document_index = decode(selector ->> 'document_index', 'hex')
        )
        SELECT a.account_id FROM claim k JOIN faren.account a ON a.org_id = k.org_id AND a.account_id = k.account_id
        WHERE a.status <> 'deactivated' ORDER BY a.created_at DESC LIMIT 1);
END
$$;
REVOKE ALL ON FUNCTION faren.recoverable_account(jsonb) FROM PUBLIC;

-- start_recovery begins a recovery (guide 一.5: 确认账号). Unknown accounts get the same answer, after the same writes, as known ones.
-- selector is {recovery_id, method, username_index | (phone_index | document_index), unit_code}, and selector_index: a keyed value of all
-- that was typed.
CREATE OR REPLACE FUNCTION api.start_recovery(caller jsonb, selector jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c     faren.caller := faren.begin_call(caller, 'start_recovery');
    id    uuid := (selector ->> 'recovery_id')::uuid;
    known uuid := faren.recoverable_account(selector);
    org   uuid;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    refused := faren.check_captcha(c);
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'recovery.start', 'recovery', id::text, NULL, refused);
    END IF;
    PERFORM faren.spend_captcha(c);
    DELETE FROM faren.recovery_rate o WHERE o.selector_index IN (
        SELECT x.selector_index FROM faren.recovery_rate x WHERE x.updated_at < c.at - interval '2 days' ORDER BY x.updated_at LIMIT 10 FOR UPDATE SKIP LOCKED);
    SELECT a.org_id INTO org FROM faren.account a WHERE a.account_id = known;
    INSERT INTO faren.recovery (org_id, recovery_id, account_id, selector_index, method, created_at, expires_at)
    VALUES (coalesce(org, id), id, known, decode(selector ->> 'selector_index', 'hex'), selector ->> 'method', c.at,
            c.at + faren.policy_interval('recovery.lifetime'));
    -- The audit must not tell the one from the other before the proof either.
    RETURN faren.end_call(c, 'recovery.start', 'recovery', id::text, NULL, faren.recovery_json(id), jsonb_build_object('method', selector ->> 'method'));
END
$$;
REVOKE ALL ON FUNCTION api.start_recovery(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.start_recovery(jsonb, jsonb) TO faren_registrar;

-- recovery_json is what may be told of a recovery: of the account only after the proof, its user name sealed.
CREATE OR REPLACE FUNCTION faren.recovery_json(id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object('recovery_id', r.recovery_id, 'method', r.method, 'created_at', r.created_at,
            'status', CASE WHEN r.reset_at IS NOT NULL THEN 'reset' WHEN r.proven_at IS NULL AND r.expires_at <= t.at THEN 'expired'
                           WHEN r.proven_at IS NULL THEN 'started' WHEN r.proven_at + w.reset_window <= t.at THEN 'expired' ELSE 'proven' END,
            'expires_at', CASE WHEN r.proven_at IS NULL THEN r.expires_at ELSE r.proven_at + w.reset_window END,
            'proven_by', r.proven_by,
            'username', CASE WHEN r.proven_at IS NOT NULL THEN d.username_display END,
            'username_sealed', CASE WHEN r.proven_at IS NOT NULL THEN faren.sealed_field('credential', d.credential_id, 'username', d.username_sealed) END)
        FROM faren.recovery r
        CROSS JOIN (SELECT clock_timestamp() + s.clock_offset AS at FROM faren.setting s) t
        CROSS JOIN (SELECT faren.policy_interval('recovery.reset_window') AS reset_window) w
        LEFT JOIN faren.account a ON a.org_id = r.org_id AND a.account_id = r.account_id
        LEFT JOIN faren.credential d ON d.org_id = a.org_id AND d.credential_id = a.credential_id
        WHERE r.recovery_id = id);
END
$$;
REVOKE ALL ON FUNCTION faren.recovery_json(uuid) FROM PUBLIC;

-- lock_recovery takes the row lock of a recovery. NULL fields when there is none.
CREATE OR REPLACE FUNCTION faren.lock_recovery(id uuid) RETURNS faren.recovery
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    r faren.recovery;
BEGIN
    SELECT * INTO r FROM faren.recovery x
    WHERE x.org_id = (SELECT o.org_id FROM faren.recovery o WHERE o.recovery_id = id) AND x.recovery_id = id FOR UPDATE;
    RETURN r;
END
$$;
REVOKE ALL ON FUNCTION faren.lock_recovery(uuid) FROM PUBLIC;

-- unproven_refusal says why a recovery cannot be proven any more, or NULL.
CREATE OR REPLACE FUNCTION faren.unproven_refusal(c faren.caller, r faren.recovery) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF r.recovery_id IS NULL THEN
        RETURN faren.refusal('RECOVERY_NOT_FOUND');
    ELSIF r.proven_at IS NOT NULL THEN
        RETURN faren.refusal('RECOVERY_WRONG_STATE', '{"status": "proven"}');
    ELSIF r.expires_at <= c.at THEN
        RETURN faren.refusal('RECOVERY_WRONG_STATE', '{"status": "expired"}');
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION faren.unproven_refusal(faren.caller, faren.recovery) FROM PUBLIC;

-- look_at_recovery shows a recovery.
CREATE OR REPLACE FUNCTION api.look_at_recovery(caller jsonb, recovery uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c     faren.caller := faren.begin_call(caller, 'look_at_recovery');
    found jsonb := faren.recovery_json(recovery);
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    ELSIF found IS NULL THEN
        RETURN faren.refuse(c, 'recovery.look', 'recovery', recovery::text, NULL, faren.refusal('RECOVERY_NOT_FOUND'));
    END IF;
    RETURN faren.end_look(c, found);
END
$$;
REVOKE ALL ON FUNCTION api.look_at_recovery(jsonb, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.look_at_recovery(jsonb, uuid) TO faren_registrar;

-- request_recovery_code sends a code to the account's phone without showing it. The answer rests on what was typed alone: the limits of
-- one number (policy sms.code_…) are counted by it, and where the account's phone has had too many codes from elsewhere, or there is no
-- account, nothing is sent and nothing of that is told. code is {recovery_id, sms_id, params_sealed, proof}: proof is a keyed value of the
-- recovery and the code.
CREATE OR REPLACE FUNCTION api.request_recovery_code(caller jsonb, code jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'request_recovery_code');
    id      uuid := (code ->> 'recovery_id')::uuid;
    sms     uuid := (code ->> 'sms_id')::uuid;
    proof   bytea := decode(code ->> 'proof', 'hex');
    sealed  bytea := decode(code ->> 'params_sealed', 'hex');
    salt    bytea := uuid_send(gen_random_uuid());
    r       faren.recovery;
    t       faren.recovery_rate;
    g       faren.agent;
    lives   interval := faren.policy_interval('sms.code_lifetime');
    free_at timestamptz;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    r := faren.lock_recovery(id);
    refused := faren.unproven_refusal(c, r);
    IF refused IS NULL AND (proof IS NULL OR sealed IS NULL OR sms IS NULL) THEN
        refused := faren.refusal('FIELD_REQUIRED', '{"field": "code"}');
    END IF;
    IF refused IS NULL THEN
        INSERT INTO faren.recovery_rate (selector_index, requested, updated_at) VALUES (r.selector_index, '{}', c.at)
        ON CONFLICT (selector_index) DO UPDATE SET updated_at = excluded.updated_at RETURNING * INTO t;
        free_at := faren.code_free_at(t.requested);
        IF free_at > c.at THEN
            refused := faren.refusal('SMS_TOO_FREQUENT', jsonb_build_object('until', free_at));
        END IF;
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'recovery.code', 'recovery', id::text, NULL, refused);
    END IF;
    UPDATE faren.recovery_rate x SET requested = ARRAY(SELECT v FROM unnest(x.requested) v WHERE v > c.at - interval '1 day') || c.at
    WHERE x.selector_index = r.selector_index;
    PERFORM faren.forget_guesses(c, 'recovery', uuid_send(id), NULL); -- they were about another code
    UPDATE faren.recovery x SET code_salt = salt, code_hash = sha256(salt || proof), code_attempts = 0, code_expires_at = c.at + lives
    WHERE x.org_id = r.org_id AND x.recovery_id = id;
    SELECT x.* INTO g FROM faren.account a JOIN faren.agent x ON x.org_id = a.org_id AND x.agent_id = a.agent_id
    WHERE a.org_id = r.org_id AND a.account_id = r.account_id AND a.status <> 'deactivated';
    IF faren.number_may_have_code(c, g.phone_index) THEN
        PERFORM faren.queue_sms(c, r.org_id, sms, 'code', g.agent_id, NULL, jsonb_build_object('minutes', extract(epoch FROM lives)::bigint / 60), sealed);
        -- It counts for the number, whatever asks for the next; nobody can try it there.
        INSERT INTO faren.sms_code (phone_index, code_id, purpose, salt, code_hash, created_at, expires_at)
        VALUES (g.phone_index, gen_random_uuid(), 'recover', salt, sha256(salt), c.at, c.at);
    END IF;
    RETURN faren.end_call(c, 'recovery.code', 'recovery', id::text, NULL,
        jsonb_build_object('sms_id', sms, 'purpose', 'recover', 'to_mask', '***', 'expires_at', c.at + lives,
                           'resend_at', c.at + faren.policy_interval('sms.code_resend')), '{}');
END
$$;
REVOKE ALL ON FUNCTION api.request_recovery_code(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.request_recovery_code(jsonb, jsonb) TO faren_registrar;

-- code_free_at is when the next code may be asked for, after those that were; NULL: at once (policy sms.code_…).
CREATE OR REPLACE FUNCTION faren.code_free_at(requested timestamptz[]) RETURNS timestamptz
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    newest timestamptz[] := ARRAY(SELECT v FROM unnest(requested) v ORDER BY v DESC);
BEGIN
    RETURN greatest(newest[1] + faren.policy_interval('sms.code_resend'), newest[faren.policy_count('sms.code_hourly')] + interval '1 hour',
                    newest[faren.policy_count('sms.code_daily')] + interval '1 day');
END
$$;
REVOKE ALL ON FUNCTION faren.code_free_at(timestamptz[]) FROM PUBLIC;

-- number_may_have_code takes the lock that requests for one number queue up on, and tells whether its limits let another code go.
CREATE OR REPLACE FUNCTION faren.number_may_have_code(c faren.caller, phone bytea) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF phone IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO faren.sms_number (phone_index, requested_at) VALUES (phone, c.at)
    ON CONFLICT (phone_index) DO UPDATE SET requested_at = excluded.requested_at;
    RETURN coalesce(faren.code_free_at(ARRAY(SELECT k.created_at FROM faren.sms_code k WHERE k.phone_index = phone AND k.created_at > c.at - interval '1 day')) <= c.at, true);
END
$$;
REVOKE ALL ON FUNCTION faren.number_may_have_code(faren.caller, bytea) FROM PUBLIC;

-- prove_recovery proves a recovery (guide 一.5: 验证方式) by the code that its phone got or by a face check of the agent. proof is
-- {code_proof} or {verification_id}. Wrong tries count, and parallel ones queue up on the row.
CREATE OR REPLACE FUNCTION api.prove_recovery(caller jsonb, recovery uuid, proof jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'prove_recovery');
    given   bytea := decode(proof ->> 'code_proof', 'hex');
    check_id uuid := (proof ->> 'verification_id')::uuid;
    tries   bigint := faren.policy_count('sms.code_attempts');
    r       faren.recovery;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    r := faren.lock_recovery(recovery);
    refused := faren.unproven_refusal(c, r);
    IF refused IS NULL AND check_id IS NOT NULL THEN
        UPDATE faren.verification v SET used_at = c.at
        WHERE v.org_id = r.org_id AND v.verification_id = check_id AND v.recovery_id = recovery AND v.purpose = 'recover'
          AND v.status = 'passed' AND v.used_at IS NULL AND v.expires_at > c.at;
        IF NOT FOUND THEN
            refused := faren.refusal('FACE_CHECK_NOT_PASSED');
        END IF;
    ELSIF refused IS NULL THEN
        IF r.code_hash IS NULL OR given IS NULL THEN
            refused := faren.refusal('SMS_CODE_INVALID');
        ELSIF r.code_expires_at <= c.at THEN
            refused := faren.refusal('SMS_CODE_EXPIRED');
        ELSIF r.code_attempts >= tries THEN
            refused := faren.refusal('SMS_CODE_EXHAUSTED');
        ELSIF NOT faren.is_recorded(c, 'recovery', uuid_send(recovery), given) THEN
            -- As many guesses as may fail were opened and not ended; or this one was not opened.
            refused := faren.refusal(CASE WHEN r.code_attempts + faren.open_guesses('recovery', uuid_send(recovery), faren.guess_proof(given), '-infinity') >= tries
                                     THEN 'SMS_CODE_EXHAUSTED' ELSE 'ATTEMPT_NOT_OPENED' END);
        ELSIF r.code_hash <> sha256(r.code_salt || given) OR r.account_id IS NULL THEN
            UPDATE faren.recovery x SET code_attempts = x.code_attempts + 1 WHERE x.org_id = r.org_id AND x.recovery_id = recovery;
            PERFORM faren.settle_guess(c, 'recovery', uuid_send(recovery), given);
            refused := faren.refusal('SMS_CODE_INVALID', jsonb_build_object('tries_left', tries - r.code_attempts - 1));
        END IF;
    END IF;
    IF refused IS NULL AND NOT EXISTS (SELECT FROM faren.account a WHERE a.org_id = r.org_id AND a.account_id = r.account_id AND a.status <> 'deactivated') THEN
        refused := faren.refusal('RECOVERY_WRONG_STATE', '{"status": "expired"}');
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'recovery.prove', 'recovery', recovery::text, NULL, refused);
    END IF;
    UPDATE faren.recovery x SET proven_at = c.at, proven_by = CASE WHEN check_id IS NULL THEN 'sms' ELSE 'face' END
    WHERE x.org_id = r.org_id AND x.recovery_id = recovery;
    RETURN faren.end_call(c, 'recovery.prove', 'recovery', recovery::text, r.org_id, faren.recovery_json(recovery),
                          jsonb_build_object('account_id', r.account_id, 'by', CASE WHEN check_id IS NULL THEN 'sms' ELSE 'face' END));
END
$$;
REVOKE ALL ON FUNCTION api.prove_recovery(jsonb, uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.prove_recovery(jsonb, uuid, jsonb) TO faren_registrar;

-- reset_password gives the account of a proven recovery a new password, once (guide 一.5: 重置密码). Its sessions and a lock end, and the
-- phone is told. secret is {params, salt, derived, advice, sms_id}.
CREATE OR REPLACE FUNCTION api.reset_password(caller jsonb, recovery uuid, secret jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'reset_password');
    r       faren.recovery;
    a       faren.account;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    r := faren.lock_recovery(recovery);
    a := faren.lock_account(r.account_id);
    IF r.recovery_id IS NULL THEN
        refused := faren.refusal('RECOVERY_NOT_FOUND');
    ELSIF r.proven_at IS NULL THEN
        refused := faren.refusal('RECOVERY_WRONG_STATE', jsonb_build_object('status', CASE WHEN r.expires_at <= c.at THEN 'expired' ELSE 'started' END));
    ELSIF r.reset_at IS NOT NULL THEN
        refused := faren.refusal('RECOVERY_WRONG_STATE', '{"status": "reset"}');
    ELSIF r.proven_at + faren.policy_interval('recovery.reset_window') <= c.at OR coalesce(a.status = 'deactivated', true) THEN
        refused := faren.refusal('RECOVERY_WRONG_STATE', '{"status": "expired"}');
    ELSE
        refused := faren.strict_advice(secret -> 'advice');
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'recovery.reset', 'recovery', recovery::text, r.org_id, refused);
    END IF;
    PERFORM faren.demand_strong(c, secret -> 'params');
    UPDATE faren.recovery x SET reset_at = c.at WHERE x.org_id = r.org_id AND x.recovery_id = recovery;
    UPDATE faren.credential d
    SET params = secret -> 'params', salt = decode(secret ->> 'salt', 'hex'), verifier = sha256(decode(secret ->> 'derived', 'hex')), changed_at = c.at
    WHERE d.org_id = a.org_id AND d.credential_id = a.credential_id;
    UPDATE faren.session s SET revoked_at = c.at, revoked_by = 'recovery' WHERE s.org_id = a.org_id AND s.account_id = a.account_id AND s.revoked_at IS NULL;
    DELETE FROM faren.sign_in_failure f USING faren.credential d
    WHERE d.org_id = a.org_id AND d.credential_id = a.credential_id AND f.username_index = d.username_index;
    PERFORM faren.forget_guesses(c, 'sign_in', d.username_index, NULL) FROM faren.credential d WHERE d.org_id = a.org_id AND d.credential_id = a.credential_id;
    PERFORM faren.queue_sms(c, a.org_id, (secret ->> 'sms_id')::uuid, 'password-reset', a.agent_id, NULL,
        jsonb_build_object('organization', (SELECT o.name FROM faren.organization o WHERE o.org_id = a.org_id)), NULL);
    RETURN faren.end_call(c, 'recovery.reset', 'recovery', recovery::text, a.org_id, faren.recovery_json(recovery), jsonb_build_object('account_id', a.account_id));
END
$$;
REVOKE ALL ON FUNCTION api.reset_password(jsonb, uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.reset_password(jsonb, uuid, jsonb) TO faren_registrar;
