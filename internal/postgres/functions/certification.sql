-- certifications compares organizations' facts with the business register (guide 一.1, 一.2: 信息认证): for each row {row_no, unit_code,
-- name_key, representative_index, representative_document_type, representative_document_index} that does not agree, the refusal. Its
-- details name the fields that differ, never the right values. It takes rows so that one registration and a batch run the same statement.
CREATE OR REPLACE FUNCTION faren.certifications(candidates jsonb) RETURNS TABLE (row_no integer, refused jsonb)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    RETURN QUERY
    SELECT t.row_no, CASE WHEN t.missing THEN faren.refusal('ORGANIZATION_NOT_FOUND')
                          WHEN cardinality(t.differ) > 0 THEN faren.refusal('ORGANIZATION_MISMATCH', jsonb_build_object('fields', to_jsonb(t.differ)))
                          ELSE faren.refusal('ORGANIZATION_NOT_ACTIVE', jsonb_build_object('status', t.status)) END
    FROM (
        SELECT x.row_no, e.unit_code IS NULL AS missing, e.status, array_remove(ARRAY[
                   CASE WHEN e.name_key IS DISTINCT FROM x.name_key THEN 'organization_name' END,
                   CASE WHEN e.representative_index IS DISTINCT FROM decode(x.representative_index, 'hex') THEN 'legal_representative.name' END,
                   CASE WHEN e.document_type IS DISTINCT FROM x.representative_document_type THEN 'legal_representative.document_type' END,
                   CASE WHEN e.document_index IS DISTINCT FROM decode(x.representative_document_index, 'hex') THEN 'legal_representative.document_number' END
               ], NULL) AS differ
        FROM jsonb_to_recordset(candidates) AS x (row_no integer, unit_code text, name_key text, representative_index text,
                                                  representative_document_type text, representative_document_index text)
        LEFT JOIN faren.register_entry e ON e.unit_code = x.unit_code) t
    WHERE t.missing OR t.status <> 'active' OR cardinality(t.differ) > 0;
END
$$;
REVOKE ALL ON FUNCTION faren.certifications(jsonb) FROM PUBLIC;

-- certification is that of one organization. NULL when it agrees.
CREATE OR REPLACE FUNCTION faren.certification(facts jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT t.refused FROM faren.certifications(jsonb_build_array(facts)) t);
END
$$;
REVOKE ALL ON FUNCTION faren.certification(jsonb) FROM PUBLIC;

-- is_representative tells whether a person is the legal representative of the register.
CREATE OR REPLACE FUNCTION faren.is_representative(code text, wanted_name bytea, wanted_type text, wanted_document bytea) RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN EXISTS (SELECT FROM faren.register_entry e WHERE e.unit_code = code AND e.representative_index = wanted_name
                   AND e.document_type = wanted_type AND e.document_index = wanted_document);
END
$$;
REVOKE ALL ON FUNCTION faren.is_representative(text, bytea, text, bytea) FROM PUBLIC;

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
