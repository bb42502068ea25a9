-- begin_resealing writes down that somebody begins to seal everything anew, and gives the run's id: reseal hands sealed values out once that is
-- committed, to the same login, for a day.
CREATE OR REPLACE FUNCTION api.begin_resealing(caller jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'begin_resealing');
    refused jsonb;
    name    text;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    refused := faren.outdated_refusal(c.sealing_key);
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'key.reencrypt', 'key', coalesce(faren.key_name(c.sealing_key), 'none'), NULL, refused);
    END IF;
    name := faren.key_name(c.sealing_key);
    DELETE FROM faren.resealing r WHERE r.expires_at < clock_timestamp();
    INSERT INTO faren.resealing (run_id, operator, transaction, expires_at)
    VALUES (c.request_id, c.operator, pg_current_xact_id(), clock_timestamp() + interval '1 day');
    RETURN faren.end_call(c, 'key.reencrypt', 'key', name, NULL, jsonb_build_object('run', c.request_id), jsonb_build_object('run', c.request_id));
END
$$;
REVOKE ALL ON FUNCTION api.begin_resealing(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.begin_resealing(jsonb) TO faren_admin;

-- reseal is one exchange of a run. It takes request.values, each {table, org, row, column, was, sealed}: what was handed out before, opened and
-- sealed again, was being the SHA-256 of what it was. A value that is another by now stays, as does one that somebody else is working on. Then it
-- hands out request.limit rows' next values behind request.after that are under other keys, or fewer when they are big: {values: [{table, bound,
-- org, row, column, sealed}], after, resealed, changed}; after is null when there are none. What a value is bound to is under its seal, so that one
-- that is put elsewhere does not open; it has to be of the newest key and as long as the old one. A code that still lives is never handed out on
-- production. Nothing of it is kept for a repeat: a value that is as given already counts as re-sealed.
CREATE OR REPLACE FUNCTION api.reseal(caller jsonb, run uuid, request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c        faren.caller := faren.begin_call(caller, 'reseal');
    refused  jsonb;
    resealed integer := 0;
    changed  integer := 0;
    next     jsonb := nullif(request -> 'after', 'null');
    given    jsonb := '[]';
    v        record;
    p        record;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    refused := faren.outdated_refusal(c.sealing_key);
    IF refused IS NULL AND NOT EXISTS (
        SELECT FROM faren.resealing r WHERE r.run_id = run AND r.operator = c.operator AND r.transaction <> pg_current_xact_id()
        AND r.expires_at > clock_timestamp()) THEN
        refused := faren.refusal('REVEAL_NOT_GRANTED');
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'key.reencrypt', 'key', coalesce(faren.key_name(c.sealing_key), 'none'), NULL, refused);
    END IF;
    -- All go through the rows in one order.
    FOR v IN
        SELECT s.place, (x ->> 'org')::uuid AS org, x ->> 'row' AS row_id, x ->> 'column' AS column_name, decode(x ->> 'was', 'hex') AS was,
               decode(x ->> 'sealed', 'hex') AS sealed
        FROM jsonb_array_elements(coalesce(nullif(request -> 'values', 'null'), '[]')) x
        LEFT JOIN faren.sealed_places() s ON s.table_name = x ->> 'table'
        ORDER BY 1, 2, 3, 4
    LOOP
        IF faren.reseal_value(v.place, v.org, v.row_id, v.column_name, v.was, v.sealed, decode(c.sealing_key, 'hex')) THEN
            resealed := resealed + 1;
        ELSE
            changed := changed + 1;
        END IF;
    END LOOP;
    IF (request ->> 'limit')::integer > 0 THEN
        FOR p IN SELECT s.place FROM faren.sealed_places() s WHERE s.place >= coalesce((request -> 'after' ->> 'place')::integer, 1) ORDER BY s.place LOOP
            SELECT h.given, h.after INTO given, next
            FROM faren.values_to_reseal(p.place, CASE WHEN (request -> 'after' ->> 'place')::integer = p.place THEN request -> 'after' END,
                (request ->> 'limit')::integer, decode(c.sealing_key, 'hex'), CASE c.environment WHEN 'production' THEN c.at END) h;
            EXIT WHEN next IS NOT NULL;
        END LOOP;
    END IF;
    IF resealed + changed + jsonb_array_length(given) > 0 THEN
        PERFORM faren.audit(c, 'key.reencrypt', 'key', faren.key_name(c.sealing_key), NULL, 'done', NULL,
                            jsonb_build_object('run', run, 'resealed', resealed, 'changed', changed, 'handed_out', jsonb_array_length(given)));
    END IF;
    RETURN faren.end_look(c, jsonb_build_object('values', given, 'after', next, 'resealed', resealed, 'changed', changed));
