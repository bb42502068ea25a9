-- find_accounts looks accounts up by what people know: a user name, or a phone or document number within one organization. It answers
-- ids, those that are not ended before the rest. selector is {username_index} or {unit_code, phone_index | document_index}.
CREATE OR REPLACE FUNCTION api.find_accounts(selector jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found_rows jsonb;
BEGIN
    SELECT jsonb_agg(jsonb_build_object('account_id', x.account_id, 'live', x.status <> 'deactivated') ORDER BY x.status = 'deactivated', x.created_at DESC)
    INTO found_rows
    FROM (
        SELECT a.account_id, a.status, a.created_at FROM faren.username_claim k
        JOIN faren.account a ON a.org_id = k.org_id AND a.account_id = k.account_id
        WHERE k.username_index = decode(selector ->> 'username_index', 'hex')
        UNION ALL
        SELECT a.account_id, a.status, a.created_at FROM faren.unit_code_claim k
        JOIN faren.agent g ON g.org_id = k.org_id
        JOIN faren.account a ON a.org_id = g.org_id AND a.agent_id = g.agent_id
        WHERE k.unit_code = selector ->> 'unit_code'
          AND (g.phone_index = decode(selector ->> 'phone_index', 'hex') OR g.document_index = decode(selector ->> 'document_index', 'hex'))) x;
    RETURN jsonb_build_object('result', coalesce(found_rows, '[]'));
END
$$;
REVOKE ALL ON FUNCTION api.find_accounts(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.find_accounts(jsonb) TO faren_registrar, faren_support;
