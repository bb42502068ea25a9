-- The years whose working days are known, and the days that differ from their weekday.
DROP VIEW IF EXISTS api.calendar_year CASCADE;
CREATE VIEW api.calendar_year AS
SELECT y.year,
       (SELECT count(*) FROM generate_series(make_date(y.year, 1, 1), make_date(y.year, 12, 31), interval '1 day') g (day)
        LEFT JOIN faren.calendar_day d ON d.day = g.day::date
        WHERE coalesce(d.type = 'work', extract(isodow FROM g.day) < 6)) AS working_days,
       (SELECT count(*) FROM faren.calendar_day d WHERE extract(year FROM d.day)::integer = y.year AND d.type = 'off') AS days_off,
       (SELECT count(*) FROM faren.calendar_day d WHERE extract(year FROM d.day)::integer = y.year AND d.type = 'work') AS worked_weekend_days,
       y.source, y.updated_at
FROM faren.calendar_year y;
DROP VIEW IF EXISTS api.calendar_day CASCADE;
CREATE VIEW api.calendar_day AS
SELECT extract(year FROM d.day)::integer AS year, to_char(d.day, 'YYYY-MM-DD') AS date, d.type, d.name FROM faren.calendar_day d;
GRANT SELECT ON api.calendar_year, api.calendar_day TO faren_registrar, faren_support;
