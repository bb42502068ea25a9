-- merge_register takes what the caller's login has staged under import_id into the business register: a new unit code is added, a known
-- one replaced. Of several lines with one unit code the last wins and the earlier ones are reported; strict refuses them.
CREATE OR REPLACE FUNCTION api.merge_register(caller jsonb, import uuid, strict boolean) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c        faren.caller := faren.begin_call(caller, 'merge_register');
    added    bigint;
    replaced bigint;
    doubles  jsonb;
    merged   bigint;
BEGIN
    IF c.replay IS NOT NULL THEN
        DELETE FROM faren.register_staging s WHERE s.import_id = import AND s.operator = c.operator::name;
        RETURN c.replay;
    END IF;
    SELECT coalesce(jsonb_agg(jsonb_build_object('line', t.line, 'unit_code', t.unit_code, 'later', t.later) ORDER BY t.line), '[]') INTO doubles
    FROM (SELECT s.line, s.unit_code, lead(s.line) OVER (PARTITION BY s.unit_code ORDER BY s.line) AS later
          FROM faren.register_staging s WHERE s.import_id = import AND s.operator = c.operator::name) t
    WHERE t.later IS NOT NULL;
    IF strict AND jsonb_array_length(doubles) > 0 THEN
        DELETE FROM faren.register_staging s WHERE s.import_id = import AND s.operator = c.operator::name;
        RETURN faren.refuse(c, 'register.import', 'import', import::text, NULL,
                            faren.refusal('ROWS_REFUSED', jsonb_build_object('count', jsonb_array_length(doubles), 'doubles', doubles)));
    END IF;
    SELECT count(DISTINCT s.unit_code) INTO replaced
    FROM faren.register_staging s JOIN faren.register_entry e ON e.unit_code = s.unit_code
    WHERE s.import_id = import AND s.operator = c.operator::name;
    INSERT INTO faren.register_entry AS e (unit_code, name, name_key, representative_mask, representative_index, representative_sealed,
        document_type, document_mask, document_index, document_sealed, status, registration_number, organization_code, updated_at)
    SELECT DISTINCT ON (s.unit_code) s.unit_code, s.name, s.name_key, s.representative_mask, s.representative_index, s.representative_sealed,
        s.document_type, s.document_mask, s.document_index, s.document_sealed, s.status, s.registration_number, s.organization_code, c.at
    FROM faren.register_staging s WHERE s.import_id = import AND s.operator = c.operator::name
    ORDER BY s.unit_code, s.line DESC
    ON CONFLICT (unit_code) DO UPDATE SET name = excluded.name, name_key = excluded.name_key,
        representative_mask = excluded.representative_mask, representative_index = excluded.representative_index,
        representative_sealed = excluded.representative_sealed, document_type = excluded.document_type,
        document_mask = excluded.document_mask, document_index = excluded.document_index, document_sealed = excluded.document_sealed,
        status = excluded.status, registration_number = excluded.registration_number,
        organization_code = excluded.organization_code, updated_at = excluded.updated_at;
    GET DIAGNOSTICS merged = ROW_COUNT;
    added := merged - replaced;
    DELETE FROM faren.register_staging s WHERE s.import_id = import AND s.operator = c.operator::name;
    RETURN faren.end_call(c, 'register.import', 'import', import::text, NULL,
                          jsonb_build_object('added', added, 'replaced', replaced, 'doubles', doubles),
                          jsonb_build_object('added', added, 'replaced', replaced));
END
$$;
REVOKE ALL ON FUNCTION api.merge_register(jsonb, uuid, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.merge_register(jsonb, uuid, boolean) TO faren_admin;
