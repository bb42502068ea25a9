DROP VIEW IF EXISTS api.verification CASCADE;
CREATE VIEW api.verification AS
SELECT v.verification_id, v.org_id, v.purpose, v.application_id, v.recovery_id, v.account_id, v.provider, v.reference, v.qr_uri, v.user_code,
       CASE WHEN v.status IN ('pending', 'manual-review') AND v.expires_at <= (SELECT clock_timestamp() + s.clock_offset FROM faren.setting s) THEN 'expired' ELSE v.status END AS status,
       v.failure, v.created_at, v.completed_at, v.used_at, v.expires_at
FROM faren.verification v;
GRANT SELECT ON api.verification TO faren_registrar, faren_support;
