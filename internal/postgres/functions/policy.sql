-- A number of the policy table; durations are in seconds.
CREATE OR REPLACE FUNCTION faren.policy_count(policy_name text) RETURNS bigint
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found_value text;
BEGIN
    SELECT p.value INTO STRICT found_value FROM faren.policy p WHERE p.name = policy_name AND p.kind IN ('count', 'seconds');
    RETURN found_value::bigint;
END
$$;
REVOKE ALL ON FUNCTION faren.policy_count(text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION faren.policy_interval(policy_name text) RETURNS interval
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN make_interval(secs => faren.policy_count(policy_name));
END
$$;
REVOKE ALL ON FUNCTION faren.policy_interval(text) FROM PUBLIC;
