-- release_claims frees what an application holds: user name, phone, agent, and the password.
CREATE OR REPLACE FUNCTION faren.release_claims(a faren.application) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM faren.username_claim k WHERE k.username_index = a.username_index AND k.application_id = a.application_id;
    PERFORM faren.release_person(a);
    DELETE FROM faren.credential d WHERE d.org_id = a.org_id AND d.credential_id = a.credential_id;
END
$$;
REVOKE ALL ON FUNCTION faren.release_claims(faren.application) FROM PUBLIC;

-- release_person frees phone and agent alone.
CREATE OR REPLACE FUNCTION faren.release_person(a faren.application) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM faren.phone_claim k USING faren.agent g
    WHERE g.org_id = a.org_id AND g.agent_id = a.agent_id
      AND k.org_id = a.org_id AND k.phone_index = g.phone_index AND k.application_id = a.application_id;
    DELETE FROM faren.agent_claim k USING faren.agent g
    WHERE g.org_id = a.org_id AND g.agent_id = a.agent_id AND k.org_id = a.org_id
      AND k.document_index = g.document_index AND k.document_type = g.document_type AND k.application_id = a.application_id;
END
$$;
REVOKE ALL ON FUNCTION faren.release_person(faren.application) FROM PUBLIC;

-- end_application ends an open application as withdrawn or expired, and frees what it reserved. Scans that nobody was ever to compare,
-- since it was not submitted, go with it; what was before staff stays as evidence.
CREATE OR REPLACE FUNCTION faren.end_application(c faren.caller, a faren.application, final_status text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE faren.application x SET status = final_status, expires_at = NULL, credential_id = NULL, updated_at = c.at
    WHERE x.org_id = a.org_id AND x.application_id = a.application_id;
    PERFORM faren.release_claims(a);
    DELETE FROM faren.document d WHERE a.submitted_at IS NULL AND d.org_id = a.org_id AND d.application_id = a.application_id;
    UPDATE faren.verification v SET status = 'expired'
    WHERE v.org_id = a.org_id AND v.application_id = a.application_id AND v.status IN ('pending', 'manual-review');
END
$$;
REVOKE ALL ON FUNCTION faren.end_application(faren.caller, faren.application, text) FROM PUBLIC;

-- lock_application takes the row lock of an application and, when its time is past, expires it in this transaction
-- and frees what it reserved. NULL fields when there is no such application. An application that moved to its
-- organization while this waited for the lock is looked for again.
CREATE OR REPLACE FUNCTION faren.lock_application(c faren.caller, id uuid) RETURNS faren.application
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    a   faren.application;
    org uuid;
BEGIN
    LOOP
        SELECT x.org_id INTO org FROM faren.application x WHERE x.application_id = id;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
        SELECT * INTO a FROM faren.application x WHERE x.org_id = org AND x.application_id = id FOR UPDATE;
        EXIT WHEN FOUND;
    END LOOP;
    IF a.expires_at <= c.at THEN
        PERFORM faren.end_application(c, a, 'expired');
        PERFORM faren.audit(c, 'application.expire', 'application', id::text, a.org_id, 'done', NULL, '{}');
        SELECT * INTO a FROM faren.application x WHERE x.org_id = a.org_id AND x.application_id = id;
    END IF;
    RETURN a;
END
$$;
REVOKE ALL ON FUNCTION faren.lock_application(faren.caller, uuid) FROM PUBLIC;
