-- create_user gives an application its user (guide 一.1: 创建用户) and reserves the user name; phone and agent are
-- claimed when the face check has passed. registration is {agent: {…}, credential: {…}, code_proof, sandbox, advice}:
-- advice names what the password had better not contain, which policy password.advice may make a refusal.
-- Order: state, password advice, SMS code, obstacles. The code is spent only by success.
CREATE OR REPLACE FUNCTION api.create_user(caller jsonb, application uuid, registration jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c         faren.caller := faren.begin_call(caller, 'create_user');
    person    jsonb := registration -> 'agent';
    secret    jsonb := registration -> 'credential';
    phone     bytea := decode(person ->> 'phone_index', 'hex');
    sandbox   boolean := coalesce((registration ->> 'sandbox')::boolean, false);
    d         faren.draft;
    a         faren.application;
    org       uuid;
    code_id   uuid;
    refused   jsonb;
    violated  text;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    d := faren.lock_draft(c, application);
    IF d.application_id IS NULL THEN
        a := faren.lock_application(c, application);
        IF a.application_id IS NULL THEN
            RETURN faren.refuse(c, 'application.user', 'application', application::text, NULL, faren.refusal('APPLICATION_NOT_FOUND'));
        END IF;
    END IF;
    IF coalesce(d.status, a.status) <> 'certified' THEN
        RETURN faren.refuse(c, 'application.user', 'application', application::text, a.org_id,
                            faren.refusal('WRONG_STATE', jsonb_build_object('status', coalesce(d.status, a.status), 'channel', coalesce(d.channel, a.channel))));
    END IF;
    refused := faren.inactive_organization(coalesce(d.unit_code, (SELECT o.unit_code FROM faren.organization o WHERE o.org_id = a.org_id)));
    IF refused IS NULL AND registration -> 'advice' -> 0 IS NOT NULL
       AND (SELECT p.value FROM faren.policy p WHERE p.name = 'password.advice') = 'strict' THEN
        refused := faren.refusal('PASSWORD_WEAK', jsonb_build_object('field', 'password', 'broken', registration -> 'advice'));
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'application.user', 'application', application::text, a.org_id, refused);
    END IF;
    IF NOT sandbox THEN
        SELECT * INTO refused, code_id FROM faren.check_code(c, phone, 'register', decode(registration ->> 'code_proof', 'hex'));
    ELSIF c.environment = 'production' THEN
        refused := faren.refusal('SANDBOX_REFUSED');
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'application.user', 'application', application::text, a.org_id, refused);
    END IF;

    FOR attempt IN 1..5 LOOP
        org := coalesce(a.org_id, (SELECT k.org_id FROM faren.unit_code_claim k WHERE k.unit_code = d.unit_code));
        refused := faren.obstacles_of(jsonb_build_object('application_id', application, 'org_id', org,
            'document_type', person ->> 'document_type', 'document_index', person ->> 'document_index',
            'phone_index', person ->> 'phone_index', 'username_index', secret ->> 'username_index'), c.at);
        IF refused IS NOT NULL THEN
            RETURN faren.refuse(c, 'application.user', 'application', application::text, org, refused);
        END IF;
        BEGIN
            org := coalesce(a.org_id, faren.organization_of_draft(c, d));
            PERFORM faren.claim_username(c, org, application, decode(secret ->> 'username_index', 'hex'));
            EXIT;
        EXCEPTION WHEN unique_violation THEN
            GET STACKED DIAGNOSTICS violated = CONSTRAINT_NAME;
            -- Somebody took the name between the look and the claim: look again, so that the holder can be named.
            IF violated NOT LIKE 'username\_claim\_pkey%' OR attempt = 5 THEN
                RAISE;
            END IF;
        END;
    END LOOP;

    INSERT INTO faren.agent (org_id, agent_id, name_mask, name_index, name_sealed, document_type, document_mask, document_index,
                             document_sealed, phone_mask, phone_index, phone_sealed, email_mask, email_sealed, landline_mask,
                             landline_sealed, created_at)
    VALUES (org, (person ->> 'agent_id')::uuid, person ->> 'name_mask', decode(person ->> 'name_index', 'hex'),
            decode(person ->> 'name_sealed', 'hex'), person ->> 'document_type', person ->> 'document_mask',
            decode(person ->> 'document_index', 'hex'), decode(person ->> 'document_sealed', 'hex'), person ->> 'phone_mask',
            phone, decode(person ->> 'phone_sealed', 'hex'), person ->> 'email_mask', decode(person ->> 'email_sealed', 'hex'),
            person ->> 'landline_mask', decode(person ->> 'landline_sealed', 'hex'), c.at);
    INSERT INTO faren.credential (org_id, credential_id, username_index, username_display, username_sealed, params, salt, verifier, changed_at)
    VALUES (org, (secret ->> 'credential_id')::uuid, decode(secret ->> 'username_index', 'hex'), secret ->> 'username_display',
            decode(secret ->> 'username_sealed', 'hex'), secret -> 'params', decode(secret ->> 'salt', 'hex'),
            sha256(decode(secret ->> 'derived', 'hex')), c.at);
    IF a.application_id IS NULL THEN
        INSERT INTO faren.application (org_id, application_id, agent_id, credential_id, username_display, username_index, channel,
                                       entity_type, status, review_kind, warnings, created_at, updated_at, expires_at)
        VALUES (org, application, (person ->> 'agent_id')::uuid, (secret ->> 'credential_id')::uuid, secret ->> 'username_display',
                decode(secret ->> 'username_index', 'hex'), d.channel, d.entity_type, 'awaiting-identity', 'none',
                d.warnings, d.created_at, c.at, c.at + faren.policy_interval('registration.identity_lifetime'));
        DELETE FROM faren.draft x WHERE x.application_id = d.application_id;
    ELSE
        UPDATE faren.application x
        SET agent_id = (person ->> 'agent_id')::uuid, credential_id = (secret ->> 'credential_id')::uuid,
            username_display = secret ->> 'username_display', username_index = decode(secret ->> 'username_index', 'hex'),
            status = 'awaiting-identity', updated_at = c.at, expires_at = c.at + faren.policy_interval('registration.identity_lifetime')
        WHERE x.org_id = org AND x.application_id = a.application_id;
    END IF;
    IF code_id IS NOT NULL THEN
        PERFORM faren.spend_code(c, phone, code_id);
    END IF;
    RETURN faren.end_call(c, 'application.user', 'application', application::text, org, faren.application_json(application),
                          jsonb_build_object('sandbox', sandbox));
