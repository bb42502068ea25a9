-- certification compares an organization's facts with the business register (guide 一.1, 一.2: 信息认证). NULL when they
-- agree, else the refusal. The details name the fields that differ, never the right values.
CREATE OR REPLACE FUNCTION faren.certification(facts jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    entry  faren.register_entry;
    differ text[] := '{}';
BEGIN
    SELECT * INTO entry FROM faren.register_entry e WHERE e.unit_code = facts ->> 'unit_code';
    IF NOT FOUND THEN
        RETURN faren.refusal('ORGANIZATION_NOT_FOUND');
    END IF;
    IF entry.name_key IS DISTINCT FROM facts ->> 'name_key' THEN
        differ := differ || 'organization_name'::text;
    END IF;
    IF entry.representative_index IS DISTINCT FROM decode(facts ->> 'representative_index', 'hex') THEN
        differ := differ || 'legal_representative.name'::text;
    END IF;
    IF entry.document_type IS DISTINCT FROM facts ->> 'document_type' THEN
        differ := differ || 'legal_representative.document_type'::text;
    END IF;
    IF entry.document_index IS DISTINCT FROM decode(facts ->> 'document_index', 'hex') THEN
        differ := differ || 'legal_representative.document_number'::text;
    END IF;
    IF cardinality(differ) > 0 THEN
        RETURN faren.refusal('ORGANIZATION_MISMATCH', jsonb_build_object('fields', to_jsonb(differ)));
    END IF;
    IF entry.status <> 'active' THEN
        RETURN faren.refusal('ORGANIZATION_NOT_ACTIVE', jsonb_build_object('status', entry.status));
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION faren.certification(jsonb) FROM PUBLIC;

-- inactive_organization refuses an organization that the register has revoked or cancelled since it was certified.
CREATE OR REPLACE FUNCTION faren.inactive_organization(code text) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT faren.refusal('ORGANIZATION_NOT_ACTIVE', jsonb_build_object('status', e.status))
            FROM faren.register_entry e WHERE e.unit_code = code AND e.status <> 'active');
END
$$;
REVOKE ALL ON FUNCTION faren.inactive_organization(text) FROM PUBLIC;

-- check_organization is certification alone: nothing is written.
CREATE OR REPLACE FUNCTION api.check_organization(facts jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    refused jsonb := faren.certification(facts);
BEGIN
    IF refused IS NOT NULL THEN
        RETURN jsonb_build_object('refused', refused);
    END IF;
    RETURN jsonb_build_object('result', jsonb_build_object('certified', true));
END
$$;
REVOKE ALL ON FUNCTION api.check_organization(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.check_organization(jsonb) TO faren_registrar;
