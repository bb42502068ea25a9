-- organizations_of gives the organizations that a unit code means: any code that was given at registration (guide 一.5: 统一社会信用代码、注册号、
-- 组织机构代码等). Those that are provisional are not among them.
CREATE OR REPLACE FUNCTION faren.organizations_of(code text) RETURNS TABLE (org_id uuid)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT k.org_id FROM faren.unit_code_claim k WHERE k.unit_code = code
    UNION SELECT o.org_id FROM faren.organization o WHERE o.unit_code_type = 'uscc' AND NOT o.provisional AND substr(o.unit_code, 9, 9) = code
    UNION SELECT k.org_id FROM faren.register_entry e JOIN faren.unit_code_claim k ON k.unit_code = e.unit_code WHERE e.registration_number = code
    UNION SELECT k.org_id FROM faren.register_entry e JOIN faren.unit_code_claim k ON k.unit_code = e.unit_code WHERE e.organization_code = code;
END
$$;
REVOKE ALL ON FUNCTION faren.organizations_of(text) FROM PUBLIC;

-- concerned gives the records that a ticket is about, as kind and id: organization, agent, application, account, verification, recovery,
-- session, message. query names them by any of {phone_index, document_index, username_index, unit_code, organization_id, application_id,
-- account_id, verification_id, recovery_id, session_id, message_id, document_id}. A person is followed through one organization by the
-- document; a unit code or an organization's id narrows what mobile, document and user name find, and alone means the organization's newest
-- records. Of each kind no more than most come, the newest: ids are made in the order of time. Nothing of another organization comes but what
-- was sent to a mobile that is named itself.
CREATE OR REPLACE FUNCTION faren.concerned(query jsonb, most integer) RETURNS TABLE (kind text, org_id uuid, id uuid)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    phone    bytea := decode(query ->> 'phone_index', 'hex');
    document bytea := decode(query ->> 'document_index', 'hex');
    name     bytea := decode(query ->> 'username_index', 'hex');
    code     text := query ->> 'unit_code';
    by_application  uuid := (query ->> 'application_id')::uuid;
    by_account      uuid := (query ->> 'account_id')::uuid;
    by_verification uuid := (query ->> 'verification_id')::uuid;
    by_recovery     uuid := (query ->> 'recovery_id')::uuid;
    by_session      uuid := (query ->> 'session_id')::uuid;
    by_message      uuid := (query ->> 'message_id')::uuid;
    by_document     uuid := (query ->> 'document_id')::uuid;
    by_organization uuid := (query ->> 'organization_id')::uuid;
    narrow   boolean := code IS NOT NULL OR by_organization IS NOT NULL;
    whole    boolean := narrow AND coalesce(phone, document, name) IS NULL
                        AND coalesce(by_application, by_account, by_verification, by_recovery, by_session, by_message, by_document) IS NULL;
    units    uuid[];
