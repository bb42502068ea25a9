-- find_applications looks applications up by what people know: a user name, or a phone or document number within one
-- organization. Indexes are not readable by operators, so that a guess costs a call each. It answers ids, newest first,
-- those still undecided before the rest. selector is {username_index} or {unit_code, phone_index | document_index}.
CREATE OR REPLACE FUNCTION api.find_applications(selector jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    at timestamptz := (SELECT clock_timestamp() + s.clock_offset FROM faren.setting s);
BEGIN
    RETURN jsonb_build_object('result', (
        SELECT coalesce(jsonb_agg(jsonb_build_object('application_id', f.application_id, 'open', f.open) ORDER BY f.open DESC, f.application_id DESC), '[]')
        FROM (
            SELECT a.application_id, a.status IN ('certified', 'awaiting-identity', 'pending-review') AND coalesce(a.expires_at > at, true) AS open
            FROM faren.application a
            WHERE a.username_index = decode(selector ->> 'username_index', 'hex')
            UNION ALL
            SELECT a.application_id, a.status IN ('certified', 'awaiting-identity', 'pending-review') AND coalesce(a.expires_at > at, true)
            FROM faren.unit_code_claim k
            JOIN faren.agent g ON g.org_id = k.org_id
            JOIN faren.application a ON a.org_id = g.org_id AND a.agent_id = g.agent_id
            WHERE k.unit_code = selector ->> 'unit_code'
              AND (g.phone_index = decode(selector ->> 'phone_index', 'hex') OR g.document_index = decode(selector ->> 'document_index', 'hex'))
        ) f));
END
$$;
REVOKE ALL ON FUNCTION api.find_applications(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.find_applications(jsonb) TO faren_registrar, faren_support;
