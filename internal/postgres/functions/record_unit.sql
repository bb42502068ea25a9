-- record_unit gives a project's application its unit (guide 一.4: 法人单位信息比对). A unit that can present a certificate with a USCC
-- must agree with the business register; staff compare either way. unit is {name, name_key, unit_code, unit_code_type, warnings,
-- documents: […]}, contents the sealed documents.
CREATE OR REPLACE FUNCTION api.record_unit(caller jsonb, application uuid, unit jsonb, contents bytea[]) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'record_unit');
    a       faren.application;
    o       faren.organization;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    a := faren.lock_application(c, application);
    IF a.application_id IS NULL THEN
        refused := faren.refusal('APPLICATION_NOT_FOUND');
    ELSIF a.status <> 'awaiting-unit' THEN
        refused := faren.refusal('WRONG_STATE', jsonb_build_object('status', a.status, 'channel', a.channel));
    ELSE
        refused := coalesce(faren.unit_refusal(unit), faren.document_refusal(a.channel, unit -> 'documents', true));
    END IF;
    IF refused IS NULL THEN
        SELECT * INTO STRICT o FROM faren.organization x WHERE x.org_id = a.org_id;
        o := faren.stated_organization(o, unit);
        refused := faren.obstacles_of(faren.candidate_of(a, faren.known_organization(o)), c.at);
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'application.unit', 'application', application::text, a.org_id, refused);
    END IF;
    UPDATE faren.organization x SET name = o.name, name_key = o.name_key, unit_code = o.unit_code, unit_code_type = o.unit_code_type
    WHERE x.org_id = a.org_id;
    PERFORM faren.add_documents(c, a, unit -> 'documents', contents);
    UPDATE faren.application x
    SET status = 'awaiting-user', warnings = x.warnings || nullif(unit -> 'warnings', 'null'), updated_at = c.at,
        expires_at = c.at + faren.policy_interval('registration.draft_lifetime')
    WHERE x.org_id = a.org_id AND x.application_id = application;
    RETURN faren.end_call(c, 'application.unit', 'application', application::text, a.org_id, faren.application_json(application),
                          jsonb_build_object('unit_code', unit ->> 'unit_code', 'unit_code_type', unit ->> 'unit_code_type'));
END
$$;
REVOKE ALL ON FUNCTION api.record_unit(jsonb, uuid, jsonb, bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.record_unit(jsonb, uuid, jsonb, bytea[]) TO faren_registrar;

-- unit_refusal says why a stated unit of the project channel cannot be taken.
CREATE OR REPLACE FUNCTION faren.unit_refusal(unit jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    entry faren.register_entry;
BEGIN
    IF unit ->> 'name' IS NULL OR unit ->> 'name_key' IS NULL THEN
        RETURN faren.refusal('FIELD_REQUIRED', '{"field": "organization_name"}');
    ELSIF unit ->> 'unit_code' IS NULL THEN
        RETURN faren.refusal('FIELD_REQUIRED', '{"field": "unit_code"}');
    ELSIF coalesce(unit ->> 'unit_code_type' NOT IN ('uscc', 'project-code'), true) THEN
        RETURN faren.refusal('VALUE_INVALID', '{"field": "unit_code_type", "allowed": ["uscc", "project-code"]}');
    ELSIF unit ->> 'unit_code_type' = 'project-code' THEN
        RETURN NULL;
    END IF;
    SELECT * INTO entry FROM faren.register_entry e WHERE e.unit_code = unit ->> 'unit_code';
    IF NOT FOUND THEN
        RETURN faren.refusal('ORGANIZATION_NOT_FOUND');
    ELSIF entry.name_key <> unit ->> 'name_key' THEN
        RETURN faren.refusal('ORGANIZATION_MISMATCH', '{"fields": ["organization_name"]}');
    END IF;
    RETURN faren.inactive_organization(entry.unit_code);
END
$$;
REVOKE ALL ON FUNCTION faren.unit_refusal(jsonb) FROM PUBLIC;
