-- The logins that are members of the group roles, and those that were made here and have none any more. What leads only through
-- faren_operators is nobody's role: it makes logins, and whoever migrates may act as it.
DROP VIEW IF EXISTS api.operator CASCADE;
CREATE VIEW api.operator AS
WITH RECURSIVE membership AS (
    -- From PostgreSQL 16 on whoever makes a role may give it away, and neither has nor takes its rights: such a membership is not meant.
    SELECT m.member, m.roleid FROM pg_catalog.pg_auth_members m
    WHERE coalesce((to_jsonb(m) ->> 'inherit_option')::boolean OR (to_jsonb(m) ->> 'set_option')::boolean, true)
), held AS (
    SELECT m.member, m.roleid, true AS direct FROM membership m
    UNION
    SELECT h.member, m.roleid, false FROM held h
    JOIN pg_catalog.pg_roles via ON via.oid = h.roleid AND via.rolname <> 'faren_operators'
    JOIN membership m ON m.member = h.roleid
), role AS (
    SELECT h.member, g.name, g.place, bool_or(h.direct) AS direct, bool_and(pg_catalog.pg_has_role(h.member, h.roleid, 'USAGE')) AS usable
    FROM held h JOIN pg_catalog.pg_roles r ON r.oid = h.roleid
    JOIN unnest(ARRAY['faren_registrar', 'faren_support', 'faren_reviewer', 'faren_admin', 'faren_auditor', 'faren_fixture']) WITH ORDINALITY AS g (name, place)
      ON g.name = r.rolname
    GROUP BY h.member, g.name, g.place
), login AS (
    SELECT r.*, r.rolname !~ '^(faren|pg)_' AND EXISTS (SELECT FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles o ON o.oid = m.member
                        WHERE m.roleid = r.oid AND o.rolname = 'faren_operators' AND m.admin_option) AS managed
    FROM pg_catalog.pg_roles r
)
SELECT l.rolname::text AS name,
       ARRAY(SELECT x.name FROM role x WHERE x.member = l.oid AND x.direct ORDER BY x.place) AS roles,
       ARRAY(SELECT x.name FROM role x WHERE x.member = l.oid AND NOT x.direct ORDER BY x.place) AS inherited,
       l.rolcanlogin AS can_login, nullif(l.rolvaliduntil, 'infinity') AS valid_until, nullif(l.rolconnlimit, -1) AS connection_limit, l.managed,
       array_remove(ARRAY[CASE WHEN l.rolsuper THEN 'superuser' END, CASE WHEN l.rolcreaterole THEN 'createrole' END, CASE WHEN l.rolcreatedb THEN 'createdb' END,
           CASE WHEN l.rolreplication THEN 'replication' END, CASE WHEN l.rolbypassrls THEN 'bypassrls' END,
           CASE WHEN EXISTS (SELECT FROM held h JOIN pg_catalog.pg_roles o ON o.oid = h.roleid WHERE h.member = l.oid AND o.rolname = 'faren_owner') THEN 'owner' END,
           CASE WHEN l.rolvaliduntil <= clock_timestamp() THEN 'expired' END,
           CASE WHEN EXISTS (SELECT FROM role x WHERE x.member = l.oid AND NOT x.usable) THEN 'noinherit' END], NULL) AS warnings
FROM login l
WHERE l.rolcanlogin AND EXISTS (SELECT FROM role x WHERE x.member = l.oid) OR l.managed;
GRANT SELECT ON api.operator TO faren_registrar, faren_support, faren_auditor, faren_fixture;
