-- open_application makes an application that has no organization yet: a tenant of its own, whose provisional organization
-- holds what the application says of it. opened is {application_id, channel, status, name, name_key, unit_code, unit_code_type,
-- entity_type, warnings, agent}; the agent may follow later. The client makes the id; one that is an application's already is refused.
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
    IF opened -> 'agent' IS NOT NULL THEN
        PERFORM faren.insert_agent(c, id, opened -> 'agent');
    END IF;
    INSERT INTO faren.application (org_id, application_id, agent_id, channel, entity_type, status, review_kind, warnings, created_at, updated_at, expires_at)
    VALUES (id, id, (opened #>> '{agent,agent_id}')::uuid, opened ->> 'channel', opened ->> 'entity_type', opened ->> 'status', 'none',
            opened -> 'warnings', c.at, c.at, c.at + faren.policy_interval('registration.draft_lifetime'));
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION faren.open_application(faren.caller, jsonb) FROM PUBLIC;

-- known_organization finds the organization that a provisional one means: by its unit code, or an overseas one, which has none
-- yet, by its name (an overseas name's match key is of no other kind). NULL when it is not there yet.
CREATE OR REPLACE FUNCTION faren.known_organization(o faren.organization) RETURNS uuid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT o.provisional THEN
        RETURN o.org_id;
    ELSIF o.unit_code IS NOT NULL THEN
        RETURN (SELECT k.org_id FROM faren.unit_code_claim k WHERE k.unit_code = o.unit_code);
    END IF;
    RETURN (SELECT k.org_id FROM faren.overseas_claim k WHERE k.name_key = o.name_key);
END
$$;
REVOKE ALL ON FUNCTION faren.known_organization(faren.organization) FROM PUBLIC;

-- stated_organization is an organization as an application states it: not one that is there, but what settle_organization
-- finds or makes. unit is {name, name_key, unit_code, unit_code_type}.
CREATE OR REPLACE FUNCTION faren.stated_organization(o faren.organization, unit jsonb) RETURNS faren.organization
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    o.provisional := true;
    o.name := unit ->> 'name';
    o.name_key := unit ->> 'name_key';
    o.unit_code := unit ->> 'unit_code';
    o.unit_code_type := unit ->> 'unit_code_type';
    RETURN o;
END
$$;
REVOKE ALL ON FUNCTION faren.stated_organization(faren.organization, jsonb) FROM PUBLIC;

-- settle_organization finds or makes the organization that a provisional one means. Of two processes at once, the second waits
-- for the first's claim and takes its organization. An overseas one that is new gets issued as its unit code.
-- Raises FN001 TRY_AGAIN in the nearly impossible case that this code is another's.
CREATE OR REPLACE FUNCTION faren.settle_organization(c faren.caller, o faren.organization, issued text) RETURNS uuid
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    org uuid := gen_random_uuid();
BEGIN
    IF NOT o.provisional THEN
        RETURN o.org_id;
    END IF;
    IF o.unit_code IS NULL THEN
        INSERT INTO faren.overseas_claim (name_key, org_id) VALUES (o.name_key, org) ON CONFLICT (name_key) DO NOTHING;
        IF NOT FOUND THEN
            RETURN faren.known_organization(o);
        END IF;
        o.unit_code := issued;
        o.unit_code_type := 'issued';
    END IF;
    INSERT INTO faren.unit_code_claim (unit_code, org_id) VALUES (o.unit_code, org) ON CONFLICT (unit_code) DO NOTHING;
    IF FOUND THEN
        INSERT INTO faren.organization (org_id, name, name_key, unit_code, unit_code_type, entity_type, created_at)
        VALUES (org, o.name, o.name_key, o.unit_code, o.unit_code_type, o.entity_type, c.at);
        RETURN org;
    ELSIF o.unit_code_type = 'issued' THEN
        RAISE EXCEPTION 'TRY_AGAIN' USING ERRCODE = 'FN001';
    END IF;
    RETURN faren.known_organization(o);
END
$$;
REVOKE ALL ON FUNCTION faren.settle_organization(faren.caller, faren.organization, text) FROM PUBLIC;
