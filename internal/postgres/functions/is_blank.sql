-- is_blank tells a text that says nothing: absent, or white space only, the wide space of Chinese keyboards among it.
CREATE OR REPLACE FUNCTION faren.is_blank(said text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN coalesce(btrim(said, E' \t\r\n\f\v\u00a0\u3000'), '') = '';
END
$$;
REVOKE ALL ON FUNCTION faren.is_blank(text) FROM PUBLIC;
