-- complete_verification records the outcome of a face check, and moves the application that waits for it in the same
-- transaction. person is {name_index, document_type, document_index} as the provider saw it; it must be the expected
-- one, else the check has failed with IDENTITY_MISMATCH. For a sign-in of an organization it has unit_code, too, else OTHER_ORGANIZATION;
-- a certificate proves no more than that, so of provider certificate it is {unit_code, evidence_sealed, cause}, where cause says why it
-- was not taken. Of provider oidc it has all of these and evidence_hash: a token proves one check. played says that the sandbox is meant,
-- which ends no other provider's checks. An outcome manual-review is settled by the same function through resolve_verification.
CREATE OR REPLACE FUNCTION api.complete_verification(caller jsonb, verification uuid, outcome text, person jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c faren.caller := faren.begin_call(caller, 'complete_verification');
    v faren.verification;
    expected faren.agent;
    unit     text;
    replayed boolean := false;
    cause    text := CASE WHEN outcome = 'failed' THEN 'face-check' END;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    v := faren.lock_verification(c, verification);
    IF v.verification_id IS NULL THEN
        RETURN faren.refuse(c, 'verification.complete', 'verification', verification::text, NULL, faren.refusal('VERIFICATION_NOT_FOUND'));
    ELSIF v.provider = 'sandbox' AND c.environment = 'production' THEN
        RETURN faren.refuse(c, 'verification.complete', 'verification', verification::text, v.org_id, faren.refusal('SANDBOX_REFUSED'));
    ELSIF v.provider <> 'sandbox' AND coalesce((person ->> 'played')::boolean, false) THEN
        RETURN faren.refuse(c, 'verification.complete', 'verification', verification::text, v.org_id, faren.refusal('NOT_SANDBOX', jsonb_build_object('provider', v.provider)));
    ELSIF v.provider = 'certificate' AND v.opened_by <> c.operator THEN
        RETURN faren.refuse(c, 'verification.complete', 'verification', verification::text, v.org_id, faren.refusal('VERIFICATION_NOT_FOUND'));
    ELSIF v.provider = 'certificate' AND v.status <> 'pending' THEN
        RETURN faren.refuse(c, 'verification.complete', 'verification', verification::text, v.org_id,
                            faren.refusal(CASE v.status WHEN 'expired' THEN 'SIGN_IN_EXPIRED' ELSE 'SIGN_IN_USED' END));
    ELSIF v.status <> 'pending' THEN
        RETURN faren.refuse(c, 'verification.complete', 'verification', verification::text, v.org_id,
                            faren.refusal('VERIFICATION_ENDED', jsonb_build_object('status', v.status)));
    END IF;
    IF coalesce(outcome NOT IN ('passed', 'failed', 'manual-review', 'expired'), true) OR v.provider <> 'sandbox' AND outcome = 'manual-review' THEN
        RETURN faren.refuse(c, 'verification.complete', 'verification', verification::text, v.org_id,
                            faren.refusal('VALUE_INVALID', '{"field": "outcome", "allowed": ["passed", "failed", "manual-review", "expired"]}'));
    END IF;
    IF outcome = 'passed' AND v.provider <> 'sandbox' AND (coalesce(person ->> 'evidence_sealed', '') = ''
                                                           OR v.provider = 'oidc' AND coalesce(person ->> 'evidence_hash', '') = '') THEN
        RETURN faren.refuse(c, 'verification.complete', 'verification', verification::text, v.org_id, faren.refusal('VALUE_INVALID', '{"field": "evidence_sealed"}'));
    END IF;
    IF v.purpose = 'sign-in' THEN
        SELECT o.unit_code INTO unit FROM faren.organization o WHERE o.org_id = v.org_id;
    END IF;
    IF v.provider <> 'sandbox' THEN
        UPDATE faren.verification x SET evidence_sealed = decode(person ->> 'evidence_sealed', 'hex') WHERE x.org_id = v.org_id AND x.verification_id = v.verification_id;
    END IF;
    IF v.provider = 'oidc' AND outcome = 'passed' THEN
        INSERT INTO faren.evidence_claim (evidence_hash, verification_id, claimed_at) VALUES (decode(person ->> 'evidence_hash', 'hex'), verification, c.at)
        ON CONFLICT (evidence_hash) DO NOTHING;
        replayed := NOT FOUND;
    END IF;
    IF outcome = 'failed' AND v.provider <> 'sandbox' THEN
        -- A word of the client's list; nothing personal has room in it.
        cause := CASE WHEN person ->> 'cause' ~ '^[a-z]+(-[a-z]+){0,3}$' THEN left(person ->> 'cause', 40) ELSE 'face-check' END;
    ELSIF replayed THEN
        cause := 'token-replayed';
    ELSIF v.provider = 'certificate' THEN
        cause := CASE WHEN outcome = 'passed' AND person ->> 'unit_code' IS DISTINCT FROM unit THEN 'other-organization' END;
    ELSIF outcome = 'passed' THEN
        SELECT * INTO expected FROM faren.agent g WHERE g.org_id = v.org_id AND g.agent_id = v.agent_id;
        IF v.provider = 'sandbox' THEN
            -- The sandbox plays the expected person in whatever it is not told to play otherwise.
            person := jsonb_build_object('name_index', encode(expected.name_index, 'hex'), 'document_type', expected.document_type,
                                         'document_index', encode(expected.document_index, 'hex'), 'unit_code', unit)
                      || CASE WHEN jsonb_typeof(person) = 'object' THEN jsonb_strip_nulls(person) ELSE '{}' END;
        END IF;
        cause := CASE WHEN NOT coalesce(decode(person ->> 'name_index', 'hex') = expected.name_index
                                        AND person ->> 'document_type' = expected.document_type
                                        AND decode(person ->> 'document_index', 'hex') = expected.document_index, false) THEN 'identity-mismatch'
                      WHEN v.purpose = 'sign-in' AND person ->> 'unit_code' IS DISTINCT FROM unit THEN 'other-organization' END;
    END IF;
    RETURN faren.settle_verification(c, v, CASE WHEN outcome = 'passed' AND cause IS NOT NULL THEN 'failed' ELSE outcome END, cause, 'verification.complete');
END
$$;
REVOKE ALL ON FUNCTION api.complete_verification(jsonb, uuid, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.complete_verification(jsonb, uuid, text, jsonb) TO faren_registrar;

-- resolve_verification settles a check that the provider left to staff.
CREATE OR REPLACE FUNCTION api.resolve_verification(caller jsonb, verification uuid, outcome text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c faren.caller := faren.begin_call(caller, 'resolve_verification');
    v faren.verification;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    v := faren.lock_verification(c, verification);
    IF v.verification_id IS NULL THEN
        RETURN faren.refuse(c, 'verification.resolve', 'verification', verification::text, NULL, faren.refusal('VERIFICATION_NOT_FOUND'));
    ELSIF v.status <> 'manual-review' OR outcome NOT IN ('passed', 'failed') THEN
        RETURN faren.refuse(c, 'verification.resolve', 'verification', verification::text, v.org_id,
                            faren.refusal('VERIFICATION_ENDED', jsonb_build_object('status', v.status)));
    ELSIF faren.is_blank(c.reason) THEN
        RETURN faren.refuse(c, 'verification.resolve', 'verification', verification::text, v.org_id, faren.refusal('REASON_REQUIRED'));
    END IF;
    RETURN faren.settle_verification(c, v, outcome, CASE WHEN outcome = 'failed' THEN 'resolved' END, 'verification.resolve');
END
$$;
REVOKE ALL ON FUNCTION api.resolve_verification(jsonb, uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.resolve_verification(jsonb, uuid, text) TO faren_reviewer;

-- lock_verification locks the application, recovery or account first and the check after it, the order that everything else keeps, and
-- expires both when their time is past.
CREATE OR REPLACE FUNCTION faren.lock_verification(c faren.caller, id uuid) RETURNS faren.verification
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v faren.verification;
BEGIN
    SELECT * INTO v FROM faren.verification x WHERE x.verification_id = id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM faren.lock_application(c, v.application_id);
    PERFORM faren.lock_recovery(v.recovery_id);
    PERFORM faren.lock_account(v.account_id);
    UPDATE faren.verification x SET status = 'expired'
    WHERE x.verification_id = id AND x.status IN ('pending', 'manual-review') AND x.expires_at <= c.at;
    -- Read now, since it may have moved to its organization with its application.
    SELECT * INTO v FROM faren.verification x WHERE x.verification_id = id FOR UPDATE;
    RETURN v;
END
$$;
REVOKE ALL ON FUNCTION faren.lock_verification(faren.caller, uuid) FROM PUBLIC;

CREATE OR REPLACE FUNCTION faren.settle_verification(c faren.caller, v faren.verification, outcome text, cause text, action text) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    a       faren.application;
    waits   boolean;
    refused jsonb;
    answer  jsonb;
BEGIN
    SELECT * INTO a FROM faren.application x WHERE x.org_id = v.org_id AND x.application_id = v.application_id;
    waits := a.status = 'awaiting-identity' AND a.agent_id = v.agent_id;
    IF v.purpose = 'register' AND outcome = 'passed' AND NOT waits THEN
        -- What it was for has moved on: the check can do nothing any more, so it ends without having passed.
        UPDATE faren.verification x SET status = 'expired' WHERE x.org_id = v.org_id AND x.verification_id = v.verification_id;
        RETURN faren.refuse(c, action, 'verification', v.verification_id::text, v.org_id,
            faren.refusal('WRONG_STATE', jsonb_build_object('status', a.status, 'channel', a.channel, 'application_id', a.application_id)));
    END IF;
    IF v.purpose = 'agent' AND outcome = 'passed' THEN
        UPDATE faren.account x SET status = 'active', updated_at = c.at
        WHERE x.org_id = v.org_id AND x.account_id = v.account_id AND x.agent_id = v.agent_id AND x.status = 'pending';
        IF NOT FOUND THEN
            UPDATE faren.verification x SET status = 'expired' WHERE x.org_id = v.org_id AND x.verification_id = v.verification_id;
            RETURN faren.refuse(c, action, 'verification', v.verification_id::text, v.org_id, faren.refusal('ACCOUNT_WRONG_STATE', jsonb_build_object('status',
                (SELECT x.status FROM faren.account x WHERE x.org_id = v.org_id AND x.account_id = v.account_id))));
        END IF;
    END IF;
    UPDATE faren.verification x
    SET status = outcome, failure = cause, completed_at = CASE WHEN outcome <> 'expired' THEN c.at END,
        used_at = CASE WHEN v.purpose IN ('register', 'agent') AND outcome = 'passed' THEN c.at END,
        -- How long the provider waits for the person is not how long what it found out is good.
        expires_at = CASE WHEN outcome = 'passed' THEN greatest(x.expires_at, x.created_at + faren.policy_interval('identity.lifetime')) ELSE x.expires_at END
    WHERE x.org_id = v.org_id AND x.verification_id = v.verification_id;
    IF v.purpose = 'register' AND outcome = 'passed' THEN
        refused := faren.submit_application(c, a, v.verification_id);
    ELSIF cause = 'identity-mismatch' THEN
        refused := faren.refusal('IDENTITY_MISMATCH', jsonb_strip_nulls(jsonb_build_object('application_id', v.application_id)));
    ELSIF cause = 'other-organization' THEN
        refused := faren.refusal('OTHER_ORGANIZATION');
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, action, 'verification', v.verification_id::text, v.org_id, refused);
    END IF;
    answer := jsonb_build_object('verification', faren.verification_json(v.verification_id),
                                 'application', faren.application_json(v.application_id));
    RETURN faren.end_call(c, action, 'verification', v.verification_id::text, v.org_id, answer, jsonb_build_object('outcome', outcome));
END
$$;
REVOKE ALL ON FUNCTION faren.settle_verification(faren.caller, faren.verification, text, text, text) FROM PUBLIC;
