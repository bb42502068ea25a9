-- What a client needs before its first command: which schema and functions are here, and the settings that bind it. One
-- small table, because every command reads it on a fresh connection. now is the rules' clock, for looking at only.
DROP VIEW IF EXISTS api.status CASCADE;
CREATE VIEW api.status AS
SELECT s.schema_version, s.functions_hash, s.environment, s.suite, s.index_check, s.sealing_key,
       clock_timestamp() + s.clock_offset AS now, extract(epoch FROM s.clock_offset)::double precision AS offset_seconds
FROM faren.setting s;
GRANT SELECT ON api.status TO faren_registrar, faren_support, faren_auditor, faren_fixture;
