-- diagnose answers a ticket: the records that it is about, as people may see them, and findings: everything that keeps somebody from going
-- on, by the rules that the steps themselves go by. query is what concerned takes, with {unit_code_type}. A finding is {when, code, org_id,
-- subject: {kind, id}, holder: {kind, id}, since, until, details}: when is what the person is doing as they meet the code (register,
-- sign-in, face-check, sms-code, agent-add, review, comparison, recovery, session), holder the record that is in the way, until when it passes
-- by itself. refusals are the newest of the audit.
CREATE OR REPLACE FUNCTION api.diagnose(query jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    most     CONSTANT integer := 50;
    at       timestamptz := (SELECT clock_timestamp() + s.clock_offset FROM faren.setting s);
    records  jsonb; -- {kind: [id, …]}
    findings    jsonb;
BEGIN
    SELECT coalesce(jsonb_object_agg(k.kind, k.ids), '{}') INTO records
    FROM (SELECT c.kind, jsonb_agg(c.id) AS ids FROM faren.concerned(query, most) c GROUP BY c.kind) k;
    SELECT coalesce(jsonb_agg(f.finding), '[]') INTO findings FROM (
        SELECT x AS finding FROM faren.obstacle_findings(coalesce(faren.candidates_of(query, records, at), '[]'), at) x
        UNION ALL SELECT x FROM faren.organization_findings(query, records, at) x
        UNION ALL SELECT x FROM faren.account_findings(query, records, at) x
        UNION ALL SELECT x FROM faren.application_findings(records, at) x
        UNION ALL SELECT x FROM faren.verification_findings(records, at) x
        UNION ALL SELECT x FROM faren.message_findings(query, records, at) x) f;
    -- What is in the way is told of as well.
    RETURN jsonb_build_object('result', faren.holders_json(findings, faren.record_ids(records, 'application'), faren.record_ids(records, 'account')) || jsonb_build_object(
        'at', at,
        'findings', findings,
        'organizations', faren.organizations_json(faren.record_ids(records, 'organization')),
        'verifications', (SELECT coalesce(jsonb_agg(to_jsonb(v) ORDER BY v.created_at DESC), '[]') FROM api.verification v
                          WHERE v.verification_id = ANY (faren.record_ids(records, 'verification'))),
        'sessions', (SELECT coalesce(jsonb_agg(to_jsonb(v) ORDER BY v.created_at DESC), '[]') FROM api.session v
                     WHERE v.session_id = ANY (faren.record_ids(records, 'session'))),
        'messages', (SELECT coalesce(jsonb_agg(to_jsonb(v) ORDER BY v.created_at DESC), '[]') FROM api.sms v
                     WHERE v.sms_id = ANY (faren.record_ids(records, 'message'))),
        'recoveries', (SELECT coalesce(jsonb_agg(faren.recovery_json(r) - '{username, username_sealed}'::text[]), '[]')
                       FROM unnest(faren.record_ids(records, 'recovery')) r),
        'rejections', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('org_id', j.org_id, 'application_id', j.application_id, 'day', j.day, 'slot', j.slot, 'at', j.rejected_at)
                       ORDER BY j.rejected_at DESC), '[]')
            FROM (SELECT DISTINCT r.* FROM faren.agent g
                  JOIN faren.rejection r ON r.org_id = g.org_id AND r.document_index = g.document_index AND r.document_type = g.document_type
                  WHERE (g.org_id, g.agent_id) IN (SELECT p.org_id, p.agent_id FROM faren.people(records) p)
                  ORDER BY r.rejected_at DESC LIMIT most) j),
        'refusals', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('at', e.at, 'action', e.action, 'code', e.code, 'subject', jsonb_build_object('kind', e.subject_kind, 'id', e.subject_id),
                       'operator', e.operator, 'ticket', e.ticket, 'request_id', e.request_id) ORDER BY e.at DESC, e.event_id DESC), '[]')
            FROM (SELECT x.* FROM faren.audit_event x
                  WHERE x.subject_id IN (SELECT i.value FROM jsonb_each(records) k CROSS JOIN LATERAL jsonb_array_elements_text(k.value) i WHERE k.key <> 'organization')
                    AND x.outcome = 'refused'
                  ORDER BY x.at DESC, x.event_id DESC LIMIT 20) e)));
