-- Who may call the functions that examine a password or a code could call them in a transaction that is rolled back, and the count of wrong
-- tries with it. So what is tried is committed first (open_attempt), by its hash, and counted; the function that examines takes nothing else. That
-- the same is examined again, and rolled back, tells nothing new.

-- guess_proof is what a guess is kept by.
CREATE OR REPLACE FUNCTION faren.guess_proof(given bytea) RETURNS bytea
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT sha256(s.server_secret || convert_to('guess', 'UTF8') || sha256(given)) FROM faren.setting s);
END
$$;
REVOKE ALL ON FUNCTION faren.guess_proof(bytea) FROM PUBLIC;

-- open_guesses counts the guesses that nobody has counted as failures, besides one.
CREATE OR REPLACE FUNCTION faren.open_guesses(guess_kind text, about bytea, besides bytea, since timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT count(*) FROM faren.guess g
            WHERE g.kind = guess_kind AND g.subject = about AND g.proof <> besides AND g.settled_at IS NULL AND g.opened_at > since);
END
$$;
REVOKE ALL ON FUNCTION faren.open_guesses(text, bytea, bytea, timestamptz) FROM PUBLIC;

-- record_guess writes a guess down. One that was just written stays as it is: it is known already.
CREATE OR REPLACE FUNCTION faren.record_guess(c faren.caller, guess_kind text, about bytea, given bytea) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    own xid8 := pg_current_xact_id();
BEGIN
    INSERT INTO faren.guess AS g (kind, subject, proof, operator, transaction, opened_at)
    VALUES (guess_kind, about, faren.guess_proof(given), c.operator, own, c.at)
    ON CONFLICT (kind, subject, proof) DO UPDATE
    SET operator = excluded.operator, transaction = excluded.transaction, opened_at = excluded.opened_at, settled_at = NULL
    WHERE g.opened_at <= c.at - interval '30 seconds' OR g.opened_at > c.at;
    DELETE FROM faren.guess o USING (
        SELECT x.kind, x.subject, x.proof FROM faren.guess x WHERE x.opened_at < c.at - interval '8 days'
        ORDER BY x.opened_at LIMIT 10 FOR UPDATE SKIP LOCKED) old
    WHERE o.kind = old.kind AND o.subject = old.subject AND o.proof = old.proof;
END
$$;
REVOKE ALL ON FUNCTION faren.record_guess(faren.caller, text, bytea, bytea) FROM PUBLIC;

-- is_recorded tells whether a guess was committed, within the last minute. What this very transaction wrote could still be rolled back:
-- pg_current_xact_id is that of the whole transaction, below a savepoint as well, and what others wrote is seen only when it is committed.
CREATE OR REPLACE FUNCTION faren.is_recorded(c faren.caller, guess_kind text, about bytea, given bytea) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN EXISTS (SELECT FROM faren.guess g WHERE g.kind = guess_kind AND g.subject = about AND g.proof = faren.guess_proof(given)
                   AND g.transaction <> pg_current_xact_id() AND g.opened_at > c.at - interval '1 minute');
END
$$;
REVOKE ALL ON FUNCTION faren.is_recorded(faren.caller, text, bytea, bytea) FROM PUBLIC;

-- settle_guess ends a guess that is counted as a failure elsewhere.
CREATE OR REPLACE FUNCTION faren.settle_guess(c faren.caller, guess_kind text, about bytea, given bytea) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE faren.guess g SET settled_at = c.at WHERE g.kind = guess_kind AND g.subject = about AND g.proof = faren.guess_proof(given) AND g.settled_at IS NULL;
END
$$;
REVOKE ALL ON FUNCTION faren.settle_guess(faren.caller, text, bytea, bytea) FROM PUBLIC;

-- forget_guesses is for when failures are forgotten, or what they were about is another now. But one, if any, stays, settled: others may
-- just be trying the same.
CREATE OR REPLACE FUNCTION faren.forget_guesses(c faren.caller, guess_kind text, about bytea, but bytea) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM faren.guess g WHERE g.kind = guess_kind AND g.subject = about AND g.proof IS DISTINCT FROM faren.guess_proof(but);
    PERFORM faren.settle_guess(c, guess_kind, about, but);
