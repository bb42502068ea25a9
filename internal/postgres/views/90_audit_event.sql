-- The audit, every column of it: what auditors read is what checkpoints prove. It holds no personal data but what people write into reasons.
DROP VIEW IF EXISTS api.audit_event CASCADE;
CREATE VIEW api.audit_event AS
SELECT e.org_id, e.event_id, e.at, e.recorded_at, e.operator, e.session_id, e.action, e.subject_kind, e.subject_id, e.outcome, e.code, e.ticket,
       e.reason, e.request_id, e.details
FROM faren.audit_event e;
GRANT SELECT ON api.audit_event TO faren_auditor, faren_admin;
