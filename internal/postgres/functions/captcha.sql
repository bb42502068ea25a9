-- make_captcha keeps the answer of a picture that the client drew, as a salted hash of a keyed value: the answer itself never comes here.
-- captcha is {captcha_id, proof}.
CREATE OR REPLACE FUNCTION api.make_captcha(caller jsonb, captcha jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c    faren.caller := faren.begin_call(caller, 'make_captcha');
    id   uuid := (captcha ->> 'captcha_id')::uuid;
    salt bytea := uuid_send(gen_random_uuid());
    ends_at timestamptz := c.at + faren.policy_interval('captcha.lifetime');
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    -- Ten at a time keeps the table small without ever costing one call much.
    DELETE FROM faren.captcha k WHERE k.captcha_id IN (
        SELECT o.captcha_id FROM faren.captcha o WHERE o.expires_at < c.at - interval '1 day' ORDER BY o.expires_at LIMIT 10 FOR UPDATE SKIP LOCKED);
    INSERT INTO faren.captcha (captcha_id, salt, answer_hash, created_at, expires_at)
    VALUES (id, salt, sha256(salt || decode(captcha ->> 'proof', 'hex')), c.at, ends_at);
    RETURN faren.end_call(c, 'captcha.make', 'captcha', id::text, NULL, jsonb_build_object('captcha_id', id, 'expires_at', ends_at), '{}');
END
$$;
REVOKE ALL ON FUNCTION api.make_captcha(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.make_captcha(jsonb, jsonb) TO faren_registrar;

-- check_captcha tries the captcha that the caller answered. Where policy captcha.required is off, none is asked for; one that is given is
-- checked all the same. A wrong try counts, which commits even though the step is refused; a right one is spent only by spend_captcha,
-- when the step succeeds.
CREATE OR REPLACE FUNCTION faren.check_captcha(c faren.caller) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    k faren.captcha;
BEGIN
    IF c.captcha_id IS NULL THEN
        IF (SELECT p.value FROM faren.policy p WHERE p.name = 'captcha.required') = 'on' THEN
            RETURN faren.refusal('CAPTCHA_REQUIRED');
        END IF;
        RETURN NULL;
    END IF;
    IF c.dry_run THEN
        RETURN NULL; -- it is not examined
    END IF;
    SELECT * INTO k FROM faren.captcha x WHERE x.captcha_id = c.captcha_id FOR UPDATE;
    IF NOT FOUND OR k.used_at IS NOT NULL OR k.expires_at <= c.at OR k.attempts >= faren.policy_count('captcha.attempts') THEN
        RETURN faren.refusal('CAPTCHA_INVALID');
    ELSIF k.answer_hash IS DISTINCT FROM sha256(k.salt || decode(c.captcha_proof, 'hex')) THEN
        UPDATE faren.captcha x SET attempts = x.attempts + 1 WHERE x.captcha_id = c.captcha_id;
        RETURN faren.refusal('CAPTCHA_INVALID');
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION faren.check_captcha(faren.caller) FROM PUBLIC;

CREATE OR REPLACE FUNCTION faren.spend_captcha(c faren.caller) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE faren.captcha x SET used_at = c.at WHERE x.captcha_id = c.captcha_id AND x.used_at IS NULL;
END
$$;
REVOKE ALL ON FUNCTION faren.spend_captcha(faren.caller) FROM PUBLIC;
