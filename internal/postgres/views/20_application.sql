-- Applications as people may see them: masked, drafts and organizations' applications together. An application past
-- its time reads as expired before anything has touched it.
DROP VIEW IF EXISTS api.application CASCADE;
CREATE VIEW api.application AS
SELECT a.application_id, a.channel,
       CASE WHEN a.expires_at <= (SELECT api.now()) THEN 'expired' ELSE a.status END AS status,
       a.org_id, o.name AS organization_name, o.unit_code, o.unit_code_type, coalesce(a.entity_type, o.entity_type) AS entity_type,
       g.name_mask AS agent_name, g.document_type AS agent_document_type, g.document_mask AS agent_document_number,
       g.phone_mask AS agent_phone, g.email_mask AS agent_email, g.landline_mask AS agent_landline,
       a.username_display AS username, a.role, a.account_id, a.review_kind, a.decided_at,
       a.decided_by, a.decision_channel, a.decision_reason,
       coalesce(a.verification_id, (SELECT v.verification_id FROM faren.verification v
                                    WHERE v.org_id = a.org_id AND v.application_id = a.application_id AND v.purpose = 'register'
                                    ORDER BY v.created_at DESC LIMIT 1)) AS verification_id,
       a.status <> 'pending-review' OR EXISTS (
           SELECT FROM faren.account r
           WHERE r.org_id = a.org_id AND r.status = 'active' AND r.role IN ('legal-representative', 'administrator')) AS has_reviewer,
       a.warnings, a.created_at, a.updated_at, a.expires_at
FROM faren.application a
JOIN faren.organization o ON o.org_id = a.org_id
JOIN faren.agent g ON g.org_id = a.org_id AND g.agent_id = a.agent_id
UNION ALL
SELECT d.application_id, d.channel,
       CASE WHEN d.expires_at <= (SELECT api.now()) THEN 'expired' ELSE d.status END,
       NULL, d.name, d.unit_code, d.unit_code_type, d.entity_type,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'none', NULL, NULL, NULL, NULL, NULL, true,
       d.warnings, d.created_at, d.updated_at, d.expires_at
FROM faren.draft d;
GRANT SELECT ON api.application TO faren_registrar, faren_support;
