-- The outbox, masked: number and sealed parameters are not here. A claim that ran out reads as unknown before anything has touched it. The time
-- is that of the statement: a volatile one would keep a list from using the indexes of the table.
DROP VIEW IF EXISTS api.sms CASCADE;
CREATE VIEW api.sms AS
SELECT m.sms_id, m.org_id, m.kind, m.to_mask, m.params, m.params_sealed IS NOT NULL AS has_sealed, m.application_id,
       CASE WHEN m.claimed_until <= (SELECT statement_timestamp() + s.clock_offset FROM faren.setting s) THEN 'unknown' ELSE m.status END AS status,
       m.attempts, m.last_code, m.reference, m.next_attempt_at, m.sent_at, m.created_at
FROM faren.sms m;
GRANT SELECT ON api.sms TO faren_registrar, faren_support;