END
$$;
REVOKE ALL ON FUNCTION api.diagnose(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.diagnose(jsonb) TO faren_registrar, faren_support;

-- record_ids are those of one kind.
CREATE OR REPLACE FUNCTION faren.record_ids(records jsonb, kind text) RETURNS uuid[]
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN ARRAY(SELECT i.value::uuid FROM jsonb_array_elements_text(coalesce(records -> kind, '[]')) i);
END
$$;
REVOKE ALL ON FUNCTION faren.record_ids(jsonb, text) FROM PUBLIC;

-- people are the agents of the records, by the key that they have.
CREATE OR REPLACE FUNCTION faren.people(records jsonb) RETURNS TABLE (org_id uuid, agent_id uuid)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT g.org_id, g.agent_id FROM faren.agent g
    WHERE g.org_id = ANY (faren.record_ids(records, 'organization')) AND g.agent_id = ANY (faren.record_ids(records, 'agent'));
END
$$;
REVOKE ALL ON FUNCTION faren.people(jsonb) FROM PUBLIC;

-- finding puts one together. A holder without an id is none.
CREATE OR REPLACE FUNCTION faren.finding(met text, code text, org uuid, subject_kind text, subject_id uuid, holder_kind text, holder_id uuid,
                                         since timestamptz, until timestamptz, details jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN jsonb_strip_nulls(jsonb_build_object('when', met, 'code', code, 'org_id', org,
        'subject', CASE WHEN subject_kind IS NOT NULL THEN jsonb_build_object('kind', subject_kind, 'id', subject_id) END,
        'holder', CASE WHEN holder_id IS NOT NULL THEN jsonb_build_object('kind', holder_kind, 'id', holder_id) END,
        'since', since, 'until', until, 'details', details));
END
$$;
REVOKE ALL ON FUNCTION faren.finding(text, text, uuid, text, uuid, text, uuid, timestamptz, timestamptz, jsonb) FROM PUBLIC;

-- candidates_of are those who could register: the person in each of their organizations, what the ticket names, and each application that has
-- to pass the obstacles yet, which is the candidate's subject.
CREATE OR REPLACE FUNCTION faren.candidates_of(query jsonb, records jsonb, at timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT jsonb_agg(x.fields || jsonb_build_object('row_no', x.row_no)) FROM (
        SELECT row_number() OVER () AS row_no, u.fields FROM (
            SELECT DISTINCT jsonb_build_object('org_id', faren.known_organization(o), 'document_type', g.document_type, 'document_index', encode(g.document_index, 'hex')) AS fields
            FROM faren.people(records) p
            JOIN faren.agent g ON g.org_id = p.org_id AND g.agent_id = p.agent_id
            JOIN faren.organization o ON o.org_id = g.org_id
            UNION ALL
            SELECT jsonb_build_object('org_id', o.org_id, 'phone_index', query ->> 'phone_index')
            FROM faren.organization o WHERE o.org_id = ANY (faren.record_ids(records, 'organization')) AND NOT o.provisional AND query ->> 'phone_index' IS NOT NULL
            UNION ALL
            SELECT jsonb_build_object('username_index', query ->> 'username_index') WHERE query ->> 'username_index' IS NOT NULL
            UNION ALL
            SELECT faren.candidate_of(a, faren.known_organization(o)) || jsonb_build_object('username_index', encode(a.username_index, 'hex'), 'subject', a.application_id)
            FROM faren.application a JOIN faren.organization o ON o.org_id = a.org_id
            WHERE a.application_id = ANY (faren.record_ids(records, 'application')) AND a.status IN ('awaiting-identity', 'awaiting-unit', 'awaiting-user', 'mismatched')
              AND a.agent_id IS NOT NULL AND a.expires_at > at) u) x);
END
$$;
REVOKE ALL ON FUNCTION faren.candidates_of(jsonb, jsonb, timestamptz) FROM PUBLIC;

-- obstacle_findings are the obstacles of registration that candidates would meet. A candidate is what registration_obstacles takes, with subject: the
-- application that it is about.
CREATE OR REPLACE FUNCTION faren.obstacle_findings(candidates jsonb, at timestamptz) RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    WITH obstacle AS (
        SELECT DISTINCT o.precedence, o.code, o.holder_kind, o.holder_id, o.since, o.until, c.subject, c.org_id
        FROM faren.registration_obstacles(candidates, at) o
        JOIN jsonb_to_recordset(candidates) AS c (row_no integer, subject uuid, org_id uuid) ON c.row_no = o.row_no
    ), met AS (
        SELECT 'register' AS met, o.* FROM obstacle o
        UNION ALL -- as a reviewer who adds the agent meets it (guide 三.4)
        SELECT 'agent-add', o.precedence, faren.by_reviewer(faren.refusal(o.code)) -> 0 ->> 'code', o.holder_kind, o.holder_id, o.since, o.until, o.subject, o.org_id
        FROM obstacle o WHERE o.code = 'APPLICATION_PENDING' AND o.subject IS NULL
    )
    SELECT faren.finding(m.met, m.code, m.org_id, CASE WHEN m.subject IS NOT NULL THEN 'application' END, m.subject, m.holder_kind, m.holder_id, m.since, m.until,
                         CASE WHEN m.code = 'DAILY_REJECTION_LIMIT' THEN jsonb_build_object('limit', faren.policy_count('registration.daily_rejections')) ELSE '{}' END)
    FROM met m ORDER BY m.precedence, m.met DESC;
END
$$;
REVOKE ALL ON FUNCTION faren.obstacle_findings(jsonb, timestamptz) FROM PUBLIC;

-- check_registration evaluates the rules of a registration that are the database's, all of them, and writes nothing: certification, and the
-- obstacles as findings. registration is {facts, unit, unit_code, name_key, document_type, document_index, phone_index, username_index, manual}: facts
-- where an organization is certified, unit, as record_unit takes it, where a project states one that the register must have. Codes, captchas
-- and passwords are none of its business.
CREATE OR REPLACE FUNCTION api.check_registration(registration jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    at      timestamptz := (SELECT clock_timestamp() + s.clock_offset FROM faren.setting s);
    org     uuid := coalesce((SELECT k.org_id FROM faren.unit_code_claim k WHERE k.unit_code = registration ->> 'unit_code'),
                             (SELECT k.org_id FROM faren.overseas_claim k WHERE k.name_key = registration ->> 'name_key' AND registration ->> 'unit_code' IS NULL));
    findings   jsonb;
    certified  jsonb := CASE WHEN registration -> 'facts' <> 'null' THEN faren.certification(registration -> 'facts')
                             WHEN registration -> 'unit' <> 'null' THEN faren.unit_refusal(registration -> 'unit') END;
BEGIN
    IF certified -> 0 ->> 'code' = 'ORGANIZATION_MISMATCH' THEN -- the step stops there
        certified := certified || coalesce(faren.inactive_organization(registration ->> 'unit_code'), '[]');
    END IF;
    SELECT coalesce(jsonb_agg(f), '[]') INTO findings FROM (
        SELECT x AS f FROM faren.obstacle_findings(jsonb_build_array((registration - '{facts, unit, unit_code, name_key, manual}'::text[])
                                                                || jsonb_build_object('row_no', 0, 'org_id', org)), at) x WHERE x ->> 'when' = 'register'
        UNION ALL
        SELECT faren.finding('comparison', 'CALENDAR_MISSING', NULL, NULL, NULL, NULL, NULL, NULL, NULL, (d.refused -> 0) - 'code')
        FROM faren.comparison_due(at) d WHERE (registration ->> 'manual')::boolean AND d.refused IS NOT NULL) t;
    RETURN jsonb_build_object('result', faren.holders_json(findings, '{}', '{}') || jsonb_build_object('at', at, 'findings', findings,
        'organizations', faren.organizations_json(ARRAY[org]), 'certification', certified));
END
$$;
REVOKE ALL ON FUNCTION api.check_registration(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.check_registration(jsonb) TO faren_registrar, faren_support;

-- organizations_json shows organizations: who may review and care for accounts there, and how much waits.
CREATE OR REPLACE FUNCTION faren.organizations_json(orgs uuid[]) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object('org_id', CASE WHEN NOT o.provisional THEN o.org_id END, 'name', o.name, 'unit_code', o.unit_code,
                   'unit_code_type', o.unit_code_type, 'register_status', (SELECT e.status FROM faren.register_entry e WHERE e.unit_code = o.unit_code),
                   'reviewers', (SELECT count(*) FROM faren.account a WHERE a.org_id = o.org_id AND a.status = 'active' AND a.role <> 'agent'), -- as its index has it
                   'represented', EXISTS (SELECT FROM faren.account a WHERE a.org_id = o.org_id AND a.status = 'active' AND a.role = 'legal-representative'),
                   'waiting', (SELECT count(*) FROM faren.application a WHERE a.org_id = o.org_id AND a.status = 'pending-review'))
                   ORDER BY o.provisional, o.created_at), '[]')
        FROM faren.organization o WHERE o.org_id = ANY (orgs));
END
$$;
REVOKE ALL ON FUNCTION faren.organizations_json(uuid[]) FROM PUBLIC;

-- holders_json shows applications and accounts, and those that findings name as holders.
CREATE OR REPLACE FUNCTION faren.holders_json(findings jsonb, apps uuid[], accounts uuid[]) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    apps := apps || ARRAY(SELECT (f #>> '{holder,id}')::uuid FROM jsonb_array_elements(findings) f WHERE f #>> '{holder,kind}' = 'application');
    accounts := accounts || ARRAY(SELECT (f #>> '{holder,id}')::uuid FROM jsonb_array_elements(findings) f WHERE f #>> '{holder,kind}' = 'account');
    RETURN jsonb_build_object(
        'applications', (SELECT coalesce(jsonb_agg(to_jsonb(v) ORDER BY v.created_at DESC), '[]') FROM api.application v WHERE v.application_id = ANY (apps)),
        'accounts', (SELECT coalesce(jsonb_agg(to_jsonb(v) ORDER BY v.created_at DESC), '[]') FROM api.account v WHERE v.account_id = ANY (accounts)));
END
$$;
REVOKE ALL ON FUNCTION faren.holders_json(jsonb, uuid[], uuid[]) FROM PUBLIC;

-- organization_findings are what keeps everybody of the organization from registering, signing in or being reviewed.
CREATE OR REPLACE FUNCTION faren.organization_findings(query jsonb, records jsonb, at timestamptz) RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    today date := (at AT TIME ZONE 'Asia/Shanghai')::date;
    orgs  uuid[] := faren.record_ids(records, 'organization');
BEGIN
    RETURN QUERY
    SELECT faren.finding('register', 'ORGANIZATION_NOT_FOUND', NULL, NULL, NULL, NULL, NULL, NULL, NULL, jsonb_build_object('unit_code', query ->> 'unit_code'))
    WHERE query ->> 'unit_code_type' = 'uscc' AND NOT EXISTS (SELECT FROM faren.register_entry e WHERE e.unit_code = query ->> 'unit_code')
    UNION ALL
    SELECT faren.finding('register', 'ORGANIZATION_NOT_ACTIVE', k.org_id, NULL, NULL, NULL, NULL, e.updated_at, NULL,
                         jsonb_build_object('status', e.status, 'unit_code', e.unit_code))
    FROM (SELECT query ->> 'unit_code' AS unit_code UNION SELECT o.unit_code FROM faren.organization o WHERE o.org_id = ANY (orgs)) u
    JOIN faren.register_entry e ON e.unit_code = u.unit_code
    LEFT JOIN faren.unit_code_claim k ON k.unit_code = e.unit_code
    WHERE e.status <> 'active'
    UNION ALL
    SELECT faren.finding('sign-in', 'SIGN_IN_LIMIT', o.org_id, NULL, NULL, NULL, NULL, NULL, (today + 1)::timestamp AT TIME ZONE 'Asia/Shanghai',
                         jsonb_build_object('unit_code', o.unit_code, 'operator', s.operator, 'limit', faren.policy_count('sign_in.daily_unproven')))
    FROM faren.organization o CROSS JOIN LATERAL faren.unproven_sign_ins(o.org_id, today) s
    WHERE o.org_id = ANY (orgs) AND s.begun >= faren.policy_count('sign_in.daily_unproven');
END
$$;
REVOKE ALL ON FUNCTION faren.organization_findings(jsonb, jsonb, timestamptz) FROM PUBLIC;

-- account_findings are what keeps the holders of accounts from signing in, whether by the account or by its user name.
CREATE OR REPLACE FUNCTION faren.account_findings(query jsonb, records jsonb, at timestamptz) RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    accounts uuid[] := faren.record_ids(records, 'account');
BEGIN
    RETURN QUERY
    SELECT faren.finding('sign-in', 'ACCOUNT_NOT_ACTIVE', a.org_id, 'account', a.account_id, 'account', a.account_id, a.updated_at, NULL,
                         jsonb_build_object('status', a.status, 'role', a.role))
    FROM faren.account a WHERE a.account_id = ANY (accounts) AND a.status IN ('pending', 'disabled')
    UNION ALL
    -- The user name of a deactivated account stays its own; the person has another, or none.
    SELECT faren.finding('sign-in', 'ACCOUNT_NOT_ACTIVE', a.org_id, 'account', a.account_id, 'account', a.account_id, a.updated_at, NULL,
                         jsonb_build_object('status', a.status))
    FROM faren.account a JOIN faren.agent g ON g.org_id = a.org_id AND g.agent_id = a.agent_id
    WHERE a.account_id = ANY (accounts) AND a.status = 'deactivated'
      AND NOT EXISTS (SELECT FROM faren.agent_claim k WHERE k.org_id = g.org_id AND k.document_index = g.document_index AND k.document_type = g.document_type)
    UNION ALL
    SELECT faren.finding('sign-in', CASE WHEN f.locked_until > at THEN 'ACCOUNT_LOCKED' ELSE 'INVALID_CREDENTIALS' END, a.org_id,
                         CASE WHEN a.account_id IS NOT NULL THEN 'account' END, a.account_id, 'account', a.account_id,
                         -- The row is touched by every attempt while it is locked.
                         CASE WHEN f.locked_until > at THEN least(f.updated_at, f.locked_until - faren.policy_interval('sign_in.lock')) ELSE t.newest END,
                         CASE WHEN f.locked_until > at THEN f.locked_until ELSE t.newest + faren.policy_interval('sign_in.window') END,
                         CASE WHEN f.locked_until > at THEN '{}' ELSE jsonb_build_object('failures', t.failures, 'allowed', faren.policy_count('sign_in.failures')) END)
    FROM (SELECT decode(query ->> 'username_index', 'hex') AS username_index
          UNION
          SELECT d.username_index FROM faren.account a JOIN faren.credential d ON d.org_id = a.org_id AND d.credential_id = a.credential_id
          WHERE a.account_id = ANY (accounts)
          UNION
          -- Where there is an account, the name is that of whoever has it by now.
          SELECT p.username_index FROM faren.application p WHERE p.application_id = ANY (faren.record_ids(records, 'application')) AND p.account_id IS NULL) n
    JOIN faren.sign_in_failure f ON f.username_index = n.username_index
    CROSS JOIN LATERAL (SELECT count(*) AS failures, max(v) AS newest
                        FROM unnest(f.failed_at) v WHERE v > at - faren.policy_interval('sign_in.window')) t
    LEFT JOIN faren.username_claim k ON k.username_index = n.username_index
    LEFT JOIN faren.account a ON a.org_id = k.org_id AND a.account_id = k.account_id
    WHERE f.locked_until > at OR t.failures > 0
    UNION ALL
    SELECT faren.finding('session', CASE v.status WHEN 'expired' THEN 'SESSION_EXPIRED' ELSE 'SESSION_ENDED' END, v.org_id, 'account', v.account_id, 'session', v.session_id,
                         coalesce(v.revoked_at, least(v.expires_at, at)), NULL, '{}')
    FROM (SELECT DISTINCT ON (s.account_id) s.* FROM api.session s
          WHERE s.session_id = ANY (faren.record_ids(records, 'session')) AND s.account_id = ANY (accounts) ORDER BY s.account_id, s.created_at DESC) v
    JOIN faren.account a ON a.org_id = v.org_id AND a.account_id = v.account_id AND a.status = 'active'
    WHERE v.status <> 'active';
END
$$;
REVOKE ALL ON FUNCTION faren.account_findings(jsonb, jsonb, timestamptz) FROM PUBLIC;

-- application_findings are what each application waits for; of a person who has nothing that lives, the newest that ended, and the account that
-- another person was given.
CREATE OR REPLACE FUNCTION faren.application_findings(records jsonb, at timestamptz) RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    apps uuid[] := faren.record_ids(records, 'application');
BEGIN
    RETURN QUERY
    SELECT faren.finding('sign-in',
               CASE WHEN v.status = 'pending-comparison' THEN 'COMPARISON_PENDING' WHEN v.status = 'mismatched' THEN 'COMPARISON_FAILED'
                    -- Without a user there is nobody whom the sign-in could know.
                    WHEN a.credential_id IS NULL THEN 'REGISTRATION_UNFINISHED' ELSE 'ACCOUNT_NOT_ACTIVE' END,
               v.org_id, 'application', v.application_id, 'application', v.application_id, coalesce(v.decided_at, a.submitted_at, v.updated_at), NULL,
               jsonb_build_object('status', v.status, 'channel', v.channel, 'reason', v.decision_reason, 'due_at', v.due_at, 'overdue', v.due_at < at, 'expires_at', v.expires_at,
                                  'has_user', a.credential_id IS NOT NULL))
    FROM api.application v JOIN faren.application a ON a.application_id = v.application_id
    WHERE v.application_id = ANY (apps) AND faren.is_open(v.status)
    UNION ALL
    SELECT faren.finding('review', 'NO_REVIEWER', a.org_id, 'application', a.application_id, 'application', a.application_id, a.submitted_at, NULL,
                         jsonb_build_object('unit_code', v.unit_code))
    FROM api.application v JOIN faren.application a ON a.application_id = v.application_id
    WHERE v.application_id = ANY (apps) AND v.status = 'pending-review' AND NOT v.has_reviewer
    UNION ALL
    SELECT faren.finding('review', 'FACE_CHECK_REQUIRED', v.org_id, 'application', v.application_id, 'application', v.application_id, v.updated_at, NULL,
                         jsonb_build_object('application_id', v.application_id))
    FROM api.application v
    WHERE v.application_id = ANY (apps) AND v.status = 'pending-review' AND v.has_reviewer AND NOT EXISTS (
        SELECT FROM faren.verification c WHERE c.org_id = v.org_id AND c.application_id = v.application_id AND c.purpose = 'review'
            AND c.status = 'passed' AND c.used_at IS NULL AND c.expires_at > at)
    UNION ALL
    SELECT faren.finding('comparison', 'CALENDAR_MISSING', NULL, 'application', v.application_id, NULL, NULL, NULL, NULL, (d.refused -> 0) - 'code')
    FROM api.application v CROSS JOIN LATERAL faren.comparison_due(at) d
    WHERE v.application_id = ANY (apps) AND faren.is_manual(v.channel) AND v.status IN ('awaiting-unit', 'awaiting-user', 'mismatched') AND d.refused IS NOT NULL
    UNION ALL
    SELECT faren.finding('sign-in', 'REGISTRATION_ENDED', e.org_id, 'application', e.application_id, 'application', e.application_id, coalesce(e.decided_at, e.updated_at), NULL,
                         jsonb_build_object('status', e.status, 'reason', e.decision_reason))
    FROM (SELECT DISTINCT ON (a.org_id, g.document_type, g.document_index) v.*, g.document_type AS own_type, g.document_index AS own_document
          FROM api.application v JOIN faren.application a ON a.application_id = v.application_id
          LEFT JOIN faren.agent g ON g.org_id = a.org_id AND g.agent_id = a.agent_id
          WHERE v.application_id = ANY (apps)
          ORDER BY a.org_id, g.document_type, g.document_index, v.created_at DESC) e
    WHERE e.status IN ('rejected', 'withdrawn', 'expired')
      AND NOT EXISTS (SELECT FROM faren.agent_claim k WHERE k.org_id = e.org_id AND k.document_index = e.own_document AND k.document_type = e.own_type)
      -- One that ended before it had an organization was a try; the next one counts.
      AND NOT (e.org_id IS NULL AND EXISTS (
          SELECT FROM faren.application x JOIN faren.agent h ON h.org_id = x.org_id AND h.agent_id = x.agent_id
          WHERE x.application_id = ANY (apps) AND x.channel = e.channel AND x.created_at > e.created_at
            AND h.document_index = e.own_document AND h.document_type = e.own_type))
    UNION ALL
    -- What became of it can be another person's by now (guide 一.5: 变更经办人信息).
    SELECT faren.finding('sign-in', 'REGISTRATION_ENDED', v.org_id, 'application', v.application_id, 'account', a.account_id, a.updated_at, NULL,
                         jsonb_build_object('status', v.status, 'another_person', true))
    FROM api.application v
    JOIN faren.agent g ON g.org_id = v.org_id AND g.agent_id = v.agent_id
    JOIN faren.account a ON a.org_id = v.org_id AND a.account_id = v.account_id AND a.agent_id <> v.agent_id AND a.status <> 'deactivated'
    JOIN faren.agent h ON h.org_id = a.org_id AND h.agent_id = a.agent_id AND (h.document_index, h.document_type) <> (g.document_index, g.document_type)
    WHERE v.application_id = ANY (apps) AND EXISTS (SELECT FROM faren.people(records) p WHERE p.org_id = g.org_id AND p.agent_id = g.agent_id)
      AND NOT EXISTS (SELECT FROM faren.agent_claim k WHERE k.org_id = g.org_id AND k.document_index = g.document_index AND k.document_type = g.document_type);
END
$$;
REVOKE ALL ON FUNCTION faren.application_findings(jsonb, timestamptz) FROM PUBLIC;

-- verification_findings are of the newest face check for everything that waits for one. What a reviewer's check of today came to is told as
-- well; they may begin as many as they like.
CREATE OR REPLACE FUNCTION faren.verification_findings(records jsonb, at timestamptz) RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    today date := (at AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    RETURN QUERY
    WITH waiting AS (
        SELECT a.org_id, 'application' AS kind, a.application_id AS id, 'register' AS purpose FROM faren.application a
        WHERE a.application_id = ANY (faren.record_ids(records, 'application')) AND a.status = 'awaiting-identity' AND a.expires_at > at
        UNION ALL
        SELECT a.org_id, 'account', a.account_id, 'agent' FROM faren.account a WHERE a.account_id = ANY (faren.record_ids(records, 'account')) AND a.status = 'pending'
        UNION ALL
        SELECT r.org_id, 'recovery', r.recovery_id, 'recover' FROM faren.recovery r
        WHERE r.recovery_id = ANY (faren.record_ids(records, 'recovery')) AND r.proven_at IS NULL AND r.expires_at > at
        UNION ALL
        SELECT a.org_id, 'application', a.application_id, 'review' FROM faren.application a
        WHERE a.application_id = ANY (faren.record_ids(records, 'application')) AND a.status = 'pending-review'
    )
    SELECT f.finding FROM waiting w
    CROSS JOIN LATERAL (
        SELECT v.verification_id, v.status, v.failure, v.created_at, v.completed_at, v.expires_at FROM api.verification v
        WHERE v.org_id = w.org_id AND v.purpose = w.purpose
          AND CASE w.kind WHEN 'application' THEN v.application_id WHEN 'account' THEN v.account_id ELSE v.recovery_id END = w.id
          AND (w.purpose <> 'review' OR v.created_at > at - interval '1 day')
        ORDER BY v.created_at DESC LIMIT 1) v
    CROSS JOIN LATERAL (
        SELECT faren.finding('face-check', CASE WHEN v.status = 'failed' AND v.failure = 'identity-mismatch' THEN 'IDENTITY_MISMATCH'
                                                WHEN v.status IN ('pending', 'manual-review') THEN 'FACE_CHECK_OPEN' ELSE 'VERIFICATION_ENDED' END,
                             w.org_id, w.kind, w.id, 'verification', v.verification_id, coalesce(v.completed_at, v.created_at),
                             CASE WHEN v.status IN ('pending', 'manual-review') THEN v.expires_at END,
                             jsonb_build_object('status', v.status, 'failure', v.failure, 'purpose', w.purpose)) AS finding
        WHERE v.status <> 'passed'
        UNION ALL
        SELECT faren.finding('face-check', 'FACE_CHECK_LIMIT', w.org_id, w.kind, w.id, 'verification', v.verification_id, v.created_at,
                             (today + 1)::timestamp AT TIME ZONE 'Asia/Shanghai',
                             jsonb_build_object('purpose', w.purpose, 'limit', faren.policy_count('identity.daily_starts')))
        WHERE v.status NOT IN ('passed', 'pending', 'manual-review') AND w.purpose <> 'review'
          AND faren.face_checks_begun(w.org_id, w.purpose, CASE w.kind WHEN 'application' THEN w.id END, CASE w.kind WHEN 'recovery' THEN w.id END,
                                      CASE w.kind WHEN 'account' THEN w.id END, today) >= faren.policy_count('identity.daily_starts')) f;
END
$$;
REVOKE ALL ON FUNCTION faren.verification_findings(jsonb, timestamptz) FROM PUBLIC;

-- message_findings are of SMS codes, which are a number's, and of messages that did not leave. What is older than a week is no ticket's.
CREATE OR REPLACE FUNCTION faren.message_findings(query jsonb, records jsonb, at timestamptz) RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    tries bigint := faren.policy_count('sms.code_attempts');
BEGIN
    RETURN QUERY
    WITH number AS MATERIALIZED (
        SELECT decode(query ->> 'phone_index', 'hex') AS phone_index WHERE query ->> 'phone_index' IS NOT NULL
        UNION
        SELECT g.phone_index FROM faren.people(records) p JOIN faren.agent g ON g.org_id = p.org_id AND g.agent_id = p.agent_id WHERE g.phone_index IS NOT NULL
        UNION
        SELECT m.to_index FROM faren.sms m WHERE m.sms_id = (query ->> 'message_id')::uuid
    ), code AS (
        SELECT k.* FROM number n CROSS JOIN LATERAL (
            SELECT DISTINCT ON (x.purpose) x.* FROM faren.sms_code x
            WHERE x.phone_index = n.phone_index AND x.created_at > at - interval '1 day' ORDER BY x.purpose, x.created_at DESC, x.code_id DESC) k
        WHERE k.purpose <> 'recover' AND k.used_at IS NULL
    )
    SELECT faren.finding('sms-code', 'SMS_TOO_FREQUENT', NULL, NULL, NULL, NULL, NULL, t.newest, t.free_at, '{}')
    FROM number n CROSS JOIN LATERAL (
        SELECT faren.code_free_at(array_agg(k.created_at)) AS free_at, max(k.created_at) AS newest FROM faren.sms_code k
        WHERE k.phone_index = n.phone_index AND k.created_at > at - interval '1 day') t
    WHERE t.free_at > at
    UNION ALL
    -- The answer to a recovery goes by what was typed alone.
    SELECT faren.finding('recovery', 'SMS_TOO_FREQUENT', nullif(r.org_id, r.recovery_id), 'recovery', r.recovery_id, 'recovery', r.recovery_id, t.newest, t.free_at, '{}')
    FROM faren.recovery r JOIN faren.recovery_rate x ON x.selector_index = r.selector_index
    CROSS JOIN LATERAL (SELECT faren.code_free_at(x.requested) AS free_at, (SELECT max(v) FROM unnest(x.requested) v) AS newest) t
    WHERE r.recovery_id = ANY (faren.record_ids(records, 'recovery')) AND r.proven_at IS NULL AND r.expires_at > at AND t.free_at > at
    UNION ALL
    SELECT faren.finding('sms-code', CASE WHEN k.expires_at <= at THEN 'SMS_CODE_EXPIRED' WHEN k.attempts >= tries THEN 'SMS_CODE_EXHAUSTED' ELSE 'SMS_CODE_INVALID' END,
                         NULL, NULL, NULL, NULL, NULL, k.created_at, CASE WHEN k.expires_at > at THEN k.expires_at END,
                         jsonb_build_object('purpose', k.purpose, 'tries_left', greatest(tries - k.attempts, 0)))
    FROM code k WHERE k.expires_at <= at OR k.attempts > 0
    UNION ALL
    SELECT faren.finding('recovery', CASE WHEN r.code_expires_at <= at THEN 'SMS_CODE_EXPIRED' WHEN r.code_attempts >= tries THEN 'SMS_CODE_EXHAUSTED' ELSE 'SMS_CODE_INVALID' END,
                         nullif(r.org_id, r.recovery_id), 'recovery', r.recovery_id, 'recovery', r.recovery_id, r.code_expires_at - faren.policy_interval('sms.code_lifetime'),
                         CASE WHEN r.code_expires_at > at THEN r.code_expires_at END,
                         jsonb_build_object('purpose', 'recover', 'tries_left', greatest(tries - r.code_attempts, 0)))
    FROM faren.recovery r
    WHERE r.recovery_id = ANY (faren.record_ids(records, 'recovery')) AND r.proven_at IS NULL AND r.expires_at > at AND (r.code_expires_at <= at OR r.code_attempts > 0)
    UNION ALL
    -- Those that wait to be sent are told together.
    SELECT faren.finding('sms-code', 'SMS_NOT_DELIVERED', t.org_id, NULL, NULL, 'message', t.sms_id, t.created_at, NULL,
                         jsonb_build_object('status', t.status, 'kind', t.kind, 'to', t.to_mask, 'last_code', t.last_code, 'attempts', t.attempts,
                                            'expired', t.kind = 'code' AND t.expires_at <= at, 'count', t.together))
    FROM (SELECT v.*, m.expires_at, CASE v.status WHEN 'queued' THEN count(*) OVER w ELSE 1 END AS together, row_number() OVER w AS place
          FROM api.sms v JOIN faren.sms m ON m.org_id = v.org_id AND m.sms_id = v.sms_id
          WHERE v.sms_id = ANY (faren.record_ids(records, 'message')) AND v.created_at > at - interval '7 days'
            AND (m.to_index IN (SELECT n.phone_index FROM number n) OR cardinality(faren.record_ids(records, 'agent')) = 0)
            AND (v.status IN ('dead', 'unknown') OR v.status = 'queued' AND v.next_attempt_at <= at)
            -- A code that a newer one followed is of no use to anybody.
            AND (v.kind <> 'code' OR NOT EXISTS (SELECT FROM faren.sms y WHERE y.to_index = m.to_index AND y.kind = 'code' AND y.created_at > m.created_at))
          WINDOW w AS (PARTITION BY v.status, m.to_index ORDER BY v.created_at, v.sms_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)) t
    WHERE t.status <> 'queued' OR t.place = 1;
END
$$;
REVOKE ALL ON FUNCTION faren.message_findings(jsonb, jsonb, timestamptz) FROM PUBLIC;
