-- stats_period is the days of China that a query asks for, {since, until}, both included: by default the last 14. No more than 366, which
-- bounds what is read and answered.
CREATE OR REPLACE FUNCTION faren.stats_period(query jsonb, at timestamptz, OUT first date, OUT last date, OUT refused jsonb)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    last := coalesce((query ->> 'until')::date, (at AT TIME ZONE 'Asia/Shanghai')::date);
    first := coalesce((query ->> 'since')::date, last - 13);
    IF first > last OR last - first > 365 THEN
        refused := faren.refusal('PERIOD_INVALID', jsonb_build_object('since', first, 'until', last));
    END IF;
END
$$;
REVOKE ALL ON FUNCTION faren.stats_period(jsonb, timestamptz) FROM PUBLIC;
