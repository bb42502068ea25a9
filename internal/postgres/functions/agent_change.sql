-- add_agent gives an agent an account of the reviewer's organization, which waits for that agent's own face check and then is active
-- without a review. An agent whose application waits is not added but reviewed (guide 三.4). Whoever signed the organization in cannot be
-- added, or be handed an account, by themselves: nobody else would have looked. registration is {account_id, agent: {…},
-- credential: {…}, code_proof, sandbox, advice, sms_id}. Order: session, password advice, SMS code, obstacles.
CREATE OR REPLACE FUNCTION api.add_agent(caller jsonb, registration jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'add_agent');
    id      uuid := (registration ->> 'account_id')::uuid;
    person  jsonb := registration -> 'agent';
    secret  jsonb := registration -> 'credential';
    phone   bytea := decode(registration #>> '{agent,phone_index}', 'hex');
    o       faren.organization;
    code_id uuid;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    IF c.session_id IS NULL THEN
        refused := faren.refusal(c.session_problem);
    ELSIF NOT faren.is_reviewer(c.role) THEN
        refused := faren.refusal('NOT_A_REVIEWER', jsonb_build_object('role', c.role));
    ELSIF EXISTS (SELECT FROM faren.account a WHERE a.account_id = id) THEN
        refused := faren.refusal('ID_TAKEN');
    ELSE
        SELECT * INTO STRICT o FROM faren.organization x WHERE x.org_id = c.org_id;
        refused := coalesce(faren.inactive_organization(o.unit_code), faren.strict_advice(registration -> 'advice'));
    END IF;
    IF refused IS NULL THEN
        SELECT * INTO refused, code_id FROM faren.check_step_code(c, phone, 'agent-add', registration);
    END IF;
    IF refused IS NULL THEN
        BEGIN
            PERFORM faren.insert_agent(c, c.org_id, person);
            IF faren.is_own_agent(c, c.org_id, (person ->> 'agent_id')::uuid) AND c.role = 'organization' THEN
                refused := faren.refusal('OWN_ACCOUNT_ADDED');
                RAISE EXCEPTION USING ERRCODE = 'FN002', MESSAGE = 'own';
            END IF;
            PERFORM faren.insert_credential(c, c.org_id, secret);
            INSERT INTO faren.account (org_id, account_id, agent_id, credential_id, role, status, created_at, updated_at)
            VALUES (c.org_id, id, (person ->> 'agent_id')::uuid, (secret ->> 'credential_id')::uuid, 'agent', 'pending', c.at, c.at);
            refused := faren.by_reviewer(faren.claim_person(c, c.org_id, NULL, id, (person ->> 'agent_id')::uuid, decode(secret ->> 'username_index', 'hex')));
            IF refused IS NOT NULL THEN
                RAISE EXCEPTION USING ERRCODE = 'FN002', MESSAGE = 'obstacles';
            END IF;
        EXCEPTION WHEN SQLSTATE 'FN002' THEN
            NULL;
        END;
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'account.add', 'account', id::text, c.org_id, refused);
    END IF;
    PERFORM faren.spend_code(c, phone, code_id);
    PERFORM faren.queue_sms(c, c.org_id, (registration ->> 'sms_id')::uuid, 'agent-changed', (person ->> 'agent_id')::uuid, NULL,
        jsonb_build_object('organization', o.name, 'change', '已由本单位审核人添加，本人通过人脸认证后即可使用'), NULL);
    RETURN faren.end_call(c, 'account.add', 'account', id::text, c.org_id, faren.account_json(id), jsonb_build_object('sandbox', code_id IS NULL));
