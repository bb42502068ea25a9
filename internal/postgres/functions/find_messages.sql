-- find_messages lists messages of one number or one organization, the newest first; numbers are not readable by operators, so that a guess
-- costs a call each. wanted is {phone_index, unit_code, kind, status, application_id, since, until, after, limit}, of which the first or the
-- second must be there; after is a message, behind which the page begins. It answers what the view api.sms shows of them.
CREATE OR REPLACE FUNCTION api.find_messages(wanted jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    phone   bytea := decode(wanted ->> 'phone_index', 'hex');
    code    text := wanted ->> 'unit_code';
    orgs    uuid[] := ARRAY(SELECT o.org_id FROM faren.organizations_of(code) o);
    wanted_kind   text := wanted ->> 'kind';
    wanted_status text := wanted ->> 'status';
    application   uuid := (wanted ->> 'application_id')::uuid;
    since   timestamptz := (wanted ->> 'since')::timestamptz;
    until   timestamptz := (wanted ->> 'until')::timestamptz;
    after   faren.sms;
    most    integer := least(coalesce((wanted ->> 'limit')::integer, 100), 1001);
    found_rows jsonb;
BEGIN
    SELECT * INTO after FROM faren.sms x WHERE x.sms_id = (wanted ->> 'after')::uuid;
    WITH candidate AS (
        SELECT m.sms_id FROM faren.sms m
        WHERE phone IS NOT NULL AND m.to_index = phone AND (code IS NULL OR m.org_id = ANY (orgs))
          AND m.created_at >= coalesce(since, '-infinity') AND m.created_at < coalesce(until, 'infinity')
        UNION ALL
        SELECT m.sms_id FROM faren.sms m
        WHERE phone IS NULL AND m.org_id = ANY (orgs)
          AND m.created_at >= coalesce(since, '-infinity') AND m.created_at < coalesce(until, 'infinity')
    ), page AS (
        SELECT v.* FROM candidate x JOIN api.sms v ON v.sms_id = x.sms_id
        WHERE (wanted_kind IS NULL OR v.kind = wanted_kind) AND (wanted_status IS NULL OR v.status = wanted_status)
          AND (application IS NULL OR v.application_id = application)
          AND (after.sms_id IS NULL OR (v.created_at, v.sms_id) < (after.created_at, after.sms_id))
        ORDER BY v.created_at DESC, v.sms_id DESC LIMIT most
    )
    SELECT jsonb_agg(to_jsonb(p) ORDER BY p.created_at DESC, p.sms_id DESC) INTO found_rows FROM page p;
    RETURN jsonb_build_object('result', coalesce(found_rows, '[]'));
END
$$;
REVOKE ALL ON FUNCTION api.find_messages(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.find_messages(jsonb) TO faren_registrar, faren_support;