BEGIN
    units := ARRAY(SELECT o.org_id FROM faren.organizations_of(code) o WHERE by_organization IS NULL OR o.org_id = by_organization);
    IF code IS NULL THEN
        units := ARRAY(SELECT o.org_id FROM faren.organization o WHERE o.org_id = by_organization);
    END IF;
    RETURN QUERY
    WITH seed AS MATERIALIZED ( -- agents that are named
        (SELECT g.org_id, g.agent_id FROM faren.agent g
         WHERE g.phone_index = phone AND (NOT narrow OR g.org_id = ANY (units)) ORDER BY g.created_at DESC LIMIT most)
        UNION
        (SELECT g.org_id, g.agent_id FROM faren.agent g
         WHERE g.document_index = document AND (NOT narrow OR g.org_id = ANY (units)) ORDER BY g.created_at DESC LIMIT most)
        UNION
        SELECT k.org_id, a.agent_id FROM faren.username_claim k JOIN faren.account a ON a.org_id = k.org_id AND a.account_id = k.account_id
        WHERE k.username_index = name AND (NOT narrow OR k.org_id = ANY (units))
        UNION
        SELECT p.org_id, p.agent_id FROM faren.application p WHERE p.username_index = name AND (NOT narrow OR p.org_id = ANY (units))
        UNION
        SELECT p.org_id, p.agent_id FROM faren.application p WHERE p.application_id = by_application
        UNION
        SELECT a.org_id, a.agent_id FROM faren.account a WHERE a.account_id = by_account
        UNION
        SELECT v.org_id, v.agent_id FROM faren.verification v WHERE v.verification_id = by_verification
        UNION
        SELECT a.org_id, a.agent_id FROM faren.recovery r JOIN faren.account a ON a.org_id = r.org_id AND a.account_id = r.account_id
        WHERE r.recovery_id = by_recovery
        UNION
        SELECT s.org_id, coalesce(a.agent_id, p.agent_id, s.agent_id) FROM faren.session s
        LEFT JOIN faren.account a ON a.org_id = s.org_id AND a.account_id = s.account_id
        LEFT JOIN faren.application p ON p.org_id = s.org_id AND p.application_id = s.application_id
        WHERE s.session_id = by_session
        UNION
        SELECT m.org_id, m.agent_id FROM faren.sms m WHERE m.sms_id = by_message
        UNION
        SELECT p.org_id, p.agent_id FROM faren.document d JOIN faren.application p ON p.org_id = d.org_id AND p.application_id = d.application_id
        WHERE d.document_id = by_document
    ), person AS MATERIALIZED ( -- and every other row of the same person in the same organization
        SELECT g.org_id, g.agent_id, g.phone_index FROM seed s
        JOIN faren.agent x ON x.org_id = s.org_id AND x.agent_id = s.agent_id
        JOIN faren.agent g ON g.org_id = x.org_id AND g.document_index = x.document_index AND g.document_type = x.document_type
        GROUP BY g.org_id, g.agent_id ORDER BY g.created_at DESC LIMIT most
    ), application AS MATERIALIZED (
        SELECT p.org_id, p.application_id AS id FROM person x JOIN faren.application p ON p.org_id = x.org_id AND p.agent_id = x.agent_id
        UNION
        SELECT p.org_id, p.application_id FROM faren.application p WHERE p.application_id = by_application
        UNION
        SELECT v.org_id, v.application_id FROM faren.verification v WHERE v.verification_id = by_verification AND v.application_id IS NOT NULL
        UNION
        SELECT m.org_id, m.application_id FROM faren.sms m WHERE m.sms_id = by_message AND m.application_id IS NOT NULL
        UNION
        SELECT d.org_id, d.application_id FROM faren.document d WHERE d.document_id = by_document
        UNION
        SELECT w.org_id, w.application_id FROM unnest(CASE WHEN whole THEN units END) u (org_id)
        CROSS JOIN LATERAL (SELECT p.org_id, p.application_id FROM faren.application p WHERE p.org_id = u.org_id ORDER BY p.application_id DESC LIMIT most) w
        UNION -- what states this unit and is not its organization's yet
        (SELECT o.org_id, o.org_id FROM faren.organization o WHERE whole AND o.provisional AND o.unit_code = code ORDER BY o.created_at DESC LIMIT most)
    ), account AS MATERIALIZED (
        SELECT a.org_id, a.account_id AS id FROM person x JOIN faren.account a ON a.org_id = x.org_id AND a.agent_id = x.agent_id
        UNION
        SELECT a.org_id, a.account_id FROM faren.account a WHERE a.account_id = by_account
        UNION
        SELECT w.org_id, w.account_id FROM unnest(CASE WHEN whole THEN units END) u (org_id)
        -- An account's id does not tell its time.
        CROSS JOIN LATERAL (SELECT a.org_id, a.account_id FROM faren.account a WHERE a.org_id = u.org_id ORDER BY a.created_at DESC LIMIT most) w
    ), recovery AS MATERIALIZED (
        SELECT r.org_id, r.recovery_id AS id FROM account a JOIN faren.recovery r ON r.org_id = a.org_id AND r.account_id = a.id
        UNION
        SELECT r.org_id, r.recovery_id FROM faren.recovery r WHERE r.recovery_id = by_recovery
    ), sign_in AS MATERIALIZED ( -- of the organization itself, by certificate or e-licence
        (SELECT v.org_id, v.verification_id AS id FROM person x JOIN faren.verification v ON v.org_id = x.org_id AND v.agent_id = x.agent_id
         WHERE v.purpose = 'sign-in' ORDER BY v.created_at DESC LIMIT most)
        UNION
        SELECT w.org_id, w.verification_id FROM unnest(CASE WHEN whole THEN units END) u (org_id)
        CROSS JOIN LATERAL (SELECT v.org_id, v.verification_id FROM faren.verification v
                            WHERE v.org_id = u.org_id AND v.purpose = 'sign-in' ORDER BY v.created_at DESC LIMIT most) w
    ), everything AS (
        SELECT 'organization' AS kind, o.org_id, o.org_id AS id FROM faren.organization o
        WHERE o.org_id IN (SELECT u FROM unnest(units) u UNION SELECT x.org_id FROM person x UNION SELECT p.org_id FROM application p)
        UNION
        SELECT 'agent', x.org_id, x.agent_id FROM person x
        UNION
        SELECT 'application', p.org_id, p.id FROM application p
        UNION
        SELECT 'account', a.org_id, a.id FROM account a
        UNION
        SELECT 'recovery', r.org_id, r.id FROM recovery r
        UNION
        SELECT 'verification', v.org_id, v.verification_id FROM application p JOIN faren.verification v ON v.org_id = p.org_id AND v.application_id = p.id
        UNION
        SELECT 'verification', v.org_id, v.verification_id FROM account a JOIN faren.verification v ON v.org_id = a.org_id AND v.account_id = a.id
        UNION
        SELECT 'verification', v.org_id, v.verification_id FROM recovery r JOIN faren.verification v ON v.org_id = r.org_id AND v.recovery_id = r.id
        UNION
        SELECT 'verification', v.org_id, v.verification_id FROM faren.verification v WHERE v.verification_id = by_verification
        UNION
        SELECT 'verification', i.org_id, i.id FROM sign_in i
        UNION
        SELECT 'session', s.org_id, s.session_id FROM sign_in i JOIN faren.session s ON s.org_id = i.org_id AND s.verification_id = i.id
        UNION
        SELECT 'session', s.org_id, s.session_id FROM account a JOIN faren.session s ON s.org_id = a.org_id AND s.account_id = a.id
        UNION
        SELECT 'session', s.org_id, s.session_id FROM application p JOIN faren.session s ON s.org_id = p.org_id AND s.application_id = p.id
        UNION
        SELECT 'session', s.org_id, s.session_id FROM faren.session s WHERE s.session_id = by_session
        UNION
        SELECT 'message', m.org_id, m.sms_id FROM application p JOIN faren.sms m ON m.application_id = p.id
        UNION
        SELECT w.kind, w.org_id, w.sms_id FROM (
            SELECT phone AS to_index, NULL::uuid AS org_id UNION SELECT x.phone_index, x.org_id FROM person x
            UNION SELECT m.to_index, m.org_id FROM faren.sms m WHERE m.sms_id = by_message) n
        CROSS JOIN LATERAL (
            SELECT 'message' AS kind, m.org_id, m.sms_id FROM faren.sms m
            -- A code belongs to a number alone, until it is used. A number that somebody has here may be another's elsewhere.
            WHERE m.to_index = n.to_index
              AND (m.org_id = m.sms_id OR (n.org_id IS NULL OR m.org_id = n.org_id) AND (NOT narrow OR m.org_id = ANY (units)))
            ORDER BY m.created_at DESC LIMIT most) w
        UNION
        SELECT 'message', w.org_id, w.sms_id FROM unnest(CASE WHEN whole THEN units END) u (org_id)
        CROSS JOIN LATERAL (SELECT m.org_id, m.sms_id FROM faren.sms m WHERE m.org_id = u.org_id ORDER BY m.sms_id DESC LIMIT most) w
    )
    SELECT e.kind, e.org_id, e.id
    FROM (SELECT x.kind, x.org_id, x.id, row_number() OVER (PARTITION BY x.kind ORDER BY x.id DESC) AS place FROM everything x) e
    WHERE e.place <= most;
END
$$;
REVOKE ALL ON FUNCTION faren.concerned(jsonb, integer) FROM PUBLIC;
