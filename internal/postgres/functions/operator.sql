-- operator_refusal says why a login cannot be changed, or NULL. action: add, add-existing, grant, revoke, remove. whole: its password or its
-- right to sign in would change, not only its roles. What only an administrator of the server can do is told with the statements for it.
CREATE OR REPLACE FUNCTION faren.operator_refusal(c faren.caller, action text, login text, roles text[], whole boolean) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    listed     text := (SELECT string_agg(quote_ident(x.r), ', ') FROM unnest(roles) x (r));
    statements text := concat_ws(' ',
        CASE action WHEN 'add' THEN format('CREATE ROLE %I LOGIN;', login) WHEN 'add-existing' THEN CASE WHEN whole THEN format('ALTER ROLE %I LOGIN;', login) END END,
        CASE WHEN action IN ('add', 'add-existing', 'grant') THEN format('GRANT %s TO %I;', listed, login)
             WHEN listed IS NOT NULL THEN format('REVOKE %s FROM %I;', listed, login) END,
        CASE action WHEN 'remove' THEN format('ALTER ROLE %I NOLOGIN;', login) END);
    found text;
BEGIN
    IF coalesce(login, '') = '' OR octet_length(login) > 63 THEN
        RETURN faren.refusal('LOGIN_NAME_INVALID');
    ELSIF to_regprocedure('faren_operator.set_access(text, text, timestamptz)') IS NULL THEN
        RETURN faren.refusal('OPERATORS_UNAVAILABLE', jsonb_build_object('statements', statements));
    ELSIF roles IS NULL OR NOT roles <@ faren_operator.groups() THEN
        RETURN faren.refusal('VALUE_INVALID', jsonb_build_object('field', 'role', 'allowed', to_jsonb(faren_operator.groups())));
    ELSIF login = c.operator THEN
        RETURN faren.refusal('OWN_LOGIN');
    END IF;
    found := faren_operator.obstacle(login, whole);
    IF action = 'add' THEN
        IF found IS DISTINCT FROM 'OPERATOR_NOT_FOUND' THEN
            RETURN faren.refusal('OPERATOR_EXISTS', jsonb_build_object('name', login));
        ELSIF NOT faren_operator.is_name(login) THEN
            RETURN faren.refusal('LOGIN_NAME_INVALID');
        END IF;
        RETURN NULL;
    ELSIF found = 'OPERATOR_NOT_FOUND' THEN
        RETURN faren.refusal(found);
    ELSIF found IS NOT NULL THEN
        RETURN faren.refusal(found, jsonb_build_object('statements', statements));
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION faren.operator_refusal(faren.caller, text, text, text[], boolean) FROM PUBLIC;

-- begin_operators lets one change of operators go on at a time, so that of two administrators who remove each other one stays.
CREATE OR REPLACE FUNCTION faren.begin_operators(caller jsonb, called text) RETURNS faren.caller
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM FROM faren.setting FOR NO KEY UPDATE;
    RETURN faren.begin_call(caller, called);
END
$$;
REVOKE ALL ON FUNCTION faren.begin_operators(jsonb, text) FROM PUBLIC;

-- is_last_admin tells whether without this login nobody would be left who may sign in and has the role faren_admin. Superusers do not count.
CREATE OR REPLACE FUNCTION faren.is_last_admin(login text) RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN EXISTS (SELECT FROM api.operator o WHERE o.name = login AND 'faren_admin' = ANY (o.roles || o.inherited)) AND NOT EXISTS (
        SELECT FROM api.operator o
        WHERE o.name <> login AND o.can_login AND 'faren_admin' = ANY (o.roles || o.inherited) AND coalesce(o.valid_until > clock_timestamp(), true));
