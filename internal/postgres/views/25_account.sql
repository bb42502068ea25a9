-- Accounts as people may see them: masked. locked is an active account whose user name is locked for its failed sign-ins.
DROP VIEW IF EXISTS api.account CASCADE;
CREATE VIEW api.account AS
SELECT a.account_id, a.org_id, o.name AS organization_name, o.unit_code, o.unit_code_type, a.role,
       CASE WHEN a.status = 'active' AND l.username_index IS NOT NULL THEN 'locked' ELSE a.status END AS status, l.locked_until,
       d.username_display AS username, g.name_mask AS agent_name, g.document_type AS agent_document_type, g.document_mask AS agent_document_number,
       g.phone_mask AS agent_phone, g.email_mask AS agent_email, g.landline_mask AS agent_landline,
       CASE WHEN g.ethnic_group_sealed IS NOT NULL THEN '**' END AS agent_ethnic_group, a.agent_id, a.created_at, a.updated_at
FROM faren.account a
JOIN faren.organization o ON o.org_id = a.org_id
JOIN faren.agent g ON g.org_id = a.org_id AND g.agent_id = a.agent_id
JOIN faren.credential d ON d.org_id = a.org_id AND d.credential_id = a.credential_id
LEFT JOIN faren.sign_in_failure l ON l.username_index = d.username_index
     AND l.locked_until > (SELECT clock_timestamp() + s.clock_offset FROM faren.setting s);
GRANT SELECT ON api.account TO faren_registrar, faren_support;
