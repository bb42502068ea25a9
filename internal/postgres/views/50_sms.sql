-- The outbox, masked: number and sealed parameters are not here.
DROP VIEW IF EXISTS api.sms CASCADE;
CREATE VIEW api.sms AS
SELECT m.sms_id, m.org_id, m.kind, m.to_mask, m.params, m.params_sealed IS NOT NULL AS has_sealed, m.application_id,
       m.status, m.attempts, m.created_at
FROM faren.sms m;
GRANT SELECT ON api.sms TO faren_registrar, faren_support;