END
$$;
REVOKE ALL ON FUNCTION faren.is_last_admin(text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION faren.operator_json(login text) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN coalesce((SELECT to_jsonb(o) FROM api.operator o WHERE o.name = login),
        -- One that was not made here, without any role here any more.
        (SELECT jsonb_build_object('name', r.rolname, 'roles', '[]'::jsonb, 'inherited', '[]'::jsonb, 'can_login', r.rolcanlogin,
             'valid_until', nullif(r.rolvaliduntil, 'infinity'), 'connection_limit', nullif(r.rolconnlimit, -1), 'managed', false, 'warnings', '[]'::jsonb)
         FROM pg_roles r WHERE r.rolname::text = login));
END
$$;
REVOKE ALL ON FUNCTION faren.operator_json(text) FROM PUBLIC;

-- take_roles takes group roles from a login; false, and nothing is taken, where it still has one: from PostgreSQL 16 on a role is taken by
-- whom it was given by, and an administrator of the server may have done that.
CREATE OR REPLACE FUNCTION faren.take_roles(login text, roles text[]) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY roles LOOP
        PERFORM faren_operator.set_role(login, role, false);
    END LOOP;
    IF EXISTS (SELECT FROM api.operator o WHERE o.name = login AND o.roles && take_roles.roles) THEN
        RAISE EXCEPTION USING ERRCODE = 'FN002', MESSAGE = 'given by somebody else';
    END IF;
    RETURN true;
EXCEPTION WHEN SQLSTATE 'FN002' THEN
    RETURN false;
END
$$;
REVOKE ALL ON FUNCTION faren.take_roles(text, text[]) FROM PUBLIC;

-- add_operator makes a login and gives it group roles. operator is {name, roles, verifier, valid_until, existing}: verifier is PostgreSQL's SCRAM
-- verifier of the password, NULL for none; existing: the login is there, gets the roles, and if it was removed, or a password or an end is
-- given, access anew.
CREATE OR REPLACE FUNCTION api.add_operator(caller jsonb, operator jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c        faren.caller := faren.begin_operators(caller, 'add_operator');
    login    text := operator ->> 'name';
    wanted   text[] := ARRAY(SELECT r FROM jsonb_array_elements_text(operator -> 'roles') r ORDER BY r);
    until    timestamptz := (operator ->> 'valid_until')::timestamptz;
    existing boolean := coalesce((operator ->> 'existing')::boolean, false);
    access   boolean := NOT existing OR operator ->> 'verifier' IS NOT NULL OR until IS NOT NULL
                        OR coalesce((SELECT NOT r.rolcanlogin FROM pg_roles r WHERE r.rolname::text = operator ->> 'name'), false);
    role     text;
    refused  jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    refused := faren.operator_refusal(c, CASE WHEN existing THEN 'add-existing' ELSE 'add' END, login, nullif(wanted, '{}'), access);
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'operator.add', 'operator', left(login, 100), NULL, refused);
    END IF;
    BEGIN
        IF access THEN
            PERFORM faren_operator.set_access(login, operator ->> 'verifier', until);
        END IF;
        FOREACH role IN ARRAY wanted LOOP
            PERFORM faren_operator.set_role(login, role, true);
        END LOOP;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        -- Made at the same time, from another database of the server.
        RETURN faren.refuse(c, 'operator.add', 'operator', login, NULL, faren.refusal('OPERATOR_EXISTS', jsonb_build_object('name', login)));
    END;
    RETURN faren.end_call(c, 'operator.add', 'operator', login, NULL, faren.operator_json(login),
        jsonb_strip_nulls(jsonb_build_object('roles', wanted, 'password', operator ->> 'verifier' IS NOT NULL, 'access', access, 'valid_until', until, 'existing', existing)));
END
$$;
REVOKE ALL ON FUNCTION api.add_operator(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.add_operator(jsonb, jsonb) TO faren_admin;

-- set_operator_roles gives a login group roles, or takes them: change is {grant: true | false, roles}.
CREATE OR REPLACE FUNCTION api.set_operator_roles(caller jsonb, login text, change jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_operators(caller, 'set_operator_roles');
    gives   boolean := (change ->> 'grant')::boolean;
    action  text := CASE WHEN gives THEN 'operator.grant' ELSE 'operator.revoke' END;
    wanted  text[] := ARRAY(SELECT r FROM jsonb_array_elements_text(change -> 'roles') r ORDER BY r);
    held    text[] := (SELECT o.roles FROM api.operator o WHERE o.name = login);
    role    text;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    refused := faren.operator_refusal(c, split_part(action, '.', 2), login, nullif(wanted, '{}'), false);
    IF refused IS NOT NULL THEN
        NULL;
    ELSIF gives AND wanted <@ coalesce(held, '{}') THEN
        refused := faren.refusal('ROLE_HELD', jsonb_build_object('role', array_to_string(wanted, ', ')));
    ELSIF NOT gives AND NOT wanted <@ coalesce(held, '{}') THEN
        refused := faren.refusal('ROLE_NOT_HELD', jsonb_build_object('role', (SELECT string_agg(x.r, ', ') FROM unnest(wanted) x (r) WHERE x.r <> ALL (coalesce(held, '{}')))));
    ELSIF NOT gives AND 'faren_admin' = ANY (wanted) AND faren.is_last_admin(login) THEN
        refused := faren.refusal('LAST_ADMIN');
    END IF;
    IF refused IS NULL AND gives THEN
        FOREACH role IN ARRAY wanted LOOP
            PERFORM faren_operator.set_role(login, role, true);
        END LOOP;
    ELSIF refused IS NULL AND NOT faren.take_roles(login, wanted) THEN
        refused := faren.refusal('OPERATOR_FOREIGN', jsonb_build_object('statements', format('REVOKE %s FROM %I;', array_to_string(wanted, ', '), login)));
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, action, 'operator', left(login, 100), NULL, refused);
    END IF;
    RETURN faren.end_call(c, action, 'operator', login, NULL, faren.operator_json(login), jsonb_build_object('roles', wanted));
END
$$;
REVOKE ALL ON FUNCTION api.set_operator_roles(jsonb, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.set_operator_roles(jsonb, text, jsonb) TO faren_admin;

-- remove_operator takes all group roles from a login. One that was made here, and has got nothing else on the server since, is shut besides: it
-- cannot sign in, has no password, and its connections end. The name stays taken, since the audit knows the person by it.
CREATE OR REPLACE FUNCTION api.remove_operator(caller jsonb, login text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_operators(caller, 'remove_operator');
    o       api.operator;
    shuts   boolean;
    refused jsonb;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    SELECT * INTO o FROM api.operator x WHERE x.name = login;
    refused := faren.operator_refusal(c, 'remove', login, coalesce(o.roles, '{}'), NULL);
    IF refused IS NOT NULL THEN
        NULL;
    ELSIF o.name IS NULL OR o.roles = '{}' AND NOT o.can_login THEN
        refused := faren.refusal('OPERATOR_NOT_FOUND');
    ELSIF faren.is_last_admin(login) THEN
        refused := faren.refusal('LAST_ADMIN');
    ELSIF NOT faren.take_roles(login, o.roles) THEN
        refused := faren.refusal('OPERATOR_FOREIGN', jsonb_build_object('statements', format('REVOKE %s FROM %I;', array_to_string(o.roles, ', '), login)));
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, 'operator.remove', 'operator', left(login, 100), NULL, refused);
    END IF;
    shuts := faren_operator.obstacle(login, true) IS NULL;
    IF shuts THEN
        PERFORM faren_operator.shut(login, NOT c.dry_run);
    END IF;
    RETURN faren.end_call(c, 'operator.remove', 'operator', login, NULL, faren.operator_json(login), jsonb_build_object('roles', o.roles, 'shut', shuts));
END
$$;
REVOKE ALL ON FUNCTION api.remove_operator(jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.remove_operator(jsonb, text) TO faren_admin;
