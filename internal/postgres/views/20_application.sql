-- Applications as people may see them: masked, and without an organization's id until they belong to one. An application past its time reads as expired before anything has touched it.
-- The rules' clock is written out here instead of called: loading a procedural language would cost every look a millisecond.
DROP VIEW IF EXISTS api.application CASCADE;
CREATE VIEW api.application AS
SELECT a.application_id, a.channel,
       CASE WHEN a.expires_at <= (SELECT clock_timestamp() + s.clock_offset FROM faren.setting s) THEN 'expired' ELSE a.status END AS status,
       nullif(a.org_id, a.application_id) AS org_id, coalesce(a.unit_name, o.name) AS organization_name, o.unit_code, o.unit_code_type, coalesce(a.entity_type, o.entity_type) AS entity_type,
       g.name_mask AS agent_name, g.document_type AS agent_document_type, g.document_mask AS agent_document_number,
       g.phone_mask AS agent_phone, g.email_mask AS agent_email, g.landline_mask AS agent_landline,
       CASE WHEN g.ethnic_group_sealed IS NOT NULL THEN '**' END AS agent_ethnic_group, a.agent_id,
       a.username_display AS username, a.role, a.account_id, a.review_kind, a.due_at, a.decided_at,
       a.decided_by, a.decision_channel, a.decision_reason, a.verification_id,
       CASE WHEN a.status <> 'pending-review' THEN true ELSE api.has_reviewer(a.org_id) END AS has_reviewer,
       CASE WHEN a.channel IN ('overseas', 'project') THEN api.application_documents(a.org_id, a.application_id) END AS documents,
       a.warnings, a.created_at, a.updated_at, a.expires_at
FROM faren.application a
JOIN faren.organization o ON o.org_id = a.org_id
LEFT JOIN faren.agent g ON g.org_id = a.org_id AND g.agent_id = a.agent_id;

GRANT SELECT ON api.application TO faren_registrar, faren_support;
