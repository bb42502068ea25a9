-- decide_application is a reviewer's decision (guide 二). Approving needs the reviewer's own passed face check for this
-- application, which it spends; rejecting needs a reason. Of two reviewers at once the second meets ALREADY_DECIDED,
-- because the row lock makes them queue. decision is {decision, reason, channel, verification_id, sms_id, params_sealed}.
CREATE OR REPLACE FUNCTION api.decide_application(caller jsonb, application uuid, decision jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c       faren.caller := faren.begin_call(caller, 'decide_application');
    approve boolean := coalesce(decision ->> 'decision' = 'approve', false);
    action  text := CASE WHEN decision ->> 'decision' = 'approve' THEN 'application.approve' ELSE 'application.reject' END;
    a       faren.application;
    g       faren.agent;
    o       faren.organization;
    checked uuid;
    refused jsonb;
    today   date := (c.at AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    a := faren.lock_application(c, application);
    refused := faren.review_refusal(c, a);
    IF refused IS NULL AND coalesce(decision ->> 'decision' NOT IN ('approve', 'reject'), true) THEN
        refused := faren.refusal('VALUE_INVALID', '{"field": "decision", "allowed": ["approve", "reject"]}');
    ELSIF refused IS NULL AND coalesce(decision ->> 'channel' NOT IN ('portal', 'app'), true) THEN
        refused := faren.refusal('VALUE_INVALID', '{"field": "channel", "allowed": ["portal", "app"]}');
    ELSIF refused IS NULL AND NOT approve AND faren.is_blank(decision ->> 'reason') THEN
        refused := faren.refusal('REASON_REQUIRED');
    END IF;
    IF refused IS NULL AND approve THEN
        refused := faren.inactive_organization((SELECT x.unit_code FROM faren.organization x WHERE x.org_id = a.org_id));
    END IF;
    IF refused IS NULL AND approve THEN
        -- The row lock on the application makes this check's use single, too.
        SELECT v.verification_id INTO checked FROM faren.verification v
        WHERE v.org_id = a.org_id AND v.application_id = application AND v.purpose = 'review' AND v.agent_id = c.agent_id
          AND v.status = 'passed' AND v.used_at IS NULL AND v.expires_at > c.at
          AND (decision ->> 'verification_id' IS NULL OR v.verification_id = (decision ->> 'verification_id')::uuid)
        ORDER BY v.completed_at DESC LIMIT 1;
        IF NOT FOUND THEN
            refused := faren.refusal('FACE_CHECK_REQUIRED', jsonb_build_object('application_id', application));
        END IF;
    END IF;
    IF refused IS NOT NULL THEN
        RETURN faren.refuse(c, action, 'application', application::text, a.org_id, refused);
    END IF;

    SELECT * INTO STRICT g FROM faren.agent x WHERE x.org_id = a.org_id AND x.agent_id = a.agent_id;
    SELECT * INTO STRICT o FROM faren.organization x WHERE x.org_id = a.org_id;
    UPDATE faren.application x
    SET decided_at = c.at, decided_by = c.account_id::text, decision_channel = decision ->> 'channel',
        decision_reason = decision ->> 'reason', updated_at = c.at
    WHERE x.org_id = a.org_id AND x.application_id = application;
    IF approve THEN
        UPDATE faren.verification v SET used_at = c.at WHERE v.org_id = a.org_id AND v.verification_id = checked;
        PERFORM faren.activate_account(c, a, 'agent');
    ELSE
        INSERT INTO faren.rejection (org_id, document_index, document_type, day, slot, application_id, rejected_at)
        SELECT a.org_id, g.document_index, g.document_type, today, count(*) + 1, application, c.at
        FROM faren.rejection j
        WHERE j.org_id = a.org_id AND j.document_index = g.document_index AND j.document_type = g.document_type AND j.day = today;
        UPDATE faren.application x SET status = 'rejected', credential_id = NULL WHERE x.org_id = a.org_id AND x.application_id = application;
        PERFORM faren.release_claims(a);
    END IF;
    PERFORM faren.queue_sms(c, a.org_id, (decision ->> 'sms_id')::uuid, CASE WHEN approve THEN 'approved' ELSE 'rejected' END,
                            a.agent_id, application, jsonb_build_object('organization', o.name),
                            decode(decision ->> 'params_sealed', 'hex'));
    RETURN faren.end_call(c, action, 'application', application::text, a.org_id, faren.application_json(application),
                          jsonb_strip_nulls(jsonb_build_object('channel', decision ->> 'channel', 'verification_id', checked)));
END
$$;
REVOKE ALL ON FUNCTION api.decide_application(jsonb, uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.decide_application(jsonb, uuid, jsonb) TO faren_registrar;
