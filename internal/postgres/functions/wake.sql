-- wake tells whoever waits for an application or face check (farenctl … wait) that something was done with it; it goes out with the
-- commit. Who waits holds the advisory lock of the id, shared, and only then is anything sent: each NOTIFY would make its commit queue
-- behind those of all others. Nothing rests on it: whoever is not woken looks again by the clock.
CREATE OR REPLACE FUNCTION faren.wake(id text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    key bigint := hashtextextended(id, 7239482736450123);
BEGIN
    IF pg_try_advisory_lock(key) THEN
        PERFORM pg_advisory_unlock(key);
    ELSE
        PERFORM pg_notify('faren_changed', id);
    END IF;
END
$$;
REVOKE ALL ON FUNCTION faren.wake(text) FROM PUBLIC;
