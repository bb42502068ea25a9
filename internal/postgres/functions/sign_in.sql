-- sign_in_parameters gives the salt and parameters that a client needs to derive a password. An unknown user name gets
-- parameters and a salt computed from a secret of this database, always the same, so that it looks like a known one.
CREATE OR REPLACE FUNCTION api.sign_in_parameters(username_index text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted  bytea := decode(username_index, 'hex');
    d       faren.credential;
BEGIN
    SELECT x.* INTO d FROM faren.username_claim k
    LEFT JOIN faren.application p ON p.org_id = k.org_id AND p.application_id = k.application_id
    LEFT JOIN faren.account a ON a.org_id = k.org_id AND a.account_id = k.account_id
    JOIN faren.credential x ON x.org_id = k.org_id AND x.credential_id = coalesce(a.credential_id, p.credential_id)
    WHERE k.username_index = wanted;
    IF FOUND THEN
        RETURN jsonb_build_object('result', jsonb_build_object('params', d.params, 'salt', encode(d.salt, 'hex')));
    END IF;
    RETURN jsonb_build_object('result', jsonb_build_object('params', (SELECT s.password_params FROM faren.setting s), 'salt',
        (SELECT encode(substr(sha256(s.server_secret || wanted), 1, 16), 'hex') FROM faren.setting s)));
END
$$;
REVOKE ALL ON FUNCTION api.sign_in_parameters(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.sign_in_parameters(text) TO faren_registrar;

-- sign_in compares a derived password, counts failures by user name, and opens the session, all under one row lock: so
-- many parallel guesses are as many as the policy allows. attempt is {username_index, derived, session_id, token_hash}.
-- What is tried must have been opened before (open_attempt), and that committed.
-- What keeps the owner of the right password out (not approved, disabled) is told only after the password was right.
CREATE OR REPLACE FUNCTION api.sign_in(caller jsonb, attempt jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'sign_in');
    wanted  bytea := decode(attempt ->> 'username_index', 'hex');
    derived bytea := decode(attempt ->> 'derived', 'hex');
    subject text := faren.sign_in_subject(wanted);
    f       faren.sign_in_failure;
    k       faren.username_claim;
    d       faren.credential;
    a       faren.account;
    p       faren.application;
    refused jsonb;
BEGIN
    IF c.dry_run THEN
        RETURN c.replay;
    ELSIF c.replay IS NOT NULL THEN
        RAISE EXCEPTION 'REQUEST_ID_REUSED' USING ERRCODE = 'FN001';
    END IF;
    IF wanted IS NULL THEN
        RETURN faren.refuse(c, 'session.sign_in', 'username', '', NULL, faren.refusal('INVALID_CREDENTIALS'));
    END IF;
    f := faren.lock_failures(c, wanted);
    IF f.locked_until > c.at THEN
        RETURN faren.refuse(c, 'session.sign_in', 'username', subject, NULL,
                            faren.refusal('ACCOUNT_LOCKED', jsonb_build_object('until', f.locked_until)));
    END IF;
    IF derived IS NOT NULL AND NOT faren.is_recorded(c, 'sign_in', wanted, derived) THEN
        RETURN faren.refuse(c, 'session.sign_in', 'username', subject, NULL, faren.refusal('ATTEMPT_NOT_OPENED'));
    END IF;
    SELECT * INTO k FROM faren.username_claim x WHERE x.username_index = wanted;
    SELECT * INTO a FROM faren.account x WHERE x.org_id = k.org_id AND x.account_id = k.account_id;
    SELECT * INTO p FROM faren.application x WHERE x.org_id = k.org_id AND x.application_id = k.application_id;
    SELECT * INTO d FROM faren.credential x WHERE x.org_id = k.org_id AND x.credential_id = coalesce(a.credential_id, p.credential_id);
    -- Nothing that is missing may count as equal: a comparison with null is neither true nor false.
    IF d.verifier IS NULL OR d.verifier IS DISTINCT FROM sha256(derived) OR coalesce(p.expires_at <= c.at, false) THEN
        f.failed_at := ARRAY(SELECT t FROM unnest(f.failed_at) t WHERE t > c.at - faren.policy_interval('sign_in.window')) || c.at;
        refused := faren.refusal('INVALID_CREDENTIALS');
        f.locked_until := NULL;
        IF cardinality(f.failed_at) >= faren.policy_count('sign_in.failures') THEN
            f.locked_until := c.at + faren.policy_interval('sign_in.lock');
            f.failed_at := '{}';
            refused := faren.refusal('ACCOUNT_LOCKED', jsonb_build_object('until', f.locked_until));
        END IF;
        UPDATE faren.sign_in_failure x SET failed_at = f.failed_at, locked_until = f.locked_until WHERE x.username_index = wanted;
        PERFORM faren.settle_guess(c, 'sign_in', wanted, derived);
        RETURN faren.refuse(c, 'session.sign_in', 'username', subject, k.org_id, refused);
    END IF;
    DELETE FROM faren.sign_in_failure x WHERE x.username_index = wanted;
    PERFORM faren.forget_guesses(c, 'sign_in', wanted, derived);
    IF coalesce(a.status <> 'active', p.review_kind <> 'comparison', true) THEN
        RETURN faren.refuse(c, 'session.sign_in', 'username', subject, k.org_id,
            faren.refusal('ACCOUNT_NOT_ACTIVE', jsonb_strip_nulls(jsonb_build_object('status', coalesce(a.status, p.status), 'application_id', p.application_id))));
    END IF;
    -- Whose application staff compare signs in to see its state, and nothing else (guide 一.3: 查看比对结果).
    INSERT INTO faren.session (org_id, session_id, token_hash, kind, account_id, application_id, created_at, last_seen_at, expires_at)
    VALUES (k.org_id, (attempt ->> 'session_id')::uuid, decode(attempt ->> 'token_hash', 'hex'), 'password', a.account_id, p.application_id, c.at, c.at,
            c.at + faren.policy_interval('session.lifetime'));
    RETURN faren.end_call(c, 'session.sign_in', 'session', attempt ->> 'session_id', k.org_id,
                          faren.session_json((attempt ->> 'session_id')::uuid),
                          jsonb_strip_nulls(jsonb_build_object('account_id', a.account_id, 'application_id', p.application_id)));
END
$$;
REVOKE ALL ON FUNCTION api.sign_in(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.sign_in(jsonb, jsonb) TO faren_registrar;

-- sign_in_subject is how the audit names a user name that failed to sign in. It must not hold an index: whoever has the index key could try
-- numbers against it.
CREATE OR REPLACE FUNCTION faren.sign_in_subject(username_index bytea) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT encode(substr(sha256(s.server_secret || convert_to('audit', 'UTF8') || username_index), 1, 8), 'hex') FROM faren.setting s);
END
$$;
REVOKE ALL ON FUNCTION faren.sign_in_subject(bytea) FROM PUBLIC;

CREATE OR REPLACE FUNCTION faren.session_json(id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT to_jsonb(s) FROM api.session s WHERE s.session_id = id ORDER BY s.created_at LIMIT 1);
END
$$;
REVOKE ALL ON FUNCTION faren.session_json(uuid) FROM PUBLIC;
