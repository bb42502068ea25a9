-- certify_organization starts an application of the channels zhejiang and other-province: its organization agrees with
-- the business register, and a draft waits for its user.
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
    -- The client makes the id; one that is an application's already must not shadow it.
    IF EXISTS (SELECT FROM faren.application a WHERE a.application_id = id) OR EXISTS (SELECT FROM faren.draft x WHERE x.application_id = id) THEN
        RETURN faren.refuse(c, 'application.start', 'application', id::text, NULL, faren.refusal('ID_TAKEN'));
    END IF;
    INSERT INTO faren.draft (application_id, channel, status, name, name_key, unit_code, unit_code_type, entity_type,
                             warnings, created_at, updated_at, expires_at)
    VALUES (id, facts ->> 'channel', 'certified', facts ->> 'name', facts ->> 'name_key', facts ->> 'unit_code', 'uscc',
            facts ->> 'entity_type', facts -> 'warnings', c.at, c.at, c.at + faren.policy_interval('registration.draft_lifetime'));
    RETURN faren.end_call(c, 'application.start', 'application', id::text, NULL, faren.application_json(id),
                          jsonb_build_object('channel', facts ->> 'channel', 'unit_code', facts ->> 'unit_code'));
END
$$;
REVOKE ALL ON FUNCTION api.certify_organization(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.certify_organization(jsonb, jsonb) TO faren_registrar;
