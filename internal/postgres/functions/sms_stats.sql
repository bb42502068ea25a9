-- sms_stats counts the outbox: what is due now, whenever it was written, and what became of the messages that were written in a period, by
-- the day of China on which they were. query is {since, until, kinds}; kinds are all that there are, for zeros to be told. A claim that ran
-- out counts as unknown, as in the view.
CREATE OR REPLACE FUNCTION api.sms_stats(query jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    at       timestamptz := (SELECT clock_timestamp() + s.clock_offset FROM faren.setting s);
    first    date;
    last     date;
    refused  jsonb;
    backlog  jsonb;
    kinds    jsonb;
    days     jsonb;
    attempts jsonb;
    answers  jsonb;
BEGIN
    SELECT p.first, p.last, p.refused INTO first, last, refused FROM faren.stats_period(query, at) p;
    IF refused IS NOT NULL THEN
        RETURN jsonb_build_object('refused', refused);
    END IF;
    SELECT jsonb_build_object('due', due.n, 'oldest_due_at', due.oldest, 'age_seconds', coalesce(round(extract(epoch FROM at - due.oldest), 3), 0),
               'later', (SELECT count(*) FROM faren.sms m WHERE m.status = 'queued' AND m.next_attempt_at > at),
               'sending', (SELECT count(*) FROM faren.sms m WHERE m.status = 'sending' AND m.claimed_until > at))
    INTO backlog
    FROM (SELECT count(*) AS n, min(m.next_attempt_at) AS oldest FROM faren.sms m WHERE m.status = 'queued' AND m.next_attempt_at <= at) due;

    WITH written AS MATERIALIZED (
        SELECT (m.created_at AT TIME ZONE 'Asia/Shanghai')::date AS day, m.kind, m.attempts, m.last_code,
               CASE WHEN m.claimed_until <= at THEN 'unknown' ELSE m.status END AS status, count(*) AS n
        FROM faren.sms m
        WHERE m.created_at >= first::timestamp AT TIME ZONE 'Asia/Shanghai' AND m.created_at < (last + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
        GROUP BY 1, 2, 3, 4, 5
    ), named AS (
        SELECT k.kind, k.place FROM jsonb_array_elements_text(query -> 'kinds') WITH ORDINALITY AS k (kind, place)
    ), daily AS (
        SELECT w.day, w.kind, sum(w.n) FILTER (WHERE w.status = 'sent') AS sent, sum(w.n) FILTER (WHERE w.status = 'dead') AS dead,
               sum(w.n) FILTER (WHERE w.status = 'unknown') AS unknown, sum(w.n) FILTER (WHERE w.status IN ('queued', 'sending')) AS waiting
        FROM written w GROUP BY w.day, w.kind
    )
    SELECT (SELECT jsonb_agg(jsonb_build_object('kind', k.kind, 'queued', coalesce(n.queued, 0), 'sending', coalesce(n.sending, 0), 'sent', coalesce(n.sent, 0),
                       'dead', coalesce(n.dead, 0), 'unknown', coalesce(n.unknown, 0)) ORDER BY k.place)
            FROM named k
            LEFT JOIN (SELECT w.kind, sum(w.n) FILTER (WHERE w.status = 'queued') AS queued, sum(w.n) FILTER (WHERE w.status = 'sending') AS sending,
                              sum(w.n) FILTER (WHERE w.status = 'sent') AS sent, sum(w.n) FILTER (WHERE w.status = 'dead') AS dead,
                              sum(w.n) FILTER (WHERE w.status = 'unknown') AS unknown
                       FROM written w GROUP BY w.kind) n ON n.kind = k.kind),
           (SELECT jsonb_agg(jsonb_build_object('date', x.day, 'kind', k.kind, 'sent', coalesce(n.sent, 0), 'dead', coalesce(n.dead, 0),
                       'unknown', coalesce(n.unknown, 0), 'waiting', coalesce(n.waiting, 0)) ORDER BY x.day, k.place)
            FROM (SELECT first + g.n AS day FROM generate_series(0, last - first) g (n)) x
            CROSS JOIN named k
            LEFT JOIN daily n ON n.day = x.day AND n.kind = k.kind),
           (SELECT jsonb_agg(jsonb_build_object('attempts', t.attempts, 'messages', t.n) ORDER BY t.attempts)
            FROM (SELECT w.attempts, sum(w.n) AS n FROM written w GROUP BY w.attempts) t),
           (SELECT jsonb_agg(jsonb_build_object('code', t.last_code, 'messages', t.n) ORDER BY t.n DESC, t.last_code)
            FROM (SELECT w.last_code, sum(w.n) AS n FROM written w WHERE w.last_code IS NOT NULL GROUP BY w.last_code ORDER BY 2 DESC, 1 LIMIT 10) t)
    INTO kinds, days, attempts, answers;
    RETURN jsonb_build_object('result', jsonb_build_object('at', at, 'since', first, 'until', last, 'backlog', backlog, 'kinds', coalesce(kinds, '[]'),
        'days', coalesce(days, '[]'), 'attempts', coalesce(attempts, '[]'), 'answers', coalesce(answers, '[]')));
END
$$;
REVOKE ALL ON FUNCTION api.sms_stats(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.sms_stats(jsonb) TO faren_registrar, faren_support;
