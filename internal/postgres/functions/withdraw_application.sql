-- withdraw_application ends an application that is not decided, and frees what it holds.
CREATE OR REPLACE FUNCTION api.withdraw_application(caller jsonb, application uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c faren.caller := faren.begin_call(caller, 'withdraw_application');
    a faren.application;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    a := faren.lock_application(c, application);
    IF a.application_id IS NULL THEN
        RETURN faren.refuse(c, 'application.withdraw', 'application', application::text, NULL, faren.refusal('APPLICATION_NOT_FOUND'));
    ELSIF NOT faren.is_open(a.status) THEN
        RETURN faren.refuse(c, 'application.withdraw', 'application', application::text, a.org_id,
                            faren.refusal('WRONG_STATE', jsonb_build_object('status', a.status, 'channel', a.channel)));
    END IF;
    PERFORM faren.end_application(c, a, 'withdrawn');
    RETURN faren.end_call(c, 'application.withdraw', 'application', application::text, a.org_id, faren.application_json(application), '{}');
END
$$;
REVOKE ALL ON FUNCTION api.withdraw_application(jsonb, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.withdraw_application(jsonb, uuid) TO faren_registrar;
