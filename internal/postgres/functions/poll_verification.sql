-- claim_poll lets the caller ask the provider of a check once, if nobody has within the interval; else it says how long to wait. Until the
-- caller tells that there was no answer (answer_poll) or settles the check, nobody else asks, for a minute: the provider gives its answer
-- once. The answer is {verification, secret_sealed, wait_seconds}; without a secret there is nothing to ask now.
CREATE OR REPLACE FUNCTION api.claim_poll(caller jsonb, verification uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c   faren.caller := faren.begin_call(caller, 'claim_poll');
    v   faren.verification;
    due boolean;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    v := faren.lock_verification(c, verification);
    IF v.verification_id IS NULL THEN
        RETURN faren.refuse(c, 'verification.poll', 'verification', verification::text, NULL, faren.refusal('VERIFICATION_NOT_FOUND'));
    END IF;
    due := coalesce(v.provider = 'oidc' AND v.status = 'pending' AND v.next_poll_at <= c.at, false);
    IF due THEN
        UPDATE faren.verification x SET next_poll_at = c.at + make_interval(secs => greatest(v.poll_seconds, 60)) WHERE x.org_id = v.org_id AND x.verification_id = verification;
    END IF;
    RETURN faren.end_look(c, jsonb_build_object('verification', faren.verification_json(verification),
        'secret_sealed', CASE WHEN due THEN encode(v.secret_sealed, 'hex') END,
        'wait_seconds', CASE WHEN due THEN v.poll_seconds ELSE coalesce(greatest(ceil(extract(epoch FROM v.next_poll_at - c.at)), 0), 0) END));
END
$$;
REVOKE ALL ON FUNCTION api.claim_poll(jsonb, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.claim_poll(jsonb, uuid) TO faren_registrar;

-- answer_poll tells that the provider has no answer yet, so that the next may ask after the interval; slow makes polls five seconds slower
-- for good, as a provider asks with slow_down (RFC 8628, 3.5).
CREATE OR REPLACE FUNCTION api.answer_poll(caller jsonb, verification uuid, slow boolean) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c faren.caller := faren.begin_call(caller, 'answer_poll');
    s integer := CASE WHEN slow THEN 5 ELSE 0 END;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    UPDATE faren.verification x SET poll_seconds = least(x.poll_seconds + s, 3600), next_poll_at = c.at + make_interval(secs => least(x.poll_seconds + s, 3600))
    WHERE x.verification_id = verification AND x.provider = 'oidc' AND x.status = 'pending';
    IF NOT FOUND THEN
        RETURN faren.refuse(c, 'verification.poll', 'verification', verification::text, NULL, faren.refusal('VERIFICATION_NOT_FOUND'));
    END IF;
    RETURN faren.end_look(c, faren.verification_json(verification));
END
$$;
REVOKE ALL ON FUNCTION api.answer_poll(jsonb, uuid, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.answer_poll(jsonb, uuid, boolean) TO faren_registrar;
