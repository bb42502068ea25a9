-- queue_sms writes a message to an agent into the outbox, in the transaction of its cause. Number and text are put
-- together by whoever sends it: params holds what is not personal, params_sealed what only the keyring opens. A code is of no use when it
-- has expired.
CREATE OR REPLACE FUNCTION faren.queue_sms(c faren.caller, org uuid, id uuid, message_kind text, recipient uuid, application uuid, params jsonb, sealed bytea)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO faren.sms (org_id, sms_id, kind, agent_id, to_mask, to_index, params, params_sealed, application_id, status, created_at, request_id, next_attempt_at,
                           expires_at)
    SELECT org, id, message_kind, g.agent_id, g.phone_mask, g.phone_index, params, sealed, application, 'queued', c.at, c.request_id, c.at,
           CASE message_kind WHEN 'code' THEN c.at + faren.policy_interval('sms.code_lifetime') END
    FROM faren.agent g WHERE g.org_id = org AND g.agent_id = recipient;
END
$$;
REVOKE ALL ON FUNCTION faren.queue_sms(faren.caller, uuid, uuid, text, uuid, uuid, jsonb, bytea) FROM PUBLIC;
