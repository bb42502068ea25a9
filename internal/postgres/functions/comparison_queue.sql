-- comparison_queue lists what waits for comparison by staff, the earliest due first; null when after is no application that was to be
-- compared. query is {limit, after, overdue}.
CREATE OR REPLACE FUNCTION api.comparison_queue(query jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    at     timestamptz := (SELECT clock_timestamp() + s.clock_offset FROM faren.setting s);
    answer jsonb;
BEGIN
    IF query ->> 'after' IS NOT NULL AND NOT EXISTS (
        SELECT FROM faren.application y WHERE y.application_id = (query ->> 'after')::uuid AND y.due_at IS NOT NULL) THEN
        RETURN jsonb_build_object('result', NULL);
    END IF;
    -- One look at the view for each: joined, it would be read whole, however few are wanted.
    SELECT coalesce(jsonb_agg(faren.application_json(w.application_id) ORDER BY w.due_at, w.application_id), '[]') INTO answer
    FROM (SELECT x.org_id, x.application_id, x.due_at FROM faren.application x
          WHERE x.status = 'pending-comparison' AND (NOT coalesce((query ->> 'overdue')::boolean, false) OR x.due_at < at)
            AND (query ->> 'after' IS NULL OR (x.due_at, x.application_id) > (
                SELECT y.due_at, y.application_id FROM faren.application y WHERE y.application_id = (query ->> 'after')::uuid))
          ORDER BY x.due_at, x.application_id LIMIT (query ->> 'limit')::bigint) w;
    RETURN jsonb_build_object('result', answer);
END
$$;
REVOKE ALL ON FUNCTION api.comparison_queue(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.comparison_queue(jsonb) TO faren_registrar, faren_support;
