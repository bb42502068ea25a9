-- open_sign_in begins the sign-in of an organization by its digital certificate or e-licence (guide 一.5, 二.1), which proves the organization
-- alone: its person is named. signing is {verification_id, unit_code, agent, provider, reference, qr_uri} and, of a provider that is polled,
-- {secret_sealed, poll_seconds, lifetime_seconds, user_code}. For provider certificate the reference is what the certificate's key has to sign. The organization is one of the business register, also when nobody registered for it yet:
-- others have no certificate. Those who begin again and again without a proof are stopped for the day.
CREATE OR REPLACE FUNCTION api.open_sign_in(caller jsonb, signing jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'open_sign_in');
    id      uuid := (signing ->> 'verification_id')::uuid;
    code    text := signing ->> 'unit_code';
    person  jsonb := signing -> 'agent';
    org     uuid;
    whose   uuid;
    known   boolean;
    refused jsonb;
    today   date := (c.at AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    known := EXISTS (SELECT FROM faren.register_entry e WHERE e.unit_code = code);
    SELECT k.org_id INTO org FROM faren.unit_code_claim k WHERE k.unit_code = code;
    -- Those who begin for one organization queue up, so that no more begin than may.
    PERFORM FROM faren.organization o WHERE o.org_id = org FOR NO KEY UPDATE;
    IF signing ->> 'provider' = 'sandbox' AND c.environment = 'production' THEN
        refused := faren.refusal('SANDBOX_REFUSED');
    ELSIF NOT known THEN
        refused := faren.refusal('ORGANIZATION_NOT_FOUND');
    ELSIF (SELECT u.begun FROM faren.unproven_sign_ins(org, today) u WHERE u.operator = c.operator) >= faren.policy_count('sign_in.daily_unproven') THEN
        refused := faren.refusal('SIGN_IN_LIMIT', jsonb_build_object('until', (today + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'));
    ELSE
        refused := faren.inactive_organization(code);
    END IF;
    IF refused IS NOT NULL THEN
        -- What is no unit code that is known here may be anything, also something personal.
        RETURN faren.refuse(c, 'session.open', 'unit_code', CASE WHEN known THEN code ELSE '' END, org, refused);
    END IF;
    IF org IS NULL THEN
        org := faren.settle_organization(c, faren.stated_organization(NULL, (
            SELECT jsonb_build_object('name', e.name, 'name_key', e.name_key, 'unit_code', e.unit_code, 'unit_code_type', 'uscc')
            FROM faren.register_entry e WHERE e.unit_code = code)), NULL);
    END IF;
    -- Whoever signed in before is not written once more. The row of an applicant or an account is theirs: it goes where they go.
    SELECT g.agent_id INTO whose FROM faren.agent g
    WHERE g.org_id = org AND g.document_index = decode(person ->> 'document_index', 'hex') AND g.document_type = person ->> 'document_type'
      AND g.name_index = decode(person ->> 'name_index', 'hex') AND g.phone_index IS NULL
    ORDER BY g.agent_id LIMIT 1;
    IF whose IS NULL THEN
        whose := (person ->> 'agent_id')::uuid;
        PERFORM faren.insert_agent(c, org, person);
    END IF;
    INSERT INTO faren.verification (org_id, verification_id, purpose, agent_id, provider, reference, qr_uri, status, opened_by, created_at, expires_at,
                                    secret_sealed, poll_seconds, next_poll_at, user_code)
    VALUES (org, id, 'sign-in', whose, signing ->> 'provider', signing ->> 'reference', signing ->> 'qr_uri', 'pending', c.operator, c.at,
            faren.verification_ends(c, signing), decode(signing ->> 'secret_sealed', 'hex'), (signing ->> 'poll_seconds')::integer,
            c.at + make_interval(secs => (signing ->> 'poll_seconds')::integer), signing ->> 'user_code');
    RETURN faren.end_call(c, 'session.open', 'verification', id::text, org, faren.verification_json(id), jsonb_build_object('provider', signing ->> 'provider'));
END
$$;
REVOKE ALL ON FUNCTION api.open_sign_in(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.open_sign_in(jsonb, jsonb) TO faren_registrar;

-- unproven_sign_ins counts by database login the sign-ins for an organization that were begun on one day (in China) and led to no session.
CREATE OR REPLACE FUNCTION faren.unproven_sign_ins(org uuid, day date) RETURNS TABLE (operator name, begun bigint)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT v.opened_by, count(*) FROM faren.verification v
    WHERE v.org_id = org AND v.purpose = 'sign-in' AND v.used_at IS NULL AND v.created_at >= day::timestamp AT TIME ZONE 'Asia/Shanghai'
    GROUP BY v.opened_by;
END
$$;
REVOKE ALL ON FUNCTION faren.unproven_sign_ins(uuid, date) FROM PUBLIC;

-- sign_in_organization opens the session of a sign-in that was proven, once, for the login that began it. attempt is {verification_id,
-- session_id, token_hash}. Its answer is not kept for a repeat: a token cannot be given twice.
CREATE OR REPLACE FUNCTION api.sign_in_organization(caller jsonb, attempt jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'sign_in_organization');
    id      uuid := (attempt ->> 'session_id')::uuid;
    v       faren.verification;
    refused jsonb;
BEGIN
    IF c.dry_run THEN
        RETURN c.replay;
    ELSIF c.replay IS NOT NULL THEN
        RAISE EXCEPTION 'REQUEST_ID_REUSED' USING ERRCODE = 'FN001';
    END IF;
    v := faren.lock_verification(c, (attempt ->> 'verification_id')::uuid);
    IF coalesce(v.purpose <> 'sign-in' OR v.opened_by <> c.operator, true) THEN
        refused := faren.refusal('VERIFICATION_NOT_FOUND');
    ELSIF v.used_at IS NOT NULL THEN
        refused := faren.refusal('SIGN_IN_USED');
    ELSIF v.expires_at <= c.at THEN
        refused := faren.refusal('SIGN_IN_EXPIRED');
    ELSIF v.status <> 'passed' THEN
        refused := faren.refusal('SIGN_IN_NOT_PROVEN', jsonb_build_object('status', v.status));
    ELSE
        refused := faren.inactive_organization((SELECT o.unit_code FROM faren.organization o WHERE o.org_id = v.org_id));
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'session.sign_in', 'verification', coalesce(attempt ->> 'verification_id', ''), v.org_id, refused);
    END IF;
    UPDATE faren.verification x SET used_at = c.at WHERE x.org_id = v.org_id AND x.verification_id = v.verification_id;
    INSERT INTO faren.session (org_id, session_id, token_hash, kind, agent_id, verification_id, created_at, last_seen_at, expires_at)
    VALUES (v.org_id, id, decode(attempt ->> 'token_hash', 'hex'), CASE v.provider WHEN 'certificate' THEN 'certificate' ELSE 'e-licence' END, v.agent_id,
            v.verification_id, c.at, c.at, c.at + faren.policy_interval('session.lifetime'));
    RETURN faren.end_call(c, 'session.sign_in', 'session', id::text, v.org_id, faren.session_json(id), jsonb_build_object('verification_id', v.verification_id));
END
$$;
REVOKE ALL ON FUNCTION api.sign_in_organization(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.sign_in_organization(jsonb, jsonb) TO faren_registrar;

-- sign_in_challenge gives what a certificate's key has to sign for a sign-in that its own login began.
CREATE OR REPLACE FUNCTION api.sign_in_challenge(verification uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found jsonb := (SELECT jsonb_build_object('verification', faren.verification_json(v.verification_id), 'challenge', v.reference,
                                'unit_code', o.unit_code,
                                'now', clock_timestamp() + (SELECT s.clock_offset FROM faren.setting s))
                    FROM faren.verification v JOIN faren.organization o ON o.org_id = v.org_id
                    WHERE v.verification_id = verification AND v.provider = 'certificate' AND v.opened_by = session_user);
BEGIN
    IF found IS NULL THEN
        RETURN jsonb_build_object('refused', faren.refusal('VERIFICATION_NOT_FOUND'));
    END IF;
    RETURN jsonb_build_object('result', found);
END
$$;
REVOKE ALL ON FUNCTION api.sign_in_challenge(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.sign_in_challenge(uuid) TO faren_registrar;

-- verification_evidence gives what was kept, sealed, as proof of a check, to check it again, and whom it had to be, as blind indexes. Each
-- look is audited.
CREATE OR REPLACE FUNCTION api.verification_evidence(caller jsonb, verification uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c faren.caller := faren.begin_call(caller, 'verification_evidence');
    v faren.verification;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    SELECT * INTO v FROM faren.verification x WHERE x.verification_id = verification;
    IF v.evidence_sealed IS NULL THEN
        RETURN faren.refuse(c, 'verification.evidence', 'verification', verification::text, v.org_id,
            faren.refusal(CASE WHEN v.verification_id IS NULL THEN 'VERIFICATION_NOT_FOUND' ELSE 'EVIDENCE_NOT_FOUND' END));
    END IF;
    RETURN faren.end_call(c, 'verification.evidence', 'verification', verification::text, v.org_id, jsonb_build_object(
        'verification', faren.verification_json(verification), 'challenge', v.reference, 'now', c.at,
        'unit_code', (SELECT o.unit_code FROM faren.organization o WHERE o.org_id = v.org_id), 'evidence_sealed', encode(v.evidence_sealed, 'hex'),
        'expected', (SELECT jsonb_build_object('name_index', encode(g.name_index, 'hex'), 'document_type', g.document_type, 'document_index', encode(g.document_index, 'hex'))
                     FROM faren.agent g WHERE g.org_id = v.org_id AND g.agent_id = v.agent_id)), '{}');
END
$$;
REVOKE ALL ON FUNCTION api.verification_evidence(jsonb, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.verification_evidence(jsonb, uuid) TO faren_reviewer;
