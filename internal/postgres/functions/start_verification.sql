-- start_verification opens a face check. Purpose register: of the agent of an application that awaits it. Purpose
-- review: of the signed-in reviewer, for one application of their organization. Purpose recover: of the agent of the account that a
-- recovery means, whether there is one or not. Purpose agent: of the agent of an account that waits for it.
-- verification is {verification_id, purpose, application_id | recovery_id | account_id, provider, reference, qr_uri} and, of a provider
-- that is polled, {secret_sealed, poll_seconds, lifetime_seconds, user_code}.
CREATE OR REPLACE FUNCTION api.start_verification(caller jsonb, verification jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'start_verification');
    id      uuid := (verification ->> 'verification_id')::uuid;
    subject uuid := (verification ->> 'application_id')::uuid;
    wanted  text := verification ->> 'purpose';
    a       faren.application;
    r       faren.recovery;
    t       faren.account;
    org     uuid;
    person  uuid;
    today   date := (c.at AT TIME ZONE 'Asia/Shanghai')::date;
    ends_at timestamptz;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    IF wanted = 'recover' THEN
        r := faren.lock_recovery((verification ->> 'recovery_id')::uuid);
        org := r.org_id;
    ELSIF wanted = 'agent' THEN
        t := faren.lock_account((verification ->> 'account_id')::uuid);
        org := t.org_id;
    ELSE
        a := faren.lock_application(c, subject);
        org := a.org_id;
    END IF;
    IF verification ->> 'provider' = 'sandbox' AND c.environment = 'production' THEN
        refused := faren.refusal('SANDBOX_REFUSED');
    ELSIF wanted = 'recover' THEN
        refused := faren.unproven_refusal(c, r);
        person := (SELECT x.agent_id FROM faren.account x WHERE x.org_id = org AND x.account_id = r.account_id);
    ELSIF wanted = 'agent' THEN
        refused := CASE WHEN t.account_id IS NULL THEN faren.refusal('ACCOUNT_NOT_FOUND')
                        WHEN t.status <> 'pending' THEN faren.refusal('ACCOUNT_WRONG_STATE', jsonb_build_object('status', t.status)) END;
        person := t.agent_id;
    ELSIF wanted = 'review' THEN
        refused := faren.review_refusal(c, a);
        person := c.agent_id;
    ELSIF a.application_id IS NULL THEN
        refused := faren.refusal('APPLICATION_NOT_FOUND');
    ELSIF a.status <> 'awaiting-identity' THEN
        refused := faren.refusal('WRONG_STATE', jsonb_build_object('status', a.status, 'channel', a.channel));
    ELSE
        person := a.agent_id;
    END IF;
    IF refused IS NULL AND wanted <> 'review'
       AND faren.face_checks_begun(org, wanted, subject, r.recovery_id, t.account_id, today) >= faren.policy_count('identity.daily_starts') THEN
        refused := faren.refusal('FACE_CHECK_LIMIT', jsonb_build_object('until', (today + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'));
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'verification.start', CASE wanted WHEN 'recover' THEN 'recovery' WHEN 'agent' THEN 'account' ELSE 'application' END,
                            coalesce(subject::text, verification ->> 'recovery_id', verification ->> 'account_id'), coalesce(a.org_id, t.org_id), refused);
    END IF;
    ends_at := faren.verification_ends(c, verification);
    INSERT INTO faren.verification (org_id, verification_id, purpose, application_id, recovery_id, account_id, agent_id, session_id, provider, reference, qr_uri,
                                    status, created_at, expires_at, secret_sealed, poll_seconds, next_poll_at, user_code)
    VALUES (org, id, wanted, subject, r.recovery_id, t.account_id, person, CASE WHEN wanted = 'review' THEN c.session_id END, verification ->> 'provider',
            verification ->> 'reference', verification ->> 'qr_uri', 'pending', c.at, ends_at, decode(verification ->> 'secret_sealed', 'hex'),
            (verification ->> 'poll_seconds')::integer, c.at + make_interval(secs => (verification ->> 'poll_seconds')::integer), verification ->> 'user_code');
    -- A check that was just begun must not outlive the application that waits for it.
    UPDATE faren.application x SET expires_at = greatest(x.expires_at, ends_at), verification_id = id, updated_at = c.at
    WHERE x.org_id = a.org_id AND x.application_id = subject AND x.status = 'awaiting-identity';
    RETURN faren.end_call(c, 'verification.start', 'verification', id::text, coalesce(a.org_id, t.org_id), faren.verification_json(id),
                          jsonb_build_object('purpose', wanted, 'application_id', subject, 'recovery_id', r.recovery_id, 'account_id', t.account_id, 'provider', verification ->> 'provider'));
END
$$;
REVOKE ALL ON FUNCTION api.start_verification(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.start_verification(jsonb, jsonb) TO faren_registrar;

-- face_checks_begun counts those of one day (in China) for one subject.
CREATE OR REPLACE FUNCTION faren.face_checks_begun(org uuid, wanted text, application uuid, recovery uuid, account uuid, day date) RETURNS bigint
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT count(*) FROM faren.verification v
            WHERE v.org_id = org AND v.application_id IS NOT DISTINCT FROM application AND v.recovery_id IS NOT DISTINCT FROM recovery
              AND v.account_id IS NOT DISTINCT FROM account AND v.purpose = wanted AND (v.created_at AT TIME ZONE 'Asia/Shanghai')::date = day);
END
$$;
REVOKE ALL ON FUNCTION faren.face_checks_begun(uuid, text, uuid, uuid, uuid, date) FROM PUBLIC;

-- verification_ends is when a check ends that begins now: policy says, or the provider, if it waits less long.
CREATE OR REPLACE FUNCTION faren.verification_ends(c faren.caller, begun jsonb) RETURNS timestamptz
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- least passes over what is null.
    RETURN c.at + least(faren.policy_interval('identity.lifetime'), CASE WHEN (begun ->> 'lifetime_seconds')::integer > 0 THEN make_interval(secs => (begun ->> 'lifetime_seconds')::integer) END);
END
$$;
REVOKE ALL ON FUNCTION faren.verification_ends(faren.caller, jsonb) FROM PUBLIC;

CREATE OR REPLACE FUNCTION faren.verification_json(id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT to_jsonb(v) FROM api.verification v WHERE v.verification_id = id);
END
$$;
REVOKE ALL ON FUNCTION faren.verification_json(uuid) FROM PUBLIC;
