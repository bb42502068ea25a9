-- review_queue lists what the caller's session may review: the undecided applications of its organization, those that have waited
-- longest first (null when after is none that was to be reviewed); or one of its organization's applications by id, decided or not. query is {application_id} or {limit, after}.
CREATE OR REPLACE FUNCTION api.review_queue(caller jsonb, query jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'review_queue');
    refused jsonb;
    answer  jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    ELSIF c.session_id IS NULL THEN
        refused := faren.refusal(c.session_problem);
    ELSIF NOT faren.is_reviewer(c.role) THEN
        refused := faren.refusal('NOT_A_REVIEWER', jsonb_build_object('role', c.role));
    ELSIF query ->> 'application_id' IS NOT NULL THEN
        SELECT jsonb_agg(to_jsonb(v)) INTO answer FROM api.application v
        WHERE v.org_id = c.org_id AND v.application_id = (query ->> 'application_id')::uuid;
        IF answer IS NULL THEN
            refused := faren.refusal('APPLICATION_NOT_FOUND');
        END IF;
    ELSIF query ->> 'after' IS NOT NULL AND NOT EXISTS (
        SELECT FROM faren.application y
        WHERE y.org_id = c.org_id AND y.application_id = (query ->> 'after')::uuid AND y.submitted_at IS NOT NULL) THEN
        answer := NULL;
    ELSE
        SELECT coalesce(jsonb_agg(faren.application_json(w.application_id) ORDER BY w.submitted_at, w.application_id), '[]') INTO answer
        FROM (SELECT x.org_id, x.application_id, x.submitted_at FROM faren.application x
              WHERE x.org_id = c.org_id AND x.status = 'pending-review'
                AND (query ->> 'after' IS NULL OR (x.submitted_at, x.application_id) > (
                    SELECT y.submitted_at, y.application_id FROM faren.application y
                    WHERE y.org_id = c.org_id AND y.application_id = (query ->> 'after')::uuid))
              ORDER BY x.submitted_at, x.application_id LIMIT (query ->> 'limit')::bigint) w;
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'review.look', 'application', coalesce(query ->> 'application_id', ''), c.org_id, refused);
    END IF;
    RETURN faren.end_look(c, answer);
END
$$;
REVOKE ALL ON FUNCTION api.review_queue(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.review_queue(jsonb, jsonb) TO faren_registrar;
