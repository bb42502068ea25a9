-- The application as every function returns it: the row of its view, which masks what is personal.
CREATE OR REPLACE FUNCTION faren.application_json(id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT to_jsonb(a) FROM api.application a WHERE a.application_id = id);
END
$$;
REVOKE ALL ON FUNCTION faren.application_json(uuid) FROM PUBLIC;
