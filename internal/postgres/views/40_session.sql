-- Sessions without their tokens.
DROP VIEW IF EXISTS api.session CASCADE;
CREATE VIEW api.session AS
SELECT s.session_id, s.org_id, s.kind, s.account_id, d.username_display AS username, g.name_mask AS agent_name, a.role,
       o.name AS organization_name, o.unit_code,
       CASE WHEN s.revoked_at IS NOT NULL THEN 'ended'
            WHEN s.expires_at <= (SELECT clock_timestamp() + t.clock_offset FROM faren.setting t)
                 OR s.last_seen_at + (SELECT make_interval(secs => p.value::bigint) FROM faren.policy p WHERE p.name = 'session.idle') <= (SELECT clock_timestamp() + t.clock_offset FROM faren.setting t) THEN 'expired'
            WHEN a.status <> 'active' THEN 'ended'
            ELSE 'active' END AS status,
       s.created_at, s.last_seen_at, s.expires_at, s.revoked_at
FROM faren.session s
JOIN faren.account a ON a.org_id = s.org_id AND a.account_id = s.account_id
JOIN faren.agent g ON g.org_id = a.org_id AND g.agent_id = a.agent_id
JOIN faren.credential d ON d.org_id = a.org_id AND d.credential_id = a.credential_id
JOIN faren.organization o ON o.org_id = s.org_id;
GRANT SELECT ON api.session TO faren_registrar, faren_support;
