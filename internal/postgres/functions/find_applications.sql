-- find_applications looks applications up by what people know: a user name, or a phone or document number within one
-- organization. Indexes are not readable by operators, so that a guess costs a call each. A user name means whoever holds it now; only when
-- nobody does, those who did. It answers ids, newest first, those that live before the rest.
-- selector is {username_index} or {unit_code, phone_index | document_index}.
CREATE OR REPLACE FUNCTION api.find_applications(selector jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name   bytea := decode(selector ->> 'username_index', 'hex');
    holder faren.username_claim;
    found_rows jsonb;
    at     timestamptz := (SELECT clock_timestamp() + s.clock_offset FROM faren.setting s);
BEGIN
    SELECT * INTO holder FROM faren.username_claim k WHERE k.username_index = name;
    WITH candidate AS (
        SELECT a.application_id, a.status, a.expires_at FROM faren.application a
        WHERE a.org_id = holder.org_id AND (a.application_id = holder.application_id OR a.account_id = holder.account_id)
        UNION ALL
        SELECT a.application_id, a.status, a.expires_at FROM faren.application a
        WHERE a.username_index = name AND holder.username_index IS NULL
        UNION ALL
        SELECT a.application_id, a.status, a.expires_at
        FROM faren.unit_code_claim k
        JOIN faren.agent g ON g.org_id = k.org_id
        JOIN faren.application a ON a.org_id = g.org_id AND a.agent_id = g.agent_id
        WHERE k.unit_code = selector ->> 'unit_code'
          AND (g.phone_index = decode(selector ->> 'phone_index', 'hex') OR g.document_index = decode(selector ->> 'document_index', 'hex'))
    ), judged AS (
        SELECT x.application_id, x.status = 'approved' OR faren.is_open(x.status) AND coalesce(x.expires_at > at, true) AS live FROM candidate x
    )
    SELECT jsonb_agg(jsonb_build_object('application_id', j.application_id, 'live', j.live) ORDER BY j.live DESC, j.application_id DESC)
    INTO found_rows FROM judged j;
    RETURN jsonb_build_object('result', coalesce(found_rows, '[]'));
END
$$;
REVOKE ALL ON FUNCTION api.find_applications(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.find_applications(jsonb) TO faren_registrar, faren_support;
