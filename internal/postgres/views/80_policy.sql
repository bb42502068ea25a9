-- Every number that the rules go by.
DROP VIEW IF EXISTS api.policy CASCADE;
CREATE VIEW api.policy AS
SELECT p.name, p.kind, p.value, p.default_value, p.minimum, p.maximum, p.choices, p.description_en, p.description_zh, p.updated_at, p.updated_by
FROM faren.policy p;
GRANT SELECT ON api.policy TO faren_registrar, faren_support, faren_auditor, faren_fixture;
