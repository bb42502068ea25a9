-- What of an operator's login can be changed at all. These functions are the only ones that run as faren_operators, which may make roles, and
-- only faren_owner's functions may call them. Each looks itself whether it may touch the role: whatever its caller believes, nothing here
-- makes anybody more than a member of the group roles, and nothing here touches a role that is more than that.
-- "Managed" is a login that was made here: faren_operators has the admin option on it, on every version of PostgreSQL.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
GRANT USAGE ON SCHEMA faren_operator TO faren_owner;

CREATE OR REPLACE FUNCTION faren_operator.groups() RETURNS text[]
LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN '{faren_registrar, faren_support, faren_reviewer, faren_admin, faren_auditor, faren_fixture}';
END
$$;
REVOKE ALL ON FUNCTION faren_operator.groups() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION faren_operator.groups() TO faren_owner;

-- obstacle tells why a login that is there must not be touched, as a code; NULL: it may be given and lose group roles, and with whole its
-- password and its right to sign in may change, too.
CREATE OR REPLACE FUNCTION faren_operator.obstacle(login text, whole boolean) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    r       record;
    managed boolean;
BEGIN
    SELECT x.oid, x.* INTO r FROM pg_roles x WHERE x.rolname::text = login;
    IF NOT FOUND THEN
        RETURN 'OPERATOR_NOT_FOUND';
    END IF;
    managed := EXISTS (SELECT FROM pg_auth_members m WHERE m.roleid = r.oid AND m.member = 'faren_operators'::regrole AND m.admin_option);
    IF login ~ '^(faren|pg)_' OR r.rolsuper OR r.rolcreaterole OR r.rolreplication OR r.rolbypassrls OR NOT (r.rolcanlogin OR managed) OR EXISTS (
        WITH RECURSIVE above AS (
            SELECT m.roleid FROM pg_auth_members m WHERE m.member = r.oid
            UNION SELECT m.roleid FROM above a JOIN pg_auth_members m ON m.member = a.roleid
        )
        SELECT FROM above a JOIN pg_roles x ON x.oid = a.roleid
        WHERE x.rolsuper OR x.rolcreaterole OR x.rolname IN ('faren_owner', 'faren_operators') OR whole AND x.rolname <> ALL (faren_operator.groups())) THEN
        RETURN 'OPERATOR_PROTECTED';
    ELSIF whole AND NOT managed THEN
        RETURN 'OPERATOR_FOREIGN';
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION faren_operator.obstacle(text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION faren_operator.obstacle(text, boolean) TO faren_owner;

-- demand raises what obstacle tells.
CREATE OR REPLACE FUNCTION faren_operator.demand(login text, whole boolean) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    obstacle text := faren_operator.obstacle(login, whole);
BEGIN
    IF obstacle IS NOT NULL THEN
        RAISE EXCEPTION 'the role may not be touched: %', obstacle USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$$;
REVOKE ALL ON FUNCTION faren_operator.demand(text, boolean) FROM PUBLIC;

-- is_name tells whether a new login may be called that. No capitals and nothing that looks like another letter: the audit knows people by it.
CREATE OR REPLACE FUNCTION faren_operator.is_name(login text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN coalesce(login ~ '^[a-z][a-z0-9_.@-]{0,62}$' AND login !~ '^(faren|pg)_' AND login NOT IN ('public', 'none'), false);
END
$$;
REVOKE ALL ON FUNCTION faren_operator.is_name(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION faren_operator.is_name(text) TO faren_owner;

-- set_access lets a login sign in: by a password, of which only the SCRAM verifier comes here, until a time; NULL: without one (certificate,
-- peer, LDAP, as the server's rules say), and without an end. A login that is not there is made.
CREATE OR REPLACE FUNCTION faren_operator.set_access(login text, verifier text, until timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Nothing else: PostgreSQL takes any other text for the password itself.
    IF verifier !~ '^SCRAM-SHA-256[$][0-9]{4,7}:[A-Za-z0-9+/]{22,86}={0,2}[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$' THEN
        RAISE EXCEPTION 'no SCRAM verifier' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF faren_operator.obstacle(login, true) = 'OPERATOR_NOT_FOUND' THEN
        IF NOT faren_operator.is_name(login) THEN
            RAISE EXCEPTION 'no name of a login' USING ERRCODE = 'invalid_name';
        ELSIF current_setting('server_version_num')::int >= 160000 THEN
            -- Whoever makes a role has the admin option on it; ending its sessions takes its rights, too.
            EXECUTE format('CREATE ROLE %I', login);
            EXECUTE format('GRANT %I TO faren_operators WITH INHERIT TRUE, SET FALSE', login);
        ELSE
            EXECUTE format('CREATE ROLE %I ADMIN faren_operators', login);
        END IF;
    END IF;
    PERFORM faren_operator.demand(login, true);
    EXECUTE format('ALTER ROLE %I LOGIN INHERIT VALID UNTIL %L PASSWORD %s', login, coalesce(until::text, 'infinity'), coalesce(quote_literal(verifier), 'NULL'));
END
$$;
REVOKE ALL ON FUNCTION faren_operator.set_access(text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION faren_operator.set_access(text, text, timestamptz) TO faren_owner;

-- shut keeps a login out that was made here, and ends its connections if now is true: their rights end with its roles at any rate.
CREATE OR REPLACE FUNCTION faren_operator.shut(login text, now boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM faren_operator.demand(login, true);
    EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL', login);
    IF now THEN
        PERFORM pg_terminate_backend(a.pid) FROM pg_stat_activity a WHERE a.usename::text = login AND a.pid <> pg_backend_pid();
    END IF;
END
$$;
REVOKE ALL ON FUNCTION faren_operator.shut(text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION faren_operator.shut(text, boolean) TO faren_owner;

-- set_role gives a login a group role, or takes it.
CREATE OR REPLACE FUNCTION faren_operator.set_role(login text, role text, has boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM faren_operator.demand(login, false);
    IF coalesce(role <> ALL (faren_operator.groups()), true) THEN
        RAISE EXCEPTION 'no group role' USING ERRCODE = 'insufficient_privilege';
    ELSIF has THEN
        EXECUTE format('GRANT %I TO %I', role, login);
    ELSE
        EXECUTE format('REVOKE %I FROM %I', role, login);
    END IF;
END
$$;
REVOKE ALL ON FUNCTION faren_operator.set_role(text, text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION faren_operator.set_role(text, text, boolean) TO faren_owner;
