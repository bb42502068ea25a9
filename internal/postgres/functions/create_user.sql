-- create_user gives an application its user (guide 一.1: 创建用户) and reserves the user name; phone and agent are
-- claimed when the face check has passed. registration is {agent: {…}, credential: {…}, code_proof, sandbox, advice}:
-- advice names what the password had better not contain, which policy password.advice may make a refusal.
-- Order: state, password advice, captcha, SMS code, obstacles. Captcha and code are spent only by success.
CREATE OR REPLACE FUNCTION api.create_user(caller jsonb, application uuid, registration jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c         faren.caller := faren.begin_call(caller, 'create_user');
    person    jsonb := registration -> 'agent';
    secret    jsonb := registration -> 'credential';
    phone     bytea := decode(person ->> 'phone_index', 'hex');
    a         faren.application;
    o         faren.organization;
    code_id   uuid;
    refused   jsonb;
    violated  text;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    a := faren.lock_application(c, application);
    IF a.application_id IS NULL THEN
        RETURN faren.refuse(c, 'application.user', 'application', application::text, NULL, faren.refusal('APPLICATION_NOT_FOUND'));
    ELSIF a.status = 'awaiting-user' THEN
        -- A manual channel took its agent at the start (submit_for_comparison).
        RETURN faren.refuse(c, 'application.user', 'application', application::text, a.org_id,
                            faren.refusal('FIELD_NOT_ALLOWED', jsonb_build_object('field', 'agent', 'channel', a.channel)));
    ELSIF a.status <> 'certified' THEN
        RETURN faren.refuse(c, 'application.user', 'application', application::text, a.org_id,
                            faren.refusal('WRONG_STATE', jsonb_build_object('status', a.status, 'channel', a.channel)));
    END IF;
    SELECT * INTO STRICT o FROM faren.organization x WHERE x.org_id = a.org_id;
    refused := coalesce(faren.inactive_organization(o.unit_code), faren.strict_advice(registration -> 'advice'), faren.check_captcha(c));
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'application.user', 'application', application::text, a.org_id, refused);
    END IF;
    SELECT * INTO refused, code_id FROM faren.check_step_code(c, phone, 'register', registration);
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'application.user', 'application', application::text, a.org_id, refused);
    END IF;

    FOR attempt IN 1..5 LOOP
        refused := faren.obstacles_of(jsonb_build_object('application_id', application, 'org_id', faren.known_organization(o),
            'document_type', person ->> 'document_type', 'document_index', person ->> 'document_index',
            'phone_index', person ->> 'phone_index', 'username_index', secret ->> 'username_index'), c.at);
        IF refused IS NOT NULL THEN
            RETURN faren.refuse(c, 'application.user', 'application', application::text, a.org_id, refused);
        END IF;
        BEGIN
            a := faren.move_application(a, faren.settle_organization(c, o, NULL));
            PERFORM faren.claim_username(c, a.org_id, application, NULL, decode(secret ->> 'username_index', 'hex'));
            EXIT;
        EXCEPTION WHEN unique_violation THEN
            GET STACKED DIAGNOSTICS violated = CONSTRAINT_NAME;
            -- Somebody took the name between the look and the claim: look again, so that the holder can be named.
            IF violated NOT LIKE 'username\_claim\_pkey%' OR attempt = 5 THEN
                RAISE;
            END IF;
            a.org_id := o.org_id; -- where it is again
        END;
    END LOOP;

    PERFORM faren.insert_agent(c, a.org_id, person);
    PERFORM faren.insert_credential(c, a.org_id, secret);
    UPDATE faren.application x
    SET agent_id = (person ->> 'agent_id')::uuid, credential_id = (secret ->> 'credential_id')::uuid,
        username_display = secret ->> 'username_display', username_index = decode(secret ->> 'username_index', 'hex'),
        status = 'awaiting-identity', updated_at = c.at, expires_at = c.at + faren.policy_interval('registration.identity_lifetime')
    WHERE x.org_id = a.org_id AND x.application_id = application;
    PERFORM faren.spend_code(c, phone, code_id);
    PERFORM faren.spend_captcha(c);
    RETURN faren.end_call(c, 'application.user', 'application', application::text, a.org_id, faren.application_json(application),
                          jsonb_build_object('sandbox', code_id IS NULL));
END
$$;
REVOKE ALL ON FUNCTION api.create_user(jsonb, uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.create_user(jsonb, uuid, jsonb) TO faren_registrar;

-- claim_username reserves a user name for an application or an account. A holder whose time is past is expired first, in this
-- transaction. It raises unique_violation when a live holder is there.
CREATE OR REPLACE FUNCTION faren.claim_username(c faren.caller, org uuid, application uuid, account uuid, wanted bytea) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    holder uuid;
BEGIN
    SELECT k.application_id INTO holder FROM faren.username_claim k WHERE k.username_index = wanted;
    IF holder IS NOT NULL AND holder IS DISTINCT FROM application THEN
        PERFORM faren.lock_application(c, holder);
    END IF;
    INSERT INTO faren.username_claim (username_index, org_id, application_id, account_id, claimed_at) VALUES (wanted, org, application, account, c.at);
END
$$;
REVOKE ALL ON FUNCTION faren.claim_username(faren.caller, uuid, uuid, uuid, bytea) FROM PUBLIC;
