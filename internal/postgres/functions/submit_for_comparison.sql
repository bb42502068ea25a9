-- submit_for_comparison gives an application of a manual channel its user name and password, joins it to its organization, and puts
-- it before staff (guide 一.3, 一.4: 您的信息已提交). registration is {credential: {…}, username_phone_index, issued_code, advice}: a user
-- name that is a mobile comes with its index, which must be the agent's; issued_code is for an overseas organization that is new.
-- Order: state, form, captcha, calendar, obstacles.
CREATE OR REPLACE FUNCTION api.submit_for_comparison(caller jsonb, application uuid, registration jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'submit_for_comparison');
    secret  jsonb := registration -> 'credential';
    name    bytea := decode(registration #>> '{credential,username_index}', 'hex');
    a       faren.application;
    moved   faren.application;
    o       faren.organization;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    a := faren.lock_application(c, application);
    IF a.application_id IS NULL THEN
        refused := faren.refusal('APPLICATION_NOT_FOUND');
    ELSIF a.status = 'certified' THEN
        refused := faren.refusal('AGENT_REQUIRED', jsonb_build_object('channel', a.channel));
    ELSIF a.status <> 'awaiting-user' THEN
        refused := faren.refusal('WRONG_STATE', jsonb_build_object('status', a.status, 'channel', a.channel));
    ELSIF registration ->> 'username_phone_index' IS NOT NULL AND NOT EXISTS (
        SELECT FROM faren.agent g WHERE g.org_id = a.org_id AND g.agent_id = a.agent_id
           AND g.phone_index = decode(registration ->> 'username_phone_index', 'hex')) THEN
        refused := faren.refusal('USERNAME_INVALID', '{"field": "username", "reason": "other-mobile"}');
    ELSE
        refused := coalesce(faren.strict_advice(registration -> 'advice'), faren.check_captcha(c));
    END IF;
    IF refused IS NULL THEN
        SELECT x.refused INTO refused FROM faren.comparison_due(c.at) x;
    END IF;
    IF refused IS NULL THEN
        SELECT * INTO STRICT o FROM faren.organization x WHERE x.org_id = a.org_id;
        refused := coalesce(faren.inactive_organization(o.unit_code),
            faren.obstacles_of(faren.candidate_of(a, faren.known_organization(o)) || jsonb_build_object('username_index', secret ->> 'username_index'), c.at));
    END IF;
    IF refused IS NULL THEN
        BEGIN
            moved := faren.move_application(a, faren.settle_organization(c, o, registration ->> 'issued_code'));
            refused := faren.claim_person(c, moved.org_id, application, NULL, moved.agent_id, name);
            IF refused IS NOT NULL THEN
                -- No organization is made for a refused registration.
                RAISE EXCEPTION USING ERRCODE = 'FN002', MESSAGE = 'obstacles';
            END IF;
        EXCEPTION WHEN SQLSTATE 'FN002' THEN
            NULL;
        END;
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'application.user', 'application', application::text, a.org_id, refused);
    END IF;
    PERFORM faren.insert_credential(c, moved.org_id, secret);
    moved.credential_id := (secret ->> 'credential_id')::uuid;
    moved.username_display := secret ->> 'username_display';
    moved.username_index := name;
    moved.unit_name := o.name;
    moved.unit_name_key := o.name_key;
    PERFORM faren.spend_captcha(c);
    PERFORM faren.enter_comparison(c, moved);
    RETURN faren.end_call(c, 'application.user', 'application', application::text, moved.org_id, faren.application_json(application), '{}');
