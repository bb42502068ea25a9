-- sign_out ends the caller's own session.
CREATE OR REPLACE FUNCTION api.sign_out(caller jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c faren.caller := faren.begin_call(caller, 'sign_out');
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    ELSIF c.session_id IS NULL THEN
        RETURN faren.refuse(c, 'session.sign_out', 'session', '', NULL, faren.refusal(c.session_problem));
    END IF;
    UPDATE faren.session s SET revoked_at = c.at, revoked_by = 'holder' WHERE s.org_id = c.org_id AND s.session_id = c.session_id;
    RETURN faren.end_call(c, 'session.sign_out', 'session', c.session_id::text, c.org_id, faren.session_json(c.session_id), '{}');
END
$$;
REVOKE ALL ON FUNCTION api.sign_out(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.sign_out(jsonb) TO faren_registrar;

-- current_session tells whose session the caller holds. It counts as use of the session.
CREATE OR REPLACE FUNCTION api.current_session(caller jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c faren.caller := faren.begin_call(caller, 'current_session');
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    IF c.session_id IS NULL THEN
        RETURN faren.refuse(c, 'session.look', 'session', '', NULL, faren.refusal(c.session_problem));
    END IF;
    RETURN faren.end_look(c, faren.session_json(c.session_id));
END
$$;
REVOKE ALL ON FUNCTION api.current_session(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.current_session(jsonb) TO faren_registrar;

-- revoke_session ends a session by its id: any session for support, one of the own account or application for
-- its holder, and for a session of the organization itself any other such one.
CREATE OR REPLACE FUNCTION api.revoke_session(caller jsonb, session uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c faren.caller := faren.begin_call(caller, 'revoke_session');
    s faren.session;
BEGIN
    IF c.replay IS NOT NULL THEN
        RETURN c.replay;
    END IF;
    SELECT * INTO s FROM faren.session x WHERE x.session_id = session;
    IF s.session_id IS NULL OR NOT (pg_has_role(c.operator, 'faren_support', 'USAGE')
                                    OR coalesce(s.account_id = c.account_id OR s.application_id = c.application_id
                                                OR (c.role = 'organization' AND s.org_id = c.org_id AND s.agent_id IS NOT NULL), false)) THEN
        RETURN faren.refuse(c, 'session.revoke', 'session', session::text, NULL, faren.refusal('SESSION_NOT_FOUND'));
    END IF;
    UPDATE faren.session x SET revoked_at = c.at, revoked_by = c.operator
    -- Ids are made by clients: support ends whatever has this one.
    WHERE x.session_id = session AND x.revoked_at IS NULL AND (x.org_id = s.org_id OR pg_has_role(c.operator, 'faren_support', 'USAGE'));
    IF NOT FOUND THEN
        RETURN faren.refuse(c, 'session.revoke', 'session', session::text, s.org_id, faren.refusal('SESSION_ENDED'));
    END IF;
    RETURN faren.end_call(c, 'session.revoke', 'session', session::text, s.org_id, faren.session_json(session), '{}');
END
$$;
REVOKE ALL ON FUNCTION api.revoke_session(jsonb, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.revoke_session(jsonb, uuid) TO faren_registrar, faren_support;
