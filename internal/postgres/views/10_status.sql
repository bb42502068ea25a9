-- What a client needs before its first command: which schema and functions are here, and the settings that bind it.
DROP VIEW IF EXISTS api.status CASCADE;
CREATE VIEW api.status AS
SELECT (SELECT max(v.version_id) FROM faren.schema_version v) AS schema_version,
       s.functions_hash, s.environment, s.suite, s.index_check,
       (SELECT p.value FROM faren.policy p WHERE p.name = 'password.advice') AS password_advice
FROM faren.setting s;
GRANT SELECT ON api.status TO faren_registrar, faren_support, faren_auditor, faren_fixture;
