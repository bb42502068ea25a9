-- Sessions without their tokens. One that is an applicant's shows the application's state instead of an account; one by certificate or
-- e-licence has neither, and no user name.
DROP VIEW IF EXISTS api.session CASCADE;
CREATE VIEW api.session AS
SELECT s.session_id, s.org_id, s.kind, s.account_id, s.verification_id, coalesce(d.username_display, p.username_display) AS username,
       g.name_mask AS agent_name, a.role, coalesce(p.unit_name, o.name) AS organization_name, o.unit_code,
       s.application_id, CASE WHEN p.expires_at <= t.at THEN 'expired' ELSE p.status END AS application_status, p.due_at AS application_due_at,
       p.decision_reason AS application_reason,
       CASE WHEN s.revoked_at IS NOT NULL THEN 'ended'
            WHEN s.expires_at <= t.at
                 OR s.last_seen_at + (SELECT make_interval(secs => y.value::bigint) FROM faren.policy y WHERE y.name = 'session.idle') <= t.at THEN 'expired'
            WHEN a.status <> 'active' OR p.expires_at <= t.at OR p.status NOT IN ('pending-comparison', 'mismatched', 'approved') THEN 'ended'
            ELSE 'active' END AS status,
       s.created_at, s.last_seen_at, s.expires_at, s.revoked_at
FROM faren.session s
CROSS JOIN (SELECT clock_timestamp() + x.clock_offset AS at FROM faren.setting x) t
LEFT JOIN faren.account a ON a.org_id = s.org_id AND a.account_id = s.account_id
LEFT JOIN faren.credential d ON d.org_id = a.org_id AND d.credential_id = a.credential_id
LEFT JOIN faren.application p ON p.org_id = s.org_id AND p.application_id = s.application_id
LEFT JOIN faren.agent g ON g.org_id = s.org_id AND g.agent_id = coalesce(a.agent_id, p.agent_id, s.agent_id)
JOIN faren.organization o ON o.org_id = s.org_id;
GRANT SELECT ON api.session TO faren_registrar, faren_support;
