-- end_call writes the audit event of a change in the change's own transaction, keeps the answer for a repeat of the
-- same request, and returns it: {"result": …, "messages": how many it put into the outbox, if any}.
CREATE OR REPLACE FUNCTION faren.end_call(c faren.caller, action text, subject_kind text, subject_id text, org uuid, result jsonb, details jsonb)
RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    answer   jsonb := jsonb_build_object('result', result);
    messages bigint := (SELECT count(*) FROM faren.sms m WHERE m.request_id = c.request_id AND m.status = 'queued');
BEGIN
    PERFORM faren.audit(c, action, subject_kind, subject_id, org, 'done', NULL, details);
    IF messages > 0 THEN
        answer := answer || jsonb_build_object('messages', messages);
    END IF;
    RETURN faren.keep_answer(c, answer);
END
$$;
REVOKE ALL ON FUNCTION faren.end_call(faren.caller, text, text, text, uuid, jsonb, jsonb) FROM PUBLIC;

-- refuse answers {"refused": [{"code": …, …}]}. A refusal is an answer, not an exception, so that its audit event,
-- and the count of a wrong code, commit.
CREATE OR REPLACE FUNCTION faren.refuse(c faren.caller, action text, subject_kind text, subject_id text, org uuid, refusals jsonb)
RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM faren.audit(c, action, subject_kind, subject_id, org, 'refused', refusals -> 0 ->> 'code', '{}');
    RETURN faren.keep_answer(c, jsonb_build_object('refused', refusals));
END
$$;
REVOKE ALL ON FUNCTION faren.refuse(faren.caller, text, text, text, uuid, jsonb) FROM PUBLIC;

CREATE OR REPLACE FUNCTION faren.audit(c faren.caller, action text, subject_kind text, subject_id text, org uuid, outcome text, code text, details jsonb)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM faren.audit_all(c, action, subject_kind, outcome, ARRAY[subject_id], ARRAY[org], ARRAY[code], ARRAY[details]);
    -- A refusal may have changed something, too: an obstacle found after a face check takes its application back.
    IF subject_kind IN ('application', 'verification') THEN
        PERFORM faren.wake(subject_id);
    END IF;
    IF subject_kind = 'verification' AND org IS NOT NULL THEN
        PERFORM faren.wake(v.application_id::text) FROM faren.verification v
        WHERE v.org_id = org AND v.verification_id = subject_id::uuid AND v.application_id IS NOT NULL;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION faren.audit(faren.caller, text, text, text, uuid, text, text, jsonb) FROM PUBLIC;

-- audit_all is audit of many subjects at once: each array has one element a subject, in its order.
CREATE OR REPLACE FUNCTION faren.audit_all(c faren.caller, action text, subject_kind text, outcome text, subjects text[], orgs uuid[], codes text[], details jsonb[])
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO faren.audit_event (org_id, at, operator, session_id, action, subject_kind, subject_id, outcome, code,
                                   ticket, reason, request_id, details)
    SELECT coalesce(x.org, '00000000-0000-0000-0000-000000000000'), c.at, c.operator, c.session_id, action, subject_kind,
           x.subject, outcome, x.code, c.ticket, c.reason, c.request_id, coalesce(x.detail, '{}')
    FROM unnest(subjects, orgs, codes, details) WITH ORDINALITY AS x (subject, org, code, detail, place) ORDER BY x.place;
END
$$;
REVOKE ALL ON FUNCTION faren.audit_all(faren.caller, text, text, text, text[], uuid[], text[], jsonb[]) FROM PUBLIC;

-- keep_answer keeps an answer for a repeat of the same request, and gives it. Alone it ends a call that changed nothing worth an audit event.
CREATE OR REPLACE FUNCTION faren.keep_answer(c faren.caller, answer jsonb) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE faren.request r SET result = answer WHERE r.request_key = c.request_key;
    RETURN answer;
END
$$;
REVOKE ALL ON FUNCTION faren.keep_answer(faren.caller, jsonb) FROM PUBLIC;

-- end_look ends a call that only looked: nothing is audited but a refusal, and no answer is kept, since a repeat may look again.
CREATE OR REPLACE FUNCTION faren.end_look(c faren.caller, result jsonb) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM faren.request r WHERE r.request_key = c.request_key;
    RETURN jsonb_build_object('result', result);
END
$$;
REVOKE ALL ON FUNCTION faren.end_look(faren.caller, jsonb) FROM PUBLIC;

-- One refusal with its details, as the list that refuse takes.
CREATE OR REPLACE FUNCTION faren.refusal(code text, details jsonb DEFAULT '{}') RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN jsonb_build_array(jsonb_build_object('code', code) || details);
END
$$;
REVOKE ALL ON FUNCTION faren.refusal(text, jsonb) FROM PUBLIC;
