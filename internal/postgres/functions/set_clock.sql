-- set_clock moves the rules' clock of a database that is not production, for tests and demonstrations: every rule, time-out and deadline goes
-- by it, in all processes at once. change is {set: time} | {advance_seconds} | {reset: true}.
CREATE OR REPLACE FUNCTION api.set_clock(caller jsonb, change jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'set_clock');
    before  interval;
    after   interval;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    -- Of two at once the second goes on from the first.
    SELECT s.clock_offset INTO STRICT before FROM faren.setting s FOR NO KEY UPDATE;
    after := CASE WHEN change ->> 'set' IS NOT NULL THEN (change ->> 'set')::timestamptz - clock_timestamp()
                  WHEN change ->> 'advance_seconds' IS NOT NULL THEN before + make_interval(secs => (change ->> 'advance_seconds')::double precision)
                  WHEN (change ->> 'reset')::boolean THEN interval '0' END;
    IF c.environment = 'production' THEN
        refused := faren.refusal('CLOCK_REFUSED');
    ELSIF after IS NULL THEN
        refused := faren.refusal('VALUE_INVALID', '{"field": "clock", "allowed": ["set", "advance_seconds", "reset"]}');
    ELSIF clock_timestamp() + after NOT BETWEEN timestamptz '2000-01-01 00:00:00+08' AND timestamptz '2100-01-01 00:00:00+08' THEN
        refused := faren.refusal('CLOCK_OUT_OF_RANGE');
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'clock.set', 'clock', '', NULL, refused);
    END IF;
    UPDATE faren.setting s SET clock_offset = after;
    -- The event's own time is that of before; what is between stands in the details.
    RETURN faren.end_call(c, 'clock.set', 'clock', '', NULL, faren.clock_json(), jsonb_build_object('from_seconds', extract(epoch FROM before), 'to_seconds', extract(epoch FROM after)));
END
$$;
REVOKE ALL ON FUNCTION api.set_clock(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.set_clock(jsonb, jsonb) TO faren_fixture, faren_admin;

CREATE OR REPLACE FUNCTION faren.clock_json() RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT jsonb_build_object('now', clock_timestamp() + s.clock_offset, 'offset_seconds', extract(epoch FROM s.clock_offset), 'environment', s.environment)
            FROM faren.setting s);
END
$$;
REVOKE ALL ON FUNCTION faren.clock_json() FROM PUBLIC;
