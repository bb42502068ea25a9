-- audit_state tells how far the audit has come: how many events, counted no further than a million, which bounds what a look costs, and
-- when the newest was, by the rules' clock.
CREATE OR REPLACE FUNCTION api.audit_state() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN jsonb_build_object('result', jsonb_build_object(
        'events', (SELECT count(*) FROM (SELECT 1 FROM faren.audit_event LIMIT 1000000) e), 'newest_at', (SELECT max(e.at) FROM faren.audit_event e)));
END
$$;
REVOKE ALL ON FUNCTION api.audit_state() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.audit_state() TO faren_registrar, faren_support, faren_auditor, faren_fixture;
