-- The keys that values are sealed with. The database knows them by their headers alone (see migration 23); what they are is in keyring files.

-- key_name is the id in a key's header: k2.
CREATE OR REPLACE FUNCTION faren.key_name(header text) RETURNS text
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    raw bytea := decode(header, 'hex');
BEGIN
    IF length(raw) < 8 OR length(raw) <> 7 + get_byte(raw, 6) THEN
        RAISE EXCEPTION 'not the header of a sealing key' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN convert_from(substr(raw, 8), 'UTF8');
END
$$;
REVOKE ALL ON FUNCTION faren.key_name(text) FROM PUBLIC;

-- key_of is the header of a sealed value, cut without reading more of it; empty for what is none.
CREATE OR REPLACE FUNCTION faren.key_of(sealed bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    head bytea := substr(sealed, 1, 39);
BEGIN
    IF length(head) < 7 THEN
        RETURN '';
    END IF;
    RETURN substr(head, 1, 7 + get_byte(head, 6));
END
$$;
REVOKE ALL ON FUNCTION faren.key_of(bytea) FROM PUBLIC;

-- sealed_places are all columns of sealed values, by table: its keys (the second as text), and what the values are bound to. A column may have
-- no value. The first key is that of the organization, or the import; '' where rows are known by one key.
CREATE OR REPLACE FUNCTION faren.sealed_places() RETURNS TABLE (place integer, table_name text, org_key text, row_key text, row_type text, bound text, columns text[])
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY VALUES
        (1, 'agent', 'org_id', 'agent_id', 'uuid', 'agent', '{name, document, phone, email, landline, ethnic_group}'::text[]),
        (2, 'credential', 'org_id', 'credential_id', 'uuid', 'credential', '{username}'),
        (3, 'sms', 'org_id', 'sms_id', 'uuid', 'sms', '{to, params}'),
        (4, 'document', 'org_id', 'document_id', 'uuid', 'document', '{content}'),
        (5, 'verification', 'org_id', 'verification_id', 'uuid', 'verification', '{evidence, secret}'),
        (6, 'register_entry', '', 'unit_code', 'text', 'register_entry', '{representative, document}'),
        (7, 'register_staging', 'import_id', 'unit_code', 'text', 'register_entry', '{representative, document}');
END
$$;
REVOKE ALL ON FUNCTION faren.sealed_places() FROM PUBLIC;

-- key_use counts the values of every key, by its header in hexadecimal; '' is of what is no sealed value.
CREATE OR REPLACE FUNCTION faren.key_use() RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    counts text;
    used   jsonb;
BEGIN
    SELECT string_agg(format('SELECT substr(%1$I, 1, 39) AS head FROM faren.%2$I WHERE %1$I IS NOT NULL', c || '_sealed', p.table_name), ' UNION ALL ')
    INTO counts FROM faren.sealed_places() p, unnest(p.columns) c;
    -- The heads of one key differ behind its header, so they are cut before they are counted: in one statement, without a call for each value.
    EXECUTE 'SELECT coalesce(jsonb_object_agg(encode(key, ''hex''), values), ''{}'') FROM (
                 SELECT CASE WHEN length(head) < 7 THEN '''' ELSE substr(head, 1, 7 + get_byte(head, 6)) END AS key, count(*) AS values
                 FROM (' || counts || ') h GROUP BY 1) k'
    INTO used;
    RETURN used;
END
$$;
REVOKE ALL ON FUNCTION faren.key_use() FROM PUBLIC;

-- sealing_keys tells the newest key, those that are retired, and how many values each key sealed.
CREATE OR REPLACE FUNCTION api.sealing_keys() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN jsonb_build_object('result', (
        SELECT jsonb_build_object('newest', s.sealing_key, 'retired', to_jsonb(s.retired_keys), 'used', faren.key_use()) FROM faren.setting s));
END
$$;
REVOKE ALL ON FUNCTION api.sealing_keys() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.sealing_keys() TO faren_admin;

-- outdated_refusal is for a client that seals with another key than the newest: it has a copy of the keyring from before a change.
CREATE OR REPLACE FUNCTION faren.outdated_refusal(sealing_key text) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    newest text := (SELECT s.sealing_key FROM faren.setting s);
BEGIN
    IF sealing_key IS NULL THEN
        RETURN faren.refusal('KEYRING_INDEX_ONLY');
    ELSIF newest <> sealing_key THEN
        RETURN faren.refusal('KEYRING_OUTDATED', jsonb_build_object('key', faren.key_name(newest)));
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION faren.outdated_refusal(text) FROM PUBLIC;

-- rotate_key takes the header of a new key, which the caller's keyring is about to seal with. Of two copies of a keyring one gets a new key:
-- the other, which has not the newest, is refused, unless forced because that one is lost.
CREATE OR REPLACE FUNCTION api.rotate_key(caller jsonb, new_key text, forced boolean) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'rotate_key');
    name    text := faren.key_name(new_key);
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    PERFORM FROM faren.setting FOR UPDATE;
    refused := faren.outdated_refusal(c.sealing_key);
    IF refused IS NOT NULL AND NOT (coalesce(forced, false) AND c.sealing_key IS NOT NULL) THEN
        RETURN faren.refuse(c, 'key.rotate', 'key', name, NULL, refused);
    END IF;
    IF EXISTS (SELECT FROM faren.setting s WHERE new_key = ANY (s.retired_keys) OR new_key IN (s.sealing_key, c.sealing_key)) THEN
        RAISE EXCEPTION 'not a new key' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    UPDATE faren.setting SET sealing_key = new_key;
    RETURN faren.end_call(c, 'key.rotate', 'key', name, NULL, jsonb_build_object('key', name),
                          jsonb_build_object('from', faren.key_name(c.sealing_key), 'to', name, 'forced', refused IS NOT NULL));
END
$$;
REVOKE ALL ON FUNCTION api.rotate_key(jsonb, text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.rotate_key(jsonb, text, boolean) TO faren_admin;

-- retire_key says that a key is not needed any more: nothing is sealed with it, and nobody may seal with it from now on. It waits for the calls
-- that are under way, and holds off others while it counts. That a key is retired already is no error: its file may still have it.
CREATE OR REPLACE FUNCTION api.retire_key(caller jsonb, old_key text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'retire_key');
    name    text := faren.key_name(old_key);
    refused jsonb;
    used    bigint;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    refused := faren.outdated_refusal(c.sealing_key);
    IF refused IS NULL AND old_key = c.sealing_key THEN
        refused := faren.refusal('KEY_ACTIVE', jsonb_build_object('key', name));
    END IF;
    -- First without a lock, so that a refusal holds nobody off.
    used := coalesce((faren.key_use() ->> old_key)::bigint, 0);
    IF refused IS NULL AND used = 0 THEN
        PERFORM set_config('lock_timeout', '3000', true);
        LOCK TABLE faren.setting IN ACCESS EXCLUSIVE MODE;
        used := coalesce((faren.key_use() ->> old_key)::bigint, 0);
    END IF;
    IF refused IS NULL AND used > 0 THEN
        refused := faren.refusal('KEY_IN_USE', jsonb_build_object('key', name, 'count', used));
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'key.retire', 'key', name, NULL, refused);
    END IF;
    UPDATE faren.setting s SET retired_keys = s.retired_keys || old_key WHERE old_key <> ALL (s.retired_keys);
    RETURN faren.end_call(c, 'key.retire', 'key', name, NULL, jsonb_build_object('key', name), '{}');
END
$$;
REVOKE ALL ON FUNCTION api.retire_key(jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.retire_key(jsonb, text) TO faren_admin;
