-- start_manual_application opens an application of a manual channel (guide 一.3, 一.4): its agent, and for an overseas unit its name
-- and documents; the agent's face check comes next. application is {application_id, channel, name, name_key, agent: {…}, code_proof,
-- sandbox, warnings, documents: […]}, contents the sealed documents. Order: form, captcha, SMS code, obstacles. Captcha and code
-- are spent only by success.
CREATE OR REPLACE FUNCTION api.start_manual_application(caller jsonb, application jsonb, contents bytea[]) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c        faren.caller := faren.begin_call(caller, 'start_manual_application');
    id       uuid := (application ->> 'application_id')::uuid;
    channel  text := application ->> 'channel';
    person   jsonb := application -> 'agent';
    phone    bytea := decode(application #>> '{agent,phone_index}', 'hex');
    code_id  uuid;
    refused  jsonb;
    a        faren.application;
    o        faren.organization;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    IF NOT faren.is_manual(channel) THEN
        refused := faren.refusal('VALUE_INVALID', '{"field": "channel", "allowed": ["overseas", "project"]}');
    ELSIF channel = 'overseas' AND application ->> 'name' IS NULL THEN
        refused := faren.refusal('FIELD_REQUIRED', '{"field": "organization_name"}');
    ELSIF channel = 'overseas' AND person ->> 'email_sealed' IS NULL THEN
        refused := faren.refusal('FIELD_REQUIRED', '{"field": "agent.email"}');
    ELSIF channel = 'project' AND person ->> 'ethnic_group_sealed' IS NULL THEN
        refused := faren.refusal('FIELD_REQUIRED', '{"field": "agent.ethnic_group"}');
    ELSE
        -- A project's document comes with its unit.
        refused := faren.document_refusal(channel, application -> 'documents', channel = 'overseas');
    END IF;
    refused := coalesce(refused, faren.check_captcha(c));
    IF refused IS NULL THEN
        SELECT * INTO refused, code_id FROM faren.check_step_code(c, phone, 'register', application);
    END IF;
    IF refused IS NULL THEN
        o.provisional := true;
        o.name_key := application ->> 'name_key';
        refused := faren.obstacles_of(jsonb_build_object('org_id', faren.known_organization(o), 'document_type', person ->> 'document_type',
            'document_index', person ->> 'document_index', 'phone_index', person ->> 'phone_index'), c.at);
    END IF;
    IF refused IS NULL THEN
        refused := faren.open_application(c, jsonb_build_object('application_id', id, 'channel', channel, 'status', 'awaiting-identity',
            'name', application ->> 'name', 'name_key', application ->> 'name_key', 'warnings', application -> 'warnings', 'agent', person));
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'application.start', 'application', id::text, NULL, refused);
    END IF;
    SELECT * INTO STRICT a FROM faren.application x WHERE x.org_id = id AND x.application_id = id;
    PERFORM faren.add_documents(c, a, application -> 'documents', contents);
    PERFORM faren.spend_code(c, phone, code_id);
    PERFORM faren.spend_captcha(c);
    RETURN faren.end_call(c, 'application.start', 'application', id::text, id, faren.application_json(id),
                          jsonb_build_object('channel', channel, 'sandbox', code_id IS NULL));
END
$$;
REVOKE ALL ON FUNCTION api.start_manual_application(jsonb, jsonb, bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.start_manual_application(jsonb, jsonb, bytea[]) TO faren_registrar;