END
$$;
REVOKE ALL ON FUNCTION api.reseal(jsonb, uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.reseal(jsonb, uuid, jsonb) TO faren_admin;

-- reseal_value puts one value in the place of the one that it was, and tells whether it is there.
CREATE OR REPLACE FUNCTION faren.reseal_value(place integer, org uuid, row_id text, column_name text, was bytea, sealed bytea, header bytea) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    p     record;
    found boolean;
    here  text;
BEGIN
    SELECT * INTO p FROM faren.sealed_places() s WHERE s.place = reseal_value.place AND column_name = ANY (s.columns);
    IF p IS NULL OR substr(sealed, 1, length(header)) IS DISTINCT FROM header OR was IS NULL OR row_id IS NULL THEN
        RAISE EXCEPTION 'not a value of the newest key for a sealed column' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    here := faren.sealed_row('t', p.org_key, p.row_key, p.row_type);
    EXECUTE format('UPDATE faren.%1$I t SET %2$I = $3 WHERE %3$s AND sha256(t.%2$I) = $4
                    AND length(t.%2$I) - length(faren.key_of(t.%2$I)) = length($3) - length($5)
                    AND EXISTS (SELECT FROM faren.%1$I k WHERE %4$s FOR NO KEY UPDATE SKIP LOCKED)
                    RETURNING true', p.table_name, column_name || '_sealed', here, faren.sealed_row('k', p.org_key, p.row_key, p.row_type))
    INTO found USING org, row_id, sealed, was, header;
    IF found IS NULL THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM faren.%I t WHERE %s AND t.%I = $3)', p.table_name, here, column_name || '_sealed')
        INTO found USING org, row_id, sealed;
    END IF;
    RETURN found;
END
$$;
REVOKE ALL ON FUNCTION faren.reseal_value(integer, uuid, text, text, bytea, bytea, bytea) FROM PUBLIC;

-- sealed_row is the condition by which a row is known: $1 is its organization or import, $2 its id.
CREATE OR REPLACE FUNCTION faren.sealed_row(alias text, org_key text, row_key text, row_type text) RETURNS text
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN CASE org_key WHEN '' THEN '$1::uuid IS NULL' ELSE format('%I.%I = $1', alias, org_key) END
        || format(' AND %I.%I = $2::%s', alias, row_key, row_type);
END
$$;
REVOKE ALL ON FUNCTION faren.sealed_row(text, text, text, text) FROM PUBLIC;

-- values_to_reseal gives the next rows of one table that have values under other keys than the newest, and where they end; null when there are
-- none. Of big values it gives fewer rows, but one at least. Codes that live on after codes_until stay out.
CREATE OR REPLACE FUNCTION faren.values_to_reseal(place integer, behind jsonb, most integer, header bytea, codes_until timestamptz, OUT given jsonb, OUT after jsonb)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    p     record;
    old   text;
    size  text;
    cells text;
    keys  text;
    live  text := '';
BEGIN
    SELECT * INTO STRICT p FROM faren.sealed_places() s WHERE s.place = values_to_reseal.place;
    SELECT string_agg(format('substr(t.%1$I, 1, length($4)) <> $4', c || '_sealed'), ' OR '),
           string_agg(format('CASE WHEN substr(t.%1$I, 1, length($4)) <> $4 THEN length(t.%1$I) ELSE 0 END', c || '_sealed'), ' + '),
           string_agg(format('(%L, r.%I)', c, c || '_sealed'), ', ')
    INTO old, size, cells FROM unnest(p.columns) c;
    IF p.table_name = 'sms' THEN
        live := ' AND NOT coalesce(t.kind = ''code'' AND t.expires_at > $5, false)';
    END IF;
    keys := CASE p.org_key WHEN '' THEN '' ELSE format('t.%I, ', p.org_key) END || format('t.%I', p.row_key);
    EXECUTE format($q$
        WITH next AS MATERIALIZED (
            SELECT t.*, sum(%1$s) OVER (ORDER BY %2$s) AS so_far, row_number() OVER (ORDER BY %2$s) AS n
            FROM (SELECT t.* FROM faren.%3$I t WHERE (%4$s) AND ($1 IS NULL OR (%2$s) > (%5$s))%12$s ORDER BY %2$s LIMIT $3) t),
        taken AS (SELECT * FROM next WHERE n = 1 OR so_far <= 8388608)
        SELECT coalesce((SELECT jsonb_agg(jsonb_build_object('table', %6$L, 'bound', %7$L, 'org', %8$s, 'row', r.%9$I, 'column', v.name,
                                                            'sealed', encode(v.sealed, 'hex')) ORDER BY r.n)
                         FROM taken r CROSS JOIN LATERAL (VALUES %10$s) v (name, sealed) WHERE substr(v.sealed, 1, length($4)) <> $4), '[]'),
               (SELECT jsonb_build_object('place', %11$s, 'org', %8$s, 'row', r.%9$I) FROM taken r ORDER BY r.n DESC LIMIT 1)$q$,
        size, keys, p.table_name, old, CASE p.org_key WHEN '' THEN '' ELSE '$1::uuid, ' END || '$2::' || p.row_type,
        p.table_name, p.bound, CASE p.org_key WHEN '' THEN 'NULL::uuid' ELSE format('r.%I', p.org_key) END, p.row_key, cells, place::text, live)
    INTO given, after
    USING CASE p.org_key WHEN '' THEN behind ->> 'row' ELSE behind ->> 'org' END, behind ->> 'row', most, header, codes_until;
END
$$;
REVOKE ALL ON FUNCTION faren.values_to_reseal(integer, jsonb, integer, bytea, timestamptz) FROM PUBLIC;
