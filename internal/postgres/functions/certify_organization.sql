-- certify_organization starts an application of the channels zhejiang and other-province: its organization agrees with
-- the business register, and the application waits for its user.
CREATE OR REPLACE FUNCTION api.certify_organization(caller jsonb, facts jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'certify_organization');
    id      uuid := (facts ->> 'application_id')::uuid;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    refused := faren.certification(facts);
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'application.start', 'unit_code', facts ->> 'unit_code', NULL, refused);
    END IF;
    refused := faren.open_application(c, jsonb_build_object('application_id', id, 'channel', facts ->> 'channel', 'status', 'certified',
        'name', facts ->> 'name', 'name_key', facts ->> 'name_key', 'unit_code', facts ->> 'unit_code', 'unit_code_type', 'uscc',
        'entity_type', facts ->> 'entity_type', 'warnings', facts -> 'warnings'));
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'application.start', 'application', id::text, NULL, refused);
    END IF;
    RETURN faren.end_call(c, 'application.start', 'application', id::text, NULL, faren.application_json(id),
                          jsonb_build_object('channel', facts ->> 'channel', 'unit_code', facts ->> 'unit_code'));
END
$$;
REVOKE ALL ON FUNCTION api.certify_organization(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.certify_organization(jsonb, jsonb) TO faren_registrar;
