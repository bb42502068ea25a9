-- open_application makes an application that has no organization yet: a tenant of its own, whose provisional organization
-- holds what the application says of it. opened is {application_id, channel, status, name, name_key, unit_code, unit_code_type,
-- entity_type, warnings}. The client makes the id; one that is an application's already is refused.
CREATE OR REPLACE FUNCTION faren.open_application(c faren.caller, opened jsonb) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    id uuid := (opened ->> 'application_id')::uuid;
BEGIN
    IF EXISTS (SELECT FROM faren.application a WHERE a.application_id = id) THEN
        RETURN faren.refusal('ID_TAKEN');
    END IF;
    INSERT INTO faren.organization (org_id, provisional, name, name_key, unit_code, unit_code_type, entity_type, created_at)
    VALUES (id, true, opened ->> 'name', opened ->> 'name_key', opened ->> 'unit_code', opened ->> 'unit_code_type', opened ->> 'entity_type', c.at);
    INSERT INTO faren.application (org_id, application_id, channel, entity_type, status, review_kind, warnings, created_at, updated_at, expires_at)
    VALUES (id, id, opened ->> 'channel', opened ->> 'entity_type', opened ->> 'status', 'none', opened -> 'warnings', c.at, c.at,
            c.at + faren.policy_interval('registration.draft_lifetime'));
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION faren.open_application(faren.caller, jsonb) FROM PUBLIC;

-- known_organization finds the organization that a provisional one means; NULL when it is not there yet.
CREATE OR REPLACE FUNCTION faren.known_organization(o faren.organization) RETURNS uuid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT o.provisional THEN
        RETURN o.org_id;
    END IF;
    RETURN (SELECT k.org_id FROM faren.unit_code_claim k WHERE k.unit_code = o.unit_code);
END
$$;
REVOKE ALL ON FUNCTION faren.known_organization(faren.organization) FROM PUBLIC;

-- settle_organization finds or makes the organization that a provisional one means. Of two processes at once, the
-- second waits for the first's claim and takes its organization.
CREATE OR REPLACE FUNCTION faren.settle_organization(c faren.caller, o faren.organization) RETURNS uuid
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    org uuid := gen_random_uuid();
BEGIN
    IF NOT o.provisional THEN
        RETURN o.org_id;
    END IF;
    INSERT INTO faren.unit_code_claim (unit_code, org_id) VALUES (o.unit_code, org) ON CONFLICT (unit_code) DO NOTHING;
    IF FOUND THEN
        INSERT INTO faren.organization (org_id, name, name_key, unit_code, unit_code_type, entity_type, created_at)
        VALUES (org, o.name, o.name_key, o.unit_code, o.unit_code_type, o.entity_type, c.at);
        RETURN org;
    END IF;
    RETURN faren.known_organization(o);
END
$$;
REVOKE ALL ON FUNCTION faren.settle_organization(faren.caller, faren.organization) FROM PUBLIC;