END
$$;
REVOKE ALL ON FUNCTION api.submit_for_comparison(jsonb, uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.submit_for_comparison(jsonb, uuid, jsonb) TO faren_registrar;

-- enter_comparison puts an application, whose claims are made, before staff as a has it, and sets their deadline. What was decided
-- before is no longer its state; the audit has it.
CREATE OR REPLACE FUNCTION faren.enter_comparison(c faren.caller, a faren.application) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE faren.application x
    SET credential_id = a.credential_id, username_display = a.username_display, username_index = a.username_index, unit_name = a.unit_name,
        unit_name_key = a.unit_name_key, warnings = a.warnings, status = 'pending-comparison', review_kind = 'comparison', submitted_at = c.at, updated_at = c.at, expires_at = NULL,
        due_at = (SELECT d.due FROM faren.comparison_due(c.at) d), decided_at = NULL, decided_by = NULL, decision_reason = NULL
    WHERE x.org_id = a.org_id AND x.application_id = a.application_id;
END
$$;
REVOKE ALL ON FUNCTION faren.enter_comparison(faren.caller, faren.application) FROM PUBLIC;

-- resubmit_application puts an application that staff found mismatched before them again, with what the applicant corrected
-- (guide 一.3: 按照短信告知的内容重新上传资料提交). The deadline starts anew. changes is {unit, agent, code_proof, sandbox, issued_code,
-- warnings, documents}; each part may be absent. unit is as in record_unit, or {name, name_key} of an overseas organization: another
-- unit is another organization, to which the application moves. agent is {agent_id, email_…, ethnic_group_sealed, phone_…}; a new
-- phone needs its SMS code. Name and document are those that the face check saw, and stay.
CREATE OR REPLACE FUNCTION api.resubmit_application(caller jsonb, application uuid, changes jsonb, contents bytea[]) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'resubmit_application');
    unit    jsonb := nullif(changes -> 'unit', 'null');
    person  jsonb := nullif(changes -> 'agent', 'null');
    phone   bytea := decode(changes #>> '{agent,phone_index}', 'hex');
    a       faren.application;
    moved   faren.application;
    o       faren.organization;
    code_id uuid;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    a := faren.lock_application(c, application);
    IF a.application_id IS NULL THEN
        refused := faren.refusal('APPLICATION_NOT_FOUND');
    ELSIF a.status <> 'mismatched' THEN
        refused := faren.refusal('WRONG_STATE', jsonb_build_object('status', a.status, 'channel', a.channel));
    ELSIF person IS NOT NULL AND (person ->> 'agent_id')::uuid IS DISTINCT FROM a.agent_id THEN
        -- The client seals for the agent that it saw; nothing else could ever be opened again.
        refused := faren.refusal('WRONG_STATE', jsonb_build_object('status', a.status, 'channel', a.channel));
    ELSIF a.channel <> 'project' AND (unit ->> 'unit_code' IS NOT NULL OR person ->> 'ethnic_group_sealed' IS NOT NULL) THEN
        refused := faren.refusal('FIELD_NOT_ALLOWED', jsonb_build_object('channel', a.channel, 'field',
            CASE WHEN unit ->> 'unit_code' IS NOT NULL THEN 'unit_code' ELSE 'agent.ethnic_group' END));
    ELSIF a.channel <> 'overseas' AND person ->> 'email_sealed' IS NOT NULL THEN
        refused := faren.refusal('FIELD_NOT_ALLOWED', jsonb_build_object('channel', a.channel, 'field', 'agent.email'));
    ELSE
        refused := faren.document_refusal(a.channel, changes -> 'documents', false);
    END IF;
    IF refused IS NULL AND unit IS NOT NULL AND a.channel = 'project' THEN
        refused := faren.unit_refusal(unit);
    END IF;
    IF refused IS NULL THEN
        SELECT x.refused INTO refused FROM faren.comparison_due(c.at) x;
    END IF;
    IF refused IS NULL AND phone IS NOT NULL THEN
        SELECT * INTO refused, code_id FROM faren.check_step_code(c, phone, 'register', changes);
    END IF;
    IF refused IS NULL THEN
        SELECT * INTO STRICT o FROM faren.organization x WHERE x.org_id = a.org_id;
        IF unit IS NOT NULL THEN
            o := faren.stated_organization(o, unit);
        END IF;
        BEGIN
            UPDATE faren.agent g
            SET email_mask = coalesce(person ->> 'email_mask', g.email_mask),
                email_sealed = coalesce(decode(person ->> 'email_sealed', 'hex'), g.email_sealed),
                email_index = CASE WHEN person ->> 'email_sealed' IS NULL THEN g.email_index ELSE decode(person ->> 'email_index', 'hex') END,
                ethnic_group_sealed = coalesce(decode(person ->> 'ethnic_group_sealed', 'hex'), g.ethnic_group_sealed),
                phone_mask = CASE WHEN phone IS NULL THEN g.phone_mask ELSE person ->> 'phone_mask' END, phone_index = coalesce(phone, g.phone_index),
                phone_sealed = CASE WHEN phone IS NULL THEN g.phone_sealed ELSE decode(person ->> 'phone_sealed', 'hex') END
            WHERE person IS NOT NULL AND g.org_id = a.org_id AND g.agent_id = a.agent_id;
            moved := faren.move_application(a, faren.settle_organization(c, o, changes ->> 'issued_code'));
            refused := faren.claim_person(c, moved.org_id, application, NULL, moved.agent_id, NULL);
            IF refused IS NOT NULL THEN
                RAISE EXCEPTION USING ERRCODE = 'FN002', MESSAGE = 'obstacles';
            END IF;
        EXCEPTION WHEN SQLSTATE 'FN002' THEN
            NULL;
        END;
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'application.resubmit', 'application', application::text, a.org_id, refused);
    END IF;
    IF unit IS NOT NULL THEN
        moved.unit_name := o.name;
        moved.unit_name_key := o.name_key;
        moved.warnings := coalesce(nullif(changes -> 'warnings', 'null'), '[]');
    END IF;
    PERFORM faren.add_documents(c, moved, changes -> 'documents', contents);
    PERFORM faren.spend_code(c, phone, code_id);
    PERFORM faren.enter_comparison(c, moved);
    RETURN faren.end_call(c, 'application.resubmit', 'application', application::text, moved.org_id, faren.application_json(application),
        jsonb_build_object('documents', (SELECT coalesce(jsonb_agg(d.kind ORDER BY d.kind), '[]') FROM jsonb_to_recordset(nullif(changes -> 'documents', 'null')) AS d (kind text)),
                           'unit', unit IS NOT NULL, 'agent', person IS NOT NULL, 'phone', phone IS NOT NULL, 'moved', moved.org_id <> a.org_id));
END
$$;
REVOKE ALL ON FUNCTION api.resubmit_application(jsonb, uuid, jsonb, bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.resubmit_application(jsonb, uuid, jsonb, bytea[]) TO faren_registrar;
