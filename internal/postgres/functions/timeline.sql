-- timeline is the history of what a query of faren.concerned means, merged of the audit and of the times that records keep of what nobody
-- did in a call of its own: a message went out, time ended something. Of a query that names a record, its events come also when it is gone.
-- wanted is {limit, since, until, before_at, before_place}: of the events from since on and before until, the newest that stand before the
-- place, which is that of the oldest event that the caller has. The result is {events, truncated}, the newest first; truncated: of some
-- kind of record there are more than were looked at. NOTHING_FOUND: there is neither record nor event.
-- Masked: what a mask hides is not here, nor is any message's text. Of a session of an organization that is not concerned, the id alone.
CREATE OR REPLACE FUNCTION api.timeline(query jsonb, wanted jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    most          CONSTANT integer := 1000;
    nobody        CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
    wall          timestamptz := clock_timestamp() + (SELECT s.clock_offset FROM faren.setting s);
    reset_window  interval := faren.policy_interval('recovery.reset_window');
    idle          interval := faren.policy_interval('session.idle');
    since         timestamptz := coalesce((wanted ->> 'since')::timestamptz, '-infinity');
    ending        timestamptz := coalesce((wanted ->> 'until')::timestamptz, 'infinity');
    before_at     timestamptz := coalesce((wanted ->> 'before_at')::timestamptz, 'infinity');
    before_place  text := coalesce(wanted ->> 'before_place', '');
    named         text[] := ARRAY(SELECT q.value FROM jsonb_each_text(query) q WHERE q.key ~ '_id$' AND q.key <> 'organization_id');
    orgs          uuid[];
    applications  uuid[];
    accounts      uuid[];
    verifications uuid[];
    recoveries    uuid[];
    sessions      uuid[];
    messages      uuid[];
    subjects      text[];
    subject_set   jsonb;
    units         text[];
    truncated     boolean;
    happened      boolean;
    events        jsonb;
BEGIN
    SELECT coalesce(array_agg(DISTINCT c.org_id), '{}'),
           coalesce(array_agg(c.id) FILTER (WHERE c.kind = 'application'), '{}'), coalesce(array_agg(c.id) FILTER (WHERE c.kind = 'account'), '{}'),
           coalesce(array_agg(c.id) FILTER (WHERE c.kind = 'verification'), '{}'), coalesce(array_agg(c.id) FILTER (WHERE c.kind = 'recovery'), '{}'),
           coalesce(array_agg(c.id) FILTER (WHERE c.kind = 'session'), '{}'), coalesce(array_agg(c.id) FILTER (WHERE c.kind = 'message'), '{}')
    INTO orgs, applications, accounts, verifications, recoveries, sessions, messages
    FROM faren.concerned(query, most) c;
    truncated := greatest(cardinality(applications), cardinality(accounts), cardinality(verifications), cardinality(recoveries),
                          cardinality(sessions), cardinality(messages)) >= most;
    IF query ->> 'session_id' IS NOT NULL AND cardinality(sessions) = 0 THEN
        sessions := ARRAY[(query ->> 'session_id')::uuid];
    END IF;
    subjects := ARRAY(SELECT DISTINCT i::text FROM unnest(applications || accounts || verifications || recoveries || sessions || messages) i
                      UNION SELECT n FROM unnest(named) n);
    subject_set := (SELECT coalesce(jsonb_object_agg(x, true), '{}') FROM unnest(subjects) x);
    -- Attempts that came no further than the unit are of the unit, and of no person.
    IF NOT query ?| '{phone_index,document_index,username_index}' AND cardinality(named) = 0 THEN
        units := ARRAY(SELECT query ->> 'unit_code' WHERE query ->> 'unit_code' IS NOT NULL
                       UNION SELECT o.unit_code FROM faren.organization o WHERE o.org_id = ANY (orgs) AND NOT o.provisional);
    END IF;

    WITH name AS MATERIALIZED (
        -- A user name is somebody's for a time: what failed with it before or after is another's. An application was a tenant of its own at first.
        SELECT faren.sign_in_subject(n.username_index) AS subject, n.display, n.org_id, n.former, n.from_at, n.to_at FROM (
            SELECT decode(query ->> 'username_index', 'hex') AS username_index, NULL::text AS display, NULL::uuid AS org_id, NULL::uuid AS former, '-infinity'::timestamptz AS from_at, 'infinity'::timestamptz AS to_at
            WHERE query ->> 'username_index' IS NOT NULL AND NOT query ?| '{unit_code,organization_id}'
            UNION
            SELECT d.username_index, d.username_display, a.org_id, NULL, a.created_at, 'infinity' FROM faren.account a
            JOIN faren.credential d ON d.org_id = a.org_id AND d.credential_id = a.credential_id
            WHERE a.account_id = ANY (accounts) AND a.org_id = ANY (orgs)
            UNION
            SELECT p.username_index, p.username_display, p.org_id, p.application_id, p.created_at, CASE WHEN p.status IN ('rejected', 'withdrawn', 'expired') THEN p.updated_at ELSE 'infinity' END
            FROM faren.application p WHERE p.application_id = ANY (applications) AND p.org_id = ANY (orgs) AND p.username_index IS NOT NULL) n
    ), written AS MATERIALIZED (
        SELECT DISTINCT ON (x.org_id, x.event_id) x.* FROM (
            SELECT e.* FROM faren.audit_event e WHERE e.subject_id = ANY (subjects)
            UNION ALL
            SELECT e.* FROM faren.audit_event e WHERE e.session_id = ANY (sessions)
            UNION ALL
            SELECT e.* FROM faren.audit_event e
            WHERE e.details ->> 'application_id' = ANY (applications::text[]) AND e.subject_kind IN ('document', 'session')
            UNION ALL
            SELECT e.* FROM faren.audit_event e WHERE e.subject_id = ANY (units) AND e.subject_kind = 'unit_code'
            UNION ALL
            SELECT e.* FROM name n JOIN faren.audit_event e ON e.subject_id = n.subject
            WHERE e.subject_kind = 'username' AND e.at BETWEEN n.from_at AND n.to_at AND (n.org_id IS NULL OR e.org_id IN (n.org_id, n.former, nobody))) x
        ORDER BY x.org_id, x.event_id
    ), known AS MATERIALIZED (
        -- Objects of JSON, since a join of what no statistics tell of becomes a loop in a loop. What a call did beside its event has the
        -- call's time, and is that caller's.
        SELECT coalesce(jsonb_object_agg(e.at::text, jsonb_build_object('operator', e.operator, 'session_id', e.session_id, 'ticket', e.ticket, 'request_id', e.request_id)
                   ORDER BY e.event_id DESC) FILTER (WHERE e.outcome = 'done'), '{}') AS causes,
               coalesce(jsonb_object_agg(e.subject_id || CASE
                   WHEN e.subject_kind = 'verification' AND (e.details ->> 'outcome' = 'expired' OR e.code IN ('WRONG_STATE', 'ACCOUNT_WRONG_STATE')) THEN ' expired'
                   WHEN e.subject_kind = 'verification' THEN ' ' || e.at
                   ELSE ' done' END, true) FILTER (WHERE e.action IN ('verification.complete', 'verification.resolve')
                   OR e.action IN ('account.add', 'session.sign_out', 'session.revoke') AND e.outcome = 'done'), '{}') AS told
        FROM written e
    ), own AS MATERIALIZED ( -- what records tell
        SELECT m.created_at AS at, 'sms.queued' AS action, 'sms' AS subject_kind, m.sms_id AS id, NULL::text AS operator, NULL::jsonb AS details
        FROM faren.sms m WHERE m.sms_id = ANY (messages) AND m.org_id = ANY (orgs) AND m.to_sealed IS NULL
        UNION ALL
        SELECT m.sent_at, 'sms.sent', 'sms', m.sms_id, m.claimed_by::text, jsonb_build_object('attempts', m.attempts)
        FROM faren.sms m WHERE m.sms_id = ANY (messages) AND m.org_id = ANY (orgs) AND m.sent_at IS NOT NULL
        UNION ALL
        SELECT p.submitted_at, 'application.submit', 'application', p.application_id, NULL, jsonb_build_object('review', p.review_kind)
        FROM faren.application p
        WHERE p.application_id = ANY (applications) AND p.org_id = ANY (orgs) AND p.submitted_at IS NOT NULL AND NOT faren.is_manual(p.channel)
        UNION ALL
        SELECT p.expires_at, 'application.expire', 'application', p.application_id, NULL, NULL
        FROM faren.application p WHERE p.application_id = ANY (applications) AND p.org_id = ANY (orgs) AND p.expires_at <= wall
        UNION ALL
        SELECT a.created_at, 'account.open', 'account', a.account_id, NULL, NULL
        FROM faren.account a WHERE a.account_id = ANY (accounts) AND a.org_id = ANY (orgs)
          AND NOT (SELECT k.told FROM known k) ? (a.account_id || ' done')
        UNION ALL
        -- The sandbox's checks of a batch have no event of their own.
        SELECT v.completed_at, 'verification.complete', 'verification', v.verification_id, NULL, jsonb_build_object('outcome', v.status)
        FROM faren.verification v WHERE v.verification_id = ANY (verifications) AND v.org_id = ANY (orgs) AND v.completed_at IS NOT NULL
          AND NOT (SELECT k.told FROM known k) ? (v.verification_id || ' ' || v.completed_at)
        UNION ALL
        -- It ends with its time, or with the application that it was for.
        SELECT least(v.expires_at, CASE WHEN p.status IN ('withdrawn', 'expired') THEN p.updated_at END), 'verification.expire', 'verification', v.verification_id, NULL, NULL
        FROM faren.verification v LEFT JOIN faren.application p ON p.org_id = v.org_id AND p.application_id = v.application_id
        WHERE v.verification_id = ANY (verifications) AND v.org_id = ANY (orgs)
          AND (v.status = 'expired' OR v.status IN ('pending', 'manual-review') AND v.expires_at <= wall)
          AND NOT (SELECT k.told FROM known k) ? (v.verification_id || ' expired')
        UNION ALL
        SELECT CASE WHEN r.proven_at IS NULL THEN r.expires_at ELSE r.proven_at + reset_window END, 'recovery.expire', 'recovery', r.recovery_id, NULL, NULL
        FROM faren.recovery r WHERE r.recovery_id = ANY (recoveries) AND r.org_id = ANY (orgs) AND r.reset_at IS NULL
          AND CASE WHEN r.proven_at IS NULL THEN r.expires_at ELSE r.proven_at + reset_window END <= wall
        UNION ALL
        SELECT s.revoked_at, 'session.end', 'session', s.session_id, NULL, NULL
        FROM faren.session s WHERE s.session_id = ANY (sessions) AND s.org_id = ANY (orgs) AND s.revoked_at IS NOT NULL
          AND NOT (SELECT k.told FROM known k) ? (s.session_id || ' done')
        UNION ALL
        SELECT least(s.expires_at, s.last_seen_at + idle), 'session.expire', 'session', s.session_id, NULL, NULL
        FROM faren.session s WHERE s.session_id = ANY (sessions) AND s.org_id = ANY (orgs) AND s.revoked_at IS NULL
          AND least(s.expires_at, s.last_seen_at + idle) <= wall
    ), everything AS (
        SELECT e.at, 'a' || lpad(e.event_id::text, 20, '0') || e.org_id AS place, 'audit' AS source, e.action, e.subject_kind, e.subject_id, e.outcome, e.code,
               e.operator::text AS operator, e.session_id, e.ticket, e.reason, e.request_id, e.details,
               CASE WHEN e.session_id = ANY (sessions) AND NOT subject_set ? e.subject_id AND e.subject_kind <> 'document' THEN 'actor' ELSE 'subject' END AS part
        FROM written e
        UNION ALL
        SELECT o.at, 'r' || CASE o.action WHEN 'application.submit' THEN 1 WHEN 'account.open' THEN 2 ELSE 3 END || o.action || o.id, 'record', o.action, o.subject_kind, o.id::text, 'done', NULL,
               coalesce(o.operator, o.cause ->> 'operator'), (o.cause ->> 'session_id')::uuid, o.cause ->> 'ticket', NULL, (o.cause ->> 'request_id')::uuid,
               coalesce(o.details, '{}'), 'subject'
        FROM (SELECT x.*, CASE WHEN x.action !~ '\.expire$' THEN (SELECT k.causes FROM known k) -> x.at::text END AS cause FROM own x) o
    ), shown AS (
        SELECT x.*, CASE WHEN x.subject_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN x.subject_id::uuid END AS subject
        FROM everything x
        WHERE x.at >= since AND x.at < ending AND (x.at < before_at OR x.at = before_at AND x.place COLLATE "C" < before_place)
        ORDER BY x.at DESC, x.place COLLATE "C" DESC LIMIT (wanted ->> 'limit')::integer
    )
    SELECT jsonb_agg(jsonb_build_object('at', x.at, 'place', x.place, 'source', x.source, 'action', x.action, 'subject_kind', x.subject_kind,
               'subject_id', x.subject_id, 'outcome', x.outcome, 'code', x.code, 'operator', x.operator, 'session_id', x.session_id,
               'username', CASE WHEN x.session_id IS NOT NULL THEN (
                   SELECT coalesce(d.username_display, p.username_display, g.name_mask) FROM faren.session s
                   LEFT JOIN faren.account a ON a.org_id = s.org_id AND a.account_id = s.account_id
                   LEFT JOIN faren.credential d ON d.org_id = a.org_id AND d.credential_id = a.credential_id
                   LEFT JOIN faren.application p ON p.org_id = s.org_id AND p.application_id = s.application_id
                   LEFT JOIN faren.agent g ON g.org_id = s.org_id AND g.agent_id = s.agent_id
                   WHERE s.session_id = x.session_id AND s.org_id = ANY (orgs) LIMIT 1) END,
               'part', x.part, 'ticket', x.ticket, 'reason', x.reason, 'request_id', x.request_id,
               'details', jsonb_strip_nulls(x.details || CASE x.subject_kind
                   WHEN 'sms' THEN coalesce((
                       SELECT jsonb_build_object('kind', m.kind, 'to', m.to_mask) || CASE WHEN x.action IN ('sms.queued', 'sms.code') THEN jsonb_build_object('status',
                              CASE WHEN m.claimed_until <= wall THEN 'unknown' ELSE m.status END) ELSE '{}' END
                       FROM faren.sms m WHERE m.sms_id = x.subject AND m.org_id = ANY (orgs) LIMIT 1), '{}')
                   WHEN 'verification' THEN coalesce((
                       SELECT jsonb_build_object('purpose', v.purpose, 'failure', CASE WHEN x.details ->> 'outcome' = 'failed' THEN v.failure END)
                       FROM faren.verification v WHERE v.verification_id = x.subject AND v.org_id = ANY (orgs) LIMIT 1), '{}')
                   WHEN 'session' THEN coalesce((
                       SELECT jsonb_build_object('kind', s.kind)
                       FROM faren.session s WHERE s.session_id = x.subject AND s.org_id = ANY (orgs) LIMIT 1), '{}')
                   WHEN 'username' THEN coalesce((
                       SELECT jsonb_build_object('username', n.display) FROM name n WHERE n.subject = x.subject_id AND n.display IS NOT NULL LIMIT 1), '{}')
                   ELSE '{}' END)) ORDER BY x.at DESC, x.place COLLATE "C" DESC),
           EXISTS (SELECT FROM written)
    INTO events, happened FROM shown x;
    IF NOT happened AND cardinality(orgs) = 0 THEN
        RETURN jsonb_build_object('refused', faren.refusal('NOTHING_FOUND'));
    END IF;
    RETURN jsonb_build_object('result', jsonb_build_object('events', coalesce(events, '[]'), 'truncated', truncated));
END
$$;
REVOKE ALL ON FUNCTION api.timeline(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.timeline(jsonb, jsonb) TO faren_registrar, faren_support;
