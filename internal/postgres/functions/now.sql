-- The time that every rule uses: the server's clock, moved by the test clock where there is one.
-- Stable, so that one statement sees one time.
CREATE OR REPLACE FUNCTION api.now() RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT clock_timestamp() + s.clock_offset FROM faren.setting s);
END
$$;
REVOKE ALL ON FUNCTION api.now() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.now() TO faren_registrar, faren_support, faren_auditor, faren_fixture;
