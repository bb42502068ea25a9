-- keep_selection keeps, under an idempotency key, what the command's selector found, and gives a repeat what it found the first time: by
-- then the selector may mean another record, or none.
CREATE OR REPLACE FUNCTION api.keep_selection(caller jsonb, candidates jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c faren.caller := faren.begin_call(caller, 'keep_selection');
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    RETURN faren.keep_answer(c, jsonb_build_object('result', candidates));
END
$$;
REVOKE ALL ON FUNCTION api.keep_selection(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.keep_selection(jsonb, jsonb) TO faren_registrar, faren_support;