END
$$;
REVOKE ALL ON FUNCTION api.create_user(jsonb, uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.create_user(jsonb, uuid, jsonb) TO faren_registrar;

-- claim_username reserves a user name for an application. A holder whose time is past is expired first, in this
-- transaction. It raises unique_violation when a live holder is there.
CREATE OR REPLACE FUNCTION faren.claim_username(c faren.caller, org uuid, application uuid, wanted bytea) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    holder uuid;
BEGIN
    SELECT k.application_id INTO holder FROM faren.username_claim k WHERE k.username_index = wanted;
    IF holder IS NOT NULL AND holder <> application THEN
        PERFORM faren.lock_application(c, holder);
    END IF;
    INSERT INTO faren.username_claim (username_index, org_id, application_id, claimed_at) VALUES (wanted, org, application, c.at);
END
$$;
REVOKE ALL ON FUNCTION faren.claim_username(faren.caller, uuid, uuid, bytea) FROM PUBLIC;

-- organization_of_draft finds or makes the organization of a draft by its unit code. Of two processes at once, the
-- second waits for the first's claim and takes its organization.
CREATE OR REPLACE FUNCTION faren.organization_of_draft(c faren.caller, d faren.draft) RETURNS uuid
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    org uuid := gen_random_uuid();
BEGIN
    INSERT INTO faren.unit_code_claim (unit_code, org_id) VALUES (d.unit_code, org) ON CONFLICT (unit_code) DO NOTHING;
    IF FOUND THEN
        INSERT INTO faren.organization (org_id, name, name_key, unit_code, unit_code_type, entity_type, created_at)
        VALUES (org, d.name, d.name_key, d.unit_code, d.unit_code_type, d.entity_type, c.at);
    ELSE
        SELECT k.org_id INTO STRICT org FROM faren.unit_code_claim k WHERE k.unit_code = d.unit_code;
    END IF;
    RETURN org;
END
$$;
REVOKE ALL ON FUNCTION faren.organization_of_draft(faren.caller, faren.draft) FROM PUBLIC;
