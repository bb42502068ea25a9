-- expire_applications ends applications past their time, the oldest first, at most max_rows a call, and answers which. Nothing
-- depends on it: whatever touches such an application does the same. Those that somebody works on are left for the next call.
CREATE OR REPLACE FUNCTION api.expire_applications(caller jsonb, max_rows integer) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c     faren.caller := faren.begin_call(caller, 'expire_applications');
    a     faren.application;
    ended jsonb := '[]';
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    FOR a IN SELECT * FROM faren.application x WHERE x.expires_at <= c.at ORDER BY x.expires_at, x.application_id LIMIT max_rows FOR UPDATE SKIP LOCKED LOOP
        PERFORM faren.lock_application(c, a.application_id);
        ended := ended || jsonb_build_object('application_id', a.application_id, 'channel', a.channel, 'was', a.status, 'expired_at', a.expires_at);
    END LOOP;
    RETURN faren.end_call(c, 'application.sweep', 'application', '', NULL, ended, jsonb_build_object('expired', jsonb_array_length(ended)));
END
$$;
REVOKE ALL ON FUNCTION api.expire_applications(jsonb, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.expire_applications(jsonb, integer) TO faren_registrar, faren_support;
