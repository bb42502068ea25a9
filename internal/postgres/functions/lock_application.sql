-- release_claims frees what an application holds: user name, phone, agent, and the password.
CREATE OR REPLACE FUNCTION faren.release_claims(a faren.application) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM faren.username_claim k WHERE k.username_index = a.username_index AND k.application_id = a.application_id;
    DELETE FROM faren.phone_claim k USING faren.agent g
    WHERE g.org_id = a.org_id AND g.agent_id = a.agent_id
      AND k.org_id = a.org_id AND k.phone_index = g.phone_index AND k.application_id = a.application_id;
    DELETE FROM faren.agent_claim k USING faren.agent g
    WHERE g.org_id = a.org_id AND g.agent_id = a.agent_id AND k.org_id = a.org_id
      AND k.document_index = g.document_index AND k.document_type = g.document_type AND k.application_id = a.application_id;
    DELETE FROM faren.credential d WHERE d.org_id = a.org_id AND d.credential_id = a.credential_id;
END
$$;
REVOKE ALL ON FUNCTION faren.release_claims(faren.application) FROM PUBLIC;

-- lock_application takes the row lock of an application and, when its time is past, expires it in this transaction
-- and frees what it reserved. NULL fields when there is no such application.
CREATE OR REPLACE FUNCTION faren.lock_application(c faren.caller, id uuid) RETURNS faren.application
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    a faren.application;
BEGIN
    SELECT * INTO a FROM faren.application x
    WHERE x.org_id = (SELECT o.org_id FROM faren.application o WHERE o.application_id = id) AND x.application_id = id
    FOR UPDATE;
    IF FOUND AND a.expires_at <= c.at THEN
        UPDATE faren.application x
        SET status = 'expired', expires_at = NULL, credential_id = NULL, updated_at = c.at
        WHERE x.org_id = a.org_id AND x.application_id = id;
        PERFORM faren.release_claims(a);
        UPDATE faren.verification v SET status = 'expired'
        WHERE v.org_id = a.org_id AND v.application_id = id AND v.status IN ('pending', 'manual-review');
        PERFORM faren.audit(c, 'application.expire', 'application', id::text, a.org_id, 'done', NULL, '{}');
        SELECT * INTO a FROM faren.application x WHERE x.org_id = a.org_id AND x.application_id = id;
    END IF;
    RETURN a;
END
$$;
REVOKE ALL ON FUNCTION faren.lock_application(faren.caller, uuid) FROM PUBLIC;

-- lock_draft is lock_application for an application whose organization is not known yet.
CREATE OR REPLACE FUNCTION faren.lock_draft(c faren.caller, id uuid) RETURNS faren.draft
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    d faren.draft;
BEGIN
    SELECT * INTO d FROM faren.draft x WHERE x.application_id = id FOR UPDATE;
    IF FOUND AND d.expires_at <= c.at THEN
        UPDATE faren.draft x SET status = 'expired', expires_at = NULL, updated_at = c.at WHERE x.application_id = id
        RETURNING * INTO d;
        PERFORM faren.audit(c, 'application.expire', 'application', id::text, NULL, 'done', NULL, '{}');
    END IF;
    RETURN d;
END
$$;
REVOKE ALL ON FUNCTION faren.lock_draft(faren.caller, uuid) FROM PUBLIC;
