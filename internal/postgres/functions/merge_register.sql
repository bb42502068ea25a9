-- merge_register takes what the caller's login has staged under import_id into the business register: a new unit code is added, a known
-- one replaced. Of several lines with one unit code the last wins and the earlier ones are reported; strict refuses them.
CREATE OR REPLACE FUNCTION api.merge_register(caller jsonb, import uuid, strict boolean) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c          faren.caller := faren.begin_call(caller, 'merge_register');
    added      bigint;
    replaced   bigint := 0;
    doubles    jsonb := '[]';
    superseded bigint[];
    merged     bigint;
BEGIN
    IF c.replay IS NOT NULL THEN
        PERFORM faren.clear_register_staging(import, c.operator::name);
        RETURN c.replay;
    END IF;
    merged := faren.fill_register(import, c.operator::name, c.at);
    IF merged IS NULL THEN
        SELECT coalesce(jsonb_agg(jsonb_build_object('line', t.line, 'unit_code', t.unit_code, 'later', t.later) ORDER BY t.line), '[]'),
               coalesce(array_agg(t.line), '{}')
        INTO doubles, superseded
        FROM (SELECT s.line, s.unit_code, lead(s.line) OVER (PARTITION BY s.unit_code ORDER BY s.line) AS later
              FROM faren.register_staging s WHERE s.import_id = import AND s.operator = c.operator::name) t
        WHERE t.later IS NOT NULL;
        IF strict AND jsonb_array_length(doubles) > 0 THEN
            PERFORM faren.clear_register_staging(import, c.operator::name);
            RETURN faren.refuse(c, 'register.import', 'import', import::text, NULL,
                                faren.refusal('ROWS_REFUSED', jsonb_build_object('count', jsonb_array_length(doubles), 'doubles', doubles)));
        END IF;
        SELECT count(*) INTO replaced
        FROM faren.register_staging s JOIN faren.register_entry e ON e.unit_code = s.unit_code
        WHERE s.import_id = import AND s.operator = c.operator::name AND s.line <> ALL (superseded);
        INSERT INTO faren.register_entry AS e (unit_code, name, name_key, representative_mask, representative_index, representative_sealed,
            document_type, document_mask, document_index, document_sealed, status, registration_number, organization_code, updated_at)
        SELECT s.unit_code, s.name, s.name_key, s.representative_mask, s.representative_index, s.representative_sealed,
            s.document_type, s.document_mask, s.document_index, s.document_sealed, s.status, s.registration_number, s.organization_code, c.at
        FROM faren.register_staging s WHERE s.import_id = import AND s.operator = c.operator::name AND s.line <> ALL (superseded)
        ON CONFLICT (unit_code) DO UPDATE SET name = excluded.name, name_key = excluded.name_key,
            representative_mask = excluded.representative_mask, representative_index = excluded.representative_index,
            representative_sealed = excluded.representative_sealed, document_type = excluded.document_type,
            document_mask = excluded.document_mask, document_index = excluded.document_index, document_sealed = excluded.document_sealed,
            status = excluded.status, registration_number = excluded.registration_number,
            organization_code = excluded.organization_code, updated_at = excluded.updated_at;
        GET DIAGNOSTICS merged = ROW_COUNT;
    END IF;
    added := merged - replaced;
    PERFORM faren.clear_register_staging(import, c.operator::name);
    RETURN faren.end_call(c, 'register.import', 'import', import::text, NULL,
                          jsonb_build_object('added', added, 'replaced', replaced, 'doubles', doubles),
                          jsonb_build_object('added', added, 'replaced', replaced));
END
$$;
REVOKE ALL ON FUNCTION api.merge_register(jsonb, uuid, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.merge_register(jsonb, uuid, boolean) TO faren_admin;

-- fill_register takes the staged rows into a register that is empty, and builds its indexes when they are in, which is faster than row by
-- row. NULL, and nothing done, when the register is not empty, is in use, or a unit code stands on several lines. Whoever wants to look at
-- the register meanwhile waits: to find it empty is no use.
CREATE OR REPLACE FUNCTION faren.fill_register(import uuid, operator name, at timestamptz) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    builds text[];
    one    text;
    filled bigint;
BEGIN
    IF EXISTS (SELECT FROM faren.register_entry) THEN
        RETURN NULL;
    END IF;
    LOCK TABLE faren.register_entry IN ACCESS EXCLUSIVE MODE NOWAIT;
    IF EXISTS (SELECT FROM faren.register_entry) THEN
        RAISE lock_not_available; -- which lets go of the lock
    END IF;
    -- As they are, so that a migration may add one; the primary key is built first, since doubles come out there.
    SELECT array_agg(coalesce('ALTER TABLE faren.register_entry ADD CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid),
                              pg_get_indexdef(i.indexrelid)) ORDER BY k.conname, r.relname)
    INTO STRICT builds
    FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid
    WHERE i.indrelid = 'faren.register_entry'::regclass;
    FOR one IN
        SELECT coalesce('ALTER TABLE faren.register_entry DROP CONSTRAINT ' || quote_ident(k.conname), 'DROP INDEX ' || i.indexrelid::regclass)
        FROM pg_index i LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid
        WHERE i.indrelid = 'faren.register_entry'::regclass
    LOOP
        EXECUTE one;
    END LOOP;
    INSERT INTO faren.register_entry (unit_code, name, name_key, representative_mask, representative_index, representative_sealed,
        document_type, document_mask, document_index, document_sealed, status, registration_number, organization_code, updated_at)
    SELECT s.unit_code, s.name, s.name_key, s.representative_mask, s.representative_index, s.representative_sealed,
        s.document_type, s.document_mask, s.document_index, s.document_sealed, s.status, s.registration_number, s.organization_code, at
    FROM faren.register_staging s WHERE s.import_id = import AND s.operator = fill_register.operator;
    GET DIAGNOSTICS filled = ROW_COUNT;
    FOREACH one IN ARRAY builds LOOP
        EXECUTE one;
    END LOOP;
    RETURN filled;
EXCEPTION WHEN lock_not_available OR unique_violation THEN
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION faren.fill_register(uuid, name, timestamptz) FROM PUBLIC;

-- clear_register_staging removes what the operator staged under import: with the whole table when nothing else is in it and nobody else is
-- about to stage, so that its space is free at once.
CREATE OR REPLACE FUNCTION faren.clear_register_staging(import uuid, operator name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    BEGIN
        LOCK TABLE faren.register_staging IN ACCESS EXCLUSIVE MODE NOWAIT;
        IF EXISTS (SELECT FROM faren.register_staging s WHERE s.import_id <> import OR s.operator <> clear_register_staging.operator) THEN
            RAISE lock_not_available; -- which lets go of the lock
        END IF;
        TRUNCATE faren.register_staging;
        RETURN;
    EXCEPTION WHEN lock_not_available THEN
        DELETE FROM faren.register_staging s WHERE s.import_id = import AND s.operator = clear_register_staging.operator;
    END;
END
$$;
REVOKE ALL ON FUNCTION faren.clear_register_staging(uuid, name) FROM PUBLIC;
