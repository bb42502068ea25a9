-- withdraw_application ends an application that is not decided, and frees what it holds.
CREATE OR REPLACE FUNCTION api.withdraw_application(caller jsonb, application uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c faren.caller := faren.begin_call(caller, 'withdraw_application');
    a faren.application;
    d faren.draft;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    d := faren.lock_draft(c, application);
    IF d.application_id IS NULL THEN
        a := faren.lock_application(c, application);
    END IF;
    IF d.application_id IS NULL AND a.application_id IS NULL THEN
        RETURN faren.refuse(c, 'application.withdraw', 'application', application::text, NULL, faren.refusal('APPLICATION_NOT_FOUND'));
    ELSIF NOT faren.is_open(coalesce(d.status, a.status)) THEN
        RETURN faren.refuse(c, 'application.withdraw', 'application', application::text, a.org_id,
                            faren.refusal('WRONG_STATE', jsonb_build_object('status', coalesce(d.status, a.status), 'channel', coalesce(d.channel, a.channel))));
    ELSIF d.application_id IS NOT NULL THEN
        UPDATE faren.draft x SET status = 'withdrawn', expires_at = NULL, updated_at = c.at WHERE x.application_id = application;
    ELSE
        UPDATE faren.application x SET status = 'withdrawn', expires_at = NULL, credential_id = NULL, updated_at = c.at
        WHERE x.org_id = a.org_id AND x.application_id = application;
        PERFORM faren.release_claims(a);
        UPDATE faren.verification v SET status = 'expired'
        WHERE v.org_id = a.org_id AND v.application_id = application AND v.status IN ('pending', 'manual-review');
    END IF;
    RETURN faren.end_call(c, 'application.withdraw', 'application', application::text, a.org_id, faren.application_json(application), '{}');
END
$$;
REVOKE ALL ON FUNCTION api.withdraw_application(jsonb, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.withdraw_application(jsonb, uuid) TO faren_registrar;
