-- is_working_day: by the calendar, else by the weekday. NULL for a year that the calendar does not have.
CREATE OR REPLACE FUNCTION faren.is_working_day(wanted date) RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM faren.calendar_year y WHERE y.year = extract(year FROM wanted)::integer) THEN
        RETURN NULL;
    END IF;
    RETURN coalesce((SELECT d.type = 'work' FROM faren.calendar_day d WHERE d.day = wanted), extract(isodow FROM wanted) < 6);
END
$$;
REVOKE ALL ON FUNCTION faren.is_working_day(date) FROM PUBLIC;

-- comparison_due is the end of the time that staff have for a comparison: 23:59:59 in China on the next working day (policy
-- comparison.working_days) after the day of submission (guide 一.3: 将于1个工作日内完成比对). Where a year on the way has no
-- data it refuses with CALENDAR_MISSING instead of guessing.
CREATE OR REPLACE FUNCTION faren.comparison_due(at timestamptz, OUT due timestamptz, OUT refused jsonb)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    on_day date := (at AT TIME ZONE 'Asia/Shanghai')::date;
    left_days bigint := faren.policy_count('comparison.working_days');
    works  boolean;
BEGIN
    WHILE left_days > 0 LOOP
        on_day := on_day + 1;
        works := faren.is_working_day(on_day);
        IF works IS NULL THEN
            refused := faren.refusal('CALENDAR_MISSING', jsonb_build_object('year', extract(year FROM on_day)::integer));
            RETURN;
        END IF;
        left_days := left_days - works::integer;
    END LOOP;
    due := (on_day + time '23:59:59') AT TIME ZONE 'Asia/Shanghai';
END
$$;
REVOKE ALL ON FUNCTION faren.comparison_due(timestamptz) FROM PUBLIC;

-- import_calendar takes whole years: each year that days names is replaced. days is [{date, type, name}]. Deadlines that were
-- set before stay as they were told.
CREATE OR REPLACE FUNCTION api.import_calendar(caller jsonb, days jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c     faren.caller := faren.begin_call(caller, 'import_calendar');
    years integer[];
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    SELECT array_agg(DISTINCT extract(year FROM d.date)::integer ORDER BY extract(year FROM d.date)::integer) INTO years
    FROM jsonb_to_recordset(days) AS d (date date);
    -- Two imports of one year queue up here.
    INSERT INTO faren.calendar_year (year, source, updated_at) SELECT y, c.operator, c.at FROM unnest(years) y ORDER BY y
    ON CONFLICT (year) DO UPDATE SET source = excluded.source, updated_at = excluded.updated_at;
    DELETE FROM faren.calendar_day d WHERE extract(year FROM d.day)::integer = ANY (years);
    INSERT INTO faren.calendar_day (day, type, name) SELECT d.date, d.type, d.name FROM jsonb_to_recordset(days) AS d (date date, type text, name text);
    IF NOT FOUND THEN
        RETURN faren.refuse(c, 'calendar.import', 'calendar', '', NULL, faren.refusal('FIELD_REQUIRED', '{"field": "days"}'));
    END IF;
    RETURN faren.end_call(c, 'calendar.import', 'calendar', array_to_string(years, ','), NULL,
        (SELECT jsonb_agg(to_jsonb(y) ORDER BY y.year) FROM api.calendar_year y WHERE y.year = ANY (years)), jsonb_build_object('years', to_jsonb(years)));
END
$$;
REVOKE ALL ON FUNCTION api.import_calendar(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.import_calendar(jsonb, jsonb) TO faren_admin;
