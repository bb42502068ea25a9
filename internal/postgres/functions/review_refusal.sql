-- review_refusal says why the caller's session may not review an application, or NULL (guide 二.1). An application of another
-- organization is answered like one that does not exist.
CREATE OR REPLACE FUNCTION faren.review_refusal(c faren.caller, a faren.application) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF c.session_id IS NULL THEN
        RETURN faren.refusal(c.session_problem);
    ELSIF NOT faren.is_reviewer(c.role) THEN
        RETURN faren.refusal('NOT_A_REVIEWER', jsonb_build_object('role', c.role));
    ELSIF a.application_id IS NULL OR a.org_id <> c.org_id THEN
        RETURN faren.refusal('APPLICATION_NOT_FOUND');
    ELSIF a.status IN ('approved', 'rejected') THEN
        RETURN faren.refusal('ALREADY_DECIDED', jsonb_build_object('status', a.status, 'since', a.decided_at));
    ELSIF a.status <> 'pending-review' THEN
        RETURN faren.refusal('WRONG_STATE', jsonb_build_object('status', a.status, 'channel', a.channel));
    ELSIF faren.is_own_agent(c, a.org_id, a.agent_id) THEN
        RETURN faren.refusal('OWN_APPLICATION');
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION faren.review_refusal(faren.caller, faren.application) FROM PUBLIC;

-- comparison_refusal says why the caller may not compare an application of a manual channel, or NULL: that is for operators of the
-- role reviewer, whatever session they hold.
CREATE OR REPLACE FUNCTION faren.comparison_refusal(c faren.caller, a faren.application) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT pg_has_role(c.operator, 'faren_reviewer', 'USAGE') THEN
        RETURN faren.refusal('FORBIDDEN', '{"roles": ["faren_reviewer"]}');
    ELSIF a.status IN ('approved', 'mismatched') THEN
        RETURN faren.refusal('ALREADY_DECIDED', jsonb_build_object('status', a.status, 'since', a.decided_at));
    ELSIF a.status <> 'pending-comparison' THEN
        RETURN faren.refusal('WRONG_STATE', jsonb_build_object('status', a.status, 'channel', a.channel));
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION faren.comparison_refusal(faren.caller, faren.application) FROM PUBLIC;