END
$$;
REVOKE ALL ON FUNCTION api.add_agent(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.add_agent(jsonb, jsonb) TO faren_registrar;

-- by_reviewer tells obstacles as a reviewer meets them: an application that waits is theirs to review (guide 三.4).
CREATE OR REPLACE FUNCTION faren.by_reviewer(refused jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT jsonb_agg(CASE WHEN x.obstacle ->> 'code' = 'APPLICATION_PENDING' THEN x.obstacle || '{"code": "AGENT_HAS_APPLICATION"}' ELSE x.obstacle END ORDER BY x.place)
            FROM jsonb_array_elements(refused) WITH ORDINALITY AS x (obstacle, place));
END
$$;
REVOKE ALL ON FUNCTION faren.by_reviewer(jsonb) FROM PUBLIC;

-- update_agent changes what an account says of its agent (guide 一.5: 变更经办人信息). changes is {agent: {…}, new_person, code_proof, sandbox,
-- sms_id}. Without new_person, agent is {agent_id, phone_…, email_…, landline_…} with what is given; a new phone needs the SMS code sent
-- to it. With new_person, agent is a whole one: the account waits for that person's face check, its sessions end, its password is none
-- until it is reset by recovery, and an administrator is an agent again. The legal representative's account stays with that person.
-- Where nothing changes, the account is answered as it is: nobody hears of it, and there is no audit event.
CREATE OR REPLACE FUNCTION api.update_agent(caller jsonb, account uuid, changes jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'update_agent');
    person  jsonb := changes -> 'agent';
    another boolean := coalesce((changes ->> 'new_person')::boolean, false);
    phone   bytea := decode(changes #>> '{agent,phone_index}', 'hex');
    t       faren.account;
    g       faren.agent;
    code_id uuid;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    t := faren.lock_account(account);
    refused := faren.care_refusal(c, t, true);
    IF refused IS NULL AND t.status = 'deactivated' THEN
        refused := faren.refusal('ACCOUNT_WRONG_STATE', jsonb_build_object('status', t.status));
    ELSIF refused IS NULL AND another AND t.role = 'legal-representative' THEN
        refused := faren.refusal('LEGAL_REPRESENTATIVE_FIXED');
    ELSIF refused IS NULL AND NOT another AND (person ->> 'agent_id')::uuid IS DISTINCT FROM t.agent_id THEN
        -- The client seals for the agent that it saw; nothing else could ever be opened again.
        refused := faren.refusal('ACCOUNT_WRONG_STATE', jsonb_build_object('status', t.status));
    END IF;
    IF refused IS NULL AND phone IS NOT NULL THEN
        SELECT * INTO refused, code_id FROM faren.check_step_code(c, phone, 'agent-update', changes);
    END IF;
    IF refused IS NULL THEN
        SELECT * INTO STRICT g FROM faren.agent x WHERE x.org_id = t.org_id AND x.agent_id = t.agent_id;
        IF NOT another AND coalesce(phone, g.phone_index) IS NOT DISTINCT FROM g.phone_index
           AND (person ->> 'email_sealed' IS NULL OR coalesce(decode(person ->> 'email_index', 'hex') = g.email_index, false))
           AND (person ->> 'landline_sealed' IS NULL OR coalesce(decode(person ->> 'landline_index', 'hex') = g.landline_index, false)) THEN
            PERFORM faren.spend_code(c, phone, code_id);
            RETURN faren.keep_answer(c, jsonb_build_object('result', faren.account_json(account)));
        END IF;
        BEGIN
            DELETE FROM faren.phone_claim k WHERE k.org_id = t.org_id AND k.phone_index = g.phone_index AND k.account_id = account;
            DELETE FROM faren.agent_claim k
            WHERE k.org_id = t.org_id AND k.document_index = g.document_index AND k.document_type = g.document_type AND k.account_id = account;
            IF another THEN
                PERFORM faren.insert_agent(c, t.org_id, person);
                t.agent_id := (person ->> 'agent_id')::uuid;
                IF c.role = 'organization' AND faren.is_own_agent(c, t.org_id, t.agent_id) THEN
                    refused := faren.refusal('OWN_ACCOUNT_ADDED');
                    RAISE EXCEPTION USING ERRCODE = 'FN002', MESSAGE = 'own';
                END IF;
            ELSE
                UPDATE faren.agent x
                SET phone_index = coalesce(phone, x.phone_index),
                    phone_mask = CASE WHEN phone IS NULL THEN x.phone_mask ELSE person ->> 'phone_mask' END,
                    phone_sealed = CASE WHEN phone IS NULL THEN x.phone_sealed ELSE decode(person ->> 'phone_sealed', 'hex') END,
                    email_mask = coalesce(person ->> 'email_mask', x.email_mask), email_sealed = coalesce(decode(person ->> 'email_sealed', 'hex'), x.email_sealed),
                    landline_mask = coalesce(person ->> 'landline_mask', x.landline_mask),
                    landline_sealed = coalesce(decode(person ->> 'landline_sealed', 'hex'), x.landline_sealed),
                    email_index = CASE WHEN person ->> 'email_sealed' IS NULL THEN x.email_index ELSE decode(person ->> 'email_index', 'hex') END,
                    landline_index = CASE WHEN person ->> 'landline_sealed' IS NULL THEN x.landline_index ELSE decode(person ->> 'landline_index', 'hex') END
                WHERE x.org_id = t.org_id AND x.agent_id = t.agent_id;
            END IF;
            refused := faren.by_reviewer(faren.claim_person(c, t.org_id, NULL, account, t.agent_id, NULL));
            IF refused IS NOT NULL THEN
                RAISE EXCEPTION USING ERRCODE = 'FN002', MESSAGE = 'obstacles';
            END IF;
        EXCEPTION WHEN SQLSTATE 'FN002' THEN
            NULL;
        END;
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'account.update', 'account', account::text, t.org_id, refused);
    END IF;
    UPDATE faren.account x
    SET agent_id = t.agent_id, updated_at = c.at, status = CASE WHEN another THEN 'pending' ELSE x.status END, role = CASE WHEN another THEN 'agent' ELSE x.role END
    WHERE x.org_id = t.org_id AND x.account_id = account;
    IF another THEN
        UPDATE faren.credential d SET verifier = sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), changed_at = c.at
        WHERE d.org_id = t.org_id AND d.credential_id = t.credential_id;
        UPDATE faren.session s SET revoked_at = c.at, revoked_by = c.operator WHERE s.org_id = t.org_id AND s.account_id = account AND s.revoked_at IS NULL;
    END IF;
    PERFORM faren.spend_code(c, phone, code_id);
    PERFORM faren.queue_sms(c, t.org_id, (changes ->> 'sms_id')::uuid, 'agent-changed', t.agent_id, NULL,
        jsonb_build_object('organization', (SELECT o.name FROM faren.organization o WHERE o.org_id = t.org_id),
            'change', CASE WHEN another THEN '已变更为由您使用，本人通过人脸认证并找回密码后即可使用' ELSE '的经办人信息已变更' END), NULL);
    RETURN faren.end_call(c, 'account.update', 'account', account::text, t.org_id, faren.account_json(account),
        jsonb_build_object('new_person', another, 'phone', phone IS NOT NULL));
END
$$;
REVOKE ALL ON FUNCTION api.update_agent(jsonb, uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.update_agent(jsonb, uuid, jsonb) TO faren_registrar, faren_reviewer;