END
$$;
REVOKE ALL ON FUNCTION faren.forget_guesses(faren.caller, text, bytea, bytea) FROM PUBLIC;

-- lock_failures takes the row lock under which the failures of a user name are counted.
CREATE OR REPLACE FUNCTION faren.lock_failures(c faren.caller, wanted bytea) RETURNS faren.sign_in_failure
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    f faren.sign_in_failure;
BEGIN
    -- One statement makes the row or waits for its lock: between two, a rival's success could remove it.
    INSERT INTO faren.sign_in_failure (username_index, failed_at, updated_at) VALUES (wanted, '{}', c.at)
    ON CONFLICT (username_index) DO UPDATE SET updated_at = excluded.updated_at
    RETURNING * INTO f;
    DELETE FROM faren.sign_in_failure o WHERE o.username_index IN (
        SELECT x.username_index FROM faren.sign_in_failure x
        WHERE x.updated_at < c.at - interval '8 days' AND coalesce(x.locked_until < c.at, true)
        ORDER BY x.updated_at LIMIT 10 FOR UPDATE SKIP LOCKED);
    RETURN f;
END
$$;
REVOKE ALL ON FUNCTION faren.lock_failures(faren.caller, bytea) FROM PUBLIC;

-- open_attempt writes down what is going to be tried, before sign_in or prove_recovery examines it. It tells nothing: where as many
-- guesses were opened as may fail, a sign-in is locked, and a code is exhausted, which the function that examines then says. attempt is {kind: sign_in,
-- username_index, derived} or {kind: recovery, recovery_id, code_proof}.
CREATE OR REPLACE FUNCTION api.open_attempt(caller jsonb, attempt jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'open_attempt');
    kind    text := attempt ->> 'kind';
    wanted  bytea := decode(attempt ->> 'username_index', 'hex');
    given   bytea := decode(attempt ->> CASE attempt ->> 'kind' WHEN 'sign_in' THEN 'derived' ELSE 'code_proof' END, 'hex');
    since   timestamptz := c.at - faren.policy_interval('sign_in.window');
    f       faren.sign_in_failure;
    r       faren.recovery;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    IF kind = 'sign_in' AND wanted IS NOT NULL AND given IS NOT NULL THEN
        f := faren.lock_failures(c, wanted);
        IF coalesce(f.locked_until > c.at, false) THEN
            NULL;
        ELSIF faren.open_guesses(kind, wanted, faren.guess_proof(given), since) + (SELECT count(*) FROM unnest(f.failed_at) t WHERE t > since)
              >= faren.policy_count('sign_in.failures') THEN
            UPDATE faren.sign_in_failure x SET failed_at = '{}', locked_until = c.at + faren.policy_interval('sign_in.lock') WHERE x.username_index = wanted;
            UPDATE faren.guess g SET settled_at = c.at WHERE g.kind = 'sign_in' AND g.subject = wanted AND g.settled_at IS NULL;
            PERFORM faren.audit(c, 'session.sign_in', 'username', faren.sign_in_subject(wanted), NULL, 'refused', 'ACCOUNT_LOCKED', '{}');
        ELSE
            PERFORM faren.record_guess(c, kind, wanted, given);
        END IF;
    ELSIF kind = 'recovery' AND given IS NOT NULL THEN
        r := faren.lock_recovery((attempt ->> 'recovery_id')::uuid);
        IF r.recovery_id IS NOT NULL AND r.proven_at IS NULL
           AND faren.open_guesses(kind, uuid_send(r.recovery_id), faren.guess_proof(given), '-infinity') + r.code_attempts < faren.policy_count('sms.code_attempts') THEN
            PERFORM faren.record_guess(c, kind, uuid_send(r.recovery_id), given);
        END IF;
    END IF;
    RETURN faren.end_look(c, '{}');
END
$$;
REVOKE ALL ON FUNCTION api.open_attempt(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.open_attempt(jsonb, jsonb) TO faren_registrar;
