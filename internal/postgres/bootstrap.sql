-- What must exist before the first migration: the owner, the group roles and the two schemas.
-- Roles belong to the whole server, so several databases on one server share them; two processes may
-- run this at once, which is why an existing role is no error.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['faren_owner', 'faren_registrar', 'faren_support', 'faren_reviewer',
                                'faren_admin', 'faren_auditor', 'faren_fixture'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = name) THEN
            BEGIN
                EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN', name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;
            END;
        END IF;
    END LOOP;
    -- Each of these can do what the one before it can. GRANT of a membership that exists is skipped, because two
    -- concurrent grants of the same membership collide in the catalogue.
    IF NOT pg_catalog.pg_has_role('faren_reviewer', 'faren_support', 'USAGE') THEN
        GRANT faren_support TO faren_reviewer;
    END IF;
    IF NOT pg_catalog.pg_has_role('faren_admin', 'faren_reviewer', 'USAGE') THEN
        GRANT faren_reviewer TO faren_admin;
    END IF;
    IF NOT pg_catalog.pg_has_role('faren_admin', 'faren_registrar', 'USAGE') THEN
        GRANT faren_registrar TO faren_admin;
    END IF;
    -- From version 16 on, whoever makes a role may grant it but not yet act as it.
    IF NOT pg_catalog.pg_has_role(current_user, 'faren_owner', CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN
        EXECUTE pg_catalog.format('GRANT faren_owner TO %I', current_user);
    END IF;
    -- A SECURITY DEFINER function must never meet objects that its caller made in pg_temp.
    EXECUTE pg_catalog.format('REVOKE ALL ON DATABASE %I FROM PUBLIC', pg_catalog.current_database());
    EXECUTE pg_catalog.format('GRANT CONNECT ON DATABASE %I TO faren_owner, faren_registrar, faren_support, faren_auditor, faren_fixture',
                              pg_catalog.current_database());
END
$$;
CREATE SCHEMA IF NOT EXISTS faren AUTHORIZATION faren_owner;
CREATE SCHEMA IF NOT EXISTS api AUTHORIZATION faren_owner;
GRANT USAGE ON SCHEMA api TO faren_registrar, faren_support, faren_auditor, faren_fixture;
-- Only the global form works for functions: a per-schema default cannot take back what PUBLIC gets by default.
ALTER DEFAULT PRIVILEGES FOR ROLE faren_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE faren_owner REVOKE USAGE ON TYPES FROM PUBLIC;
-- Logins are made and changed by a role of its own, as which nobody signs in: of all that may make roles it is the one that does so for an
-- administrator, through the few functions of operators.sql. Whoever migrates without being allowed to make roles leaves that out, and
-- `operator add` then tells what an administrator of the server runs instead.
DO $$
DECLARE
    name   text;
    modern CONSTANT boolean := pg_catalog.current_setting('server_version_num')::int >= 160000;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = 'faren_operators') THEN
        BEGIN
            CREATE ROLE faren_operators NOLOGIN CREATEROLE;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END IF;
    FOREACH name IN ARRAY ARRAY['faren_registrar', 'faren_support', 'faren_reviewer', 'faren_admin', 'faren_auditor', 'faren_fixture'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_auth_members m
                       WHERE m.roleid = name::pg_catalog.regrole AND m.member = 'faren_operators'::pg_catalog.regrole AND m.admin_option) THEN
            BEGIN
                EXECUTE pg_catalog.format('GRANT %I TO faren_operators WITH ADMIN OPTION', name);
            EXCEPTION WHEN unique_violation THEN
                NULL; -- another database of this server was just set up
            END;
        END IF;
    END LOOP;
    IF NOT pg_catalog.pg_has_role(current_user, 'faren_operators', CASE WHEN modern THEN 'SET' ELSE 'MEMBER' END) THEN
        EXECUTE pg_catalog.format('GRANT faren_operators TO %I', current_user);
    END IF;
    CREATE SCHEMA IF NOT EXISTS faren_operator AUTHORIZATION faren_operators;
EXCEPTION WHEN insufficient_privilege THEN
    NULL;
END
$$;
