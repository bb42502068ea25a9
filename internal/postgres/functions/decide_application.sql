-- decide_application decides. An application of an organization is decided by a reviewer's session (guide 二): approving needs the
-- reviewer's own passed face check for this application, which it spends. One of a manual channel is compared by an operator of the
-- role reviewer (guide 一.3, 一.4): rejected, it is mismatched, and its applicant may submit it again. Rejecting needs a reason. Of two
-- at once the second meets ALREADY_DECIDED, because the row lock makes them queue.
-- decision is {decision, reason, channel, verification_id, sms_id, params_sealed}; channel is where the reviewer acted (guide 二.2), by
-- default portal. Staff who compare have neither a channel nor a face check. The event keeps the submission that was decided, which the
-- application forgets when it is submitted again.
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
    compare boolean;
    checked uuid;
    acted   text := coalesce(nullif(decision ->> 'channel', ''), 'portal');
    refused jsonb;
    today   date := (c.at AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    a := faren.lock_application(c, application);
    compare := faren.is_manual(a.channel);
    refused := CASE WHEN compare THEN faren.comparison_refusal(c, a) ELSE faren.review_refusal(c, a) END;
    IF refused IS NULL AND coalesce(decision ->> 'decision' NOT IN ('approve', 'reject'), true) THEN
        refused := faren.refusal('VALUE_INVALID', '{"field": "decision", "allowed": ["approve", "reject"]}');
    ELSIF refused IS NULL AND acted NOT IN ('portal', 'app') THEN
        refused := faren.refusal('VALUE_INVALID', '{"field": "channel", "allowed": ["portal", "app"]}');
    ELSIF refused IS NULL AND compare AND coalesce(nullif(decision ->> 'channel', ''), decision ->> 'verification_id') IS NOT NULL THEN
        refused := faren.refusal('FIELD_NOT_ALLOWED', jsonb_build_object('channel', a.channel, 'field',
            CASE WHEN decision ->> 'verification_id' IS NULL THEN 'channel' ELSE 'verification' END));
    ELSIF refused IS NULL AND NOT approve AND faren.is_blank(decision ->> 'reason') THEN
        refused := faren.refusal('REASON_REQUIRED');
    END IF;
    IF refused IS NULL AND approve THEN
        refused := faren.inactive_organization((SELECT x.unit_code FROM faren.organization x WHERE x.org_id = a.org_id));
    END IF;
    IF refused IS NULL AND approve AND NOT compare THEN
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
    SET decided_at = c.at, decided_by = CASE WHEN compare THEN c.operator ELSE coalesce(c.account_id::text, 'session/' || c.session_id) END,
        decision_channel = CASE WHEN NOT compare THEN acted END, decision_reason = decision ->> 'reason', updated_at = c.at
    WHERE x.org_id = a.org_id AND x.application_id = application;
    IF compare THEN
        PERFORM faren.settle_comparison(c, a, approve, (decision ->> 'sms_id')::uuid, decode(decision ->> 'params_sealed', 'hex'));
        RETURN faren.end_call(c, action, 'application', application::text, a.org_id, faren.application_json(application),
                              jsonb_build_object('kind', 'comparison', 'submitted_at', a.submitted_at));
    END IF;
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
                          jsonb_strip_nulls(jsonb_build_object('channel', acted, 'verification_id', checked, 'submitted_at', a.submitted_at)));
END
$$;
REVOKE ALL ON FUNCTION api.decide_application(jsonb, uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.decide_application(jsonb, uuid, jsonb) TO faren_registrar, faren_reviewer;

-- settle_comparison carries out what staff decided. The first account of an organization becomes its administrator, later ones are
-- agents; and a project's organization takes its name from the application that was compared first. Mismatched, phone and agent are
-- free until it is submitted again; the user name stays, to sign in and see the reason.
CREATE OR REPLACE FUNCTION faren.settle_comparison(c faren.caller, a faren.application, approve boolean, sms uuid, params_sealed bytea) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    o     faren.organization;
    first boolean;
BEGIN
    -- Two first accounts at once queue up on the organization; those who only add something to it do not.
    SELECT * INTO STRICT o FROM faren.organization x WHERE x.org_id = a.org_id FOR NO KEY UPDATE;
    IF approve THEN
        first := NOT EXISTS (SELECT FROM faren.account x WHERE x.org_id = a.org_id);
        IF first AND o.unit_code_type = 'project-code' THEN
            UPDATE faren.organization x SET name = a.unit_name, name_key = a.unit_name_key WHERE x.org_id = a.org_id;
        END IF;
        PERFORM faren.activate_account(c, a, CASE WHEN first THEN 'administrator' ELSE 'agent' END);
    ELSE
        UPDATE faren.application x SET status = 'mismatched', expires_at = c.at + faren.policy_interval('registration.mismatch_lifetime')
        WHERE x.org_id = a.org_id AND x.application_id = a.application_id;
        PERFORM faren.release_person(a);
    END IF;
    PERFORM faren.queue_sms(c, a.org_id, sms, CASE WHEN approve THEN 'comparison-passed' ELSE 'comparison-failed' END, a.agent_id, a.application_id,
        CASE WHEN approve THEN jsonb_build_object('organization', a.unit_name, 'unit_code', o.unit_code)
             ELSE jsonb_build_object('organization', a.unit_name, 'days', faren.policy_count('registration.mismatch_lifetime') / 86400) END, params_sealed);
END
$$;
REVOKE ALL ON FUNCTION faren.settle_comparison(faren.caller, faren.application, boolean, uuid, bytea) FROM PUBLIC;
