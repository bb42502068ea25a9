-- review_stats counts what waits for a decision, by kind and age, and what was decided, per day of China, with the time that it took.
-- query is {since, until, kind, unit_code}, all optional. Decisions are counted by their audit events: an application that was mismatched
-- and submitted again has lost its first one. A time is measured from the submission that was decided; of an event that does not tell it,
-- and whose application has gone on since, it is not known. An organization's reviews have no deadline: due_today and overdue are null.
CREATE OR REPLACE FUNCTION api.review_stats(query jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    at        timestamptz := (SELECT clock_timestamp() + s.clock_offset FROM faren.setting s);
    today     date := (at AT TIME ZONE 'Asia/Shanghai')::date;
    first     date;
    last      date;
    refused   jsonb;
    kinds     text[] := CASE WHEN query ->> 'kind' IS NULL THEN '{organization, comparison}' ELSE ARRAY[query ->> 'kind'] END;
    orgs      uuid[]; -- null: all
    queue     jsonb;
    decisions jsonb;
    times     jsonb;
BEGIN
    SELECT p.first, p.last, p.refused INTO first, last, refused FROM faren.stats_period(query, at) p;
    IF refused IS NOT NULL THEN
        RETURN jsonb_build_object('refused', refused);
    END IF;
    IF query ->> 'unit_code' IS NOT NULL THEN
        -- One that only states the code is an organization of its own until it is decided.
        orgs := ARRAY(SELECT k.org_id FROM faren.unit_code_claim k WHERE k.unit_code = query ->> 'unit_code'
                      UNION SELECT o.org_id FROM faren.organization o WHERE o.unit_code = query ->> 'unit_code' AND o.provisional);
    END IF;
    SELECT jsonb_agg(jsonb_build_object('kind', k.kind, 'waiting', w.waiting, 'oldest_at', w.oldest,
               'due_today', CASE WHEN k.kind = 'comparison' THEN w.due_today END, 'overdue', CASE WHEN k.kind = 'comparison' THEN w.overdue END,
               'ages', jsonb_build_object('h0_1', w.h1, 'h1_4', w.h4, 'h4_24', w.h24, 'd1_3', w.d3, 'd3_more', w.waiting - w.h1 - w.h4 - w.h24 - w.d3)) ORDER BY k.place)
    INTO queue
    FROM unnest(kinds) WITH ORDINALITY AS k (kind, place)
    CROSS JOIN LATERAL (
        SELECT count(*) AS waiting, min(x.submitted_at) AS oldest, count(*) FILTER (WHERE x.due_at < at) AS overdue,
               count(*) FILTER (WHERE x.due_at >= at AND (x.due_at AT TIME ZONE 'Asia/Shanghai')::date = today) AS due_today,
               count(*) FILTER (WHERE x.age < interval '1 hour') AS h1,
               count(*) FILTER (WHERE x.age >= interval '1 hour' AND x.age < interval '4 hours') AS h4,
               count(*) FILTER (WHERE x.age >= interval '4 hours' AND x.age < interval '24 hours') AS h24,
               count(*) FILTER (WHERE x.age >= interval '24 hours' AND x.age < interval '72 hours') AS d3
        FROM (
            SELECT a.submitted_at, a.due_at, at - a.submitted_at AS age FROM faren.application a
            WHERE k.kind = 'organization' AND a.status = 'pending-review' AND (orgs IS NULL OR a.org_id = ANY (orgs))
            UNION ALL
            SELECT a.submitted_at, a.due_at, at - a.submitted_at FROM faren.application a
            WHERE k.kind = 'comparison' AND a.status = 'pending-comparison' AND (orgs IS NULL OR a.org_id = ANY (orgs))
        ) x
    ) w;

    WITH decided AS MATERIALIZED (
        SELECT d.kind, d.approved, (d.at AT TIME ZONE 'Asia/Shanghai')::date AS day, extract(epoch FROM d.at - coalesce(d.submitted_at, (
                   SELECT a.submitted_at FROM faren.application a WHERE a.application_id = d.subject_id::uuid AND a.decided_at = d.at))) AS took
        FROM (
            SELECT CASE WHEN e.details ->> 'kind' = 'comparison' THEN 'comparison' ELSE 'organization' END AS kind,
                   e.action = 'application.approve' AS approved, e.at, e.subject_id, (e.details ->> 'submitted_at')::timestamptz AS submitted_at
            FROM faren.audit_event e
            WHERE e.outcome = 'done' AND e.action IN ('application.approve', 'application.reject')
              AND e.at >= first::timestamp AT TIME ZONE 'Asia/Shanghai' AND e.at < (last + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
              AND (orgs IS NULL OR e.org_id = ANY (orgs))
        ) d WHERE d.kind = ANY (kinds)
    ), counted AS (
        SELECT d.day, d.kind, count(*) FILTER (WHERE d.approved) AS approved, count(*) FILTER (WHERE NOT d.approved) AS refused FROM decided d GROUP BY d.day, d.kind
    )
    SELECT (SELECT jsonb_agg(jsonb_build_object('date', x.day, 'kind', k.kind, 'approved', coalesce(n.approved, 0),
                       'rejected', CASE WHEN k.kind = 'organization' THEN coalesce(n.refused, 0) ELSE 0 END,
                       'mismatched', CASE WHEN k.kind = 'comparison' THEN coalesce(n.refused, 0) ELSE 0 END) ORDER BY x.day, k.place)
            FROM (SELECT first + g.n AS day FROM generate_series(0, last - first) g (n)) x
            CROSS JOIN unnest(kinds) WITH ORDINALITY AS k (kind, place)
            LEFT JOIN counted n ON n.day = x.day AND n.kind = k.kind),
           (SELECT jsonb_agg(jsonb_build_object('kind', k.kind, 'decided', n.decided, 'median_seconds', round(n.median::numeric, 3), 'p90_seconds', round(n.p90::numeric, 3)) ORDER BY k.place)
            FROM unnest(kinds) WITH ORDINALITY AS k (kind, place)
            CROSS JOIN LATERAL (
                SELECT count(*) AS decided, percentile_cont(0.5) WITHIN GROUP (ORDER BY d.took) AS median, percentile_cont(0.9) WITHIN GROUP (ORDER BY d.took) AS p90
                FROM decided d WHERE d.kind = k.kind) n)
    INTO decisions, times;
    RETURN jsonb_build_object('result', jsonb_build_object('at', at, 'since', first, 'until', last, 'queue', queue, 'decisions', decisions, 'time_to_decision', times));
END
$$;
REVOKE ALL ON FUNCTION api.review_stats(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.review_stats(jsonb) TO faren_registrar, faren_support;
