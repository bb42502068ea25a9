-- is_open tells the states of an application that is not decided and not ended; this is the one list of them in the database's functions.
CREATE OR REPLACE FUNCTION faren.is_open(status text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN status IN ('certified', 'awaiting-identity', 'pending-review');
END
$$;
REVOKE ALL ON FUNCTION faren.is_open(text) FROM PUBLIC;

-- is_reviewer tells the roles that may review (guide 二.1).
CREATE OR REPLACE FUNCTION faren.is_reviewer(role text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN role IN ('legal-representative', 'administrator');
END
$$;
REVOKE ALL ON FUNCTION faren.is_reviewer(text) FROM PUBLIC;
